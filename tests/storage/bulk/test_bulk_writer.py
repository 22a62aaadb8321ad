"""Records added in bulk are stored once, and an import that is taken back leaves everything as it was."""

from zoneinfo import ZoneInfo

import pytest

from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import replace
from storage.bulk.bulk_writer import BulkWriter
from storage.bulk.import_register import begin_import, find_import, list_imports
from storage.bulk.undo_import import undo_import
from storage.connection.store import Store
from storage.model.errors import InUse
from storage.model.fact_records import Closing
from storage.model.import_records import ImportRecord, ImportState
from storage.model.records import Contact, Customer, IssueEvent, Ticket
from storage.rollups.sums import add_up
from storage.unit_of_work.changes import Record
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.dialogs.samples import ISSUE
from tests.storage.samples import NOW, save
from tests.support.database.answered import closed_visit
from tests.support.database.dumped import dumped

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLE = ImportRecord("imp_1", "sample", ImportState.RUNNING, "", "甲", "{}", NOW)


def visits(first: int, count: int) -> list[Record]:
    """Return closed visits with answers, of customers who come again."""
    return [
        record
        for number in range(first, first + count)
        for record in closed_visit(f"{number}", NOW, {"attitude": number % 5 + 1}, customer=f"{number % 7}")
    ]


async def added(writer: Writer, *chunks: list[Record]) -> list[int]:
    await begin_import(writer, SAMPLE)
    bulk = BulkWriter(writer, SAMPLE.id)
    return [await bulk.add(chunk, upto) for upto, chunk in enumerate(chunks, 1)]


async def test_what_is_there_already_stays_and_is_not_counted(store: Store, writer: Writer) -> None:
    await save(writer, Customer("c-1", "王女士"))
    assert await added(writer, visits(1, 1), visits(1, 2)) == [5, 6]  # with its rating, and a second visit
    async with store.reading() as session:
        names = {one.id: one.name for one in await session.records(Customer, all_of(Customer))}
    assert names == {"c-1": "王女士", "c-2": "customer 2"}


async def test_a_chunk_that_is_stored_is_passed_over(store: Store, writer: Writer) -> None:
    await added(writer, visits(0, 10), visits(10, 10))
    before = await dumped(store)
    assert await added(writer, visits(0, 10), visits(10, 10)) == [0, 0]
    assert await dumped(store) == before
    record = await find_import(store, SAMPLE.id)
    assert record is not None
    assert record.position == 2


async def test_a_chunk_of_an_import_that_was_never_begun_is_refused(writer: Writer) -> None:
    with pytest.raises(LookupError, match="imp_1 was never begun"):
        await BulkWriter(writer, "imp_1").add([], 1)


async def test_an_import_that_is_taken_back_leaves_everything_as_it_was(store: Store, writer: Writer) -> None:
    await save(writer, *closed_visit("100", NOW, {"attitude": 3}, customer="3"))
    await add_up(writer, ZONE)
    before = await dumped(store)
    issue = replace(ISSUE, tickets=(("desk", "1"),), customers=("c-1",), version=0)
    await added(writer, visits(0, 20), [*visits(20, 20), issue])
    await add_up(writer, ZONE)
    assert await dumped(store) != before
    undone = await undo_import(writer, SAMPLE.id, ZONE)
    assert (undone.state, undone.why) == (ImportState.UNDONE, "")
    assert await dumped(store) == before
    async with store.reading() as session:
        assert await session.records(Issue, all_of(Issue)) == []


async def test_an_import_that_was_taken_back_can_be_taken_again(store: Store, writer: Writer) -> None:
    await added(writer, visits(0, 10))
    whole = await dumped(store)
    await undo_import(writer, SAMPLE.id, ZONE)
    assert await added(writer, visits(0, 10)) == [57]
    await add_up(writer, ZONE)
    found = await dumped(store)
    assert {name: rows for name, rows in found.items() if name != "rating_rollups"} == {
        name: rows for name, rows in whole.items() if name != "rating_rollups"
    }


async def test_a_ticket_that_was_told_of_since_stays_with_all_about_it(store: Store, writer: Writer) -> None:
    await added(writer, visits(0, 3))
    async with store.reading() as session:
        ticket = next(one for one in await session.records(Ticket, all_of(Ticket)) if one.id == "1")
    await save(writer, replace(ticket, subject="空调不制冷"))
    undone = await undo_import(writer, SAMPLE.id, ZONE)
    assert undone.why == "1 tickets are used, named by another import or were changed since, and stay"
    left = await dumped(store)
    counts = {name: len(left[name]) for name in ("tickets", "closings", "invitations", "customers", "interviews")}
    assert counts == {"tickets": 1, "closings": 1, "invitations": 1, "customers": 1, "interviews": 0}
    await undo_import(writer, SAMPLE.id, ZONE, keeps_changed=False)
    assert (await dumped(store))["tickets"] == []  # it stayed noted


async def test_what_others_have_asked_or_raised_about_a_ticket_keeps_it(store: Store, writer: Writer) -> None:
    await added(writer, visits(0, 4))
    async with store.reading() as session:
        asked, raised, *_ = sorted(await session.records(Ticket, all_of(Ticket)), key=lambda one: one.id)
        ask = (await session.records(Invitation, all_of(Invitation)))[0]
    again = replace(ask, id="inv_other", source=asked.source, ticket=asked.id, closing=2, occasion="other", version=0)
    issue = replace(ISSUE, tickets=((raised.source, raised.id),), customers=(), version=0)
    await save(writer, again, issue)
    undone = await undo_import(writer, SAMPLE.id, ZONE)
    assert undone.why == "2 tickets are used, named by another import or were changed since, and stay"
    async with store.reading() as session:
        assert {one.id for one in await session.records(Ticket, all_of(Ticket))} == {asked.id, raised.id}
        closings = await session.records(Closing, all_of(Closing))
    assert {one.ticket for one in closings} == {asked.id, raised.id}


async def test_an_import_that_somebody_takes_back_gets_nothing_more(store: Store, writer: Writer) -> None:
    await begin_import(writer, SAMPLE)
    bulk = BulkWriter(writer, SAMPLE.id)
    await bulk.add(visits(0, 2), 2)
    await undo_import(writer, SAMPLE.id, ZONE)
    with pytest.raises(InUse, match=f"import {SAMPLE.id} was taken back meanwhile"):
        await bulk.add(visits(2, 2), 4)
    assert (await dumped(store))["tickets"] == []


async def test_a_sample_goes_also_where_somebody_has_played_with_it(store: Store, writer: Writer) -> None:
    await added(writer, visits(0, 3))
    async with store.reading() as session:
        tickets = await session.records(Ticket, all_of(Ticket))
    await save(writer, *(replace(one, subject="空调不制冷") for one in tickets))
    await undo_import(writer, SAMPLE.id, ZONE, keeps_changed=False)
    left = await dumped(store)
    assert [name for name, rows in left.items() if rows] == []


async def test_a_customer_who_came_otherwise_since_stays(store: Store, writer: Writer) -> None:
    await added(writer, visits(1, 2))
    await save(writer, Contact("c-1", "sandbox", "phone"))
    await undo_import(writer, SAMPLE.id, ZONE)
    left = await dumped(store)
    assert [row[0] for row in left["customers"]] == ["c-1"]


async def test_imports_are_listed_the_latest_first(store: Store, writer: Writer) -> None:
    assert await find_import(store, "imp_1") is None
    await begin_import(writer, SAMPLE)
    await begin_import(writer, replace(SAMPLE, id="imp_2", started_at=NOW.replace(year=NOW.year + 1)))
    assert [one.id for one in await list_imports(store)] == ["imp_2", "imp_1"]


async def test_what_there_is_not_cannot_be_taken_back(writer: Writer) -> None:
    with pytest.raises(LookupError, match="there is no import imp_none"):
        await undo_import(writer, "imp_none", ZONE)


async def test_what_follows_may_come_in_a_later_chunk(store: Store, writer: Writer) -> None:
    issue = replace(ISSUE, tickets=(), customers=(), version=0)
    opened = IssueEvent(issue.id, 0, NOW, "opened")
    claimed = IssueEvent(issue.id, 1, NOW, "claimed", "李工")
    assert await added(writer, [issue, opened], [opened, claimed]) == [2, 1]
    async with store.reading() as session:
        lines = await session.records(IssueEvent, all_of(IssueEvent))
    assert sorted(line.event for line in lines) == ["claimed", "opened"]
    await undo_import(writer, SAMPLE.id, ZONE)
    left = await dumped(store)
    assert (left["issues"], left["issue_events"]) == ([], [])


async def test_the_same_record_twice_in_a_chunk_is_stored_once(store: Store, writer: Writer) -> None:
    assert await added(writer, [Customer("c-1", "first"), Customer("c-1", "second")]) == [1]
    async with store.reading() as session:
        (customer,) = await session.records(Customer, all_of(Customer))
    assert customer.name == "first"
