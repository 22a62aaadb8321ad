"""What a customer answered on another way is entered with its source, and counts like other answers."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.messages import Tap, Verb
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from storage.verification.verify import verify_database
from tests.support.database.duplicates import settle_duplicates_of
from tests.support.rights import fulfil
from tests.support.traces import traces
from tests.support.web.house import DATABASE, House
from tests.support.web.tickets import ticket

RESPONSES = "/api/v1/responses"


def paper(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 (anything may be sent)
    """Return a filled sheet about ticket 42, with some fields changed; None leaves one out."""
    body = {
        "ticket": "zendesk/42",
        "source": "paper",
        "by": "王芳",
        "given_at": "2026-11-22T02:40:00Z",
        "answers": {"response_speed": {"value": 4}, "attitude": {"value": 5, "text": "很客气"}},
        "comment": "下次还找你们",
    }
    return {name: value for name, value in {**body, **changed}.items() if value is not None}


@pytest.fixture
async def closed(api: httpx.AsyncClient) -> None:
    """Close ticket 42."""
    assert (await api.put("/api/v1/tickets/zendesk/42", json=ticket())).status_code == 201


async def entered(api: httpx.AsyncClient, status: int = 201, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (as above)
    answer = await api.post(RESPONSES, json=paper(**changed))
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def messages(house: House) -> list[OutboxMessage]:
    async with house.store.reading() as session:
        return await session.records(OutboxMessage, all_of(OutboxMessage))


@pytest.mark.usefixtures("closed")
async def test_answers_from_paper_are_listed_with_their_source_and_who_entered_them(
    house: House, api: httpx.AsyncClient
) -> None:
    told = await entered(api)
    assert (told["channel"], told["entered"]["by"], told["status"]) == ("paper", "王芳", "partial")
    assert told["entered"]["at"] == house.clock.now().isoformat().replace("+00:00", "Z")
    assert [(one["question"], one["value"], one["text"]) for one in told["answers"]] == [
        ("response_speed", 4, None),
        ("attitude", 5, "很客气"),
    ]
    assert {one["at"] for one in told["answers"]} == {"2026-11-22T02:40:00Z"}
    assert (told["comment"], told["score"], told["flags"]) == ("下次还找你们", 4.5, ["incomplete"])
    listed = (await api.get(RESPONSES, params={"ticket": "zendesk/42"})).json()["items"]
    assert listed == [told]
    assert await messages(house) == []


@pytest.mark.usefixtures("closed")
async def test_the_same_sheet_again_is_the_same_and_another_needs_a_reason(api: httpx.AsyncClient) -> None:
    first = await entered(api)
    assert (await entered(api, 200))["id"] == first["id"]
    other = {"response_speed": {"value": 1}}
    assert "reason" in (await entered(api, 409, answers=other))["detail"]
    corrected = await entered(api, 200, answers=other, reason="看错了一格")
    assert (corrected["id"], corrected["score"]) == (first["id"], 1)
    explained = (await api.get(f"{RESPONSES}/{first['id']}/explain")).json()
    assert (explained["raw"], explained["counted"]) == (1, 1)
    assert {one["item"]: one["status"] for one in explained["ratings"]} == {
        "attitude": "undone",
        "response_speed": "counted",
    }
    lines = (await api.get("/api/v1/audit")).json()["items"]
    assert [(line["action"], line["by"]) for line in lines] == [
        ("response.corrected", "王芳"),
        ("response.entered", "王芳"),
    ]


@pytest.mark.usefixtures("closed")
async def test_two_numbered_sheets_of_one_ticket_are_two_responses(api: httpx.AsyncClient) -> None:
    first, second = await entered(api, number="7"), await entered(api, number="8")
    assert first["id"] != second["id"]


@pytest.mark.usefixtures("closed")
async def test_a_low_score_from_the_telephone_raises_an_issue(house: House, api: httpx.AsyncClient) -> None:
    told = await entered(api, source="phone", answers={"attitude": {"value": 1, "text": "爱理不理"}}, comment="")
    (issue,) = (await api.get("/api/v1/issues")).json()["items"]
    assert (issue["kind"], issue["severity"], issue["responses"]) == ("low_score", "high", [told["id"]])
    assert {message.purpose for message in await messages(house)} <= {"alert"}


async def test_who_opted_out_can_be_entered_and_is_not_written_to(house: House, api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=ticket())
    raw = '{"id":"stop-now","chat":"phone","person":"customer","text":"退订"}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)
    assert (await api.get("/api/v1/customers/c-1001")).json()["customer"]["opted_out_at"] is not None
    before = await messages(house)
    await entered(api, source="onsite", answers={"attitude": {"value": 1}})
    (issue,) = (await api.get("/api/v1/issues")).json()["items"]
    done = {"by": "李工", "note": "已经向您道歉了"}
    assert (await api.post(f"/api/v1/issues/{issue['id']}/resolve", json=done)).status_code == 200
    assert [one for one in await messages(house) if one.customer is not None and one not in before] == []


@pytest.mark.usefixtures("closed")
async def test_an_entered_answer_keeps_nobody_from_being_asked(api: httpx.AsyncClient) -> None:
    await entered(api)
    asked = await api.post("/api/v1/tickets/zendesk/42/survey", json={})
    assert asked.status_code == 200
    await api.put("/api/v1/tickets/zendesk/43", json=ticket(closed_at="2026-11-22T02:35:00Z"))
    listed = (await api.get(RESPONSES, params={"ticket": "zendesk/42"})).json()["items"]
    assert {one["channel"] for one in listed} == {"paper", "sandbox"}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        ({"source": "pigeon"}, "source", "must say how the answers came: web, sms, phone, paper, onsite, platform"),
        ({"answers": {"weather": {"value": 3}}}, "answers.weather", "is no question of after_service; there are"),
        ({"answers": {"attitude": {"value": 6}}}, "answers.attitude", "must be a whole number from 1 to 5"),
        ({"answers": {"attitude": {"value": 0}}}, "answers.attitude", "must be a whole number from 1 to 5"),
        ({"answers": {}}, "answers", "are missing; rate one question at least"),
        ({"survey": "no_such"}, "survey", "is not asked here; there are"),
        (
            {"survey": "anonymous_pulse", "answers": {}},
            "survey",
            "is anonymous, and what is entered names its customer",
        ),
        ({"given_at": "2031-01-01T00:00:00Z"}, "given_at", "lies ahead"),
        ({"customer": "c-1001"}, "customer", "is told by the ticket; leave one of both out"),
        ({"ticket": None}, "ticket", "is missing; without one say which customer it was, or number the paper"),
        ({"by": " "}, "by", "is empty"),
    ],
)
async def test_what_is_wrong_is_said_by_field_and_nothing_is_stored(
    changed: dict[str, Any], field: str, problem: str, api: httpx.AsyncClient
) -> None:
    refused = await entered(api, 422, **changed)
    assert [(one["field"], one["problem"][: len(problem)]) for one in refused["errors"]] == [(field, problem)]
    assert (await api.get(RESPONSES)).json()["items"] == []


async def test_a_ticket_that_is_not_known_or_was_never_closed_is_refused(api: httpx.AsyncClient) -> None:
    assert (await entered(api, 404))["detail"] == "There is no ticket zendesk/42."
    await api.put("/api/v1/tickets/zendesk/42", json=ticket(status="open", closed_at=None))
    assert "never been closed" in (await entered(api, 409))["detail"]
    assert (await entered(api, 404, ticket=None, customer="c-9"))["detail"] == "There is no customer c-9."


async def test_a_review_of_a_stranger_stands_by_its_number(api: httpx.AsyncClient) -> None:
    told = await entered(api, ticket=None, source="platform", number="dp-88", answers={"attitude": {"value": 5}})
    assert (told["ticket"], told["channel"]) == (None, "platform")
    assert (
        await entered(api, 200, ticket=None, source="platform", number="DP-88", answers={"attitude": {"value": 5}})
    )["id"] == told["id"]
    kept = await api.get("/api/v1/customers/platform:dp-88")
    assert kept.status_code == 200
    assert (await api.delete("/api/v1/customers/platform:dp-88")).status_code == 202


async def test_figures_tell_their_sources_and_can_be_cut_by_them(api: httpx.AsyncClient) -> None:
    for number in range(6):
        await api.put(f"/api/v1/tickets/zendesk/{number}", json=ticket(customer={"id": f"c-{number}"}))
        await entered(api, ticket=f"zendesk/{number}", source="paper" if number < 5 else "phone")
    told = (await api.get("/api/v1/reports/summary", params={"period": "2026-11", "metric": "csat"})).json()
    (csat,) = told["figures"]
    assert csat["sources"] == {"paper": 10, "phone": 2}
    by = {"period": "2026-11", "by": "channel"}
    cut = (await api.get("/api/v1/reports/summary", params=by)).json()["figures"]
    answered = {one["cut"]["channel"]: one["value"] for one in cut if one["metric"] == "answered"}
    assert answered == {"": 0, "paper": 5, "phone": 1}
    rates = {one["cut"]["channel"]: (one["state"], one["excluded"]) for one in cut if one["metric"] == "response_rate"}
    assert rates["paper"] == ("empty", {"entered": 5})
    sheet = (await api.get("/api/v1/reports/summary", params={**by, "metric": "csat", "format": "csv"})).text
    assert "paper 10" in sheet
    course = (await api.get("/api/v1/surveys/after_service/course")).json()
    assert course["asked"] == 0


@pytest.mark.usefixtures("closed")
async def test_what_customers_say_in_a_chat_stays_beside_what_was_entered_and_one_of_both_counts(
    house: House, api: httpx.AsyncClient
) -> None:
    await entered(api)
    asked = (await api.post("/api/v1/tickets/zendesk/42/survey", json={})).json()["survey"]
    assert asked["status"] in {"scheduled", "sent"}
    (chat,) = [one for one in (await listed(api)) if one["channel"] == "sandbox"]
    for question in ("response_speed", "problem_solving", "attitude", "convenience", "after_care"):
        await tapped(house, Tap(Verb.RATE, chat["id"], question, 4))
    await tapped(house, Tap(Verb.SKIP, chat["id"], "comment"))
    assert await settle_duplicates_of(house) == 1
    told = {one["channel"]: (one["status"], "duplicate" in one["flags"]) for one in await listed(api)}
    assert told == {"paper": ("partial", True), "sandbox": ("completed", False)}


@pytest.mark.usefixtures("closed")
async def test_a_correction_to_a_low_score_raises_an_issue_and_one_upwards_stands_in_its_timeline(
    api: httpx.AsyncClient,
) -> None:
    await entered(api)
    assert (await api.get("/api/v1/issues")).json()["items"] == []
    await entered(api, 200, answers={"attitude": {"value": 1}}, reason="看错了")
    (issue,) = (await api.get("/api/v1/issues")).json()["items"]
    await entered(api, 200, answers={"attitude": {"value": 4}}, reason="又看错了")
    told = (await api.get(f"/api/v1/issues/{issue['id']}")).json()
    assert told["timeline"][-1]["text"] == "attitude 1 → 4"


async def test_the_answers_are_about_the_closing_before_a_ticket_was_opened_again(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=ticket())
    await api.put("/api/v1/tickets/zendesk/42", json={**ticket(team="south"), "status": "reopened", "closed_at": None})
    told = await entered(api)
    assert (told["ticket"], told["status"]) == ("zendesk/42", "partial")
    explained = (await api.get(f"{RESPONSES}/{told['id']}/explain")).json()
    assert (explained["closing"]["team"], explained["closing"]["number"], explained["counted"]) == ("north", 1, 2)


async def listed(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get(RESPONSES)).json()["items"]
    return items


async def tapped(house: House, tap: Tap) -> None:
    house.clock.passes(timedelta(seconds=10))
    said = BUTTON.encode(tap).replace('"', '\\"')
    raw = f'{{"id":"tap-{tap.step}-{tap.value}","chat":"phone","person":"customer","tap":"{said}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


@pytest.mark.usefixtures("closed")
async def test_what_was_entered_keeps_every_promise_and_goes_with_its_customer(
    house: House, api: httpx.AsyncClient, folder: Path
) -> None:
    told = await entered(api, answers={"attitude": {"value": 1, "text": "王女士说他迟到"}}, number="WX-0042")
    await entered(api, 200, answers={"attitude": {"value": 2}}, number="WX-0042", reason="王女士改口")
    found = await verify_database(f"sqlite:///{folder / DATABASE}", house.clock.now())
    broken = [
        str(one) for one in found.violations if "survey is stored" not in str(one)
    ]  # the service does at its start
    assert broken == []
    kept = (await api.get("/api/v1/customers/c-1001")).json()
    assert {one["entered_by"]: bool(one["occasion"]) for one in kept["invitations"]} == {"": False, "王芳": True}
    assert told["id"] in {one["id"] for one in kept["interviews"]}
    assert (await api.delete("/api/v1/customers/c-1001")).status_code == 202
    await fulfil(house)
    assert await traces(house.store, "c-1001", "迟到", "WX-0042") == []
    (left,) = await listed(api)
    assert (left["answers"][0]["value"], left["answers"][0]["text"], left["comment"]) == (2, None, None)
    assert "asked to be forgotten" in (await entered(api, 409, number="WX-0043"))["detail"]
