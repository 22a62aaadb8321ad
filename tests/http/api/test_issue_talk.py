"""Progress notes and questions by API: the customer reads them, the answer comes back, one question at a time."""

from typing import Any

import httpx
import pytest

from dialogs.ids import RefKind, is_about
from tests.http.api.test_issues import ISSUES, do, events, opened
from tests.support.web.house import House
from tests.support.web.survey_pages import messages
from tests.support.web.tickets import TICKET, ticket

PLAN = "零件周三到，会在周五前修好。"


async def _of_a_customer(api: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (anything may be sent)
    await api.put("/api/v1/tickets/zendesk/42", json=ticket(**changed))
    return await opened(api, ticket="zendesk/42")


async def _said(house: House) -> list[str]:
    return [m.prompt.text for m in await messages(house) if m.customer == "c-1001" and is_about(m.about, RefKind.ISSUE)]


async def test_a_progress_note_reaches_the_customer_and_claims_first(api: httpx.AsyncClient, house: House) -> None:
    issue = await _of_a_customer(api)
    told = await do(api, issue, "progress", by="李工", text=PLAN)
    assert (told.status_code, told.json()["claimed_by"], told.json()["progress"]) == (200, "李工", PLAN)
    assert events(told)[-1] == ("progress", "李工")
    (shown,) = await _said(house)
    assert "空调不制冷" in shown
    assert PLAN in shown


async def test_a_question_is_open_until_it_is_answered(api: httpx.AsyncClient) -> None:
    issue = await _of_a_customer(api)
    asked = await do(api, issue, "ask", by="李工", text="等了多久？")
    assert (asked.status_code, asked.json()["question"]) == (200, "等了多久？")
    again = await do(api, issue, "ask", by="李工", text="在家吗？")
    assert again.status_code == 409
    assert "has not answered" in again.json()["detail"]


@pytest.mark.parametrize("deed", ["progress", "ask"])
async def test_what_somebody_else_has_is_theirs_to_write_about(api: httpx.AsyncClient, deed: str, house: House) -> None:
    issue = await _of_a_customer(api)
    await do(api, issue, "claim", by="李工")
    answer = await do(api, issue, deed, by="王姐", text=PLAN)
    assert answer.status_code == 409
    assert "李工" in answer.json()["detail"]
    assert await _said(house) == []


@pytest.mark.parametrize("deed", ["progress", "ask"])
async def test_an_issue_that_is_over_or_about_nobody_or_out_of_reach(api: httpx.AsyncClient, deed: str) -> None:
    over = await _of_a_customer(api)
    await do(api, over, "resolve", by="李工", note="好了")
    about_nobody = await opened(api)
    await api.put("/api/v1/tickets/zendesk/43", json={**TICKET, "customer": {"id": "c-2"}})
    out_of_reach = await opened(api, ticket="zendesk/43")
    for issue, why in ((over, "resolved"), (about_nobody, "about no customer"), (out_of_reach, "c-2: no_contact")):
        answer = await do(api, issue, deed, by="李工", text=PLAN)
        assert (answer.status_code, why in answer.json()["detail"]) == (409, True), answer.text
        found = (await api.get(f"{ISSUES}/{issue['id']}")).json()
        assert (found["progress"], found["question"]) == (None, None)


@pytest.mark.parametrize("deed", ["progress", "ask"])
async def test_an_issue_that_does_not_exist_and_words_that_are_none(api: httpx.AsyncClient, deed: str) -> None:
    assert (await do(api, {"id": "iss_nobody"}, deed, by="李工", text=PLAN)).status_code == 404
    issue = await _of_a_customer(api)
    for wrong in ("", "  ", "长" * 2001):
        answer = await do(api, issue, deed, by="李工", text=wrong)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["text"]


async def test_the_same_key_sends_a_note_once(api: httpx.AsyncClient, house: House) -> None:
    issue = await _of_a_customer(api)
    for _ in range(2):
        body, key = {"by": "李工", "text": PLAN}, {"idempotency-key": "note-1"}
        assert (await api.post(f"{ISSUES}/{issue['id']}/progress", json=body, headers=key)).status_code == 200
    assert len(await _said(house)) == 1
