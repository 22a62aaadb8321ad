"""What happens in a chat is told as what happens by API is: no door has an event of its own."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.web.team_pages import Office, open_office


@pytest.fixture
async def office(folder: Path) -> AsyncIterator[Office]:
    async with open_office(folder) as opened:
        added = await opened.api.post("/api/v1/webhooks", json={"url": "https://1.1.1.1/hook"})
        assert added.status_code == 201
        yield opened


async def told(office: Office) -> list[tuple[str, str]]:
    """Return types and subjects of what was told, the oldest first."""
    (endpoint,) = (await office.api.get("/api/v1/webhooks")).json()["items"]
    items: list[Any] = (await office.api.get(f"/api/v1/webhooks/{endpoint['id']}/deliveries")).json()["items"]
    return [(one["type"], one["subject"]) for one in reversed(items)]


async def test_feedback_by_chat_is_told_with_the_issue_that_it_opens(office: Office) -> None:
    for number, words in enumerate(("意见反馈", "1", "前台没人接电话", "跳过")):
        await office.customer_says(words, f"feedback-{number}")
    found = await told(office)
    assert [kind for kind, _ in found] == ["response.completed", "issue.opened"]
    assert found[0][1].startswith("inv_")
    assert found[1][1].startswith("iss_")


async def test_an_opt_out_in_own_words_is_told_once(office: Office) -> None:
    for number in range(2):
        await office.customer_says("退订", f"stop-words-{number}")
    found = await told(office)
    assert [kind for kind, _ in found].count("customer.opted_out") == 1
    assert ("customer.opted_out", "customer:c-1001") in found


async def test_the_same_message_twice_is_told_once(office: Office) -> None:
    for _ in range(3):
        await office.customer_says("退订", "stop-same")
    assert [kind for kind, _ in await told(office)].count("customer.opted_out") == 1


async def test_small_talk_tells_nothing(office: Office) -> None:
    before = await told(office)
    await office.customer_says("你好", "hello-there-1")
    assert await told(office) == before


async def test_no_event_holds_a_secret_or_what_the_team_keeps_to_itself(office: Office) -> None:
    for number, words in enumerate(("意见反馈", "1", "前台没人接电话", "跳过")):
        await office.customer_says(words, f"feedback-{number}")
    shown = json.dumps((await office.api.get("/api/v1/webhooks")).json())
    assert "whsec_" not in shown
    assert [kind for kind, _ in await told(office)]
