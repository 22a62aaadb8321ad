"""Whether ratings of two periods differ: Mann-Whitney with ties, exact where that is possible, and Holm for several."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import comb, erfc, lcm, sqrt

from scoring.honesty.intervals import Interval
from scoring.values import Value, replace

__all__ = ["FEWEST_TO_COMPARE", "Change", "ChangeVerdict", "compare", "exact_tails", "holm"]

FEWEST_TO_COMPARE = 15
"""Answers that each side needs."""

_EXACT_UP_TO = 60
"""Answers of both sides together up to which the distribution is computed exactly."""
_CLEAR = 0.05

Histogram = Mapping[Fraction, int]
"""How often each value was given."""


class ChangeVerdict(StrEnum):
    """What may be said about a difference."""

    HIGHER = "higher"
    LOWER = "lower"
    NOT_CLEAR = "not_clear"
    """The difference may be chance."""
    TOO_FEW = "too_few"
    NOT_TESTED = "not_tested"
    """Several answers of one person belong together, and counts and lengths of time are only set side by side."""


class Change(Value):
    """A figure beside that of an earlier period: its value then, from `n` answers or cases, and its interval.

    `effect` is the probability that a later answer is higher than an earlier one, equal ones counted half; `p` is
    two-sided, after Holm over everything compared at once. Both are None where there are too few answers.
    """

    before: Fraction | None
    n: int
    verdict: ChangeVerdict
    effect: Fraction | None = None
    p: float | None = None
    method: str = ""
    interval: Interval | None = None


def compare(before: Histogram, after: Histogram, value: Fraction | None) -> Change:
    """Return how later answers differ from earlier ones, whose figure is `value`; of one comparison only.

    Mann and Whitney 1947, Annals of Mathematical Statistics 18, 50-60: exact over all ways to divide the answers where
    both sides have sixty together at most, otherwise normal, corrected for ties and for continuity.
    """
    n_before, n_after = sum(before.values()), sum(after.values())
    if min(n_before, n_after) < FEWEST_TO_COMPARE:
        return Change(value, n_before, ChangeVerdict.TOO_FEW)
    ranks = _midranks(before, after)
    won = sum((ranks[one] * n for one, n in after.items()), start=Fraction(0)) - Fraction(n_after * (n_after + 1), 2)
    effect = won / (n_before * n_after)
    if n_before + n_after <= _EXACT_UP_TO:
        p = min(1.0, 2 * float(min(exact_tails(ranks, before, after))))
        return Change(value, n_before, ChangeVerdict.NOT_CLEAR, effect, p, "Mann-Whitney, exact")
    return Change(value, n_before, ChangeVerdict.NOT_CLEAR, effect, _normal(won, before, after), "Mann-Whitney")


def _midranks(before: Histogram, after: Histogram) -> dict[Fraction, Fraction]:
    """Return the rank of each value among all answers, equal ones sharing the middle of their ranks."""
    found, below = dict[Fraction, Fraction](), 0
    for value in sorted({*before, *after}):
        n = before.get(value, 0) + after.get(value, 0)
        found[value] = below + Fraction(n + 1, 2)
        below += n
    return found


def exact_tails(scores: Mapping[Fraction, Fraction], before: Histogram, after: Histogram) -> tuple[Fraction, Fraction]:
    """Return the probabilities that the later answers' scores sum up to at least, and at most, what they do.

    Over all ways to choose as many of the answers, each as likely: convolved value by value, without any drawing.
    """
    scale = lcm(*(score.denominator for score in scores.values()))
    whole = {value: int(score * scale) for value, score in scores.items()}
    ways: Counter[tuple[int, int]] = Counter({(0, 0): 1})
    chosen = sum(after.values())
    for value, score in whole.items():
        n, further = before.get(value, 0) + after.get(value, 0), Counter[tuple[int, int]]()
        for (taken, total), number in ways.items():
            for more in range(min(n, chosen - taken) + 1):
                further[taken + more, total + more * score] += number * comb(n, more)
        ways = further
    sums = {total: number for (taken, total), number in ways.items() if taken == chosen}
    every, found = sum(sums.values()), sum(whole[one] * n for one, n in after.items())
    at_least = sum(number for total, number in sums.items() if total >= found)
    at_most = sum(number for total, number in sums.items() if total <= found)
    return Fraction(at_least, every), Fraction(at_most, every)


def _normal(won: Fraction, before: Histogram, after: Histogram) -> float:
    """Return the two-sided probability by the normal distribution."""
    first, second = sum(before.values()), sum(after.values())
    n = first + second
    tied = sum((before.get(value, 0) + after.get(value, 0)) ** 3 for value in {*before, *after}) - n
    variance = Fraction(first * second, 12) * (n + 1 - Fraction(tied, n * (n - 1)))
    away = abs(won - Fraction(first * second, 2)) - Fraction(1, 2)
    return min(1.0, erfc(float(away) / sqrt(2 * float(variance)))) if variance and away > 0 else 1.0


def holm(changes: Sequence[Change]) -> list[Change]:
    """Return these changes with p after Holm's correction for several, and the verdict that follows from it.

    Holm 1979, Scandinavian Journal of Statistics 6, 65-70; 5 %.
    """
    tested = sorted((change.p, place) for place, change in enumerate(changes) if change.p is not None)
    found, least = list(changes), 0.0
    for rank, (p, place) in enumerate(tested):
        least = min(1.0, max(least, p * (len(tested) - rank)))
        found[place] = _judged(changes[place], least)
    return found


def _judged(change: Change, p: float) -> Change:
    effect = change.effect
    verdict = ChangeVerdict.NOT_CLEAR
    if p < _CLEAR and effect is not None:
        verdict = ChangeVerdict.HIGHER if effect > Fraction(1, 2) else ChangeVerdict.LOWER
    return replace(change, verdict=verdict, p=p)
