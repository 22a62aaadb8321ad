"""`POST /hooks/tickets`: proved first, then read, taken once per event."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.web.house import HOOK_SECRET, House, open_house
from tests.support.web.tickets import TICKET

DOOR = "/hooks/tickets"
HERE = "/api/v1/tickets/zendesk/42"


def delivery(kind: str = "ticket.updated", **changed: Any) -> str:  # noqa: ANN401 (anything may be sent)
    data = {"source": "zendesk", "ticket": "42", **TICKET, **changed}
    return json.dumps({"type": kind, "timestamp": "2026-11-22T03:00:00Z", "data": data}, ensure_ascii=False)


async def send(house: House, body: str, event: str = "event-1") -> httpx.Response:
    async with house.client(key=None) as client:
        return await client.post(DOOR, content=body.encode(), headers=house.signed(body, event))


async def test_a_signed_ticket_has_the_effect_and_the_answer_of_a_put(house: House, api: httpx.AsyncClient) -> None:
    hooked = await send(house, delivery())
    assert hooked.status_code == 201
    assert hooked.json() == (await api.get(HERE)).json() == (await api.put(HERE, json=TICKET)).json()


async def test_the_same_event_gets_the_same_answer_for_ever(house: House, api: httpx.AsyncClient) -> None:
    first = await send(house, delivery())
    house.clock.passes(timedelta(days=400))
    again = await send(house, delivery(subject="别的"), "event-1")
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert (await api.get(HERE)).json()["ticket"]["subject"] == "空调不制冷"


async def test_the_same_body_within_five_minutes_gets_the_same_answer(house: House) -> None:
    first = await send(house, delivery(), "event-1")
    house.clock.passes(timedelta(seconds=299))
    again = await send(house, delivery(), "event-2")
    assert (again.status_code, again.text) == (first.status_code, first.text)
    house.clock.passes(timedelta(seconds=2))
    later = await send(house, delivery(), "event-3")
    assert (first.status_code, later.status_code) == (201, 200)


async def test_a_body_that_comes_every_hour_is_known_each_time(house: House) -> None:
    for hour in range(3):
        house.clock.passes(timedelta(hours=1))
        first = await send(house, delivery(), f"event-{hour}")
        again = await send(house, delivery(), f"event-{hour}-again")
        assert again.text == first.text


async def test_types_that_are_no_news_of_a_ticket_are_taken_and_change_nothing(
    house: House, api: httpx.AsyncClient
) -> None:
    answer = await send(house, delivery("ticket.deleted"))
    assert answer.status_code == 202
    assert (await api.get(HERE)).status_code == 404


async def test_a_crooked_signature_changes_nothing(house: House, api: httpx.AsyncClient) -> None:
    body = delivery()
    for headers in ({}, {**house.signed(body), "webhook-signature": "v1,bm8="}, house.signed(body + " ")):
        answer = await api.post(DOOR, content=body.encode(), headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await api.get(HERE)).status_code == 404


async def test_a_stale_delivery_changes_nothing(house: House, api: httpx.AsyncClient) -> None:
    headers = house.signed(delivery())
    house.clock.passes(timedelta(seconds=301))
    assert (await api.post(DOOR, content=delivery().encode(), headers=headers)).status_code == 401
    assert (await api.get(HERE)).status_code == 404


async def test_while_the_secret_is_changed_no_delivery_is_lost(folder: Path) -> None:
    new = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    for secrets, opening in (((new, HOOK_SECRET), {new, HOOK_SECRET}), ((new,), {new})):
        async with open_house(folder, hooks_secrets=secrets) as house, house.client(key=None) as desk:
            for secret in (new, HOOK_SECRET):
                headers = house.signed(delivery(), f"event-{len(secrets)}-{secret[-3:]}", secret)
                answer = await desk.post(DOOR, content=delivery().encode(), headers=headers)
                assert answer.is_success is (secret in opening), answer.text
                assert answer.status_code in {200, 201, 401}


async def test_without_a_secret_the_door_is_closed(folder: Path) -> None:
    async with open_house(folder, hooks_secrets=()) as house:
        answer = await send(house, delivery())
    assert answer.status_code == 401
    assert "hooks.secret" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("", 400, "body"),
        ("{", 400, "body"),
        ('{"type": "ticket.updated", "type": "x"}', 400, "type"),
        ("[]", 422, "body"),
        ("null", 422, "body"),
        ("{}", 422, "type"),
        ('{"type": 5, "data": {}}', 422, "type"),
        ('{"type": "ticket.updated"}', 422, "data"),
        (delivery(source="a/b"), 422, "data.source"),
        (delivery(ticket=""), 422, "data.ticket"),
        (delivery(status="gone"), 422, "data.status"),
        (delivery(customer=None), 422, "data.customer"),
    ],
)
async def test_a_proved_body_that_is_wrong_says_where(house: House, body: str, status: int, field: str) -> None:
    answer = await send(house, body)
    assert answer.status_code == status
    assert field in [wrong["field"] for wrong in answer.json()["errors"]]


async def test_a_wrong_body_leaves_its_event_free_for_the_mended_one(house: House) -> None:
    assert (await send(house, delivery(status="gone"))).status_code == 422
    assert (await send(house, delivery())).status_code == 201


async def test_a_delivery_of_more_than_64_kib_is_refused(house: House) -> None:
    answer = await send(house, delivery(subject="x" * 66000))
    assert answer.status_code == 413
