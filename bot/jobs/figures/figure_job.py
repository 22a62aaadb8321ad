"""Stores the figures that are to be kept, and computes those of the last month before anybody asks for its report."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.jobs.figures.asked_figures import AskedFigures, asked_of, cut_of
from bot.jobs.figures.kept_summaries import given_figures
from bot.jobs.figures.own_process import ProcessFailed
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
from scoring.values import Value
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.reads.reader import Reader
from storage.rollups.figure_store import keep_figures
from storage.unit_of_work.writer import Writer

__all__ = ["FigureJob"]

logger = logging.getLogger(__name__)
_EVERY = 600.0
"""Seconds after which what has changed meanwhile is computed anew."""
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
        """Run until cancelled: at once where something is to be kept, and every ten minutes."""
        time = asyncio.get_running_loop().time
        due_at = time()
        while True:
            try:
                await self.store_offered()
                if time() >= due_at:
                    due_at = time() + _EVERY
                    await self.look_ahead()
            except (ProcessFailed, *NOT_SAVED) as why:
                logger.warning("figures are kept later: %s", why)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due_at):
                    await self.reader.kept.offered.wait()

    async def store_offered(self) -> None:
        """Store what is to be kept, unless something has changed meanwhile. Raises what the writer raises."""
        kept = self.reader.kept
        if offered := kept.waiting():
            await keep_figures(self.writer, [one for one in offered if await kept.is_current(one)])
            kept.settle(offered)

    async def look_ahead(self) -> None:
        """Compute what the reports of the last month tell, where that is much and not kept.

        Raises what the writer raises, and ProcessFailed where the process that computes does.
        """
        now, calendar = self.now(), self.calendar()
        month = _last_month(now, calendar.zone)
        if not await self.reader.is_much(month.since, month.until):
            return
        async with self.store.singleton(_ROLE) as seat:
            if seat.held:
                for asked in _told_of(month, now, calendar):
                    if await self.reader.is_much(*asked[0].ends):  # what is little is not kept
                        await given_figures(self.reader, asked)  # of one period: who asks meanwhile waits for no more
                        await self.store_offered()


def _last_month(now: datetime, zone: ZoneInfo) -> Period:
    before = period_before(month_so_far(now, zone), zone)
    return named_period(before.since.astimezone(zone).strftime("%Y-%m"), zone)


def _told_of(month: Period, now: datetime, calendar: CompanyCalendar) -> Iterator[list[AskedFigures]]:
    """Yield what a month's reports ask of each period, those first that are asked for most, the trend last."""
    zone = calendar.zone
    yield [AskedFigures(month.since, month.until, levels=True)]
    for _, peak in calendar.peaks_touching(month, now):
        for period in (peak, year_before(peak, zone)):
            yield [asked_of(period, cut_of(part), now) for part in (PEAK_PART, PEAKS_PART)]
    for chapters in (_FIRST, _THEN):
        cuts = dict.fromkeys(cut_of(part) for one in chapters for several in one.values() for part in several)
        for period in (month, period_before(month, zone), year_before(month, zone)):
            yield [asked_of(period, cut, now) for cut in cuts]
    yield [asked_of(month, cut_of(IMPORTANCE_PART), now)]
    period = month
    for _ in range(_TREND_MONTHS):
        yield [asked_of(period, cut_of(MONTHLY_PART), now)]
        period = period_before(period, zone)
