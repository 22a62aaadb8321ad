"""Whether the closings of a period were asked in different shares: then figures over all of them lean.

A rule that asks one in three and another that asks everybody give the latter's customers three times their weight in a
pooled figure (Lohr, Sampling: Design and Analysis, 3rd ed. 2021, chapter 3). Such figures are not pooled silently.
"""

from collections.abc import Iterable

from scoring.values import Value

__all__ = ["SampledRule", "unequal_shares"]


class SampledRule(Value):
    """The closings that a survey rule decided to ask or to leave out by chance, and how many of them were `drawn`."""

    rule: str
    closings: int
    drawn: int

    @property
    def one_in(self) -> int:
        """One in so many was drawn; 1 is everybody, 0 nobody. Chance makes the share drawn uneven, hence rounded."""
        return round(self.closings / self.drawn) if self.drawn else 0


def unequal_shares(rules: Iterable[SampledRule]) -> tuple[SampledRule, ...]:
    """Return the rules by name where they draw different shares, none where all draw the same."""
    found = sorted((one for one in rules if one.closings), key=lambda one: one.rule)
    return tuple(found) if len({one.one_in for one in found}) > 1 else ()
