"""Stores the figures that are to be kept, and computes those of past months before anybody asks for their reports."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.jobs.figures.asked_figures import AskedFigures, asked_of, cut_of
from bot.jobs.figures.kept_summaries import given_figures, missing_figures
from bot.jobs.figures.own_process import GaveWay, ProcessFailed
from dialogs.time.periods import CompanyCalendar, Period, month_so_far, named_period, period_before, year_before
from scoring.metrics.review import (
    AGENTS_OF_TEAMS,
    CLAIM_CHAPTERS,
    CLAIMED,
    DATA_CHAPTERS,
    EVIDENCE_PARTS,
    FAULT_CHAPTERS,
    IMPORTANCE_PART,
    MONTHLY_PART,
    PEAK_PART,
    PEAKS_PART,
    PROBLEM_CHAPTERS,
    REPEAT_CHAPTERS,
    REVIEW_CHAPTERS,
    SUMMARY_CHAPTERS,
    WHERE,
    parts_about,
    parts_about_people,
)
from scoring.values import Value, replace
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.reads.reader import Reader
from storage.rollups.figure_store import keep_figures
from storage.unit_of_work.writer import Writer

__all__ = ["FigureJob", "store_offered"]

logger = logging.getLogger(__name__)
_EVERY = 600.0
"""Seconds after which what has changed meanwhile is computed anew."""
_SELDOM = 86_400.0
"""Seconds after which that is done for earlier months: little of them changes, and all of it where a survey does."""
_EARLIER_MONTHS = 23
_ROLE = "figures"
_ABOUT = ("team", "agent", "station")
"""Whose reports are made month by month."""
_TREND_MONTHS = 24
_FIRST = (SUMMARY_CHAPTERS, PROBLEM_CHAPTERS)
"""What is asked for most."""
_THEN = (
    *(REVIEW_CHAPTERS, REPEAT_CHAPTERS, FAULT_CHAPTERS, CLAIM_CHAPTERS, DATA_CHAPTERS),
    *(parts_about(key) for key in _ABOUT),
    {
        "": (
            *WHERE,
            *EVIDENCE_PARTS,
            AGENTS_OF_TEAMS,
            CLAIMED,
            PEAKS_PART,
            *(part for key in ("team", "agent") for part in parts_about_people(key)),
        )
    },
)


class FigureJob(Value, eq=False):
    """Keeps figures; the clocks and the peaks of the company, its `calendar`, are asked for each time."""

    store: Store
    writer: Writer
    reader: Reader
    calendar: Callable[[], CompanyCalendar]
    now: Callable[[], datetime]

    async def run(self) -> None:
        """Run until cancelled: at once where something is to be kept, and every ten minutes; a month back between."""
        time, back = asyncio.get_running_loop().time, 0
        due_at = back_at = time()
        while True:
            try:
                await self.store_offered()
                if time() >= due_at:
                    due_at = time() + _EVERY
                    await self.look_ahead()
                if time() >= back_at:
                    back_at, back = time() + _SELDOM, 0
                if back < _EARLIER_MONTHS:
                    back += 1
                    await self.look_back(back)
                    continue
            except (ProcessFailed, *NOT_SAVED) as why:
                logger.warning("figures are kept later: %s", why)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due_at):
                    await self.reader.kept.offered.wait()

    async def store_offered(self) -> None:
        """Store what is to be kept, unless something has changed meanwhile. Raises what the writer raises."""
        await store_offered(self.reader, self.writer)

    async def look_ahead(self) -> None:
        """Compute what the reports of the last month tell, where that is much and not kept.

        Raises what the writer raises, and ProcessFailed where the process that computes does.
        """
        now, calendar = self.now(), self.calendar()
        month = _past_month(now, calendar.zone, 1)
        await self._compute(month, _told_of(month, now, calendar), reads_copies=True)

    async def look_back(self, months: int) -> None:
        """Compute in the same way what reports tell of the month that lies so many before the last; raises the same."""
        now = self.now()
        month = _past_month(now, self.calendar().zone, months + 1)
        await self._compute(month, [_told_by_itself(month), *_cuts_of([month], now)], reads_copies=False)

    async def _compute(self, month: Period, told: Iterable[list[AskedFigures]], *, reads_copies: bool) -> None:
        """Compute what is told of a month with much and not kept, one period at a time, in one process of all.

        Where copies are read, also what is damaged.
        """
        async with self.store.singleton(_ROLE) as seat:
            wanted = seat.held and await self.reader.is_much(month.since, month.until)
            for asked in told if wanted else ():
                if await self.reader.is_much(*asked[0].ends):  # what is little is not kept
                    missing = asked if reads_copies else await missing_figures(self.reader, asked)
                    while not await self._is_made(missing):
                        pass
                    await self.store_offered()

    async def _is_made(self, asked: list[AskedFigures]) -> bool:
        """Compute what of this is not kept, unless somebody comes who waits for something else."""
        try:
            await given_figures(self.reader, asked, gives_way=True)
        except GaveWay:
            return False
        return True


async def store_offered(reader: Reader, writer: Writer) -> None:
    """Store what a process has computed and is to be kept, unless something has changed meanwhile.

    Raises what the writer raises.
    """
    kept = reader.kept
    if offered := kept.waiting():
        await keep_figures(writer, [one for one in offered if await kept.is_current(one)])
        kept.settle(offered)


def _past_month(now: datetime, zone: ZoneInfo, back: int) -> Period:
    month = month_so_far(now, zone)
    for _ in range(back):
        month = period_before(month, zone)
    return named_period(month.since.astimezone(zone).strftime("%Y-%m"), zone)


def _told_of(month: Period, now: datetime, calendar: CompanyCalendar) -> Iterator[list[AskedFigures]]:
    """Yield what a month's reports ask of each period, those first that are asked for most, the trend last."""
    zone = calendar.zone
    yield _told_by_itself(month)
    yield _told_by_itself(period_before(month, zone))[-1:]
    for _, peak in calendar.peaks_touching(month, now):
        for period in (peak, year_before(peak, zone)):
            yield [asked_of(period, cut_of(part), now) for part in (PEAK_PART, PEAKS_PART)]
    yield from _cuts_of((month, period_before(month, zone), year_before(month, zone)), now)
    yield [asked_of(month, cut_of(IMPORTANCE_PART), now)]
    period = month
    for _ in range(_TREND_MONTHS):
        yield [asked_of(period, cut_of(MONTHLY_PART), now)]
        period = period_before(period, zone)


def _told_by_itself(month: Period) -> list[AskedFigures]:
    nothing = AskedFigures(month.since, month.until)
    return [replace(nothing, levels=True), replace(nothing, repeats=True), replace(nothing, told=True)]


def _cuts_of(periods: Collection[Period], now: datetime) -> Iterator[list[AskedFigures]]:
    """Yield the cuts of each period that reports tell, of all periods those first that are asked for most."""
    for chapters in (_FIRST, _THEN):
        cuts = dict.fromkeys(cut_of(part) for one in chapters for several in one.values() for part in several)
        for period in periods:
            yield [asked_of(period, cut, now) for cut in cuts]
