"""What a help desk may say of a ticket: null, blanks, times, zones, and how a customer is rung."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select

from bot.http.api.schemas.campaign import NewCampaignBody
from bot.http.api.schemas.ticket_request import RequestBody, TicketBody
from dialogs.phone_number import dialled
from storage.schema import tables as t
from tests.support.web.house import House
from tests.support.web.tickets import TICKET, ticket

HERE = "/api/v1/tickets/zendesk/42"
BLANKS = (" ", "  ", "\u3000", "\u00a0", "\t", "\u200b", "\u2800", "\u3164", "\x07", "\u2028")


async def put(api: httpx.AsyncClient, body: dict[str, Any], place: str = HERE) -> list[str]:
    """Return the fields that a PUT is refused for, none where it is taken."""
    answer = await api.put(place, json=body)
    return [] if answer.status_code in (200, 201) else [one["field"] for one in answer.json()["errors"]]


def of_customer(**said: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    return ticket(customer={**TICKET["customer"], **said})


def optional(body: type[RequestBody]) -> list[str]:
    return [name for name, one in body.model_fields.items() if not one.is_required()]


def of_every_kind() -> Iterator[type[RequestBody]]:
    """Yield every request body that there is."""
    waiting = list(RequestBody.__subclasses__())
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        yield found


async def test_null_means_left_out_in_every_optional_field(api: httpx.AsyncClient) -> None:
    before = (await api.put(HERE, json=TICKET)).json()
    closed_at = {"closed_at": TICKET["closed_at"]}
    bodies = [
        {"status": "closed", **closed_at, "customer": {"id": "c-1001"}, name: None} for name in optional(TicketBody)
    ]
    inner = optional(type(TicketBody.model_validate(TICKET).customer))
    bodies += [{"status": "closed", **closed_at, "customer": {"id": "c-1001", name: None}} for name in inner]
    bodies += [ticket(agent={"id": None, "name": None})]
    assert {"contacts", "phone", "tier"} <= set(inner)
    for body in bodies:
        answer = await api.put(HERE, json=body)
        assert (answer.status_code, answer.json()) == (200, before), body
    assert await put(api, ticket(status=None)) == ["status"]
    assert await put(api, ticket(customer={"id": None})) == ["customer.id"]
    assert await put(api, ticket(tags=[None])) == ["tags.0"]
    assert await put(api, ticket(nonsense=None)) == ["nonsense"]


def test_every_body_takes_null_where_it_takes_nothing_and_its_schema_says_so() -> None:
    for body in of_every_kind():
        schema = body.model_json_schema()
        for name in optional(body):
            told = schema["properties"][name]
            assert {"type": "null"} in told.get("anyOf", []), (body.__name__, name)
    assert NewCampaignBody.model_validate({"name": "a", "kind": "notice", "text": None, "per_minute": None}).text == ""


async def test_no_id_is_blank(api: httpx.AsyncClient, house: House) -> None:
    for blank in BLANKS:
        assert await put(api, of_customer(id=blank)) == ["customer.id"], ascii(blank)
        assert await put(api, ticket(agent={"id": blank})) == ["agent.id"], ascii(blank)
        for field, place in (("source", f"{quote(blank)}/42"), ("ticket", f"zendesk/{quote(blank)}")):
            assert await put(api, TICKET, f"/api/v1/tickets/{place}") == [field], ascii(blank)
    async with house.store.reading() as session:
        assert not await session.fetch(select(t.customers.c.id))


async def test_a_zone_is_a_place_and_a_distance_from_utc_is_told_one(api: httpx.AsyncClient) -> None:
    wrong = (
        "Factory",
        "localtime",
        "posixrules",
        "posix/Asia/Shanghai",
        "right/Asia/Shanghai",
        "GMT+8",
        "UTC+08:00",
        "CST",
    )
    for zone in wrong:
        answer = await api.put(HERE, json=of_customer(timezone=zone))
        assert [one["field"] for one in answer.json()["errors"]] == ["customer.timezone"], zone
        if "8" in zone:
            assert "Asia/Shanghai" in answer.json()["errors"][0]["problem"]


@pytest.mark.parametrize("door", ["put", "hook"])
async def test_the_future_is_refused_by_name_at_both_doors(api: httpx.AsyncClient, house: House, door: str) -> None:
    async def refused(number: int, **said: str) -> list[str]:
        if door == "put":
            return await put(api, ticket(**said), f"/api/v1/tickets/desk/{number}")
        raw = json.dumps(
            {"type": "ticket.updated", "data": {"source": "desk", "ticket": str(number), **ticket(**said)}}
        )
        answer = await api.post("/hooks/tickets", content=raw, headers=house.signed(raw, f"event-{number}"))
        return (
            [] if answer.status_code == 201 else [one["field"].removeprefix("data.") for one in answer.json()["errors"]]
        )

    now, names = house.clock.now(), ("opened_at", "first_replied_at", "closed_at", "updated_at")
    for number, name in enumerate(names):
        for ahead, expected in ((301, [name]), (299, []), (5 * 365 * 86_400, [name])):
            moment = (now + timedelta(seconds=ahead)).isoformat()
            assert await refused(number * 10 + ahead % 7, **{name: moment}) == expected, (name, ahead)
    assert await refused(99, appointment_at=(now + timedelta(days=300)).isoformat()) == []


async def test_how_a_customer_is_rung_and_where_the_ticket_stands_is_kept_and_told(api: httpx.AsyncClient) -> None:
    said = {
        "phone": "+86 138-0013-8000",
        "email": "wang@example.com",
        "postal_address": "上海市南京路 1 号",
        "tier": "gold",
    }
    told = (await api.put(HERE, json=of_customer(**said) | {"url": "https://desk.example.com/t/42?a=1#x"})).json()[
        "ticket"
    ]
    assert {name: told["customer"][name] for name in said} == said
    assert told["url"] == "https://desk.example.com/t/42?a=1#x"
    assert (await api.put(HERE, json=TICKET)).json()["ticket"] == told == (await api.get(HERE)).json()["ticket"]
    emptied = (await api.put(HERE, json=of_customer(phone="") | {"url": ""})).json()["ticket"]
    assert (emptied["url"], emptied["customer"]["phone"], emptied["customer"]["email"]) == (None, None, said["email"])


UNTIDY = {
    "138****8000": "",
    "无": "",
    "12": "",
    "1" * 21: "",
    "13800138000 李": "13800138000",
    "138 0013 8000（妻子）": "13800138000",
    "13800138000/13900139000": "13800138000",
    "１３８００１３８０００": "13800138000",
    "+86（138）00138000": "+8613800138000",
    "010-88886666 转 12": "01088886666",
    "+1 (555) 010-9999 ext. 12": "+15550109999",
    "12315": "12315",
    "tel:1380013": "1380013",
    "电话：\n13800138000": "13800138000",
}


async def test_how_a_phone_or_an_e_mail_is_written_is_no_reason_to_lose_a_ticket(api: httpx.AsyncClient) -> None:
    for phone, number in UNTIDY.items():
        assert dialled(phone) == number, phone
        told = (await api.put(HERE, json=of_customer(phone=phone))).json()
        assert [one["field"] for one in told["warnings"]] == ([] if number else ["customer.phone"]), phone
        assert told["ticket"]["customer"]["phone"].isprintable()
    emails = {"wang@example.com": True, "wang": False, "a b@example.com": False, "无": False, "<a@b.com>": False}
    for email, is_one in emails.items():
        told = (await api.put(HERE, json=of_customer(phone="", email=email))).json()
        assert [one["field"] for one in told["warnings"]] == ([] if is_one else ["customer.email"]), email
        assert told["ticket"]["customer"]["email"] == email


async def test_an_address_that_no_browser_should_open_is_refused_by_name(api: httpx.AsyncClient) -> None:
    urls = ["javascript:alert(1)", "//desk/42", "desk.example.com/42", "ftp://desk/42", "https://", "https://a:b@desk/42",
            "https://desk/4 2", "https://desk/\n42", "data:text/html,x", "https://desk:99999/"]  # fmt: skip
    for value in urls:
        assert await put(api, ticket(url=value)) == ["url"], value
    for url in ("http://desk/42", "https://desk.example.com:8443/工单/42", "http://[::1]:3000/t/1"):
        assert await put(api, ticket(url=url)) == [], url
