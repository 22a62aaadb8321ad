"""Metrics of ratings: each is a sum over answers divided by another, with a proven range on every scale."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from scoring.honesty.intervals import Interval, wilson
from scoring.honesty.people import RatedBy, certain_people
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import FEWEST_FOR_A_VALUE, Figure, SampleSize, sample_size
from scoring.scale import FIVE, Scale
from scoring.values import Value

__all__ = [
    "are_of_few",
    "channels_of",
    "excluded_of",
    "people_of",
    "rating_factor",
    "rating_figure",
    "rating_histogram",
    "rating_parts",
]

_HUNDRED = Fraction(100)
_SATISFIED, _BAD, _LOW = Fraction(4), Fraction(2), Fraction(7, 2)
_WILSON = "Wilson"
_NPS, _CES = Scale(0, 10), Scale(1, 7)


class _RatingFormula(Value):
    """A metric: the sum of `top` over the sum of `bottom`, times `factor`; both are functions of a scale and a value.

    `ends` gives the least and the greatest ratio of one answer on a scale. `on` restricts it to one kind of scale,
    `about` to one dimension; `one_scale` says that it has no meaning over scales of different length.
    """

    top: Callable[[Scale, int], int]
    ends: Callable[[Scale], tuple[Fraction, Fraction]] = lambda _scale: (Fraction(0), Fraction(1))
    bottom: Callable[[Scale], int] = lambda _scale: 1
    factor: Fraction = _HUNDRED
    on: Scale | None = None
    one_scale: bool = False
    about: str = ""

    def applies(self, count: RatingCount) -> bool:
        """Return whether such answers count for it: on its scale, and about its dimension."""
        if self.about and count.keys["dimension"] != self.about:
            return False
        return self.on is None or (count.scale.lowest, count.scale.highest) == (self.on.lowest, self.on.highest)


def _at_least(limit: Fraction) -> Callable[[Scale, int], int]:
    return lambda scale, value: int(value >= scale.limit_from(FIVE, limit))


def _at_most(limit: Fraction) -> Callable[[Scale, int], int]:
    return lambda scale, value: int(value <= scale.limit_from(FIVE, limit))


def _is_full_mark(scale: Scale, value: int) -> int:
    return int(value == scale.highest)


def _promoter(_scale: Scale, value: int) -> int:
    return int(value >= 9) - int(value <= 6)  # noqa: PLR2004 (the definition of NPS)


def _ends_of_scale(scale: Scale) -> tuple[Fraction, Fraction]:
    return Fraction(scale.lowest), Fraction(scale.highest)


_FORMULAS = {
    "csat": _RatingFormula(_at_least(_SATISFIED)),
    "mean": _RatingFormula(lambda _scale, value: value, _ends_of_scale, factor=Fraction(1), one_scale=True),
    "full_mark_rate": _RatingFormula(_is_full_mark),
    "score_rate": _RatingFormula(
        lambda _scale, value: value,
        lambda scale: (Fraction(scale.lowest, scale.highest), Fraction(1)),
        lambda scale: scale.highest,
    ),
    "index": _RatingFormula(
        lambda scale, value: value - scale.lowest, bottom=lambda scale: scale.highest - scale.lowest
    ),
    "bad_review_rate": _RatingFormula(_at_most(_BAD)),
    "nps": _RatingFormula(_promoter, lambda _scale: (Fraction(-1), Fraction(1)), on=_NPS),
    "first_time_proxy": _RatingFormula(_is_full_mark, about=CATALOGUE["first_time_proxy"].about),
    "ces": _RatingFormula(lambda _scale, value: int(value >= 5), on=_CES),  # noqa: PLR2004 (its convention: 5 to 7)
}
"""The formulas by the metric's id. Limits on 1-5 are mapped linearly to other scales; NPS and CES have their own."""


def people_of(counts: Iterable[RatingCount], repeated: Iterable[RatingCount] = ()) -> int:
    """Return the number of responses behind these ratings that is certain: of each survey's question most answered.

    With `repeated`, those of them that came from people with several responses, the number of people.
    """
    sizes: Counter[RatedBy] = Counter()
    for each in counts:
        sizes[each.keys["survey"], each.keys["question"], ""] += each.n
    for each in repeated:
        survey, question = each.keys["survey"], each.keys["question"]
        sizes[survey, question, ""] -= each.n
        sizes[survey, question, each.person] += each.n
    return certain_people(sizes)


def are_of_few(counts: Iterable[RatingCount], repeated: Iterable[RatingCount]) -> bool:
    """Return whether fewer people than may be told of gave these ratings, some with several responses.

    Where enough of the latter are known by name, nobody else has to be counted.
    """
    named, ours = set[str](), list[RatingCount]()
    for each in repeated:
        named.add(each.person)
        ours.append(each)
        if len(named) >= FEWEST_FOR_A_VALUE:
            return False
    return people_of(counts, ours) < FEWEST_FOR_A_VALUE


def rating_parts(metric: str, count: RatingCount) -> tuple[int, int] | None:
    """Return what ratings add to a metric's numerator and denominator, None where they do not count for it."""
    formula = _FORMULAS[metric]
    if count.excluded or not formula.applies(count):
        return None
    return count.n * formula.top(count.scale, count.value), count.n * formula.bottom(count.scale)


def rating_factor(metric: str) -> Fraction:
    """Return by what a ratio is multiplied to be in the metric's unit: 100 for a percentage."""
    return _FORMULAS[metric].factor


def rating_histogram(metric: str, counts: Iterable[RatingCount]) -> dict[Fraction, int]:
    """Return how often one answer is worth what by a metric, of those that count for it."""
    found: Counter[Fraction] = Counter()
    for each in counts:
        parts = rating_parts(metric, each)
        if parts is not None:
            found[Fraction(*parts)] += each.n
    return dict(found)


def rating_figure(
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
    formula = _FORMULAS[metric]
    ours = [each for each in counts if formula.applies(each)]
    counted = [each for each in ours if not each.excluded]
    people, n = people_of(counted), sum(each.n for each in counted)
    is_few = are_of_few(counted, (each for each in repeated if formula.applies(each)))
    state = SampleSize.FEW if is_few and counted else _state(formula, counted, people, withheld=withheld)
    figure = Figure(metric, cut, None, n, people, state, excluded=excluded_of(ours), sources=channels_of(counted))
    if state not in (SampleSize.SMALL, SampleSize.FULL):
        return figure
    top = sum(each.n * formula.top(each.scale, each.value) for each in counted)
    bottom = sum(each.n * formula.bottom(each.scale) for each in counted)
    ratio = Fraction(top, bottom)
    is_low = ratio < counted[0].scale.limit_from(FIVE, _LOW) if metric == "mean" else None
    return Figure(
        metric,
        cut,
        formula.factor * ratio,
        n,
        people,
        state,
        Fraction(top),
        Fraction(bottom),
        _interval(formula, counted, ratio, people),
        figure.excluded,
        is_low=is_low,
        sources=figure.sources,
    )


def _state(formula: _RatingFormula, counted: list[RatingCount], people: int, *, withheld: bool) -> SampleSize:
    if withheld and people >= FEWEST_FOR_A_VALUE:
        return SampleSize.WITHHELD
    state = sample_size(people)
    is_mixed = formula.one_scale and len(_scales(counted)) > 1
    return SampleSize.MIXED if is_mixed and people >= FEWEST_FOR_A_VALUE else state


def _scales(counts: Iterable[RatingCount]) -> set[tuple[int, int]]:
    return {(each.scale.lowest, each.scale.highest) for each in counts}


def _interval(formula: _RatingFormula, counted: list[RatingCount], ratio: Fraction, people: int) -> Interval | None:
    """Return the interval, for which the answers of one person count as one; None over scales of different weight."""
    weights = {(formula.bottom(each.scale), formula.ends(each.scale)) for each in counted}
    if len(weights) > 1:
        return None
    ((_, (lowest, highest)),) = weights
    spread = highest - lowest
    low, high = wilson((ratio - lowest) / spread * people, people)
    start, width = float(formula.factor * lowest), float(formula.factor * spread)
    return Interval(start + width * low, start + width * high, _WILSON)


def channels_of(counts: Iterable[RatingCount]) -> dict[str, int]:
    """Return how many ratings came on which way, so that no figure mixes them without a word."""
    sources: Counter[str] = Counter()
    for each in counts:
        sources[each.keys.get("channel", "")] += each.n
    return {source: n for source, n in sorted(sources.items()) if source}


def excluded_of(counts: Iterable[RatingCount]) -> dict[str, int]:
    """Return how many of these ratings do not count, by reason."""
    excluded: Counter[str] = Counter()
    for each in counts:
        if each.excluded:
            excluded[each.excluded] += each.n
    return dict(sorted(excluded.items()))
