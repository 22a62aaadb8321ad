"""What a help desk may tell of a service visit: kept, told again, refused by name, erased where it is personal."""

import json
from typing import Any

import httpx
import pytest

from bot.http.api.schemas.ticket_request import DetailsBody
from storage.model.service_details import PERSONAL_DETAILS, SERVICE_DETAILS
from tests.support.rights import fulfil
from tests.support.web.house import House
from tests.support.web.tickets import NO_DETAILS, TICKET, ticket

HERE = "/api/v1/tickets/zendesk/42"
VISIT: dict[str, Any] = {
    "requested_at": "2026-11-21T08:00:00Z",
    "assigned_at": "2026-11-21T08:30:00Z",
    "onsite_at": "2026-11-21T10:00:00Z",
    "solved_at": "2026-11-21T12:00:00Z",
    "area": "静安",
    "station": "静安一站",
    "contract": "gold-4h",
    "device": "SN-7788",
    "fault": "滴水",
    "service_type": "repair",
    "source_channel": "hotline",
    "order_no": "JD-1122",
    "repair_form_no": "WX-33",
    "customer_signed": True,
    "report_reviewed": "2026-11-21T14:00:00Z",
    "stage": "完工",
    "outcome": "派人",
    "contact_problem": "电话",
    "warranty": "保内",
    "cause": "密封圈老化",
    "measure": "换密封圈",
    "resent": True,
    "solved_first_time": False,
    "rework": "external",
    "rework_of": "desk/41",
    "fields": {"楼层": "十二楼", "floors": 12, "price": 99.5, "lift": False},
}
OF_CLOSING = (
    *("requested_at", "assigned_at", "onsite_at", "solved_at"),
    *("area", "station", "contract", "service_type", "source_channel"),
)
WRONG: dict[str, tuple[str, Any, str]] = {
    "a time without a zone": ("onsite_at", "2026-11-21T10:00:00", "needs a time zone"),
    "a time to come": ("solved_at", "2031-01-01T00:00:00Z", "lies in the future"),
    "before the request": ("onsite_at", "2026-11-20T10:00:00Z", "lies before requested_at 2026-11-21T08:00:00Z"),
    "solved before it": ("solved_at", "2026-11-20T10:00:00Z", "lies before requested_at"),
    "too long": ("station", "站" * 501, "at most 500 characters"),
    "too long a fault": ("fault", "坏" * 4001, "at most 4000 characters"),
    "a number for a text": ("area", 7, "must be a text"),
    "a signature": ("customer_signed", "yes", "true, false, or when it was signed"),
    "a warranty": ("warranty", 3, "true, false or a text"),
    "who found it": ("rework", "somebody", "must be"),
    "fields that are none": ("fields", ["a"], "must be an object"),
    "too many fields": ("fields", {f"f{n}": n for n in range(51)}, "at most 50"),
    "a nested field": ("fields.a", {"a": {"b": 1}}, "a text of at most 500"),
    "a field too large": ("fields.a", {"a": 2**60}, "2^53"),
    "a field too long": ("fields.a", {"a": "长" * 501}, "at most 500"),
}


def test_every_detail_has_its_field_in_the_body_and_in_this_table() -> None:
    assert set(DetailsBody.model_fields) == set(SERVICE_DETAILS) == set(VISIT) == set(NO_DETAILS)


async def send(door: str, house: House, api: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    if door == "put":
        return await api.put(HERE, json=body)
    raw = json.dumps({"type": "ticket.updated", "data": {"source": "zendesk", "ticket": "42", **body}})
    return await api.post("/hooks/tickets", content=raw, headers=house.signed(raw, f"event-{hash(raw)}"))


@pytest.mark.parametrize("door", ["put", "hook"])
async def test_a_visit_is_kept_and_told_as_it_came(door: str, house: House, api: httpx.AsyncClient) -> None:
    told = (await send(door, house, api, ticket(**VISIT))).json()["ticket"]
    assert {name: told[name] for name in VISIT} == VISIT
    assert (await send(door, house, api, TICKET)).json()["ticket"] == told, "what is left out keeps its value"
    assert (await api.get(HERE)).json()["ticket"] == told
    signed, fields = "2026-11-21T12:30:00Z", {"楼层": "三楼"}
    changed = (await send(door, house, api, ticket(customer_signed=signed, fields=fields, station=""))).json()
    assert changed["ticket"] == told | {"customer_signed": signed, "fields": fields, "station": None}


@pytest.mark.parametrize("door", ["put", "hook"])
async def test_what_cannot_be_is_refused_by_field(door: str, house: House, api: httpx.AsyncClient) -> None:
    prefix = "" if door == "put" else "data."
    for name, (field, value, problem) in WRONG.items():
        answer = await send(door, house, api, ticket(**VISIT | {field.partition(".")[0]: value}))
        told = (answer.status_code, [one["field"] for one in answer.json()["errors"]])
        assert told == (422, [prefix + field]), name
        assert problem in answer.json()["errors"][0]["problem"], name
        assert (await api.get(HERE)).status_code == 404, f"nothing is stored: {name}"


@pytest.mark.parametrize("door", ["put", "hook"])
async def test_a_visit_before_the_stored_request_is_refused_too(
    door: str, house: House, api: httpx.AsyncClient
) -> None:
    before = (await send(door, house, api, ticket(requested_at=VISIT["requested_at"]))).json()["ticket"]
    answer = await send(door, house, api, ticket(onsite_at="2026-11-20T10:00:00Z", area="静安"))
    prefix = "" if door == "put" else "data."
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [
            {
                "field": f"{prefix}onsite_at",
                "problem": "onsite_at 2026-11-20T10:00:00Z lies before requested_at 2026-11-21T08:00:00Z",
            }
        ],
    )
    assert (await api.get(HERE)).json()["ticket"] == before
    later = {"onsite_at": "2026-11-20T10:00:00Z", "requested_at": "2026-11-20T09:00:00Z"}
    told = (await send(door, house, api, ticket(**later))).json()["ticket"]
    assert {name: told[name] for name in later} == later


async def test_an_erased_customers_ticket_keeps_what_is_counted_and_takes_nothing_personal_again(
    house: House, api: httpx.AsyncClient
) -> None:
    await api.put(HERE, json=ticket(**VISIT))
    await api.delete("/api/v1/customers/c-1001")
    await fulfil(house)
    bare = VISIT | {name: NO_DETAILS[name] for name in PERSONAL_DETAILS}
    for answer in (await api.get(HERE), await api.put(HERE, json=ticket(**VISIT))):
        assert {name: answer.json()["ticket"][name] for name in VISIT} == bare


async def test_a_closing_is_kept_as_it_was_and_the_next_is_another(api: httpx.AsyncClient) -> None:
    gold = {"customer": TICKET["customer"] | {"tier": "gold"}}
    told = (await api.put(HERE, json=ticket(**VISIT, **gold))).json()["ticket"]
    first = await closings(api)
    names = ("opened_at", "first_replied_at", "closed_at", "team", "product", "category", "tags", *OF_CLOSING)
    assert [{name: one[name] for name in names} for one in first] == [{name: told[name] for name in names}]
    assert [(one["number"], one["agent_id"], one["agent_name"], one["tier"]) for one in first] == [
        (1, "a17", "李工", "gold")
    ]
    await api.put(HERE, json=ticket(team="south", station="二站", agent={"id": "b2", "name": "张工"}))
    assert await closings(api) == first, "a later report is about later work"
    await api.put(HERE, json=ticket(status="reopened"))
    await api.put(HERE, json=ticket(closed_at="2026-11-22T02:40:00Z", team="south"))
    assert [(one["number"], one["team"], one["station"]) for one in await closings(api)] == [
        (1, "north", "静安一站"),
        (2, "south", "二站"),
    ]


async def closings(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.get("/api/v1/customers/c-1001")).json()["closings"]
    return found
