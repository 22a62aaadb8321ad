"""How an import begins, goes on, ends and begins again."""

import pytest

from scoring.values import replace
from storage.bulk.import_register import begin_import, find_import, move_import
from storage.connection.store import Store
from storage.model.errors import InUse
from storage.model.import_records import ImportRecord, ImportState
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW

NEW = ImportRecord("imp_1", "tickets", ImportState.CHECKING, "t.csv", "李工", "{}", NOW)


async def stands(writer: Writer, state: ImportState, **counts: int) -> ImportRecord:
    """Begin an import and move it to a state."""
    await begin_import(writer, NEW)
    return await move_import(writer, NEW.id, state, counts=counts)


async def test_a_new_one_is_stored_as_it_begins(store: Store, writer: Writer) -> None:
    assert await begin_import(writer, NEW) == NEW
    assert await find_import(store, NEW.id) == NEW


@pytest.mark.parametrize("state", [ImportState.UNDONE, ImportState.REFUSED])
async def test_one_of_which_nothing_is_stored_begins_anew(writer: Writer, state: ImportState) -> None:
    await stands(writer, state, rows=9, refused=2)
    assert await begin_import(writer, NEW) == NEW


@pytest.mark.parametrize("state", [ImportState.FAILED, ImportState.RUNNING, ImportState.CHECKING])
async def test_one_that_broke_off_goes_on(writer: Writer, state: ImportState) -> None:
    await stands(writer, state, rows=9, position=4, added=3)
    begun = await begin_import(writer, NEW)
    assert (begun.state, begun.position, begun.added, begun.rows) == (ImportState.CHECKING, 4, 3, 9)
    assert (begun.why, begun.ended_at) == ("", None)


async def test_one_that_is_half_taken_back_neither_goes_on_nor_ends_otherwise(store: Store, writer: Writer) -> None:
    undoing = await stands(writer, ImportState.UNDOING, rows=9, position=10, added=9)
    with pytest.raises(InUse, match="import imp_1 is being taken back: `huifang import undo imp_1` ends that first"):
        await begin_import(writer, NEW)
    for state in set(ImportState) - {ImportState.UNDOING, ImportState.UNDONE}:
        with pytest.raises(InUse):
            await move_import(writer, NEW.id, state)
    assert await find_import(store, NEW.id) == undoing
    await move_import(writer, NEW.id, ImportState.UNDONE)
    assert await begin_import(writer, NEW) == NEW


async def test_one_that_is_done_stays(writer: Writer) -> None:
    done = await stands(writer, ImportState.DONE, rows=9, position=10, added=9)
    assert await begin_import(writer, NEW) == done


async def test_one_with_wrong_rows_tries_them_again_and_keeps_what_it_has_added(writer: Writer) -> None:
    await stands(writer, ImportState.DONE, rows=9, position=10, added=7, refused=2)
    begun = await begin_import(writer, NEW)
    assert begun == replace(NEW, added=7)


@pytest.mark.parametrize("state", ImportState)
async def test_an_end_has_its_moment(writer: Writer, state: ImportState) -> None:
    moved = await stands(writer, state)
    goes_on = state in {ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING}
    assert moved.ended_at == (None if goes_on else NOW)


async def test_why_it_ended_is_kept(store: Store, writer: Writer) -> None:
    await begin_import(writer, NEW)
    await move_import(writer, NEW.id, ImportState.FAILED, "the disk is full")
    found = await find_import(store, NEW.id)
    assert found is not None
    assert found.why == "the disk is full"


async def test_what_was_never_begun_cannot_move(writer: Writer) -> None:
    with pytest.raises(LookupError, match="there is no import imp_1"):
        await move_import(writer, NEW.id, ImportState.DONE)
