"""A published figure: one value with all that it rests on."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from scoring.honesty.comparison import Change
from scoring.honesty.intervals import Interval
from scoring.values import Value, field

__all__ = [
    "FEWEST_FOR_A_RANK",
    "FEWEST_FOR_A_VALUE",
    "RULE_VERSION",
    "Figure",
    "SampleSize",
    "Weighting",
    "sample_size",
]

RULE_VERSION = 1
"""The version of the formulas and of what counts; raised whenever the same answers would give another value."""

FEWEST_FOR_A_VALUE = 5
"""Of fewer people or cases only the count is shown."""
FEWEST_FOR_A_RANK = 30
"""Of fewer people or cases the sample is called small: no rank, no grade, no consequence."""


class SampleSize(StrEnum):
    """What may be concluded from the number of people or cases behind a figure."""

    EMPTY = "empty"
    """Nothing has been counted yet: there is no value, which is not the same as 0."""
    FEW = "few"
    """Fewer than five: counts only."""
    WITHHELD = "withheld"
    """Enough, but together with other published figures it would tell what fewer than five people said."""
    MIXED = "mixed"
    """Ratings on different scales, which have no common mean: cut by survey."""
    SMALL = "small"
    """Fewer than thirty: shown with its interval, no rank."""
    FULL = "full"


class Weighting(StrEnum):
    """How the ratings behind a figure were weighted."""

    NONE = ""
    GIVEN = "given"
    """By the importance that customers gave them; those without are left out."""
    EQUAL = "equal"
    """All alike, since no customer said how important any of it is."""


class Figure(Value):
    """The value of a metric for one cut of the data, such as `{"team": "north"}`; empty for all of it.

    `value` is exact, in the metric's unit, None where the state forbids it; `numerator` over `denominator` gives it,
    before the factor of 100 of a percentage. `n` counts what the value rests on, `people` the different responses
    behind it where one gives several answers. `excluded` counts by reason what was left out. `provisional`: the period
    is not over, or something in it is not finished. `change` compares it with the period before, `year_change` with the
    same one a year before, where that was asked.
    `share` is what a count is of all in this cut, in percent; `is_low` whether a mean is below the limit of low items,
    None where that cannot be said.
    `sources` counts the ratings behind it by the way on which they came: a chat, a page, paper. `weighting` says by
    what a weighted figure is weighted.
    """

    metric: str
    cut: Mapping[str, str]
    value: Fraction | None
    n: int
    people: int
    state: SampleSize
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    interval: Interval | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    provisional: bool = False
    rule_version: int = RULE_VERSION
    change: Change | None = None
    year_change: Change | None = None
    share: Fraction | None = None
    is_low: bool | None = None
    sources: Mapping[str, int] = field(default_factory=dict)
    weighting: Weighting = Weighting.NONE


def sample_size(people: int) -> SampleSize:
    """Return what may be concluded from so many people or cases."""
    if people < FEWEST_FOR_A_VALUE:
        return SampleSize.FEW if people else SampleSize.EMPTY
    return SampleSize.SMALL if people < FEWEST_FOR_A_RANK else SampleSize.FULL
