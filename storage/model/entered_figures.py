"""What people enter about a period: figures that no ticket tells, benchmarks of others, and words on a figure."""

from datetime import datetime
from enum import StrEnum

from scoring.values import Value

__all__ = ["EnteredFigure", "EnteredKind"]


class EnteredKind(StrEnum):
    """What is entered."""

    FIGURE = "figure"
    """The numerator and denominator of a metric of the source `entered`."""
    BENCHMARK = "benchmark"
    """What others reach by a metric, from a source."""
    REMARK = "remark"
    """What is concluded from a figure, and which measures follow."""


class EnteredFigure(Value):
    """An entry about a metric for a period and a cut; `version` 0 is new, and each correction writes the next one.

    The `period` by its name, with its ends in UTC; `numerator` and `denominator` are exact decimals, the latter empty
    for a count and for a benchmark, both for a remark. `origin` is where it comes from, `dated` the day of that.
    """

    id: str
    kind: EnteredKind
    metric: str
    period: str
    since: datetime
    until: datetime
    cut: tuple[tuple[str, str], ...]
    by: str
    at: datetime
    numerator: str = ""
    denominator: str = ""
    origin: str = ""
    dated: str = ""
    conclusion: str = ""
    measures: str = ""
    version: int = 0
