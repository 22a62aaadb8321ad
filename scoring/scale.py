"""Rating scales: lowest and highest rating, labels, and the mapping of a limit from one scale to another."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from scoring.values import Value, field

__all__ = ["FIVE", "Scale"]


class Scale(Value):
    """The whole numbers from `lowest` to `highest`; `labels[locale][value]` is the word for a value."""

    lowest: int = 1
    highest: int = 5
    labels: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def __contains__(self, value: object) -> bool:
        """Return whether `value` is a rating on this scale."""
        return isinstance(value, int) and self.lowest <= value <= self.highest

    @property
    def values(self) -> tuple[int, ...]:
        """All ratings, lowest first."""
        return tuple(range(self.lowest, self.highest + 1))

    def label(self, value: int, locale: str) -> str:
        """Return the word for a value in a locale, or the digits where the scale has no words."""
        return self.labels.get(locale, {}).get(value, str(value))

    def position(self, value: int) -> Fraction:
        """Return the relative position of a value, 0 for the lowest and 1 for the highest."""
        return Fraction(value - self.lowest, self.highest - self.lowest)

    def mean_position(self, values: Collection[int]) -> Fraction:
        """Return the mean of the relative positions of some values, of one at least."""
        return Fraction(sum(values) - self.lowest * len(values), (self.highest - self.lowest) * len(values))

    def limit_from(self, other: "Scale", limit: Fraction) -> Fraction:
        """Map a limit on `other` linearly to this scale: 2 on 1-5 is 13/4 on 1-10 (docs/reference/api.md)."""
        share = (limit - other.lowest) / (other.highest - other.lowest)
        return self.lowest + share * (self.highest - self.lowest)


FIVE = Scale(1, 5)
"""The scale of the limits in the settings."""
