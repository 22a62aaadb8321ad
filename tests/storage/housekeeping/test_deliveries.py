"""Which rows of the inbox go when, and that a run may be cut off anywhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.channels.registry import capabilities_of
from bot.jobs.retention import housekeeping_periods
from config.settings.settings import RetentionSettings
from scoring.values import replace
from storage.connection.store import Store
from storage.housekeeping.runner import keep_house
from storage.housekeeping.walk import PORTION
from storage.model.errors import Unavailable
from storage.model.known_deliveries import DeliverySpan, event_hash, span_of
from storage.model.note_keys import retries_key
from storage.model.records import InboxOutcome, InboxRow, Note
from storage.schema import tables as t
from storage.unit_of_work.selects import INBOX, NOTES
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save, soon

PERIODS = housekeeping_periods(RetentionSettings(), capabilities_of())
NEVER = timedelta.max
LAST, EVENTS = 2 * PORTION + 1, PORTION + 2
"""Updates and events for four portions in all."""
STAYS: dict[str, tuple[InboxRow, timedelta]] = {
    "an update": (InboxRow("telegram:7", "telegram", b"", NOW), timedelta(hours=24)),
    "a push": (InboxRow("wechat:message_x", "wechat", b"", NOW, answer='{"text":"1"}'), timedelta(hours=24)),
    "an event": (InboxRow("hook:tickets:e1", "/hooks/tickets", b"", NOW, answer="201 {}"), timedelta(hours=24)),
    "a body": (InboxRow("same:tickets:0:1", "/hooks/tickets", b"", NOW, answer="201 {}"), timedelta(hours=24)),
    "an Idempotency-Key": (InboxRow("api:0:1", "/api/v1/issues", b"", NOW, answer="201 {}"), timedelta(hours=24)),
    "a press on the team's page": (InboxRow("team_page:0:1", "team_page", b"", NOW), timedelta(hours=24)),
    "what the sandbox shows": (InboxRow("sandbox:1", "sandbox:phone", b"{}", NOW), timedelta(days=30)),
    "what a channel repeats for ever": (InboxRow("notify:1", "notify", b"", NOW), NEVER),
    "what failed": (InboxRow("telegram:8", "telegram", b"{}", NOW, InboxOutcome.FAILED), NEVER),
}


async def keys(store: Store) -> list[str]:
    async with store.reading() as session:
        return sorted(key for (key,) in await session.fetch(select(t.inbox.c.key)))


async def test_each_row_goes_after_its_time(writer: Writer, store: Store) -> None:
    tried = [Note(retries_key(row.key), "1", NOW) for row, _ in STAYS.values()]
    await save(writer, *(row for row, _ in STAYS.values()), *tried)
    for time in (
        timedelta(hours=23),
        timedelta(hours=25),
        timedelta(days=29),
        timedelta(days=31),
        timedelta(days=4000),
    ):
        await keep_house(store, writer, PERIODS, NOW + time)
        left = {row.key for row, stays in STAYS.values() if stays > time}
        assert left == set(await keys(store)) - {"telegram:gone"}, time
        async with store.reading() as session:
            notes = await session.records(Note, NOTES, keys=[note.key for note in tried])
        assert {note.key for note in notes} == set(map(retries_key, left)), time
    async with store.reading() as session:
        assert await session.fetch(select(t.known_events.c.hash)) == [(event_hash("hook:tickets:e1"),)]


async def test_the_last_fifty_of_a_help_desk_stay_and_older_ones_go_after_a_day(writer: Writer, store: Store) -> None:
    doors = {"/hooks/tickets/zammad": 60, "/hooks/tickets/jira": 50, "/hooks/tickets": 3}
    rows = [
        InboxRow(f"hook:{door}:{n:02}", door, b"{}", NOW + timedelta(seconds=n), answer="201 {}")
        for door, count in doors.items()
        for n in range(count)
    ]
    await save(writer, *rows)
    await keep_house(store, writer, PERIODS, NOW + timedelta(hours=23))
    assert len(await keys(store)) == 113
    await keep_house(store, writer, PERIODS, NOW + timedelta(hours=25))
    left = await keys(store)
    assert [key for key in left if "jira" in key] == [f"hook:/hooks/tickets/jira:{n:02}" for n in range(50)]
    assert [key for key in left if "jira" not in key] == [f"hook:/hooks/tickets/zammad:{n:02}" for n in range(10, 60)]


@pytest.mark.parametrize("cut", range(6))
async def test_a_run_that_is_cut_off_anywhere_forgets_nothing(cut: int, writer: Writer, store: Store) -> None:
    """The next run goes on: at each moment a delivery has its row, or what it is known by without."""
    rows = [InboxRow(f"telegram:{n}", "telegram", b"", NOW) for n in range(1, LAST + 1)]
    rows += [InboxRow(f"hook:tickets:{n}", "/hooks/tickets", b"", NOW) for n in range(EVENTS)]
    await save(writer, *rows)
    with pytest.raises(Unavailable):
        await keep_house(store, writer, PERIODS, soon(hours=25), _until(cut))
    left = set(await keys(store))
    known = await _known(store)
    span = await _span(store)
    for row in rows:
        number = int(row.key.rpartition(":")[2])
        in_span = span is not None and row.door == "telegram" and span.holds(number, soon(hours=25))
        assert row.key in left or event_hash(row.key) in known or in_span, row.key
    await keep_house(store, writer, PERIODS, soon(hours=25))
    assert await keys(store) == ["telegram:gone"]
    assert await _span(store) == DeliverySpan(1, LAST, NOW)
    assert len(await _known(store)) == EVENTS


def _until(portion: int) -> Callable[[], bool]:
    """Return what ends a run, as a death of the process would, before so many portions."""
    left = iter(range(portion))

    def goes_on() -> bool:
        if next(left, None) is None:
            raise Unavailable("the process is gone")
        return True

    return goes_on


async def _known(store: Store) -> set[str]:
    async with store.reading() as session:
        return {hash_ for (hash_,) in await session.fetch(select(t.known_events.c.hash))}


async def _span(store: Store) -> DeliverySpan | None:
    async with store.reading() as session:
        found = await session.records(InboxRow, INBOX, keys=["telegram:gone"])
    return span_of(found[0]) if found else None


def test_a_span_is_of_one_sequence() -> None:
    span = DeliverySpan(10, 20, NOW)
    assert span.joined(25, soon(days=1)) == DeliverySpan(10, 25, soon(days=1))
    assert span.joined(5, soon(days=-1)) == DeliverySpan(5, 20, NOW)
    assert span.joined(3, soon(days=7)) == DeliverySpan(3, 3, soon(days=7)), "numbers may have begun anew"
    assert span.joined(90, soon(days=-7)) == span, "that was an earlier sequence"
    another = 900_000_000
    assert span.joined(another, soon(days=1)) == DeliverySpan(another, another, soon(days=1)), "of another bot"
    assert span.joined(another, soon(days=-1)) == span, "of the bot before"
    assert span.joined(5, soon(days=1)) == DeliverySpan(5, 5, soon(days=1)), "numbers of one bot only rise"


@pytest.mark.parametrize(
    ("number", "after", "is_known"), [(10, 1, True), (20, 5, True), (9, 1, False), (21, 1, False), (15, 6, False)]
)
def test_a_span_knows_its_numbers_as_long_as_they_cannot_have_begun_anew(
    number: int,
    after: int,
    is_known: bool,  # noqa: FBT001 (a table)
) -> None:
    assert DeliverySpan(10, 20, NOW).holds(number, soon(days=after)) is is_known


async def test_what_was_dropped_after_its_time_goes_with_the_next_run(writer: Writer, store: Store) -> None:
    failed = InboxRow("telegram:8", "telegram", b"{}", NOW, InboxOutcome.FAILED)
    await save(writer, failed)
    await keep_house(store, writer, PERIODS, soon(days=9))
    await save(writer, replace(failed, raw=b"", outcome=InboxOutcome.DONE))
    await keep_house(store, writer, PERIODS, soon(days=10))
    assert await keys(store) == ["telegram:gone"]


async def test_nothing_more_is_deleted_once_the_clock_is_in_doubt(writer: Writer, store: Store) -> None:
    await save(writer, *(InboxRow(f"api:{n}", "/api/v1/issues", b"", NOW) for n in range(PORTION + 40)))
    left = iter((True,))
    deleted = await keep_house(store, writer, PERIODS, soon(days=2), lambda: next(left, False))
    assert deleted == {
        "deliveries": PORTION,
        "wordings": 0,
        "messages": 0,
        "reports": 0,
        "published": 0,
        "webhooks": 0,
        "evidence": 0,
        "files": 0,
    }
    async with store.reading() as session:
        assert await session.fetch(select(func.count()).select_from(t.inbox)) == [(40,)]
