"""A stored file stays as long as a message carries it or a sheet has it, and a day longer; then it goes."""

from datetime import datetime

import pytest
from sqlalchemy import select

from dialogs.messages import FileRef
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.housekeeping.walk import PORTION
from storage.model.records import OutboxMessage, StoredFile
from storage.reads.reader import Reader
from storage.schema import tables as t
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.outbox_writes import DROP_PROMPTS
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.sample_sheets import file_of_sheet
from tests.storage.samples import NOW, message, save, soon

FILE = StoredFile.of(b"\x89PNG", NOW)


def carrying(key: str, file: StoredFile = FILE) -> OutboxMessage:
    alert = message(key, None)
    return replace(alert, prompt=replace(alert.prompt, file=FileRef(file.hash, "a.png", "image/png", 4)))


async def cleaned(store: Store, writer: Writer, now: datetime) -> int:
    return (await keep_house(store, writer, HousekeepingPeriods(), now))["files"]


async def evidence_deleted(store: Store, writer: Writer, now: datetime) -> int:
    return (await keep_house(store, writer, HousekeepingPeriods(), now))["evidence"]


async def drop(writer: Writer, *messages: str) -> None:
    """Delete what messages say, as retention does."""

    async def step(session: Session, _now: datetime) -> int:
        return await session.write(DROP_PROMPTS, [(one,) for one in messages])

    await writer.perform(step)


async def test_a_file_stays_while_a_message_carries_it(store: Store, writer: Writer) -> None:
    await save(writer, FILE, carrying("out_1"), carrying("out_2"))
    await drop(writer, "out_1")
    assert await cleaned(store, writer, soon(days=400)) == 0
    assert await Reader(store).file(FILE.hash) == FILE.content
    await drop(writer, "out_2")
    assert await cleaned(store, writer, soon(days=400)) == 1
    assert await Reader(store).file(FILE.hash) is None


async def test_a_file_that_no_message_carries_stays_for_a_day(store: Store, writer: Writer) -> None:
    await save(writer, FILE)
    assert await cleaned(store, writer, soon(hours=23)) == 0
    assert await cleaned(store, writer, soon(hours=25)) == 1


async def test_a_file_that_is_stored_once_more_stays_from_then_on(store: Store, writer: Writer) -> None:
    await save(writer, FILE)
    await save(writer, replace(FILE, stored_at=soon(hours=20)))
    assert await cleaned(store, writer, soon(hours=25)) == 0
    assert await cleaned(store, writer, soon(hours=45)) == 1


async def test_a_file_that_no_sheet_named_in_time_goes_and_one_that_a_sheet_has_stays(
    store: Store, writer: Writer
) -> None:
    waiting = file_of_sheet(NOW, FILE.hash, len(FILE.content), "asm_1")
    await save(writer, FILE, waiting, replace(waiting, id="file_had", kept_until=None))
    assert await evidence_deleted(store, writer, soon(days=6)) == 0
    assert await evidence_deleted(store, writer, soon(days=8)) == 1
    assert [one.id for one in await Reader(store).assessments.files("asm_1")] == ["file_had"]
    assert await Reader(store).file(FILE.hash) == FILE.content


async def test_what_an_unsent_file_held_goes_with_it(store: Store, writer: Writer) -> None:
    await save(writer, FILE, file_of_sheet(NOW, FILE.hash, len(FILE.content)))
    deleted = await keep_house(store, writer, HousekeepingPeriods(), soon(days=8))
    assert (deleted["evidence"], deleted["files"]) == (1, 1)
    assert await Reader(store).file(FILE.hash) is None


async def test_unsent_files_go_in_portions(store: Store, writer: Writer) -> None:
    made = [replace(file_of_sheet(NOW, FILE.hash, 4), id=f"file_{number:04}") for number in range(PORTION + 7)]
    await save(writer, FILE, *made)
    assert await evidence_deleted(store, writer, soon(days=8)) == PORTION + 7


async def test_many_files_go_in_portions(store: Store, writer: Writer) -> None:
    await save(writer, *(StoredFile.of(str(number).encode(), NOW) for number in range(PORTION + 7)))
    assert await cleaned(store, writer, soon(days=2)) == PORTION + 7


async def test_a_message_and_its_file_are_stored_together_or_not_at_all(store: Store, writer: Writer) -> None:
    lonely = carrying("out_1", StoredFile.of(b"never stored", NOW))
    with pytest.raises(Exception, match=r"(?i)foreign ?key"):
        await writer.decide(Job(Needs(), lambda _snapshot, _now: Decision(Changes((lonely,)), None)))
    async with store.reading() as session:
        assert not await session.fetch(select(t.outbox.c.id))


async def test_a_file_comes_back_whole_with_its_message(store: Store, writer: Writer) -> None:
    large = StoredFile.of(bytes(range(256)) * 8_000, NOW)
    await save(writer, large, replace(carrying("out_1", large), status=SendingState.PENDING))
    read = await Reader(store).message("out_1")
    assert read is not None
    assert read.prompt.file is not None
    assert await Reader(store).file(read.prompt.file.hash) == large.content
