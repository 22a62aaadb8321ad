"""Issues by API: first come, first served; whoever has one is named; the customer's sentence is needed."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.web.house import House
from tests.support.web.tickets import TICKET, ticket

ISSUES = "/api/v1/issues"


async def opened(api: httpx.AsyncClient, **said: Any) -> dict[str, Any]:  # noqa: ANN401 (anything may be sent)
    answer = await api.post(ISSUES, json={"title": "漏水", **said})
    assert answer.status_code == 201, answer.text
    issue: dict[str, Any] = answer.json()
    return issue


async def do(api: httpx.AsyncClient, issue: dict[str, Any], deed: str, **said: Any) -> httpx.Response:  # noqa: ANN401 (as above)
    return await api.post(f"{ISSUES}/{issue['id']}/{deed}", json=said)


def events(answer: httpx.Response) -> list[tuple[str, str | None]]:
    return [(line["event"], line["by"]) for line in answer.json()["timeline"]]


async def test_an_issue_by_hand_is_open_and_has_a_time_to_be_claimed(api: httpx.AsyncClient, house: House) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    issue = await opened(api, text="厨房", ticket="zendesk/42", severity="high", by="前台")
    assert issue["id"].startswith("iss_")
    due = (house.clock.now() + timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    expected = {
        "kind": "manual",
        "status": "open",
        "severity": "high",
        "title": "漏水",
        "text": "厨房",
        "reasons": [],
        "tickets": ["zendesk/42"],
        "customers": ["c-1001"],
        "responses": [],
        "claimed_by": None,
        "note": None,
        "root_cause": None,
        "resolution": 0,
        "due_at": due,
    }
    assert {name: issue[name] for name in expected} == expected
    assert [(line["event"], line["by"]) for line in issue["timeline"]] == [("opened", "前台")]
    normal = await opened(api, severity="normal")
    assert normal["due_at"] == (house.clock.now() + timedelta(hours=4)).isoformat().replace("+00:00", "Z")


async def test_what_was_answered_is_what_is_told_later(api: httpx.AsyncClient) -> None:
    issue = await opened(api)
    claimed = (await do(api, issue, "claim", by="李工")).json()
    assert claimed == (await api.get(f"{ISSUES}/{issue['id']}")).json()
    assert (await api.get(ISSUES)).json() == {"items": [claimed], "next": None}


@pytest.mark.row("S1-21")
async def test_the_second_to_claim_is_told_who_has_it(api: httpx.AsyncClient) -> None:
    issue = await opened(api)
    first, second = await do(api, issue, "claim", by="李工"), await do(api, issue, "claim", by="王姐")
    assert (first.status_code, first.json()["claimed_by"]) == (200, "李工")
    assert second.status_code == 409
    assert second.headers["content-type"] == "application/problem+json"
    assert "李工" in second.json()["detail"]


@pytest.mark.parametrize("spelling", ["ann", "Ann\u200b", "\u3000Ａｎｎ"], ids=ascii)
async def test_a_holder_is_known_in_any_spelling(api: httpx.AsyncClient, spelling: str) -> None:
    issue = await opened(api)
    assert (await do(api, issue, "claim", by=" Ann\u200c")).json()["claimed_by"] == "Ann"
    assert (await do(api, issue, "claim", by=spelling)).is_success, "they hold it already"
    assert (await do(api, issue, "release", by="Anna")).status_code == 409
    assert (await do(api, issue, "release", by=spelling)).is_success


async def test_only_the_holder_releases_and_resolves(api: httpx.AsyncClient) -> None:
    issue = await opened(api)
    await do(api, issue, "claim", by="李工")
    assert (await do(api, issue, "release", by="王姐")).status_code == 409
    assert (await do(api, issue, "resolve", by="王姐", note="换好了")).status_code == 409
    assert (await do(api, issue, "release", by="李工")).json()["claimed_by"] is None


async def test_resolving_claims_first_and_keeps_the_sentence(api: httpx.AsyncClient) -> None:
    issue = await opened(api)
    answer = await do(api, issue, "resolve", by="李工", note="换好了", root_cause="密封圈老化")
    told = answer.json()
    assert (told["status"], told["claimed_by"], told["note"]) == ("resolved", "李工", "换好了")
    assert told["root_cause"] == "密封圈老化"
    again = await do(api, issue, "resolve", by="李工", note="换好了", root_cause="密封圈老化")
    assert again.status_code == 200
    assert events(again) == events(answer)


async def test_resolving_silently_closes(api: httpx.AsyncClient) -> None:
    assert (await do(api, await opened(api), "resolve", by="李工", notify=False)).json()["status"] == "closed"


@pytest.mark.row("S1-44")
async def test_resolving_needs_the_customers_sentence(api: httpx.AsyncClient) -> None:
    answer = await do(api, await opened(api), "resolve", by="李工")
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == ["note"]


async def test_reopening_is_another_round(api: httpx.AsyncClient) -> None:
    issue = await opened(api)
    await do(api, issue, "resolve", by="李工", note="换好了")
    told = (await do(api, issue, "reopen", by="王姐", reason="又漏了")).json()
    assert (told["status"], told["claimed_by"], told["resolution"]) == ("open", None, 1)
    assert told["timeline"][-1]["text"] == "又漏了"


async def test_merging_moves_everything_into_the_other(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    await api.put("/api/v1/tickets/zendesk/43", json=ticket(subject="漏水"))
    issue, other = await opened(api, ticket="zendesk/42"), await opened(api, ticket="zendesk/43")
    told = (await do(api, issue, "merge", into=other["id"])).json()
    assert told["id"] == other["id"]
    assert sorted(told["tickets"]) == ["zendesk/42", "zendesk/43"]
    assert (await api.get(f"{ISSUES}/{issue['id']}")).json()["status"] == "closed"


async def test_an_issue_cannot_be_merged_into_nothing_or_itself(api: httpx.AsyncClient) -> None:
    issue = await opened(api)
    for into in (issue["id"], "iss_nobody"):
        answer = await do(api, issue, "merge", into=into)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "into"


@pytest.mark.parametrize("deed", ["claim", "release", "reopen", "resolve", "merge"])
async def test_an_unknown_issue_is_not_found(api: httpx.AsyncClient, deed: str) -> None:
    said = {
        "merge": {"into": "iss_b"},
        "reopen": {"by": "李工", "reason": "?"},
        "resolve": {"by": "李工", "note": "好"},
    }
    answer = await do(api, {"id": "iss_nobody"}, deed, **said.get(deed, {"by": "李工"}))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "漏水", "severity": "huge"}, "severity"),
        ({"title": "漏水", "ticket": "42"}, "ticket"),
        ({"title": "漏水", "ticket": "/42"}, "ticket"),
        ({"title": "漏水", "customer": ""}, "customer"),
        ({"title": "漏水", "colour": "red"}, "colour"),
    ],
)
async def test_a_wrong_issue_says_which_field(api: httpx.AsyncClient, said: dict[str, Any], field: str) -> None:
    answer = await api.post(ISSUES, json=said)
    assert answer.status_code == 422
    assert field in [wrong["field"] for wrong in answer.json()["errors"]]


async def test_an_issue_about_nobody_we_know_is_refused(api: httpx.AsyncClient) -> None:
    for said in ({"ticket": "zendesk/1"}, {"customer": "c-none"}):
        assert (await api.post(ISSUES, json={"title": "漏水", **said})).status_code == 404


async def test_the_same_idempotency_key_gets_the_same_answer_for_a_day(api: httpx.AsyncClient, house: House) -> None:
    headers = {"idempotency-key": "once"}
    first = await api.post(ISSUES, json={"title": "漏水"}, headers=headers)
    house.clock.passes(timedelta(hours=23))
    again = await api.post(ISSUES, json={"title": "漏水"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await api.post(ISSUES, json={"title": "漏水"}, headers={"idempotency-key": "twice"})
    assert other.json()["id"] != first.json()["id"]
    house.clock.passes(timedelta(hours=2))
    later = await api.post(ISSUES, json={"title": "漏水"}, headers=headers)
    assert later.json()["id"] != first.json()["id"]


async def test_a_refusal_is_repeated_too(api: httpx.AsyncClient) -> None:
    issue, headers = await opened(api), {"idempotency-key": "once"}
    await do(api, issue, "claim", by="李工")
    refused = await api.post(f"{ISSUES}/{issue['id']}/claim", json={"by": "王姐"}, headers=headers)
    await do(api, issue, "release", by="李工")
    again = await api.post(f"{ISSUES}/{issue['id']}/claim", json={"by": "王姐"}, headers=headers)
    assert (refused.status_code, again.status_code) == (409, 409)
    assert again.headers["content-type"] == "application/problem+json"


async def test_an_endless_idempotency_key_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post(ISSUES, json={"title": "漏水"}, headers={"idempotency-key": "x" * 256})
    assert answer.status_code == 422


async def test_issues_are_listed_by_what_is_asked_for(api: httpx.AsyncClient, house: House) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    first = await opened(api, ticket="zendesk/42")
    house.clock.passes(timedelta(hours=1))
    second = await opened(api)
    await do(api, second, "claim", by="李工")
    for asked, found in (
        ({}, [first, second]),
        ({"status": "claimed"}, [second]),
        ({"ticket": "zendesk/42"}, [first]),
        ({"since": second["opened_at"]}, [second]),
        ({"status": "closed"}, []),
    ):
        listed = (await api.get(ISSUES, params=asked)).json()["items"]
        assert [issue["id"] for issue in listed] == [issue["id"] for issue in found], asked


async def test_a_long_list_is_read_page_by_page(api: httpx.AsyncClient) -> None:
    made = {(await opened(api))["id"] for _ in range(5)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get(ISSUES, params={"limit": "2", **cursor})).json()
        seen += [issue["id"] for issue in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == 5
    assert set(seen) == made


WRONG_QUESTIONS = [
    {"limit": "0"},
    {"limit": "201"},
    {"limit": "many"},
    {"limit": "9" * 5000},
    {"status": "lost"},
    {"ticket": "42"},
    {"since": "yesterday"},
    {"since": "2026-11-22T03:00:00"},
    {"cursor": "!"},
    {"cursor": "AAAA"},
    {"cursor": "x" * 401},
    {"cursor": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjAwIiwieCJd"},
    {"cursor": "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwieCJd"},
]


async def test_a_wrong_question_says_which_parameter(api: httpx.AsyncClient) -> None:
    for asked in WRONG_QUESTIONS:
        answer = await api.get(ISSUES, params=asked)
        assert answer.status_code == 422, asked
        assert [wrong["field"] for wrong in answer.json()["errors"]] == list(asked)


async def test_an_issue_is_passed_on_by_api_and_refused_with_the_reason_and_from_when(
    api: httpx.AsyncClient, house: House
) -> None:
    issue = await opened(api)
    assert (await do(api, issue, "claim", by="李工")).json()["due_at"] is not None
    refused = await do(api, issue, "assign", by="赵姐", to="赵姐")
    free = house.clock.now() + timedelta(hours=12)
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        f"李工 has this issue; a lead may take it over now, others from {free:%Y-%m-%dT%H:%M:%SZ} on"
    )
    given, again = [await do(api, issue, "assign", by="李工", to="赵姐") for _ in range(2)]
    assert (given.status_code, given.json()["claimed_by"]) == (200, "赵姐")
    assert again.json() == given.json()
    assert events(given) == [("opened", None), ("claimed", "李工"), ("assigned", "李工")]
    assert given.json()["timeline"][-1]["text"] == "李工 → 赵姐"
    assert (await do(api, issue, "assign", by="李工")).status_code == 422
    await do(api, issue, "resolve", by="赵姐", notify=False)
    over = await do(api, issue, "assign", by="赵姐", to="李工")
    assert (over.status_code, over.json()["detail"]) == (409, "the issue is closed")
