"""Tickets come in by PUT, which says what became of them; asking by hand skips the plan."""

import httpx
import pytest

from tests.support.web.house import House
from tests.support.web.tickets import NO_DETAILS, TICKET, ticket

HERE = "/api/v1/tickets/zendesk/42"


async def test_a_new_ticket_is_created_and_told_in_the_shape_in_which_it_came(api: httpx.AsyncClient) -> None:
    answer = await api.put(HERE, json=TICKET)
    assert answer.status_code == 201
    told = answer.json()["ticket"]
    assert told == {
        **TICKET,
        "first_replied_at": "2026-11-21T08:12:00Z",
        "appointment_at": None,
        "updated_at": None,
        "url": None,
        **NO_DETAILS,
        "customer": {**TICKET["customer"], "tier": None, "phone": None, "email": None, "postal_address": None},
    }


async def test_a_closed_ticket_has_a_planned_survey(api: httpx.AsyncClient) -> None:
    survey = (await api.put(HERE, json=TICKET)).json()["survey"]
    assert survey.pop("id").startswith("inv_")
    assert survey == {
        "status": "scheduled",
        "reason": None,
        "channel": "sandbox",
        "due_at": "2026-11-22T03:00:00Z",
        "deadline_at": "2026-11-23T02:30:00Z",
    }


async def test_an_open_ticket_has_no_survey(api: httpx.AsyncClient) -> None:
    body = ticket(status="open")
    del body["closed_at"]
    assert (await api.put(HERE, json=body)).json()["survey"] is None


async def test_repeating_a_put_changes_nothing(api: httpx.AsyncClient) -> None:
    first = await api.put(HERE, json=TICKET)
    again = await api.put(HERE, json=TICKET)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == (await api.get(HERE)).json()


async def test_what_was_told_can_be_put_back(api: httpx.AsyncClient) -> None:
    told = (await api.put(HERE, json=TICKET)).json()
    again = await api.put(HERE, json=told["ticket"])
    assert again.json() == told


async def test_a_field_left_out_keeps_its_value_and_contacts_only_add(api: httpx.AsyncClient) -> None:
    await api.put(HERE, json=TICKET)
    contact = {"channel": "telegram", "address": "10001"}
    answer = await api.put(HERE, json={"status": "closed", "customer": {"id": "c-1001", "contacts": [contact]}})
    told = answer.json()["ticket"]
    assert told["subject"] == "空调不制冷"
    assert told["customer"]["name"] == "王女士"
    assert contact in told["customer"]["contacts"]
    assert len(told["customer"]["contacts"]) == 3


async def test_older_news_changes_nothing(api: httpx.AsyncClient) -> None:
    await api.put(HERE, json=ticket(updated_at="2026-11-22T02:31:00Z"))
    stale = await api.put(HERE, json=ticket(status="reopened", updated_at="2026-11-22T02:30:59Z", subject="旧"))
    assert stale.status_code == 200
    assert stale.json()["ticket"]["subject"] == "空调不制冷"
    assert stale.json()["survey"]["status"] == "scheduled"


async def test_reopening_cancels_the_survey(api: httpx.AsyncClient) -> None:
    await api.put(HERE, json=TICKET)
    survey = (await api.put(HERE, json=ticket(status="reopened"))).json()["survey"]
    assert (survey["status"], survey["reason"]) == ("cancelled", "reopened")


async def test_a_customer_without_a_chat_waits_with_the_reason(api: httpx.AsyncClient) -> None:
    survey = (await api.put(HERE, json={"status": "closed", "customer": {"id": "c-2"}})).json()["survey"]
    assert (survey["status"], survey["reason"], survey["channel"]) == ("scheduled", "no_contact", None)


async def test_a_closing_too_long_ago_is_not_asked_about_and_says_so(api: httpx.AsyncClient) -> None:
    survey = (await api.put(HERE, json=ticket(closed_at="2026-11-20T02:30:00Z"))).json()["survey"]
    assert (survey["status"], survey["reason"]) == ("suppressed", "deadline")


@pytest.mark.parametrize("name", ["a/b", "a%2Fb", "a b", "工单7", "survey", "..%2F..", "%3F%23", "a+b"])
async def test_a_ticket_may_have_any_readable_id(api: httpx.AsyncClient, name: str) -> None:
    place = f"/api/v1/tickets/zendesk/{name}"
    assert (await api.put(place, json=TICKET)).status_code == 201
    assert (await api.get(place)).json()["ticket"]["subject"] == "空调不制冷"


async def test_an_unknown_ticket_is_not_found(api: httpx.AsyncClient) -> None:
    for answer in (await api.get(HERE), await api.post(f"{HERE}/survey")):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "zendesk/42" in answer.json()["detail"]


async def test_asking_by_hand_asks_at_once_and_once(api: httpx.AsyncClient, house: House) -> None:
    await api.put(HERE, json=TICKET)
    asked = await api.post(f"{HERE}/survey", json={"survey": "ten_point"})
    assert asked.status_code == 200
    assert asked.json()["survey"]["channel"] == "sandbox"
    (response,) = (await api.get("/api/v1/responses", params={"ticket": "zendesk/42"})).json()["items"]
    assert response["survey"] == "ten_point"
    again = await api.post(f"{HERE}/survey")
    assert again.status_code == 409
    assert house.web.simulated is not None


async def test_asking_by_hand_needs_a_survey_that_there_is(api: httpx.AsyncClient) -> None:
    await api.put(HERE, json=TICKET)
    answer = await api.post(f"{HERE}/survey", json={"survey": "seven_stars"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "survey"


async def test_asking_by_hand_needs_a_closed_ticket(api: httpx.AsyncClient) -> None:
    await api.put(HERE, json=ticket(status="open"))
    assert (await api.post(f"{HERE}/survey")).status_code == 409


async def test_a_closing_time_that_is_not_taken_is_told(api: httpx.AsyncClient) -> None:
    first = (await api.put(HERE, json=ticket())).json()
    assert first["warnings"] == []
    await api.put(HERE, json=ticket(status="reopened"))
    again = (await api.put(HERE, json=ticket())).json()
    problem = f"is the time of an earlier closing; this one counts from {again['ticket']['closed_at']}"
    assert again["ticket"]["closed_at"] != ticket()["closed_at"]
    assert again["warnings"] == [{"field": "closed_at", "problem": problem}]
