"""Whether a measure has helped: its metric in the window that was fixed beforehand, beside the baseline.

Of ratings people are compared, and with a pilot the change there with that of the rest (`scoring.effects`); of other
metrics their intervals. Reached is a target that is met by a change that is clear; without an interval none is.
"""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from bot.jobs.improvement.measured_metric import figure_in, measured
from dialogs.improvement.model import Finding, Measure, MeasureResult, Verdict
from dialogs.time.periods import Period
from scoring.effects.before_after import (
    Difference,
    EffectVerdict,
    PersonRating,
    Windows,
    before_and_after,
    difference_of_shares,
    pilot_and_rest,
    repeated_ratings,
)
from scoring.honesty.comparison import FEWEST_TO_COMPARE
from scoring.metrics.catalogue import CATALOGUE, MetricSource
from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.ratings import rating_figure
from scoring.values import Value
from storage.reads.reader import Reader

__all__ = ["Verified", "verified"]

_MOST = 200_000
"""Ratings of a window."""
_CANNOT_TELL = (EffectVerdict.TOO_FEW, EffectVerdict.WITHHELD, EffectVerdict.NOT_TESTED, EffectVerdict.NOT_OVER)


class Verified(Value):
    """A verification; `provisional`: answers may still come."""

    result: MeasureResult
    provisional: bool


class _Compared(Value):
    before: Figure | None
    after: Figure | None
    verdict: EffectVerdict
    difference: Difference | None = None
    p: float | None = None
    method: str = ""


async def verified(reader: Reader, finding: Finding, now: datetime) -> Verified | None:
    """Return what came of a finding's measure by now; None where it has none."""
    measure = finding.measure
    if measure is None:
        return None
    is_rated = CATALOGUE[measure.metric].source is MetricSource.RATINGS
    found = await (_of_ratings if is_rated else _of_cases)(reader, measure, now)
    after = found.after
    result = MeasureResult(
        measure=measure,
        verdict=_verdict(measure, found),
        before=measured(found.before),
        after=measured(after),
        at=now,
        method=found.method,
        p=found.p,
    )
    return Verified(_with_effect(result, found.difference), after is not None and after.provisional)


def _verdict(measure: Measure, found: _Compared) -> Verdict:
    value = found.after.value if found.after is not None else None
    if found.verdict in _CANNOT_TELL or value is None:
        return Verdict.TOO_FEW
    target = Fraction(measure.target)
    is_met = value <= target if CATALOGUE[measure.metric].lower_is_better else value >= target
    if not is_met:
        return Verdict.NOT_REACHED
    if found.verdict is EffectVerdict.BETTER:
        return Verdict.REACHED
    is_untested = found.difference is None or found.difference.interval is None
    return Verdict.NOT_CLEAR if is_untested else Verdict.NOT_REACHED


def _with_effect(result: MeasureResult, difference: Difference | None) -> MeasureResult:
    if difference is None:
        return result
    interval = difference.interval
    ends = (None, None) if interval is None else (interval.low, interval.high)
    low, high = (None if end is None else str(Fraction(end).limit_denominator(10**6)) for end in ends)
    return result.with_effect(str(difference.value), low, high)


# -- ratings ------------------------------------------------------------------------------------------------------


async def _of_ratings(reader: Reader, measure: Measure, now: datetime) -> _Compared:
    spans = (measure.baseline, measure.window)
    cut, pilot = dict(measure.cut), dict(measure.pilot)
    figures = [await figure_in(reader, measure.metric, cut | pilot, span, now) for span in spans]
    ratings = [await _ratings(reader, cut, span) for span in spans]
    before, after = figures
    if before is None or after is None:
        return _Compared(before, after, EffectVerdict.TOO_FEW)
    is_over, (earlier, later) = measure.window.is_over(now), ratings
    windows = Windows(before, after, _within(earlier, pilot), _within(later, pilot), is_over)
    if not pilot:
        (one,) = await to_thread(before_and_after, [windows])
        return _Compared(before, after, one.verdict, one.difference, one.p, one.method)
    before_rest, after_rest = ([one for one in some if not _fits(one, pilot)] for some in ratings)
    counted = [_figure(measure, some) for some in (before_rest, after_rest)]
    others = Windows(counted[0], counted[1], before_rest, after_rest, is_over)
    (both,) = await to_thread(pilot_and_rest, [(windows, others)])
    return _Compared(before, after, both.verdict, both.difference, both.p, both.method)


async def _ratings(reader: Reader, cut: Mapping[str, str], period: Period) -> list[PersonRating]:
    ends = (period.since, period.until)
    inputs = await reader.figure_inputs(ends, MetricSource.RATINGS, cut, _MOST)
    people = await reader.findings.customers_of({one.thing for one in inputs})
    return [
        PersonRating(people.get(one.thing, one.thing), one.fact) for one in inputs if isinstance(one.fact, RatingCount)
    ]


def _figure(measure: Measure, ratings: Sequence[PersonRating]) -> Figure:
    counts, repeated = [one.rating for one in ratings], repeated_ratings(ratings)
    return rating_figure(measure.metric, dict(measure.cut), counts, repeated, withheld=False)


def _within(ratings: Sequence[PersonRating], pilot: Mapping[str, str]) -> list[PersonRating]:
    return [one for one in ratings if _fits(one, pilot)]


def _fits(one: PersonRating, pilot: Mapping[str, str]) -> bool:
    return all(one.rating.keys[key] == value for key, value in pilot.items())


# -- other cases --------------------------------------------------------------------------------------------------


async def _of_cases(reader: Reader, measure: Measure, now: datetime) -> _Compared:
    """Compare two figures by their intervals; those without any are only set side by side, and are never clear."""
    spans, cut = (measure.baseline, measure.window), dict(measure.cut)
    before, after = [await figure_in(reader, measure.metric, cut, span, now) for span in spans]
    if before is None or after is None or not _is_told(before, after):
        return _Compared(before, after, EffectVerdict.TOO_FEW)
    value = (after.value or 0) - (before.value or 0)
    interval = difference_of_shares((1, after), (-1, before))
    is_lower_better = CATALOGUE[measure.metric].lower_is_better
    is_better = value < 0 if is_lower_better else value > 0
    is_clear = interval is not None and not (interval.low or 0) <= 0 <= (interval.high or 0)
    verdict = EffectVerdict.BETTER if is_better and is_clear else EffectVerdict.NOT_CLEAR
    return _Compared(before, after, verdict, Difference(Fraction(value), interval), None, "intervals")


def _is_told(*figures: Figure) -> bool:
    return all(
        one.people >= FEWEST_TO_COMPARE and one.value is not None and one.state is not SampleSize.WITHHELD
        for one in figures
    )
