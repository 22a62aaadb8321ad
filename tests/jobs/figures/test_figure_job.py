"""The figures of the last month are computed before anybody asks, and stored."""

import asyncio
import contextlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.jobs.figures.asked_figures import AskedFigures, cut_of
from bot.jobs.figures.figure_job import FigureJob
from bot.jobs.figures.kept_summaries import given_levels
from bot.jobs.period_summary import compared_summaries
from bot.jobs.reports.kinds.repair_reports import given_repeats
from dialogs.time.periods import CompanyCalendar, YearlyPeak, named_period
from scoring.metrics.review import PEAK_PART, PEAKS_PART, SUMMARY_CHAPTERS, parts_about_people
from storage.connection.store import Store
from storage.model.errors import Unavailable
from storage.reads.reader import Reader
from storage.rollups.figure_store import add_changes
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from tests.jobs.figures.random_desk import BEGAN, ENDED, Desk
from tests.storage.rollups.turmoil import SHANGHAI

LATER = ENDED + timedelta(days=5)
KEPT = select(t.kept_figures.c.key)


def job(store: Store, writer: Writer, reader: Reader) -> FigureJob:
    return FigureJob(store, writer, reader, lambda: CompanyCalendar(SHANGHAI), lambda: LATER)


async def kept(store: Store) -> set[str]:
    async with store.reading() as session:
        return {key for (key,) in await session.fetch(KEPT)}


async def test_the_summary_of_the_last_month_is_there_when_it_is_asked_for(store: Store, writer: Writer) -> None:
    await Desk(writer, 1).close(12)
    await job(store, writer, Reader(store, much=1, computes=True)).look_ahead()
    reader, october = Reader(store, much=1, computes=True), named_period("2026-10", SHANGHAI)
    cuts = [cut_of(part) for several in SUMMARY_CHAPTERS.values() for part in several]
    told = await compared_summaries(reader, october, cuts, (LATER, SHANGHAI), "")
    assert any(one.summary.figures for one in told)
    assert await given_levels(reader, october.since, october.until)
    assert reader.kept.waiting() == [], "nothing had to be computed"


async def test_the_peaks_of_the_last_month_are_told_of_without_computing(store: Store, writer: Writer) -> None:
    await Desk(writer, 6).close(12)
    peaks = YearlyPeak("autumn", (10, 1), (10, 20)), YearlyPeak("winter", (11, 9), (11, 12))
    calendar, october = CompanyCalendar(SHANGHAI, peaks=peaks), named_period("2026-10", SHANGHAI)
    ahead = FigureJob(store, writer, Reader(store, much=1, computes=True), lambda: calendar, lambda: LATER)
    await ahead.look_ahead()
    reader, cuts = Reader(store, much=1, computes=True), [cut_of(PEAK_PART), cut_of(PEAKS_PART)]
    ((name, peak),) = calendar.peaks_touching(october, LATER)
    told = await compared_summaries(reader, peak, cuts, (LATER, SHANGHAI), "year")
    assert name == "autumn"
    assert all(one.n for one in told[0].summary.figures)
    assert reader.kept.waiting() == [], "nothing had to be computed"


async def test_only_what_has_changed_is_computed_again(store: Store, writer: Writer) -> None:
    desk = Desk(writer, 2)
    await desk.close(12)
    reader = Reader(store, much=1, computes=True)
    one = job(store, writer, reader)
    await one.look_ahead()
    before = await kept(store)
    await one.look_ahead()
    await add_changes(writer)
    await one.look_ahead()
    assert await kept(store) == before
    assert AskedFigures(BEGAN, ENDED, levels=True).key in before
    await desk.close(1)
    assert await given_levels(reader, BEGAN, ENDED)
    assert [offered.key for offered in reader.kept.waiting()] == [AskedFigures(BEGAN, ENDED, levels=True).key]


async def test_nothing_is_computed_where_there_is_little(store: Store, writer: Writer) -> None:
    await Desk(writer, 3).close(3)
    await job(store, writer, Reader(store, much=4, computes=True)).look_ahead()
    assert await kept(store) == set()


async def test_what_is_asked_for_is_stored_while_the_job_runs(store: Store, writer: Writer) -> None:
    await Desk(writer, 4).close(3)
    reader = Reader(store, much=3, computes=True)
    november = datetime(2026, 11, 1, tzinfo=SHANGHAI)
    running = asyncio.create_task(job(store, writer, reader).run())
    assert await given_levels(reader, BEGAN - timedelta(days=1), november)
    asked = AskedFigures(BEGAN - timedelta(days=1), november, levels=True)
    async with asyncio.timeout(60):
        while asked.key not in await kept(store):  # noqa: ASYNC110 (it is a row that appears)
            await asyncio.sleep(0.02)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.mark.parametrize("back", [1, 2, 3])
async def test_earlier_months_are_computed_ahead_too(store: Store, writer: Writer, back: int) -> None:
    await Desk(writer, 8).close(12)
    winter = datetime(2027, 1, 5, tzinfo=SHANGHAI)  # the last month is December, two before that is October
    reader = Reader(store, much=1, computes=True)
    past = FigureJob(store, writer, reader, lambda: CompanyCalendar(SHANGHAI), lambda: winter)
    await past.look_back(back)
    october, cuts = named_period("2026-10", SHANGHAI), [cut_of(part) for part in parts_about_people("agent")]
    fresh = Reader(store, much=1, computes=True)
    told = await compared_summaries(fresh, october, cuts, (winter, SHANGHAI), "")
    assert any(one.summary.figures for one in told)
    await given_repeats(fresh, october.since, october.until)
    assert (fresh.kept.waiting() == []) is (back == 2), "nothing had to be computed"
    before = await kept(store)
    await past.look_back(back)
    assert await kept(store) == before


async def test_what_cannot_be_stored_waits_and_is_found(store: Store, writer: Writer) -> None:
    await Desk(writer, 5).close(3)
    reader = Reader(store, much=3, computes=True)
    given = await given_levels(reader, BEGAN, ENDED)
    stopped = Writer(store, lambda: LATER)
    await stopped.stop()
    waiting = reader.kept.waiting()
    with pytest.raises(Unavailable):
        await job(store, stopped, reader).store_offered()
    assert reader.kept.waiting() == waiting
    assert await given_levels(reader, BEGAN, ENDED) == given
