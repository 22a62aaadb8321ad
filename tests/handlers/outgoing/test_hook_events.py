"""What happens is told, once each and in order, whatever door it came by; and what events say is as it is described."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.http.api.outgoing.event_schemas import EVENT_BODIES
from storage.model.outgoing.hook_records import HookEventType
from storage.privacy.erasure import ErasureTask, erase
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from tests.support.web.house import House, open_house

ALL = select(t.hook_deliveries.c.number, t.hook_events.c.type, t.hook_events.c.subject, t.hook_events.c.body)
TOLD = ALL.where(t.hook_events.c.id == t.hook_deliveries.c.event).order_by(t.hook_deliveries.c.number)
QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")


class Town:
    """A house with an endpoint that listens to everything."""

    def __init__(self, house: House, api: httpx.AsyncClient) -> None:
        self.house, self.api = house, api

    async def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 (JSON is anything)
        answer = await self.api.request(method, f"/api/v1/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the types and data of what was told, each checked against its description."""
        async with self.house.store.reading() as session:
            rows = await session.fetch(TOLD)
        bodies = [(kind, json.loads(body)) for _, kind, _, body in rows]
        for kind, body in bodies:
            assert (body["type"], set(body)) == (kind, {"type", "timestamp", "data"})
            EVENT_BODIES[kind].model_validate_json(json.dumps(body["data"]))
        return [(str(kind), body["data"]) for kind, body in bodies]

    async def types(self) -> list[str]:
        """Return the types of what was told."""
        return [kind for kind, _ in await self.told()]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with open_house(tmp_path) as house, house.client() as api:
        town = Town(house, api)
        await town.call("POST", "webhooks", {"url": "https://1.1.1.1/hook"})
        yield town


async def answered(town: Town, ticket: str, value: int, asked: int = 5) -> Any:  # noqa: ANN401 (JSON is anything)
    await town.call("PUT", f"tickets/desk/{ticket}", {"status": "closed", "customer": {"id": f"c-{ticket}"}})
    answers = {question: {"value": value} for question in QUESTIONS[:asked]}
    body = {"ticket": f"desk/{ticket}", "source": "paper", "by": "李工", "answers": answers, "comment": "等太久"}
    return await town.call("POST", "responses", body)


async def test_a_good_answer_is_told_and_nothing_else(town: Town) -> None:
    response = await answered(town, "1", 5)
    ((kind, data),) = await town.told()
    assert (kind, data["id"], data["score"]) == ("response.completed", response["id"], 5.0)
    assert data["comment"] == "等太久"


async def test_part_of_an_answer_is_told_as_such(town: Town) -> None:
    await answered(town, "1", 5, asked=2)
    ((kind, data),) = await town.told()
    assert (kind, data["status"], len(data["answers"])) == ("response.partial", "partial", 2)


async def test_a_bad_answer_is_told_before_the_issue_that_it_opens(town: Town) -> None:
    response = await answered(town, "1", 1)
    (first, _), (second, issue) = await town.told()
    assert (first, second) == ("response.completed", "issue.opened")
    assert (issue["responses"], issue["severity"]) == ([response["id"]], "high")


async def test_the_life_of_an_issue_is_told(town: Town) -> None:
    await answered(town, "1", 1)
    issue = (await town.call("GET", "issues"))["items"][0]["id"]
    await town.call("POST", f"issues/{issue}/claim", {"by": "李工"})
    await town.call("POST", f"issues/{issue}/claim", {"by": "李工"})  # nothing happens
    await town.call("POST", f"issues/{issue}/release", {"by": "李工"})
    await town.call("POST", f"issues/{issue}/resolve", {"by": "李工", "note": "换了零件", "notify": False})
    await town.call("POST", f"issues/{issue}/reopen", {"by": "李工", "reason": "又坏了"})
    told = (await town.told())[2:]
    assert [kind for kind, _ in told] == [
        "issue.claimed",
        "issue.claimed",
        "issue.resolved",
        "issue.closed",
        "issue.reopened",
    ]
    assert [data["status"] for _, data in told] == ["claimed", "closed", "closed", "closed", "open"]
    assert told[2][1]["note"] == "换了零件"


async def test_an_issue_that_is_passed_on_is_told_as_claimed(town: Town) -> None:
    issue = (await town.call("POST", "issues", {"title": "空调不制冷"}))["id"]
    await town.call("POST", f"issues/{issue}/claim", {"by": "李工"})
    await town.call("POST", f"issues/{issue}/assign", {"by": "李工", "to": "王工"})
    assert [(kind, data["claimed_by"]) for kind, data in await town.told()] == [
        ("issue.opened", None),
        ("issue.claimed", "李工"),
        ("issue.claimed", "王工"),
    ]


async def test_nobody_hears_where_nobody_listens(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, house.client() as api:
        town = Town(house, api)
        await answered(town, "1", 1)
        async with house.store.reading() as session:
            assert await session.fetch(select(t.hook_events.c.id)) == []


async def test_an_endpoint_hears_what_it_listens_to_only(town: Town) -> None:
    (endpoint,) = (await town.call("GET", "webhooks"))["items"]
    await town.call("PUT", f"webhooks/{endpoint['id']}", {"events": ["issue.opened"]})
    await answered(town, "1", 1)
    assert await town.types() == ["issue.opened"]


async def test_two_endpoints_hear_the_same_event(town: Town) -> None:
    await town.call("POST", "webhooks", {"url": "https://8.8.8.8/hook", "events": ["response.completed"]})
    await answered(town, "1", 5)
    assert await town.types() == ["response.completed"] * 2
    async with town.house.store.reading() as session:
        assert len(await session.fetch(select(t.hook_events.c.id))) == 1


def test_every_type_is_described() -> None:
    assert set(EVENT_BODIES) == set(HookEventType)


async def test_erased_is_what_was_told_of_a_person_and_nobody_elses(town: Town) -> None:
    await answered(town, "1", 1)
    await answered(town, "2", 1)
    assert len(await town.told()) == 4
    writer = Writer(town.house.store, town.house.clock.now)
    assert await erase(town.house.store, writer, ErasureTask("c-1", "gone_1", b"key"))
    await writer.stop()
    left = await town.told()
    assert [kind for kind, _ in left] == ["response.completed", "issue.opened"]
    assert all("c-1" not in json.dumps(data) for _, data in left)
    async with town.house.store.reading() as session:
        assert len(await session.fetch(select(t.hook_events.c.id))) == 2
