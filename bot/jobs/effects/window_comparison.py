"""Sets a figure of two windows of time beside each other: what is asked for, read, and compared."""

from asyncio import to_thread
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.jobs.period_summary import FigureRequestError, read_period
from dialogs.names import written_name
from dialogs.time.periods import CompanyCalendar, Period
from scoring.effects.before_after import (
    BeforeAfter,
    PersonRating,
    PilotEffect,
    Windows,
    before_and_after,
    pilot_and_rest,
    repeated_ratings,
)
from scoring.metrics.asks import disposition
from scoring.metrics.catalogue import CATALOGUE, SUBJECT_KEYS, Metric, MetricSource
from scoring.metrics.figure import Figure
from scoring.metrics.ratings import rating_figure
from scoring.metrics.summary import withheld_of_ratings
from scoring.values import Value, replace
from storage.reads.figures.person_ratings import TAGGED
from storage.reads.reader import Reader

__all__ = ["ComparisonWanted", "WindowComparison", "compare_windows", "read_comparison"]

_METRICS = ("mean", "csat", "bad_review_rate")
_ITEMS = ("dimension", "question")
_GROUPS = (*SUBJECT_KEYS, "survey", "channel")
_PILOT = "pilot"
_POSSIBLE = tuple(id_ for id_, one in CATALOGUE.items() if one.source is MetricSource.RATINGS and not one.about)

Cut = dict[str, str]


class ComparisonWanted(Value):
    """Which figures are compared, in which windows.

    `by` is what they are cut by, `dimension`, `question` or nothing; `of` the one key and value that limits them.
    `change` is the tag of tickets that the change has reached: later only those count, earlier only others. `pilot` is
    the key and value of a group that is compared with the rest.
    """

    before: Period
    after: Period
    metrics: tuple[Metric, ...]
    by: str = "dimension"
    of: tuple[str, str] | None = None
    change: str = ""
    pilot: tuple[str, str] | None = None


class WindowComparison(Value):
    """What a comparison shows: a line for each metric and cell, or one for each with pilot and rest.

    `is_over`: both windows are over, and nobody who was asked may still answer.
    """

    wanted: ComparisonWanted
    agents: Mapping[str, str]
    is_over: bool
    lines: tuple[BeforeAfter, ...] = ()
    pilots: tuple[PilotEffect, ...] = ()


class _Side(Value):
    """One window: its ratings, and which cells of the cut are withheld; `is_settled`: nothing in it may change."""

    ratings: Sequence[PersonRating]
    hidden: set[tuple[str, ...]]
    agents: Mapping[str, str]
    is_settled: bool


def read_comparison(asked: Mapping[str, str], now: datetime, calendar: CompanyCalendar) -> ComparisonWanted:
    """Return what is wanted by the texts of a request. Raises FigureRequestError."""
    before, after = (_window(asked, name, now, calendar) for name in ("before", "after"))
    if before.until > after.since:
        raise FigureRequestError("after", "begins before the earlier window is over; give two that do not overlap")
    by = asked.get("by", "")
    if by not in ("", *_ITEMS):
        raise FigureRequestError("by", f"is {by!r}; write {' or '.join(_ITEMS)}, or leave it out")
    of, pilot = (_key_and_value(asked, name) for name in ("of", "pilot"))
    change = asked.get("change", "").strip()
    if pilot and (change or (of and of[0] == pilot[0])):
        raise FigureRequestError("pilot", f"cannot be given beside {'change' if change else f'of={of and of[0]}'}")
    return ComparisonWanted(before, after, _metrics(asked.get("metric", "")), by, of, change, pilot)


def _window(asked: Mapping[str, str], name: str, now: datetime, calendar: CompanyCalendar) -> Period:
    text = asked.get(name, "")
    if not text:
        raise FigureRequestError(name, "is required: a period, such as 2026-09 or 2026-09-01..2026-10-15")
    try:
        return read_period(None, None, text, now, calendar)
    except FigureRequestError as wrong:
        raise FigureRequestError(name, wrong.problem) from None


def _metrics(text: str) -> tuple[Metric, ...]:
    wanted = tuple(dict.fromkeys(filter(None, map(str.strip, text.split(","))))) or _METRICS
    for one in wanted:
        if one not in _POSSIBLE:
            raise FigureRequestError("metric", f"has {one!r}; what can be compared are {', '.join(_POSSIBLE)}")
    return tuple(CATALOGUE[one] for one in wanted)


def _key_and_value(asked: Mapping[str, str], name: str) -> tuple[str, str] | None:
    text = asked.get(name, "")
    key, _, value = text.partition(":")
    if text and (key not in _GROUPS or not value):
        raise FigureRequestError(name, f"is {text!r}; write it as team:north, with one of {', '.join(_GROUPS)}")
    return (key, written_name(value)) if text else None


async def compare_windows(reader: Reader, wanted: ComparisonWanted, now: datetime) -> WindowComparison:
    """Return what a comparison shows; nothing is tested before both windows are over and everybody has answered."""
    earlier, later = [await _side(reader, period, wanted, now) for period in (wanted.before, wanted.after)]
    is_over = earlier.is_settled and later.is_settled
    found = WindowComparison(wanted, {**earlier.agents, **later.agents}, is_over)
    return await to_thread(_compared, found, earlier, later)


async def _side(reader: Reader, period: Period, wanted: ComparisonWanted, now: datetime) -> _Side:
    read = await reader.figure_facts(period.since, period.until, {MetricSource.RATINGS})
    ratings = await reader.person_ratings(period.since, period.until, wanted.change)
    if wanted.pilot:
        key, value = wanted.pilot
        ratings = [_with_key(one, _PILOT, "yes" if one.rating.keys[key] == value else "no") for one in ratings]
    is_settled = period.is_over(now) and not any(disposition(each) == "pending" for each in read.facts.asks)
    return _Side(ratings, await to_thread(_hidden, ratings, wanted), read.agents, is_settled)


def _with_key(one: PersonRating, key: str, value: str) -> PersonRating:
    return replace(one, rating=replace(one.rating, keys={**one.rating.keys, key: value}))


def _subject(wanted: ComparisonWanted) -> tuple[str, ...]:
    """Return the keys by which a comparison divides ratings, without what is rated."""
    extra = TAGGED if wanted.change else _PILOT if wanted.pilot else ""
    return tuple(filter(None, (wanted.of and wanted.of[0], extra)))


def _hidden(ratings: Iterable[PersonRating], wanted: ComparisonWanted) -> set[tuple[str, ...]]:
    subject = _subject(wanted)
    several = list(ratings)
    of_cut = withheld_of_ratings((one.rating for one in several), subject, repeated=repeated_ratings(several))
    return of_cut((*subject, *filter(None, (wanted.by,))))


def _compared(found: WindowComparison, earlier: _Side, later: _Side) -> WindowComparison:
    wanted, cases = found.wanted, list[tuple[Windows, ...]]()
    groups = [("yes", "yes"), ("no", "no")] if wanted.pilot else [("no", "yes") if wanted.change else ("", "")]
    for item in _items(wanted, earlier, later):
        for metric in wanted.metrics:
            of = _Line(wanted, metric.id, item)
            sides = ((of.on(earlier, before), of.on(later, after)) for before, after in groups)
            cases.append(tuple(_windows(*each, is_over=found.is_over) for each in sides))
    if wanted.pilot:
        return replace(found, pilots=tuple(pilot_and_rest([(pilot, rest) for pilot, rest in cases])))
    return replace(found, lines=tuple(before_and_after([one for (one,) in cases])))


def _items(wanted: ComparisonWanted, *sides: _Side) -> Iterator[Cut]:
    if not wanted.by:
        yield {}
        return
    keys, of = (one.rating.keys for side in sides for one in side.ratings), wanted.of
    for value in sorted({each[wanted.by] for each in keys if of is None or each[of[0]] == of[1]}):
        yield {wanted.by: value}


Told = tuple[Figure, list[PersonRating]]


def _windows(before: Told, after: Told, *, is_over: bool) -> Windows:
    return Windows(before[0], after[0], before[1], after[1], is_over)


class _Line(Value):
    """One metric of one cell."""

    wanted: ComparisonWanted
    metric: str
    item: Cut

    def on(self, side: _Side, group: str) -> Told:
        """Return the figure in one window, of a group (`yes` or `no`) or of all, and the ratings behind it."""
        keys = _subject(self.wanted)
        cut = {**dict(filter(None, (self.wanted.of,))), **self.item}
        cell = {**cut, **({keys[-1]: group} if group else {})}
        ratings = [one for one in side.ratings if all(one.rating.keys[key] == value for key, value in cell.items())]
        withheld = tuple(cell[key] for key in (*keys, *self.item)) in side.hidden
        repeated = repeated_ratings(ratings)
        figure = rating_figure(self.metric, cut, [one.rating for one in ratings], repeated, withheld=withheld)
        return replace(figure, provisional=not side.is_settled), ratings
