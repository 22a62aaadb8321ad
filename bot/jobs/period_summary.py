"""The figures of a period: what is asked for, read, and computed."""

from asyncio import to_thread
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.jobs.figures.asked_figures import FigureCut, GivenFigures, asked_of
from bot.jobs.figures.kept_summaries import given_figures
from dialogs.time.periods import (
    CompanyCalendar,
    Period,
    days_of,
    fiscal_period,
    month_so_far,
    named_period,
    peak_period,
    period_before,
    year_before,
)
from scoring.metrics.catalogue import CATALOGUE, GIVEN_SOURCES, METRIC_KEYS, Metric, MetricUnit
from scoring.metrics.importance import IMPORTANCE
from scoring.metrics.quadrants import PERFORMANCE, QuadrantGrid, quadrant_grids
from scoring.metrics.repeats import REPAIRED_AGAIN_WITHIN
from scoring.metrics.summary import MOST_KEYS, Comparable, Summary, metrics_for, summarize, with_changes
from scoring.values import Value, replace
from storage.model.entered_figures import EnteredFigure
from storage.reads.figures.figure_facts import PeriodFacts
from storage.reads.reader import Reader

__all__ = [
    "COMPARISONS",
    "FigureRequestError",
    "PeriodQuadrants",
    "PeriodSummary",
    "compared_summaries",
    "compared_summary",
    "earlier_periods",
    "is_partly_known",
    "known_figures",
    "metric_trend",
    "period_summary",
    "quadrants_of",
    "read_cut",
    "read_period",
    "summaries_of",
    "summarize_period",
]

_ITEMS = ("question", "dimension")
_YEARS = range(1971, 2199)
_LEAST_MISSING = 3
"""A period of which this part or more lies before all that is known is too little known for its counts."""


class FigureRequestError(ValueError):
    """What is asked for is no figure: which `field` is wrong, and what about it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field
        self.problem = problem

    def __reduce__(self) -> tuple[type["FigureRequestError"], tuple[str, str]]:
        """Return how the same is made in another process."""
        return FigureRequestError, (self.field, self.problem)


class PeriodSummary(Value):
    """The figures of a period; `agents` are the names of those whom cuts call by an id, `entries` what was entered."""

    period: Period
    summary: Summary
    agents: Mapping[str, str]
    entries: tuple[EnteredFigure, ...] = ()


def read_cut(by: str, metrics: str) -> FigureCut:
    """Return a cut from lists with commas; without metrics, all that can be cut so. Raises FigureRequestError."""
    keys, wanted = _listed(by), _listed(metrics)
    known = tuple(dict.fromkeys(key for several in METRIC_KEYS.values() for key in several))
    for key in keys:
        if key not in known:
            raise FigureRequestError("by", f"has {key!r}, which is none of {', '.join(known)}")
    if len(keys) > MOST_KEYS:
        raise FigureRequestError("by", f"has {len(keys)} keys; give at most {MOST_KEYS}")
    for metric in wanted:
        if metric not in CATALOGUE:
            raise FigureRequestError("metric", f"has {metric!r}, which is not in the catalogue (/api/v1/metrics)")
    fitting = metrics_for(keys)
    for metric in wanted:
        if CATALOGUE[metric] not in fitting:
            raise FigureRequestError("by", f"is {by}, and {metric} can only be cut by {_possible(CATALOGUE[metric])}")
    return FigureCut(keys, tuple(CATALOGUE[metric] for metric in wanted) or fitting)


def _possible(metric: Metric) -> str:
    keys = METRIC_KEYS[metric.source]
    if metric.source not in GIVEN_SOURCES:
        return ", ".join(keys)
    return f"{', '.join(keys)}: one of them, with question or dimension beside it, or team with agent"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def read_period(since: date | None, until: date | None, name: str, now: datetime, calendar: CompanyCalendar) -> Period:
    """Return a period by its name, or by its first day and the day after its last; the current month without either.

    Raises FigureRequestError.
    """
    if name and (since or until):
        raise FigureRequestError("period", "is given beside from and to; give one of the two")
    zone, given = calendar.zone, name.strip().upper()
    if name and (peak := peak_period(name, calendar)) is not None:
        return peak
    if name and ".." not in name:
        try:
            return fiscal_period(given, calendar) if given.startswith("FY") else named_period(name, zone)
        except ValueError as wrong:
            raise FigureRequestError("period", str(wrong)) from None
    if name:
        since, until = _ends(name)
    month = month_so_far(now, zone)
    first = since or month.since.astimezone(zone).date()
    after = until or month.until.astimezone(zone).date()
    for field, day in (("from", first), ("to", after)):
        if day.year not in _YEARS:
            raise FigureRequestError(field, f"is {day}, which is not within the years {_YEARS[0]} to {_YEARS[-1]}")
    if after <= first:
        raise FigureRequestError("to", f"is {after}, which is not after from, {first}; the day of `to` is excluded")
    return replace(days_of(first, after, zone), name=f"{first}..{after}" if name else "")


def _ends(name: str) -> tuple[date, date]:
    """Return the first day of 2026-11-01..2026-12-01, and the day after the last."""
    try:
        first, after = (date.fromisoformat(day) for day in name.split(".."))
    except ValueError:
        raise FigureRequestError("period", f"is {name!r}; write its days as 2026-11-01..2026-12-01") from None
    return first, after


async def compared_summary(
    reader: Reader, period: Period, cut: FigureCut, clock: tuple[datetime, ZoneInfo], against: str
) -> PeriodSummary:
    """Return the figures of a period for a cut beside those of earlier ones: `previous`, `year`, or both.

    `clock` is the moment, and the zone on whose clocks periods are.
    """
    return (await compared_summaries(reader, period, [cut], clock, against))[0]


async def compared_summaries(
    reader: Reader, period: Period, cuts: Sequence[FigureCut], clock: tuple[datetime, ZoneInfo], against: str
) -> list[PeriodSummary]:
    """Return the same for several cuts; `against` may be empty."""
    now, zone = clock
    earlier = earlier_periods(period, zone, against)
    periods = (period, *earlier.values())
    given = await given_figures(reader, [asked_of(one, cut, now) for one in periods for cut in cuts])
    agents, entries = await _named(reader, period, given[: len(cuts)])
    told = list[PeriodSummary]()
    known = {
        name: [known_figures(one) for one in given[place * len(cuts) : (place + 1) * len(cuts)]]
        for place, name in enumerate(earlier, 1)
    }
    known = {name: several for name, several in known.items() if not _is_unknown(cuts, several)}
    first = await reader.first_closing() if known else None
    partly = {name for name in known if is_partly_known(earlier[name], first)}
    for place, one in enumerate(given[: len(cuts)]):
        before = {name: several[place] for name, several in known.items()}
        summary = await to_thread(with_changes, known_figures(one), before, partly)
        told.append(PeriodSummary(period, summary, agents, entries))
    return told


def earlier_periods(period: Period, zone: ZoneInfo, against: str) -> dict[str, Period]:
    """Return the periods that one is set beside by their names, as in `previous,year`."""
    return {name: _EARLIER[name](period, zone) for name in filter(None, against.split(","))}


def is_partly_known(period: Period, first: datetime | None) -> bool:
    """Return whether much of a period lies before the first closing that is known, so that its counts are too small."""
    return (
        first is not None
        and period.since < first < period.until
        and first - period.since > (period.until - period.since) / _LEAST_MISSING
    )


def _is_unknown(cuts: Iterable[FigureCut], several: Iterable[Comparable]) -> bool:
    """Return whether nothing is known of a period: no figure of these cuts rests on anything, not even on a case.

    Counts alone do not tell: none of something may have happened in a month full of work.
    """
    metrics = [metric for cut in cuts for metric in cut.metrics]
    tells = any(one.id == "closings" or one.unit is not MetricUnit.COUNT for one in metrics)
    return tells and not any(figure.n for one in several for figure in one.summary.figures)


def known_figures(given: GivenFigures) -> Comparable:
    """Return figures that were asked for by their metrics. Raises ValueError for levels."""
    if given.figures is None:
        raise ValueError("no metric was asked for")
    return given.figures


_EARLIER = {"previous": period_before, "year": year_before}
COMPARISONS = ("", "previous", "year", "previous,year")


def summarize_period(found: PeriodFacts, period: Period, cut: FigureCut, now: datetime) -> Summary:
    """Return the figures of a period's facts for a cut; it may take seconds."""
    is_followed = period.is_over(now - REPAIRED_AGAIN_WITHIN)
    return summarize(found.facts, cut.by, cut.metrics, is_over=period.is_over(now), is_followed=is_followed)


async def summaries_of(reader: Reader, period: Period, cuts: Sequence[FigureCut], now: datetime) -> list[PeriodSummary]:
    """Return the figures of a period for several cuts."""
    given = await given_figures(reader, [asked_of(period, cut, now) for cut in cuts])
    agents, entries = await _named(reader, period, given)
    return [PeriodSummary(period, known_figures(one).summary, agents, entries) for one in given]


async def _named(
    reader: Reader, period: Period, given: Sequence[GivenFigures]
) -> tuple[dict[str, str], tuple[EnteredFigure, ...]]:
    """Return the names of the agents whom figures or entries are about, and what was entered for a period."""
    entries = await reader.entered(period.since, period.until)
    agents = {agent: name for one in given for agent, name in one.agents.items()}
    if not agents and any(key == "agent" for one in entries for key, _ in one.cut):
        agents = await reader.agents(period.since, period.until)
    return agents, entries


async def metric_trend(
    reader: Reader, period: Period, cut: FigureCut, clock: tuple[datetime, ZoneInfo], back: int
) -> list[PeriodSummary]:
    """Return the figures of a period and of as many before it, each of the same length, the earliest first.

    `clock` is the moment, and the zone on whose clocks periods are.
    """
    now, zone = clock
    periods = [period]
    while len(periods) <= back:
        periods.append(period_before(periods[-1], zone))
    return [await period_summary(reader, one, cut, now) for one in reversed(periods)]


async def period_summary(reader: Reader, period: Period, cut: FigureCut, now: datetime) -> PeriodSummary:
    """Return the figures of a period for a cut."""
    return (await summaries_of(reader, period, [cut], now))[0]


class PeriodQuadrants(Value):
    """Importance beside performance in a period, a grid for each value of the key `by`, and their figures."""

    by: str
    grids: tuple[QuadrantGrid, ...]
    found: PeriodSummary


async def quadrants_of(reader: Reader, period: Period, by: str, now: datetime) -> PeriodQuadrants:
    """Return what customers find important beside how it goes, for all or by one key. Raises FigureRequestError."""
    if "," in by or by in _ITEMS:
        raise FigureRequestError("by", f"is {by!r}; give one key, such as team, and no question or dimension")
    cut = read_cut(",".join(filter(None, (by, "dimension"))), f"{IMPORTANCE},{PERFORMANCE}")
    found = await period_summary(reader, period, cut, now)
    return PeriodQuadrants(by, quadrant_grids(found.summary.figures), found)
