"""The latest deliveries of a help desk, by its door, on both databases."""

from datetime import timedelta

from storage.connection.store import Store
from storage.housekeeping.deliveries import LISTED, listed_deliveries
from storage.model.records import InboxOutcome, InboxRow
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save


def row(door: str, number: int, outcome: InboxOutcome = InboxOutcome.DONE) -> InboxRow:
    at = NOW + timedelta(seconds=number)
    return InboxRow(f"hook:{door}:{number}", f"/hooks/tickets/{door}", b"{}\n{}", at, outcome, answer="201 {}")


async def test_the_latest_come_first_and_only_those_of_the_door(writer: Writer, store: Store) -> None:
    own = InboxRow("hook:tickets:1", "/hooks/tickets", b"", NOW, answer="201 {}")
    twin = InboxRow("same:zammad:0:1", "/hooks/tickets", b"", NOW, answer="201 {}")
    await save(writer, *(row("zammad", number) for number in range(5)), row("jira", 9), own, twin)
    found = await Reader(store).desk_deliveries("/hooks/tickets/zammad", 3)
    assert [each.key for each in found] == ["hook:zammad:4", "hook:zammad:3", "hook:zammad:2"]
    assert found[0].raw == b"{}\n{}"
    assert await Reader(store).desk_deliveries("/hooks/tickets/chatwoot", 3) == []


async def test_what_failed_is_among_them(writer: Writer, store: Store) -> None:
    await save(writer, row("zammad", 1), row("zammad", 2, InboxOutcome.FAILED))
    found = await Reader(store).desk_deliveries("/hooks/tickets/zammad", 50)
    assert [each.outcome for each in found] == [InboxOutcome.FAILED, InboxOutcome.DONE]


async def test_from_when_on_they_are_listed_is_known_where_there_are_more(writer: Writer, store: Store) -> None:
    await save(writer, *(row("zammad", number) for number in range(LISTED + 7)))
    await save(writer, *(row("jira", number) for number in range(LISTED - 1)))
    async with store.reading() as session:
        found = await listed_deliveries(session)
    assert found == {"/hooks/tickets/zammad": NOW + timedelta(seconds=7), "/hooks/tickets/jira": None}
