"""Metrics of what customers find important: the ratings weighted by it, and the importance itself.

The weighted score is Σ (rating × importance) ÷ Σ (highest point × importance), of the ratings whose customers said how
important that is to them; where none of them did, all ratings count alike, and the figure says so.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from scoring.honesty.intervals import Interval, wilson
from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import FEWEST_FOR_A_VALUE, Figure, SampleSize, Weighting, sample_size
from scoring.metrics.ratings import channels_of, excluded_of, people_of
from scoring.values import replace

__all__ = ["IMPORTANCE", "importance_figure", "importance_parts"]

IMPORTANCE = "importance"
"""The metric of importance itself, on a scale from 1 to 5."""
_LEAST, _MOST = 1, 5
_KISH = "Wilson, effective sample size of Kish"


def importance_parts(metric: str, count: RatingCount, weighting: Weighting) -> tuple[int, int] | None:
    """Return what ratings add to a metric's numerator and denominator, None where they do not count for it."""
    weight = 1 if weighting is Weighting.EQUAL else count.importance
    if count.excluded or not weight:
        return None
    if metric == IMPORTANCE:
        return count.n * count.importance, count.n
    return count.n * weight * count.value, count.n * weight * count.scale.highest


def importance_figure(
    metric: str,
    cut: dict[str, str],
    counts: Sequence[RatingCount],
    repeated: Iterable[RatingCount] = (),
    *,
    withheld: bool,
) -> Figure:
    """Return a metric's figure over these ratings; one that is `withheld` has counts and no value.

    `repeated` are those of them that count and came from people with several responses.
    """
    counted = [each for each in counts if not each.excluded]
    given = [each for each in counted if each.importance]
    weighting = Weighting.GIVEN if given or metric == IMPORTANCE else Weighting.EQUAL
    used = given if weighting is Weighting.GIVEN else counted
    people, n = people_of(used), sum(each.n for each in used)
    theirs = [each for each in repeated if each.importance or weighting is Weighting.EQUAL]
    state = _state(people, people_of(used, theirs), withheld=withheld)
    excluded, sources = excluded_of(counts), channels_of(used)
    figure = Figure(metric, cut, None, n, people, state, excluded=excluded, sources=sources, weighting=weighting)
    if state not in (SampleSize.SMALL, SampleSize.FULL):
        return figure
    parts = [part for each in used if (part := importance_parts(metric, each, weighting)) is not None]
    top, bottom = (Fraction(sum(numbers)) for numbers in zip(*parts, strict=True))
    ratio = top / bottom
    is_mean = metric == IMPORTANCE
    interval = _interval_of_mean(ratio, people) if is_mean else _interval(used, ratio, people, weighting)
    return replace(
        figure, value=ratio if is_mean else 100 * ratio, numerator=top, denominator=bottom, interval=interval
    )


def _state(responses: int, people: int, *, withheld: bool) -> SampleSize:
    if people < FEWEST_FOR_A_VALUE:
        return SampleSize.FEW if people else SampleSize.EMPTY
    return SampleSize.WITHHELD if withheld else sample_size(responses)


def _interval_of_mean(mean: Fraction, people: int) -> Interval:
    spread = _MOST - _LEAST
    low, high = wilson((mean - _LEAST) / spread * people, people)
    return Interval(_LEAST + spread * low, _LEAST + spread * high, "Wilson")


def _interval(used: Sequence[RatingCount], ratio: Fraction, people: int, weighting: Weighting) -> Interval | None:
    """Return the interval in percent; None over scales of different length.

    Unequal weights are worth fewer answers: of n with the weights w, (Σ w)² ÷ Σ w² (Kish 1965, Survey Sampling, 11.7).
    The answers of one person count as one.
    """
    ends = {(each.scale.lowest, each.scale.highest) for each in used}
    if len(ends) > 1:
        return None
    ((lowest, highest),) = ends
    weights = [(1 if weighting is Weighting.EQUAL else each.importance, each.n) for each in used]
    whole, squares = sum(w * n for w, n in weights), sum(w * w * n for w, n in weights)
    size = Fraction(people * whole * whole, squares * sum(n for _, n in weights))
    least = Fraction(lowest, highest)
    low, high = wilson((ratio - least) / (1 - least) * size, size)
    start, width = float(100 * least), float(100 * (1 - least))
    return Interval(start + width * low, start + width * high, _KISH)
