"""Closings of a period as counts, their lengths of time, who came again, which moments are known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from scoring.metrics.catalogue import FactNeeds
from scoring.metrics.facts import VisitCount
from scoring.values import replace
from storage.connection.store import Store
from storage.model.fact_records import Closing
from storage.model.records import Customer, Ticket
from storage.model.service_details import ServiceDetails
from storage.reads.figures.visit_counts import read_told, read_visit_counts
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save, soon
from tests.support.database.answered import closed_visit

MINUTE = timedelta(minutes=1)


async def _close(writer: Writer, number: str, hours: float, details: ServiceDetails | None = None, **told: Any) -> None:  # noqa: ANN401 (fields of Closing)
    """Store a ticket that was closed so many hours from now, of a customer of its own unless `customer` says."""
    whose = told.pop("customer", number)
    customer, ticket, closing, *others = closed_visit(number, soon(hours=hours), None, customer=whose)
    assert isinstance(customer, Customer)
    assert isinstance(ticket, Ticket)
    assert isinstance(closing, Closing)
    customer, is_new = replace(customer, postal_address=told.pop("address", "")), whose == number
    kept = replace(ticket, details=details or ServiceDetails())
    await save(writer, *([customer] if is_new else []), kept, replace(closing, **told), *others)


async def _counted(store: Store, days: float, *metrics: str, by: Sequence[str] = ()) -> list[VisitCount]:
    async with store.reading() as session:
        found = await read_visit_counts(session, NOW, NOW + timedelta(days=days), FactNeeds(((tuple(by), metrics),)))
    return sorted(found, key=lambda one: (tuple(one.keys.values()), -one.n))


async def test_what_is_alike_is_one_count_and_every_length_is_kept(store: Store, writer: Writer) -> None:
    for number in range(4):
        opened = soon(hours=10 * number) - (number + 1) * MINUTE
        await _close(writer, str(number), 10 * number, opened_at=opened, category="leak" if number else "noise")
    await _close(writer, "unknown", 1, category="leak")
    await _close(writer, "backwards", 2, category="leak", opened_at=soon(hours=3))
    leak, noise = await _counted(store, 2, "time_to_done", by=("category",))
    assert (dict(leak.keys), leak.n, sorted(leak.done_after)) == ({"category": "leak"}, 5, [120e6, 180e6, 240e6])
    assert (dict(noise.keys), noise.n, list(noise.done_after)) == ({"category": "noise"}, 1, [60e6])
    assert not leak.replied_after


@pytest.mark.parametrize(("days", "n"), [(0.5, 1), (1, 2), (1.5, 3), (3, 4)])
async def test_a_period_ends_where_it_ends_also_within_a_day(store: Store, writer: Writer, days: float, n: int) -> None:
    for number, hours in enumerate((0, 12, 24, 36, -1)):
        await _close(writer, str(number), hours)
    (one,) = await _counted(store, days, "repairs")
    assert (one.n, dict(one.keys)) == (n, {})


async def test_customers_come_again_by_their_first_closing(store: Store, writer: Writer) -> None:
    await _close(writer, "mei", 1)
    await _close(writer, "lan", 2)
    for number, hours in enumerate((30, 50, 70)):
        await _close(writer, f"again-{number}", hours, customer="mei")
    told = {one.comes_again: one.n for one in await _counted(store, 4, "returning_customers")}
    assert told == {True: 1, False: 1, None: 3}
    told = {one.comes_again: one.n for one in await _counted(store, 1, "returning_customers")}
    assert told == {False: 2}


async def test_what_came_after_the_period_counts_for_it(store: Store, writer: Writer) -> None:
    device = ServiceDetails(device="SN 1", fault="noise")
    await _close(writer, "mei", 1, device)
    await _close(writer, "later", 24 * 20, device, customer="mei", requested_at=soon(hours=24 * 19))
    await _close(writer, "lan", 2)
    told = await _counted(store, 1, "repeat_repair_rate")
    assert {(one.is_thing_known, one.repaired_again): one.n for one in told} == {(True, True): 1, (False, False): 1}
    assert [one.n for one in await _counted(store, 30, "repeat_repairs") if one.repaired_again] == [1]


async def test_what_the_ticket_tells_is_read_where_it_is_wanted(store: Store, writer: Writer) -> None:
    told = ServiceDetails(resent=True, warranty="extended", cause="wear", customer_signed=NOW)
    await _close(writer, "1", 1, told)
    await _close(writer, "2", 2)
    for metric, field in (("resends", "is_resent"), ("forms_signed", "is_signed")):
        found = {getattr(one, field): one.n for one in await _counted(store, 1, metric)}
        assert found == ({True: 1, False: 1} if field == "is_resent" else {True: 1, None: 1})
    without, extended = await _counted(store, 1, "repairs", by=("warranty", "cause"))
    assert dict(extended.keys) == {"warranty": "extended", "cause": "wear"}
    assert dict(without.keys) == {"warranty": "", "cause": ""}
    assert not extended.is_resent, "nobody asked for it"


async def test_it_is_known_of_how_many_a_moment_and_a_word_are_known(store: Store, writer: Writer) -> None:
    told = ServiceDetails(cause="wear", measure="")
    await _close(writer, "1", 1, told, onsite_at=NOW, opened_at=NOW, service_type="repair", area="west")
    await _close(writer, "2", 2, ServiceDetails(cause="dust", outcome="done"), onsite_at=NOW, service_type="repair")
    await _close(writer, "3", 3, service_type="advice", product="pump")
    await _close(writer, "4", 30, told, solved_at=NOW)
    async with store.reading() as session:
        found = (await read_told(session, NOW, soon(days=1))).known
        nothing = (await read_told(session, soon(days=9), soon(days=10))).known
    assert (found.closings, found.service_types) == (3, {"repair": 2, "advice": 1})
    words = {"area": 1, "product": 1, "service_type": 3, "cause": 2, "outcome": 1}
    known = {name: n for name, n in found.known.items() if n and name not in {"category", "requested_at"}}
    assert known == {"onsite_at": 2, "opened_at": 1, **words}
    assert (nothing.closings, set(nothing.known.values()), nothing.service_types) == (0, {0}, {})


async def test_a_station_counts_for_the_period_in_which_it_closed_a_ticket(store: Store, writer: Writer) -> None:
    for number, (hours, station) in enumerate(((1, "north"), (2, "north"), (3, ""), (24, "south"))):
        await _close(writer, str(number), hours, station=station)
    async with store.reading() as session:
        assert (await read_told(session, NOW, soon(days=1))).stations == ("north",)
        assert (await read_told(session, NOW, soon(days=2))).stations == ("north", "south")


WORDS = {
    "a device": (ServiceDetails(device="SN 1"), {}, True),
    "a device in letters that no database knows": (ServiceDetails(device="空调"), {}, True),
    "marks": (ServiceDetails(device="—"), {"contract": "、…"}, False),
    "an agreement": (ServiceDetails(device="-"), {"contract": "金卡"}, True),
    "nothing": (ServiceDetails(), {}, False),
}


@pytest.mark.parametrize(("details", "told", "is_known"), WORDS.values(), ids=WORDS)
async def test_what_was_served_is_known_where_a_word_says_it(
    store: Store, writer: Writer, details: ServiceDetails, told: dict[str, str], *, is_known: bool
) -> None:
    await _close(writer, "mei", 1, details, **told)
    await _close(writer, "lan", 2, ServiceDetails(device="SN 2"))
    await _close(writer, "wei", 3)
    found = await _counted(store, 1, "repeat_repair_rate")
    assert sum(one.n for one in found if one.is_thing_known) == (2 if is_known else 1)
    assert sum(one.n for one in found) == 3


async def test_whoever_lives_at_an_address_has_the_same_thing_there(store: Store, writer: Writer) -> None:
    for name, address in (("mei", "长宁路 1 号"), ("lan", "长宁路１号"), ("wei", "长宁路 2 号")):
        await _close(writer, name, 1, address=address)
    await _close(writer, "again", 48, customer="lan", requested_at=soon(hours=40))
    found = await _counted(store, 1, "repeat_repair_rate")
    assert {one.repaired_again: one.n for one in found} == {True: 2, False: 1}, "that of Mei, too"


MOMENTS = ["2026-11-22T02:29:59.999999Z", "2026-11-22T02:30:00.000000Z", "1969-12-31T23:59:59.999600Z"]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_length_is_exact_to_the_microsecond(store: Store, writer: Writer, moment: str) -> None:
    opened = datetime.fromisoformat(moment)
    await _close(writer, "1", 1, opened_at=opened, first_replied_at=opened + timedelta(days=3, microseconds=7))
    (one,) = await _counted(store, 1, "time_to_first_reply", "time_to_done")
    assert list(one.replied_after) == [3 * 86_400_000_000 + 7]
    assert list(one.done_after) == [(soon(hours=1) - opened) // timedelta(microseconds=1)]
