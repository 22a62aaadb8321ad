"""A process meets what another one has stored, or what its own files no longer hold: old with new, and new with old."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.telegram.inbound.parse import parse_update
from bot.ports import InboundResult
from bot.signed_links import LinkPurpose
from bot.wiring.services import Services, open_services
from config.settings.loading import load_settings
from config.settings.settings import Settings
from config.surveys.load import SHIPPED, read_surveys
from dialogs.ids import Ref, RefKind
from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.model.errors import DecisionFailed
from storage.model.records import Customer, InboxOutcome, InboxRow, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision
from tests.support.database.migrated import copy_migrated
from tests.support.web.api import api_of, web_of
from tests.support.web.failing import write
from tests.support.web.house import URL
from tests.support.web.tickets import ticket

KEY = "key-of-the-help-desk"
SHIPPED_VERSION = read_surveys()["after_service"].version
NEXT_VERSION = SHIPPED_VERSION + 1
PHONE, GROUP, MOVED = 10_001, -4_001_234, -1_000_004_001_234
UPDATES = count(1)


@dataclass(slots=True)
class Side:
    """A process with its own files: what decides, and its API."""

    services: Services
    api: httpx.AsyncClient

    async def hears(self, words: str, chat: int = PHONE) -> object:
        """Take a message of a person's chat."""
        return await self.takes({"text": words}, {"id": chat, "type": "private" if chat > 0 else "supergroup"})

    async def takes(self, said: dict[str, Any], chat: dict[str, Any]) -> object:
        """Take a message as the channel's door does."""
        person = {"id": PHONE, "is_bot": False, "first_name": "王女士"}
        message = {"message_id": 5, "date": 1_800_000_000, "chat": chat, "from": person, **said}
        raw = json.dumps({"update_id": next(UPDATES), "message": message}).encode()
        receiver = self.services.receiver
        return await receiver.receive(parse_update(raw, self.services.clock.now(), "bot"), "telegram", raw)

    async def closes(self, number: str = "42") -> None:
        """Close a ticket of somebody who has pressed Start."""
        about = ticket(customer={"id": "c-1", "contacts": [{"channel": "telegram", "address": str(PHONE)}]})
        assert (await self.api.put(f"/api/v1/tickets/desk/{number}", json=about)).is_success

    async def asks(self) -> None:
        """Close a ticket and ask at once."""
        await self.closes()
        assert (await self.api.post("/api/v1/tickets/desk/42/survey", json={})).is_success

    async def response(self) -> dict[str, Any]:
        """Return the only response."""
        answer = await self.api.get("/api/v1/responses")
        assert answer.status_code == 200, answer.text
        (item,) = answer.json()["items"]
        return dict(item)

    async def rows(self, kind: type) -> list[Any]:
        """Return all rows of a kind."""
        async with self.services.store.reading() as session:
            return await session.records(kind, all_of(kind))


def _folder(folder: Path, version: int) -> Path:
    """Return an owner's folder with the shipped survey in some version; there is no file of its own for the shipped."""
    (folder / "surveys").mkdir(parents=True, exist_ok=True)
    if version > SHIPPED_VERSION:
        shipped = (SHIPPED / "after_service.toml").read_text("utf-8")
        shipped = shipped.replace(f"version = {SHIPPED_VERSION}", f"version = {version}")
        changed = shipped.replace('zh-Hans = "售后服务评价"', f'zh-Hans = "第{version}版评价"')
        (folder / "surveys" / "after_service.toml").write_text(changed, "utf-8")
    return folder


@asynccontextmanager
async def _side(folder: Path, url: str, version: int) -> AsyncIterator[Side]:
    settings = _settings(folder, url, version)
    async with open_services(settings) as services, api_of(web_of(services, KEY), KEY) as api:
        yield Side(services, api)


def _settings(folder: Path, url: str, version: int) -> Settings:
    environ = {
        "HUIFANG_DATABASE__URL": url,
        "HUIFANG_TELEGRAM__TOKEN": "123456:secret",
        "HUIFANG_TELEGRAM__TEAM_CHAT": str(GROUP),
        "HUIFANG_SURVEY__QUIET_HOURS": "off",
    }
    return load_settings(environ, cwd=_folder(folder / f"v{version}", version))


@asynccontextmanager
async def _asked_by(order: tuple[int, int], url: str, folder: Path) -> AsyncIterator[Side]:
    """Yield the process that works with the second version when that of the first one has asked.

    On PostgreSQL both run, the other one since before the version of the asker was stored.
    """
    asker, other = order
    async with AsyncExitStack() as stack:
        if url.startswith("sqlite"):
            async with _side(folder, url, asker) as asking:
                await asking.asks()
            yield await stack.enter_async_context(_side(folder, url, other))
            return
        meeting = await stack.enter_async_context(_side(folder, url, other))
        asking = await stack.enter_async_context(_side(folder, url, asker))
        await asking.asks()
        yield meeting


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


async def _answers(side: Side) -> None:
    await side.hears("1")
    (answer,) = (await side.response())["answers"]
    assert answer["value"] == 1
    reply = (await side.rows(OutboxMessage))[-1]
    assert reply.about is not None


async def _stops(side: Side) -> None:
    await side.hears("/stop")
    (customer,) = await side.rows(Customer)
    assert customer.opted_out_at is not None
    assert [one.state for one in await side.rows(Interview)] == [InterviewState.DECLINED]


async def _reads(side: Side) -> None:
    response = await side.response()
    assert (response["survey"], response["flags"]) == ("after_service", [])
    assert (await side.api.get("/api/v1/issues")).status_code == 200
    assert (await side.api.get("/api/v1/surveys/after_service/anonymous")).status_code == 404


async def _opens_the_page(side: Side) -> None:
    (response,) = (await side.api.get("/api/v1/responses")).json()["items"]
    links, expires = side.services.receiver.policy.links, side.services.clock.now().replace(year=2099)
    page = links.url(LinkPurpose.SURVEY, response["id"], expires).removeprefix(URL)
    assert (await side.api.get(page)).status_code == 200
    assert (await side.api.post(page, data={"step": "response_speed=", "rate": "5"})).status_code == 303
    assert (await side.response())["answers"][0]["value"] == 5


async def _withdraws(side: Side) -> None:
    about = ticket(status="open", customer={"id": "c-1"})
    assert (await side.api.put("/api/v1/tickets/desk/42", json=about)).is_success
    assert (await side.response())["status"] in ("cancelled", "declined", "expired", "sent", "scheduled")


DOORS: dict[str, Callable[[Side], Awaitable[None]]] = {
    "an answer": _answers,
    "a stop": _stops,
    "lists": _reads,
    "the page": _opens_the_page,
    "a ticket": _withdraws,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "order", [(NEXT_VERSION, SHIPPED_VERSION), (SHIPPED_VERSION, NEXT_VERSION)], ids=["old meets new", "new meets old"]
)
async def test_a_version_that_another_process_asked_is_served_at_every_door(
    door: str, order: tuple[int, int], url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with _asked_by(order, url, tmp_path) as side:
        await DOORS[door](side)
        assert [row.key for row in await side.rows(InboxRow) if row.outcome is InboxOutcome.FAILED] == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_survey_that_only_another_process_has_is_asked_and_not_the_default(
    migrated_postgres: str, tmp_path: Path
) -> None:
    async with _side(tmp_path, migrated_postgres, SHIPPED_VERSION) as old:
        file = _folder(tmp_path / f"v{NEXT_VERSION}", NEXT_VERSION) / "surveys" / "after_service.toml"
        file.with_name("visit.toml").write_text(file.read_text("utf-8").replace('"after_service"', '"visit"'), "utf-8")
        async with _side(tmp_path, migrated_postgres, NEXT_VERSION) as new:
            await new.closes()
            (invitation,) = await new.rows(Invitation)
            now = new.services.clock.now()
            late = now + timedelta(hours=1)
            due = replace(invitation, survey="visit", wake_at=now, due_at=now, deadline_at=late)
            await new.services.receiver.do(Needs(), lambda _context: Decision(Changes((due,)), None))
        asked = await old.api.post("/api/v1/tickets/desk/42/survey", json={"survey": "none"})
        assert (asked.status_code, "there is no survey 'none'" in asked.text) == (422, True)
        await old.services.receiver.wake(Ref(RefKind.INVITATION, invitation.id))
        assert [one.survey for one in await old.rows(Interview)] == [("visit", NEXT_VERSION)]


async def test_an_opt_out_needs_no_survey_and_lists_show_what_cannot_be_read(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with _side(tmp_path, url, SHIPPED_VERSION) as side:
        await side.asks()
    await write(url, "UPDATE surveys SET body = '{}' WHERE id = 'after_service'")
    async with _side(tmp_path, url, NEXT_VERSION) as side:
        response = await side.response()
        assert (response["flags"], response["answers"]) == (["unreadable_survey"], [])
        with pytest.raises(DecisionFailed):
            await side.hears("5")
        assert await side.hears("/stop") is InboundResult.NEW
        await _is_left_alone(side)
        assert [row.outcome for row in await side.rows(InboxRow)].count(InboxOutcome.FAILED) == 1
    alarms = [record.__dict__["alarm"] for record in caplog.records if "alarm" in record.__dict__]
    assert {"surveys", "inbox"} <= set(alarms)


async def _says_stop(side: Side) -> None:
    assert await side.hears("/stop") is InboundResult.NEW


async def _is_to_be_erased(side: Side) -> None:
    assert (await side.api.delete("/api/v1/customers/c-1")).is_success


@pytest.mark.parametrize("stops", [_says_stop, _is_to_be_erased])
async def test_an_opt_out_ends_all_that_can_be_read_and_leaves_what_cannot(
    url: str, tmp_path: Path, stops: Callable[[Side], Awaitable[None]]
) -> None:
    async with _side(tmp_path, url, SHIPPED_VERSION) as side:
        await side.asks()
    await write(url, "UPDATE surveys SET body = '{}' WHERE id = 'after_service'")
    async with _side(tmp_path, url, NEXT_VERSION) as side:
        await side.closes("43")
        await stops(side)
        (customer,) = await side.rows(Customer)
        assert customer.opted_out_at is not None
        states = {one.ticket: one.state for one in await side.rows(Invitation)}
        assert states == dict.fromkeys(("42", "43"), InvitationState.CANCELLED)
        assert [row.key for row in await side.rows(InboxRow) if row.outcome is InboxOutcome.FAILED] == []


async def test_an_opt_out_is_kept_where_the_interview_itself_cannot_be_read(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with _side(tmp_path, url, SHIPPED_VERSION) as side:
        await side.asks()
    await write(url, "UPDATE interviews SET answers = '[7]'")
    async with _side(tmp_path, url, SHIPPED_VERSION) as side:
        assert await side.hears("不再评价") is InboundResult.NEW
        await _is_left_alone(side)
    assert "inbox" in [record.__dict__.get("alarm") for record in caplog.records]


async def test_an_opt_out_in_own_words_is_kept_there_as_well_with_the_words(url: str, tmp_path: Path) -> None:
    async with _side(tmp_path, url, SHIPPED_VERSION) as side:
        await side.asks()
    await write(url, "UPDATE interviews SET answers = '[7]'")
    async with _side(tmp_path, url, SHIPPED_VERSION) as side:
        assert await side.hears("不要再联系我了") is InboundResult.NEW
        await _is_left_alone(side)
        row = max(await side.rows(InboxRow), key=lambda one: one.received_at)
        assert (row.outcome, "不要再联系我了" in json.loads(row.raw)["message"]["text"]) == (InboxOutcome.DONE, True)


async def test_an_opt_out_is_kept_where_nothing_can_be_said(url: str, tmp_path: Path) -> None:
    async with _side(tmp_path, url, 1) as side:
        await side.asks()
        receiver = side.services.receiver
        speechless = replace(receiver.policy.phrases, texts={"zh-Hans": {}})
        receiver.adopt(replace(receiver.policy, phrases=speechless))
        assert await side.hears("/stop") is InboundResult.NEW
        (customer,) = await side.rows(Customer)
        assert customer.opted_out_at is not None
        assert [one.status for one in await side.rows(OutboxMessage)] == [SendingState.CANCELLED]


async def _is_left_alone(side: Side) -> None:
    (customer,) = await side.rows(Customer)
    assert customer.opted_out_at is not None
    messages = await side.rows(OutboxMessage)
    assert [one.status for one in messages if one.purpose is Purpose.SURVEY] == [SendingState.CANCELLED]
    assert "继续评价" in messages[-1].prompt.typed


async def test_words_in_a_group_are_the_teams_when_only_another_process_heard_that_it_moved(
    migrated_postgres: str, tmp_path: Path
) -> None:
    async with (
        _side(tmp_path, migrated_postgres, SHIPPED_VERSION) as one,
        _side(tmp_path, migrated_postgres, SHIPPED_VERSION) as other,
    ):
        await one.takes({"migrate_to_chat_id": MOVED}, {"id": GROUP, "type": "group"})
        assert await other.hears("I will look at it", chat=MOVED) is InboundResult.NEW
        assert await other.rows(OutboxMessage) == []  # what the team talks about is answered by nobody
        assert await other.hears("I will look at it", chat=MOVED - 1) is InboundResult.ELSEWHERE
        assert await other.rows(OutboxMessage) == []


async def test_a_campaign_looks_at_every_version_that_is_stored(migrated_postgres: str, tmp_path: Path) -> None:
    async with _side(tmp_path, migrated_postgres, 1) as old, _side(tmp_path, migrated_postgres, 2):
        assert ("after_service", 2) in (await old.services.receiver.current_policy()).surveys


async def test_processes_that_start_together_with_a_new_version_both_start(
    migrated_postgres: str, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        starting = (
            stack.enter_async_context(open_services(_settings(tmp_path, migrated_postgres, NEXT_VERSION)))
            for _ in range(4)
        )
        started = await asyncio.gather(*starting)
    assert {one.receiver.policy.current["after_service"] for one in started} == {NEXT_VERSION}
