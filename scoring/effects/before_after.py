"""The same figure before and after a change, and a pilot beside the rest: difference, interval, test and verdict.

What is tested are people, never answers: who answered several times in a window counts once, by the mean of that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from math import erfc, sqrt
from statistics import NormalDist

from scoring.honesty.comparison import FEWEST_TO_COMPARE, Change, ChangeVerdict, compare, holm
from scoring.honesty.intervals import Interval
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.facts import RatingCount
from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.ratings import rating_factor, rating_parts
from scoring.values import Value, replace

__all__ = [
    "BeforeAfter",
    "Difference",
    "EffectVerdict",
    "PersonRating",
    "PilotEffect",
    "Windows",
    "before_and_after",
    "difference_of_shares",
    "pilot_and_rest",
    "repeated_ratings",
]

Means = dict[str, Fraction]
"""What people's answers in a window are worth on the average, by person."""
Term = tuple[int, Figure]
"""A figure, and the sign with which it is added."""


class EffectVerdict(StrEnum):
    """What may be said about a change."""

    BETTER = "better"
    WORSE = "worse"
    NOT_CLEAR = "not_clear"
    """The difference may be chance."""
    TOO_FEW = "too_few"
    """Fewer than fifteen people on a side."""
    WITHHELD = "withheld"
    """A side has no value that may be shown."""
    NOT_OVER = "not_over"
    """The later window goes on: whoever tests again and again until it pleases finds what is not there."""
    NOT_TESTED = "not_tested"
    """One of the groups of a pilot, of which only the difference is tested; or ratings that have no common mean."""


class PersonRating(Value):
    """One rating and who gave it; `person` only tells people apart."""

    person: str
    rating: RatingCount


def repeated_ratings(ratings: Iterable[PersonRating]) -> list[RatingCount]:
    """Return the ratings that count of those who rated a question twice, or in different places, with the person."""
    by_person = defaultdict[str, list[RatingCount]](list)
    for one in ratings:
        if not one.rating.excluded:
            by_person[one.person].append(replace(one.rating, person=one.person))
    return [each for several in by_person.values() if _is_of_several(several) for each in several]


def _is_of_several(ratings: Sequence[RatingCount]) -> bool:
    """Return whether ratings of one person are of several responses."""
    places = {tuple((k, v) for k, v in each.keys.items() if k not in ("question", "dimension")) for each in ratings}
    return len(places) > 1 or len({each.keys["question"] for each in ratings}) < len(ratings)


class Windows(Value):
    """A figure in two windows that were fixed beforehand, and the ratings behind it; those that do not count are left.

    `is_over`: nothing can be added to the later window any more.
    """

    before: Figure
    after: Figure
    earlier: Sequence[PersonRating]
    later: Sequence[PersonRating]
    is_over: bool = True


class Difference(Value):
    """A difference in the unit of its metric, and its interval, None where a figure has none."""

    value: Fraction
    interval: Interval | None


class BeforeAfter(Value):
    """A figure before and after; `people` on either side, and how many of them are on both and so depend on each other.

    `superiority` is the probability that somebody later is higher than somebody earlier, equal ones counted half; `p`
    is two-sided, after Holm over everything compared at once. Both are None where nothing is tested.
    """

    before: Figure
    after: Figure
    people: tuple[int, int]
    in_both: int
    verdict: EffectVerdict
    difference: Difference | None = None
    superiority: Fraction | None = None
    p: float | None = None
    method: str = ""


class PilotEffect(Value):
    """A pilot and the rest in the same windows: `difference` is by how much more the pilot's figure has changed."""

    pilot: BeforeAfter
    rest: BeforeAfter
    verdict: EffectVerdict
    difference: Difference | None = None
    p: float | None = None
    method: str = ""


def before_and_after(cases: Sequence[Windows]) -> list[BeforeAfter]:
    """Return what each case shows, compared all at once: Mann and Whitney's test over people, then Holm's correction.

    The test takes those who are on both sides for different people. Where people tend to answer as they did before,
    that makes it find less rather than more.
    """
    found, changes = list[BeforeAfter](), list[Change]()
    for case in cases:
        earlier, later = _both_means(case)
        one = _set_beside(case, earlier, later)
        is_tested = one.verdict is EffectVerdict.NOT_CLEAR
        found.append(one)
        changes.append(compare(_histogram(earlier), _histogram(later), None) if is_tested else _UNTESTED)
    return [_judged(one, change) for one, change in zip(found, holm(changes), strict=True)]


def pilot_and_rest(cases: Sequence[tuple[Windows, Windows]]) -> list[PilotEffect]:
    """Return for each case, a pilot and the rest, by how much more the pilot has changed, compared all at once.

    p is normal, by the variances of people's means, after Holm's correction; at least fifteen people in each group and
    window. Who chose to take part may differ from the rest in other ways, too: it is no proof of a cause.
    """
    found = [_piloted(pilot, rest) for pilot, rest in cases]
    corrected = holm([replace(_UNTESTED, p=one.p) for one in found])
    return [_verdict_after(one, change.p) for one, change in zip(found, corrected, strict=True)]


def difference_of_shares(*terms: Term) -> Interval | None:
    """Return the interval of a sum of figures, each times 1 or -1, from their own; None where one has none.

    By the method of variance estimates recovery (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702): between
    two shares with Wilson's intervals it is Newcombe's hybrid score interval (1998, Statistics in Medicine 17,
    873-890).
    """
    ways = [way for sign, figure in terms if (way := _ways(sign, figure)) is not None]
    if len(ways) < len(terms):
        return None
    total = sum(sign * float(figure.value or 0) for sign, figure in terms)
    down, up = (sqrt(sum(way[end] ** 2 for way in ways)) for end in (0, 1))
    return Interval(total - down, total + up, "Newcombe")


def _ways(sign: int, figure: Figure) -> tuple[float, float] | None:
    """Return how far a figure, times its sign, may lie below and above its value."""
    interval, at = figure.interval, float(figure.value or 0)
    if interval is None or interval.low is None or interval.high is None:
        return None
    down, up = at - interval.low, interval.high - at
    return (down, up) if sign > 0 else (up, down)


def _difference(terms: Sequence[Term], means: Sequence[Means]) -> Difference | None:
    """Return a sum of figures, each times its sign, by what people behind each of them say; None without a value."""
    values = [sign * figure.value for sign, figure in terms if figure.value is not None]
    if len(values) < len(terms):
        return None
    total = sum(values, start=Fraction(0))
    if all(value in (0, 1) for each in means for value in each.values()):
        return Difference(total, difference_of_shares(*terms))
    return Difference(total, _welch(total, rating_factor(terms[0][1].metric), [list(each.values()) for each in means]))


def _welch(total: Fraction, factor: Fraction, groups: Sequence[Sequence[Fraction]]) -> Interval | None:
    """Return the interval of a sum of means with their signs, None where too little varies to tell how wide it is.

    Welch 1947, Biometrika 34, 28-35; the quantile of Student's distribution by its expansion, Abramowitz and Stegun,
    Handbook of Mathematical Functions, 26.7.5, which is right to 0.001 from five degrees of freedom on.
    """
    if min(map(len, groups)) < _FEWEST_THAT_VARY:
        return None
    parts = [(_variance_of_mean(values), len(values) - 1) for values in groups]
    variance = sum((part for part, _ in parts), start=Fraction(0))
    if not variance:
        return None
    freedom = float(variance**2 / sum((part**2 / n for part, n in parts), start=Fraction(0)))
    z = NormalDist().inv_cdf(0.975)
    quantile = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    half = quantile * sqrt(variance) * float(factor)
    return Interval(float(total) - half, float(total) + half, "Welch")


def _variance_of_mean(values: Sequence[Fraction]) -> Fraction:
    n = len(values)
    mean = sum(values, start=Fraction(0)) / n
    return sum(((value - mean) ** 2 for value in values), start=Fraction(0)) / (n - 1) / n


_CLEAR = 0.05
_FEWEST_THAT_VARY = 2
_UNTESTED = Change(None, 0, ChangeVerdict.NOT_TESTED)


def _both_means(case: Windows) -> tuple[Means, Means]:
    metric = case.after.metric
    return _means(metric, case.earlier), _means(metric, case.later)


def _means(metric: str, ratings: Iterable[PersonRating]) -> Means:
    tops, bottoms = defaultdict[str, int](int), defaultdict[str, int](int)
    for one in ratings:
        parts = rating_parts(metric, one.rating)
        if parts is not None:
            tops[one.person] += parts[0]
            bottoms[one.person] += parts[1]
    return {person: Fraction(tops[person], below) for person, below in bottoms.items()}


def _histogram(means: Means) -> dict[Fraction, int]:
    return dict(Counter(means.values()))


def _set_beside(case: Windows, earlier: Means, later: Means) -> BeforeAfter:
    before, after, people = case.before, case.after, (len(earlier), len(later))
    verdict = _possible(case, min(people))
    difference = _difference(((-1, before), (1, after)), (earlier, later))
    return BeforeAfter(before, after, people, len(earlier.keys() & later.keys()), verdict, difference)


def _possible(case: Windows, people: int) -> EffectVerdict:
    """Return why there is no test, `NOT_CLEAR` where there may be one."""
    if not case.is_over:
        return EffectVerdict.NOT_OVER
    states = {case.before.state, case.after.state}
    if SampleSize.WITHHELD in states:
        return EffectVerdict.WITHHELD
    if SampleSize.MIXED in states:
        return EffectVerdict.NOT_TESTED
    return EffectVerdict.TOO_FEW if people < FEWEST_TO_COMPARE else EffectVerdict.NOT_CLEAR


def _judged(one: BeforeAfter, change: Change) -> BeforeAfter:
    if one.verdict is not EffectVerdict.NOT_CLEAR:
        return one
    is_higher, is_lower = (change.verdict is verdict for verdict in (ChangeVerdict.HIGHER, ChangeVerdict.LOWER))
    verdict = _direction(one.after.metric, is_higher=is_higher) if is_higher or is_lower else one.verdict
    return replace(one, verdict=verdict, superiority=change.effect, p=change.p, method=change.method)


def _direction(metric: str, *, is_higher: bool) -> EffectVerdict:
    is_better = is_higher != CATALOGUE[metric].lower_is_better
    return EffectVerdict.BETTER if is_better else EffectVerdict.WORSE


def _piloted(pilot: Windows, rest: Windows) -> PilotEffect:
    means = (*_both_means(pilot), *_both_means(rest))
    groups = (_set_beside(pilot, *means[:2]), _set_beside(rest, *means[2:]))
    reasons = [one.verdict for one in groups if one.verdict is not EffectVerdict.NOT_CLEAR]
    shown = [replace(one, verdict=EffectVerdict.NOT_TESTED) for one in groups]
    if reasons:
        return PilotEffect(shown[0], shown[1], reasons[0])
    terms = ((-1, pilot.before), (1, pilot.after), (1, rest.before), (-1, rest.after))
    found = _difference(terms, means)
    total = sum((sign * _mean(each) for (sign, _), each in zip(terms, means, strict=True)), start=Fraction(0))
    p = _normal(total, means)
    return PilotEffect(shown[0], shown[1], EffectVerdict.NOT_CLEAR, found, p, "difference in differences, normal")


def _mean(means: Means) -> Fraction:
    return sum(means.values(), start=Fraction(0)) / len(means)


def _normal(total: Fraction, groups: Sequence[Means]) -> float:
    """Return the two-sided p of a sum of means, each times its sign, that is 0 but for chance."""
    variance = sum((_variance_of_mean(list(each.values())) for each in groups), start=Fraction(0))
    if not variance:
        return 1.0  # in each group everybody says the same: nothing tells how much of a difference is chance
    return erfc(abs(float(total)) / sqrt(2 * float(variance)))


def _verdict_after(one: PilotEffect, p: float | None) -> PilotEffect:
    """Return an effect with p after correction, and a verdict where the interval agrees with it."""
    interval = one.difference.interval if one.difference is not None else None
    if p is None or p >= _CLEAR or interval is None or interval.low is None or interval.high is None:
        return replace(one, p=p)
    if interval.low <= 0 <= interval.high:
        return replace(one, p=p)
    return replace(one, p=p, verdict=_direction(one.pilot.after.metric, is_higher=interval.low > 0))
