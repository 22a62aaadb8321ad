"""Comparing people by shares: values drawn towards the common one, and bands instead of ranks."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from scoring.honesty.intervals import wilson
from scoring.values import Value

__all__ = ["Band", "Standing", "standings"]

_FEWEST_PSEUDO = Fraction(10)


class Band(StrEnum):
    """Where somebody stands among their peers; those in one band are not told apart."""

    ABOVE = "A"
    """Clearly above the common share: the whole interval is."""
    WITHIN = "B"
    BELOW = "C"
    """Clearly below it."""


class Standing(Value):
    """A share drawn towards the common one by `pseudo` answers at it, the interval around it, and the band."""

    shrunken: Fraction
    low: float
    high: float
    band: Band
    common: Fraction
    pseudo: Fraction


def standings(shares: Mapping[str, tuple[int, int]]) -> dict[str, Standing]:
    """Return the standing of each of these, given as successes and n, n at least 1; nothing for fewer than two.

    Empirical Bayes with a beta prior: (k + m·p) ÷ (n + m). m is estimated by moments (Kleinman 1973, J. Am. Stat.
    Assoc. 68, 46-54) and at least 10, so that nobody wins by few answers.
    """
    if len(shares) <= 1:
        return {}
    total = sum(n for _, n in shares.values())
    common = Fraction(sum(k for k, _ in shares.values()), total)
    pseudo = _pseudo(shares, common, total)
    return {name: _standing(k + pseudo * common, n + pseudo, common, pseudo) for name, (k, n) in shares.items()}


def _standing(successes: Fraction, n: Fraction, common: Fraction, pseudo: Fraction) -> Standing:
    low, high = wilson(successes, n)
    band = Band.ABOVE if low > common else Band.BELOW if high < common else Band.WITHIN
    return Standing(successes / n, low, high, band, common, pseudo)


def _pseudo(shares: Mapping[str, tuple[int, int]], common: Fraction, total: int) -> Fraction:
    """Return m, the number of answers at the common share that the prior is worth; all there are if nobody differs."""
    variance, groups = common * (1 - common), len(shares) - 1
    if not variance:
        return Fraction(total)
    spread = sum((n * (Fraction(k, n) - common) ** 2 for k, n in shares.values()), start=Fraction(0))
    room = total - Fraction(sum(n * n for _, n in shares.values()), total) - groups
    alike = (spread / variance - groups) / room if room > 0 else Fraction(0)
    return max(_FEWEST_PSEUDO, 1 / alike - 1) if alike > 0 else Fraction(total)
