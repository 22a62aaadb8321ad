"""Archived reports go after their time, with their runs and files, but for what somebody still waits for."""

from datetime import datetime, timedelta

import pytest

from bot.jobs.retention import housekeeping_periods
from config.settings.settings import RetentionSettings
from scoring.values import replace
from storage.connection.store import Store
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.housekeeping.walk import PORTION
from storage.model.publications import Publication
from storage.reads.archive.report_reads import ArchiveFilter
from storage.reads.reader import Reader
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.sample_archive import PAGE, filed_report
from tests.storage.sample_sheets import full_publication
from tests.storage.samples import NOW, save

YEAR = timedelta(days=365)
OLD = NOW - 2 * YEAR


async def kept(writer: Writer, at: datetime, number: int, page: bytes = PAGE) -> str:
    """Keep a revision that was made then; give the hash of its page."""
    made = filed_report(at, number, page=page)
    await save(writer, *made)
    return made[0].hash


async def deleted(writer: Writer, store: Store, reports: timedelta | None = YEAR) -> dict[str, int]:
    return await keep_house(store, writer, HousekeepingPeriods(reports=reports), NOW)


async def left(store: Store) -> list[int]:
    page = await Reader(store).archive.page(ArchiveFilter(), None, 500)
    return [one.number for one in page.items]


async def test_what_is_old_goes_with_its_run_and_its_file(writer: Writer, store: Store) -> None:
    old, new = await kept(writer, OLD, 1, b"old"), await kept(writer, NOW - timedelta(days=9), 2, b"new")
    gone = await deleted(writer, store)
    assert (gone["reports"], gone["files"]) == (2, 1)
    reader = Reader(store)
    assert await left(store) == [2]
    assert len((await reader.archive.runs("", None, 9)).items) == 1
    assert (await reader.file(old), await reader.file(new)) == (None, b"new")


async def test_a_file_of_a_kept_report_stays_however_old_it_is(writer: Writer, store: Store) -> None:
    file = await kept(writer, OLD, 1)
    assert (await deleted(writer, store, reports=3 * YEAR))["files"] == 0
    assert (await deleted(writer, store, reports=None))["reports"] == 0
    assert await Reader(store).file(file) == PAGE


async def test_a_run_of_which_somebody_is_still_to_be_told_stays(writer: Writer, store: Store) -> None:
    file, report, form, run = filed_report(OLD)
    await save(writer, file, report, form, replace(run, wake_at=NOW))
    assert (await deleted(writer, store))["reports"] == 1
    assert [one.id for one in (await Reader(store).archive.runs("", None, 9)).items] == [run.id]


@pytest.mark.parametrize("more", [0, 7])
async def test_many_go_portion_by_portion(writer: Writer, store: Store, more: int) -> None:
    for number in range(1, PORTION + more + 1):
        await kept(writer, OLD, number)
    assert (await deleted(writer, store))["reports"] == 2 * (PORTION + more)
    assert await left(store) == []


@pytest.mark.row("S1-40")
async def test_what_was_published_is_kept_for_a_time_of_its_own(writer: Writer, store: Store) -> None:
    old, new = (
        replace(full_publication(NOW), id=id_, at=at)
        for id_, at in (("pub_old", NOW - 11 * YEAR), ("pub_new", NOW - 9 * YEAR))
    )
    await save(writer, old, new)
    periods = housekeeping_periods(RetentionSettings(), {})
    assert periods.published == timedelta(days=3650)
    assert (await keep_house(store, writer, replace(periods, published=None), NOW))["published"] == 0
    assert (await keep_house(store, writer, periods, NOW))["published"] == 1
    async with store.reading() as session:
        assert [one.id for one in await session.records(Publication, all_of(Publication))] == ["pub_new"]
