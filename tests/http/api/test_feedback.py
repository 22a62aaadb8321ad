"""Feedback without a ticket, by API and on a real database: the response, the issue, a question and its answer."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.web.survey_pages import messages
from tests.support.web.team_pages import Office, open_office


@pytest.fixture
async def office(folder: Path) -> AsyncIterator[Office]:
    """An office whose customer gives feedback."""
    async with open_office(folder) as opened:
        for number, words in enumerate(("意见反馈", "1", "前台没人接电话", "跳过")):
            await opened.customer_says(words, f"feedback-{number}")
        yield opened


async def _issue(office: Office) -> dict[str, Any]:
    items = (await office.api.get("/api/v1/issues")).json()["items"]
    (found,) = [item for item in items if item["title"] == "意见反馈"]
    office.issue = found["id"]
    return dict(found)


async def test_a_response_about_no_ticket_says_null(office: Office) -> None:
    (response,) = (await office.api.get("/api/v1/responses", params={"customer": "c-1001"})).json()["items"]
    assert (response["ticket"], response["survey"], response["status"]) == (None, "feedback", "completed")


async def test_bad_feedback_is_an_issue_about_no_ticket(office: Office) -> None:
    issue = await _issue(office)
    assert (issue["tickets"], issue["customers"], issue["kind"]) == ([], ["c-1001"], "low_score")
    told = await office.does("resolve", by="李工", note="加了一条专线。")
    assert told.json()["status"] == "resolved"
    closures = [m for m in await messages(office.house) if m.purpose == "closure"]
    assert [m.customer for m in closures] == ["c-1001"]


async def test_the_answer_to_a_question_stands_in_the_timeline(office: Office) -> None:
    await _issue(office)
    await office.does("ask", by="李工", text="大约什么时候打的？")
    await office.customer_says("周一上午十点多", "answer-1")
    told = await office.told()
    assert told["question"] is None
    assert [told["timeline"][-1][key] for key in ("event", "by", "text")] == ["answered", "王女士", "周一上午十点多"]


async def test_the_customer_asks_how_it_stands(office: Office) -> None:
    await _issue(office)
    await office.does("progress", by="李工", text="周五前修好。")
    await office.customer_says("进度", "status-1")
    said = [m.prompt.text for m in await messages(office.house)][-1]
    assert "您的反馈" in said
    assert "处理中（李工）" in said
    assert "周五前修好。" in said
