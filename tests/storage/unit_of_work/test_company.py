"""What nobody waits for is saved in company: with the next commit, or by itself a moment later."""

import asyncio
from datetime import datetime

from bot.process.system import SystemClock
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Customer, Note, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Committed, Decision, Job, Writer
from tests.support.sending import Process, Wire, letter


class PatientWriter(Writer):
    shares_within = 3600.0


def noting(key: str) -> Job[None]:
    def decide(_rows: Snapshot, now: datetime) -> Decision[None]:
        return Decision(Changes((Note(key, "", now),)), None)

    return Job(Needs(), decide)


def saved(committed: list[Committed]) -> list[list[str]]:
    return [[one.key for one in each.changes.records if isinstance(one, Note)] for each in committed]


async def test_it_shares_the_commit_of_the_next_decision(writer: Writer, committed: list[Committed]) -> None:
    waiting = [asyncio.create_task(writer.decide(noting(key), waits=True)) for key in ("a", "b")]
    await asyncio.sleep(0.01)
    assert saved(committed) == []
    await writer.decide(noting("c"))
    await asyncio.gather(*waiting)
    assert saved(committed) == [["a", "b", "c"]]


async def test_alone_it_is_saved_a_moment_later(writer: Writer, committed: list[Committed]) -> None:
    waiting = asyncio.create_task(writer.decide(noting("a"), waits=True))
    await asyncio.sleep(0)
    assert saved(committed) == []
    await waiting
    await asyncio.sleep(0)
    assert saved(committed) == [["a"]]


async def test_a_commit_that_is_on_its_way_is_not_followed_by_one_for_company_alone(
    store: Store,
) -> None:
    committed: list[Committed] = []
    writer = PatientWriter(store, lambda: SystemClock().now(), on_commit=committed.append)
    going = asyncio.create_task(writer.decide(noting("a")))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(writer.decide(noting("b"), waits=True))
    await going
    await asyncio.sleep(0.01)
    assert saved(committed) == [["a"]]
    await writer.stop()
    await waiting


async def test_a_writer_that_stops_saves_it_at_once(store: Store) -> None:
    committed: list[Committed] = []
    writer = PatientWriter(store, lambda: SystemClock().now(), on_commit=committed.append)
    waiting = asyncio.create_task(writer.decide(noting("a"), waits=True))
    await asyncio.sleep(0)
    async with asyncio.timeout(60):  # for a writer that would wait all the same
        await writer.stop()
    await waiting
    assert saved(committed) == [["a"]]


async def test_an_edit_and_a_reply_that_arrived_are_settled_in_company_and_a_survey_at_once(store: Store) -> None:
    wire = Wire()
    process = Process(store, wire)
    await process.decides_on(Customer("c-1"), Customer("c-2"))
    async with process.sending():
        await process.decides_on(letter(process, "reply"), letter(process, "survey", 2, Purpose.SURVEY))
        await wire.until_begun("reply", "survey")
        rows = await process.rows_when(lambda rows: rows["survey"].status is SendingState.SENT)
        assert rows["reply"].status is SendingState.SENT  # the survey was its company
        await process.decides_on(letter(process, "another"))
        await wire.until_begun("another")
        assert (await process.rows())["another"].status is SendingState.LEASED
        await process.decides_on(letter(process, "next"))  # its chat is free already, and this is the company
        rows = await process.rows()
        assert (rows["another"].status, rows["next"].status) == (SendingState.SENT, SendingState.LEASED)
        assert wire.begun == ["reply", "survey", "another", "next"]
    assert (await process.rows())["next"].status is SendingState.SENT
    await process.writer.stop()


async def test_whoever_dies_while_something_waits_for_company_leaves_an_edit_to_repeat_and_a_reply_in_doubt(
    store: Store,
) -> None:
    wire = Wire()
    process, heir = Process(store, wire), Writer(store, lambda: SystemClock().now())
    root = replace(letter(process, "root"), status=SendingState.SENT, receipt="9")
    await process.decides_on(Customer("c-1"), Customer("c-2"), root)
    async with process.sending():
        await process.decides_on(replace(letter(process, "edit"), edits="root"), letter(process, "reply", 2))
        await wire.until_begun("edit", "reply")
        recovered = await heir.recover(everything=True)  # as whoever takes over after a death in this moment
        assert (recovered.again, [one.id for one in recovered.unknown]) == (1, ["reply"])
        assert (await process.rows())["edit"].status is SendingState.PENDING
    await heir.stop()
    await process.writer.stop()
