"""A batch of decisions is one commit, and still each is treated as if it were alone."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import DecisionFailed, Unavailable, WriteConflict
from storage.model.records import Customer, InboxOutcome, Note
from storage.unit_of_work.changes import Acknowledgement, Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Committed, Decision, Job, Writer
from tests.storage.samples import NOW, inbox_row, look, save, saving

COUNTER = Needs(notes=frozenset({"count"}))


def count(rows: Snapshot, _now: datetime) -> Decision[int]:
    """Add one to a counter, and answer how far it got."""
    note = rows.note("count") or Note("count", "0", NOW)
    value = int(note.value) + 1
    return Decision(Changes((replace(note, value=str(value)),)), value)


def fail(_rows: Snapshot, _now: datetime) -> Decision[int]:
    raise ZeroDivisionError("a bug of ours")


async def test_later_decisions_of_a_batch_see_the_earlier_ones(writer: Writer, committed: list[Committed]) -> None:
    answers = await asyncio.gather(*(writer.decide(Job(COUNTER, count)) for _ in range(50)))
    assert answers == list(range(1, 51))
    assert [len(batch.decided) for batch in committed] == [50]
    rows = await look(writer, COUNTER)
    assert rows.note("count") == Note("count", "50", NOW, 1)


async def test_what_comes_during_a_commit_is_the_next_batch(writer: Writer, committed: list[Committed]) -> None:
    async def come_late() -> int:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return await writer.decide(Job(COUNTER, count))

    answers = await asyncio.gather(writer.decide(Job(COUNTER, count)), come_late(), come_late())
    assert list(answers) == [1, 2, 3]
    assert [len(batch.decided) for batch in committed] == [1, 2]


async def test_a_batch_holds_no_more_than_its_limit(store: Store) -> None:
    committed: list[Committed] = []
    writer = Writer(store, lambda: NOW, batch_limit=3, on_commit=committed.append)
    await asyncio.gather(*(writer.decide(Job(COUNTER, count)) for _ in range(7)))
    await writer.stop()
    assert [len(batch.decided) for batch in committed] == [3, 3, 1]


async def test_one_that_fails_leaves_the_others_untouched_and_is_kept(writer: Writer) -> None:
    failed = Job(
        Needs(), fail, lambda error, _now: Changes((replace(inbox_row(), outcome=InboxOutcome.FAILED, why=str(error)),))
    )
    jobs: list[Job[Any]] = [Job(COUNTER, count), failed, Job(COUNTER, count)]
    first, error, second = await asyncio.gather(*map(writer.decide, jobs), return_exceptions=True)
    assert (first, second) == (1, 2)
    assert isinstance(error, DecisionFailed)
    assert isinstance(error.__cause__, ZeroDivisionError)
    kept = (await look(writer, Needs(inbox=frozenset({"telegram:1"})))).inbox_row("telegram:1")
    assert kept is not None
    assert (kept.outcome, kept.why) == (InboxOutcome.FAILED, "a bug of ours")


async def test_one_that_fails_may_keep_nothing(writer: Writer) -> None:
    with pytest.raises(DecisionFailed, match=r"^ZeroDivisionError at tests\.storage\.unit_of_work\.test_batches:\d+$"):
        await writer.decide(Job(Needs(), fail))


async def test_what_failed_may_be_done_later_but_what_is_done_is_done(writer: Writer) -> None:
    await save(writer, inbox_row(outcome=InboxOutcome.FAILED))
    await save(writer, inbox_row(outcome=InboxOutcome.FAILED))
    await save(writer, inbox_row())
    with pytest.raises(WriteConflict):
        await save(writer, inbox_row())
    assert (await look(writer, Needs(inbox=frozenset({"telegram:1"})))).inbox_row("telegram:1") == inbox_row()


async def test_a_conflict_is_decided_again_on_fresh_rows(store: Store, writer: Writer) -> None:
    await writer.decide(Job(COUNTER, count))
    meddler = Writer(store, lambda: NOW)
    stale = await look(writer, COUNTER)
    await meddler.decide(Job(COUNTER, count))
    tried: list[int] = []

    def decide_on_stale_rows_first(rows: Snapshot, now: datetime) -> Decision[int]:
        tried.append(1)
        return count(stale if len(tried) == 1 else rows, now)

    jobs: list[Job[Any]] = [
        Job(COUNTER, decide_on_stale_rows_first),
        Job(Needs(), lambda _r, _n: Decision(Changes(), "other")),
    ]
    assert await asyncio.gather(*map(writer.decide, jobs)) == [3, "other"]
    assert len(tried) == 2


async def test_a_lasting_conflict_is_its_callers_alone(writer: Writer) -> None:
    await save(writer, Customer("c-mei"))
    jobs: list[Job[Any]] = [saving(Customer("c-mei")), Job(COUNTER, count)]
    conflict, answer = await asyncio.gather(*map(writer.decide, jobs), return_exceptions=True)
    assert isinstance(conflict, WriteConflict)
    assert answer == 1


async def test_a_change_of_a_row_that_is_gone_is_a_conflict(writer: Writer) -> None:
    with pytest.raises(WriteConflict, match="Customer"):
        await save(writer, Customer("c-nobody", version=3))


async def test_what_can_never_be_saved_is_kept_as_failed(writer: Writer) -> None:
    naive = Customer("c-mei", opted_out_at=NOW.replace(tzinfo=None))

    def keep(error: Exception, _now: datetime) -> Changes:
        return Changes((replace(inbox_row(), why=str(error)),))

    jobs: list[Job[Any]] = [
        Job(Needs(), lambda _rows, _now: Decision(Changes((naive,)), None), keep),
        Job(COUNTER, count),
    ]
    failed, answer = await asyncio.gather(*map(writer.decide, jobs), return_exceptions=True)
    assert isinstance(failed, DecisionFailed)
    assert answer == 1
    kept = (await look(writer, Needs(inbox=frozenset({"telegram:1"})))).inbox_row("telegram:1")
    assert kept is not None
    assert "without a time zone" in kept.why


async def test_a_caller_who_goes_away_breaks_nothing(writer: Writer) -> None:
    calls = [asyncio.create_task(writer.decide(Job(COUNTER, count))) for _ in range(3)]
    await asyncio.sleep(0)
    calls[1].cancel()
    await asyncio.wait(calls)
    assert calls[1].cancelled()
    counted = [calls[0].result(), calls[2].result()]
    assert await writer.decide(Job(COUNTER, count)) == max(counted) + 1


async def test_a_caller_who_goes_away_during_the_commit_does_not_cut_it(store: Store) -> None:
    going: list[asyncio.Task[int]] = []

    def go_away(rows: Snapshot, now: datetime) -> Decision[int]:
        going[0].cancel()
        return count(rows, now)

    writer = Writer(store, lambda: NOW)
    going.append(asyncio.create_task(writer.decide(Job(COUNTER, go_away))))
    with pytest.raises(asyncio.CancelledError):
        await going[0]
    assert await writer.decide(Job(COUNTER, count)) == 2


async def test_nobody_hears_of_anything_before_the_callers_do(store: Store) -> None:
    heard: list[str] = []
    writer = Writer(store, lambda: NOW, on_commit=lambda batch: heard.append(f"commit of {len(batch.decided)}"))

    async def ask() -> None:
        await writer.decide(Job(COUNTER, count))
        heard.append("answer")

    await asyncio.gather(ask(), ask())
    await writer.stop()
    assert sorted(heard) == ["answer", "answer", "commit of 2"]


async def test_a_commit_tells_what_it_saved_and_whom_to_acknowledge(writer: Writer, committed: list[Committed]) -> None:
    acknowledgement = Acknowledgement("telegram", "cb-1")
    changes = Changes((Note("poll", "1", NOW),), acknowledgements=(acknowledgement,))
    await writer.decide(Job(Needs(), lambda _rows, _now: Decision(changes, None)))
    await asyncio.sleep(0)
    assert committed[-1].changes == changes


async def test_stopping_saves_what_was_asked_for_and_refuses_what_comes_later(store: Store) -> None:
    writer = Writer(store, lambda: NOW)
    asked = [asyncio.create_task(writer.decide(Job(COUNTER, count))) for _ in range(3)]
    await asyncio.sleep(0)
    await writer.stop()
    assert await asyncio.gather(*asked) == [1, 2, 3]
    with pytest.raises(Unavailable, match="stopping"):
        await writer.decide(Job(COUNTER, count))
