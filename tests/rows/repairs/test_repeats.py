"""Repairs that had to be done again: found by device and fault, told by agent, fault and cause, down to the tickets."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rows.visited import behind, cells, figures, one_figure, table, visited
from tests.support.web.service import Service

DAY = timedelta(days=1)
LEAK: dict[str, Any] = {"category": "漏水", "fault": "水箱漏水", "cause": "密封圈老化"}


async def repaired(service: Service, number: int, *, days_after: int | None = None, **said: str) -> None:
    """Report a repair twelve days ago, and one of the same device so many days after it."""
    about = {"device": f"SN-{number}", "agent": {"id": "a1", "name": "李工"}, **LEAK, **said}
    await visited(service, f"{number}", f"c{number}", ago=12 * DAY, **about)
    if days_after is not None:
        again = {**about, "agent": {"id": "a2", "name": "陈工"}}
        await visited(service, f"{number}-again", f"c{number}", ago=(12 - days_after) * DAY, **again)


@pytest.mark.row("S3-34", "S1-59")
async def test_the_same_device_with_the_same_fault_in_thirty_days_is_told_by_agent_fault_and_cause(
    service: Service,
) -> None:
    for number in range(5):
        await repaired(service, number, days_after=number + 1 if number < 2 else None)
    await repaired(service, 5, days_after=3, category="噪音", fault="异响", cause="风扇松动")
    assert await cells(service, "repeat_repairs", "agent") == {"a1": 3, "a2": 0}
    assert await cells(service, "repeat_repairs", "category") == {"漏水": 2, "噪音": 1}
    assert await cells(service, "repeat_repairs", "cause", "value", "share") == {
        "密封圈老化": (2, pytest.approx(200 / 3)),
        "风扇松动": (1, pytest.approx(100 / 3)),
    }
    rate = (await cells(service, "repeat_repair_rate", "agent", "numerator", "denominator", "provisional"))["a1"]
    assert rate == (3, 6, True)  # thirty days are not over yet
    inputs = await behind(service, "repeat_repairs:2026-11:agent=a1")
    again = {one["ticket"]: one["again"] for one in inputs if one["numerator"]}
    assert again == {"desk/0": "desk/0-again", "desk/1": "desk/1-again", "desk/5": "desk/5-again"}
    shown = await table(service, "repeat_repairs", "category,cause")
    assert [(row["category"], row["cause"], row["value"]) for row in shown] == [
        ("噪音", "风扇松动", "1.0"),
        ("漏水", "密封圈老化", "2.0"),
    ]
    coverage = await one_figure(service, "coverage")
    assert (coverage["value"], coverage["numerator"], coverage["denominator"]) == (100, 9, 9)


async def test_another_fault_another_customer_and_a_later_month_are_no_repetition(service: Service) -> None:
    about: dict[str, Any] = {"device": "SN-1", **LEAK}
    await visited(service, "first", "mei", ago=45 * DAY, **about)
    await visited(service, "late", "mei", ago=8 * DAY, **about)
    await visited(service, "other fault", "mei", ago=7 * DAY, device="SN-1", category="噪音", fault="异响")
    await visited(service, "other customer", "li", ago=6 * DAY, **about)
    await visited(service, "unknown", "mei", ago=5 * DAY, category="漏水")
    rate = await one_figure(service, "repeat_repair_rate")
    assert (rate["numerator"], rate["denominator"], rate["excluded"]) == (0, 3, {"not_reported": 1})
    (before,) = await figures(service, "repeat_repair_rate", period="2026-10")
    assert (before["numerator"], before["denominator"]) == (0, 1)


@pytest.mark.parametrize("thing", [{"contract": "gold-7"}, {"person": {"postal_address": "长宁路 1 号"}}])
async def test_without_a_device_an_agreement_or_the_address_says_what_is_the_same(
    service: Service, thing: dict[str, Any]
) -> None:
    for ticket, ago in (("1", 9), ("2", 3)):
        contact = {"channel": "sandbox", "address": "phone-mei"}
        person = {"contacts": [contact], **thing.get("person", {})}
        said: dict[str, Any] = {name: value for name, value in thing.items() if name != "person"} | LEAK
        closed = (service.now - ago * DAY).isoformat()
        await service.closes(ticket, "mei", person=person, closed_at=closed, **said)
    assert (await one_figure(service, "repeat_repairs"))["value"] == 1


async def test_a_ticket_that_was_opened_again_and_closed_again_is_repaired_twice(service: Service) -> None:
    await visited(service, "1", "mei", ago=5 * DAY)
    await visited(service, "1", "mei", status="reopened")
    await visited(service, "1", "mei")
    assert (await one_figure(service, "repeat_repairs"))["value"] == 1
    first, second = await behind(service, "repeat_repairs:2026-11")
    assert (first["again"], second["first"]) == ("desk/1", "desk/1")


@pytest.mark.row("S3-32")
async def test_rework_is_internal_or_external_and_leads_to_the_first_repair(service: Service) -> None:
    for number in range(6):
        await repaired(service, number)
    await visited(service, "checked", "c0", device="SN-0", rework="internal", rework_of="desk/0", **LEAK)
    await visited(service, "back", "c1", device="SN-1", rework="external", **LEAK)
    assert await cells(service, "reworks", "rework") == {"": 0, "internal": 1, "external": 1}
    rate = await one_figure(service, "rework_rate")
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (2, 8, 25)
    assert rate["interval"]["method"] == "Wilson"
    inputs = {one["ticket"]: one for one in await behind(service, "reworks:2026-11")}
    assert {ticket: one["first"] for ticket, one in inputs.items() if one["numerator"]} == {
        "desk/checked": "desk/0",
        "desk/back": "desk/1",
    }
    ticket = (await service.api.get("/api/v1/tickets/desk/checked")).json()["ticket"]
    assert (ticket["rework"], ticket["rework_of"]) == ("internal", "desk/0")
