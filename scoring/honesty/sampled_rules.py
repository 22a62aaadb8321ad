"""Whether the closings of a period were asked in different shares: then figures over all of them lean.

A rule that asks one in three and another that asks everybody give the latter's customers three times their weight in a
pooled figure (Lohr, Sampling: Design and Analysis, 3rd ed. 2021, chapter 3). Such figures are not pooled silently.
"""

from collections.abc import Iterable
from math import comb, erfc, sqrt

from scoring.values import Value

__all__ = ["SampledRule", "unequal_shares"]

_CHANCE = 0.01
"""Rules that draw the same share are taken for unequal in so many periods, by chance, over all rules together."""
_COUNTED_EXACTLY = 2_000
"""Up to so many closings Fisher's test counts what chance may do; above, its normal approximation is as good."""


class SampledRule(Value):
    """The closings that a survey rule decided to ask or to leave out by chance, and how many of them were `drawn`."""

    rule: str
    closings: int
    drawn: int

    @property
    def one_in(self) -> int:
        """One in so many was drawn, rounded; 1 is everybody, 0 nobody."""
        return round(self.closings / self.drawn) if self.drawn else 0


def unequal_shares(rules: Iterable[SampledRule]) -> tuple[SampledRule, ...]:
    """Return the rules by name where they draw different shares, by more than chance; none otherwise.

    Each is held against all others, by Fisher's exact test (Fisher 1935, Journal of the Royal Statistical Society 98,
    39-82), corrected by Bonferroni.
    """
    found = sorted((one for one in rules if one.closings), key=lambda one: one.rule)
    closings, drawn = sum(one.closings for one in found), sum(one.drawn for one in found)
    is_unequal = any(_p(one, closings, drawn) < _CHANCE / len(found) for one in found)
    return tuple(found) if is_unequal else ()


def _p(one: SampledRule, closings: int, drawn: int) -> float:
    """Return how probably a rule's share differs so much from all others', both ways, where all draw the same."""
    if closings == one.closings or drawn in (0, closings):
        return 1.0
    if closings > _COUNTED_EXACTLY:
        return _normal(one, closings, drawn)
    ways = [
        comb(one.closings, number) * comb(closings - one.closings, drawn - number)
        for number in range(max(0, drawn - closings + one.closings), min(one.closings, drawn) + 1)
    ]
    seen = comb(one.closings, one.drawn) * comb(closings - one.closings, drawn - one.drawn)
    return sum(way for way in ways if way <= seen) / comb(closings, drawn)


def _normal(one: SampledRule, closings: int, drawn: int) -> float:
    share, rest = drawn / closings, closings - one.closings
    spread = sqrt(share * (1 - share) * (1 / one.closings + 1 / rest))
    return erfc(abs(one.drawn / one.closings - (drawn - one.drawn) / rest) / spread / sqrt(2))
