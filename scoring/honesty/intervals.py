"""Intervals of 95 %: for a share and for the mean of a bounded scale by Wilson's formula, for a quantile by ranks."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, comb, floor, sqrt
from typing import TypeVar

from scoring.values import Value

__all__ = ["LEVEL", "Interval", "answers_needed", "quantile", "quantile_interval", "wilson"]

LEVEL = Fraction(95, 100)
"""The level of every interval."""

_Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
_TAIL = Fraction(25, 1000)
_EXACT_UP_TO = 500
Length = TypeVar("Length", int, Fraction)


class Interval(Value):
    """The ends of an interval, in the unit of its figure, and the name of the method; None: open at that side."""

    low: float | None
    high: float | None
    method: str


def wilson(successes: Fraction | int, n: Fraction | int) -> tuple[float, float]:
    """Return the ends of Wilson's score interval for a share of `successes` in `n`, which is at least 1.

    For the mean of values between 0 and 1, with their sum as `successes`, it is too wide rather than too narrow: the
    variance of such a value is at most mean · (1 - mean). Wilson 1927, J. Am. Stat. Assoc. 22, 209-212; recommended for
    small samples by Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133.
    """
    share, size = float(Fraction(successes) / n), float(n)
    spread = _Z * _Z / size
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * size))
    low, high = centre - half, centre + half
    return (0.0 if not successes else low, 1.0 if successes == n else high)


def answers_needed(share: Fraction, within: Fraction) -> int:
    """Return the fewest answers of which Wilson's interval for this share is at most twice `within` wide."""
    few, enough = 0, 1
    while not _is_within(share, within, enough):
        few, enough = enough, 2 * enough
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if _is_within(share, within, middle) else (middle, enough)
    return enough


def _is_within(share: Fraction, within: Fraction, n: int) -> bool:
    low, high = wilson(share * n, n)
    return high - low <= 2 * within


def quantile(ordered: Sequence[Fraction | int], share: Fraction) -> Fraction | int:
    """Return the value below which `share` of the sorted values lie, between two neighbours by linear interpolation.

    Hyndman and Fan's definition 7 (1996, The American Statistician 50, 361-365), as spreadsheets compute it.
    """
    place = share * (len(ordered) - 1)
    below, above = floor(place), ceil(place)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def quantile_interval(ordered: Sequence[Length], share: Fraction) -> tuple[Length | None, Length | None]:
    """Return the two of the sorted values between which a quantile lies; None where no value is far enough out.

    By ranks, whatever the distribution (Conover 1999, Practical Nonparametric Statistics, 3.2): exact binomial sums up
    to 500 values, their normal approximation beyond.
    """
    n = len(ordered)
    low, high = _ranks(n, share) if n <= _EXACT_UP_TO else _normal_ranks(n, share)
    return (ordered[low - 1] if low >= 1 else None, ordered[high - 1] if high <= n else None)


def _ranks(n: int, share: Fraction) -> tuple[int, int]:
    """Return the highest rank with P(X < rank) and the lowest with P(X >= rank) at most 2.5 %, X binomial."""
    below, low, high = Fraction(0), 0, n + 1
    for rank in range(n + 1):
        if below <= _TAIL:
            low = rank
        if 1 - below <= _TAIL:
            high = min(high, rank)
        below += comb(n, rank) * share**rank * (1 - share) ** (n - rank)
    return low, high


def _normal_ranks(n: int, share: Fraction) -> tuple[int, int]:
    middle, half = float(n * share), _Z * sqrt(n * share * (1 - share))
    return floor(middle - half), ceil(middle + half) + 1
