"""The charts of early warning as they are kept: each in a note, beside one that lists them and says how far they go."""

from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from scoring.honesty.charts import Chart
from scoring.values import Value

__all__ = ["WatchProgress", "WatchedChart", "chart_from", "note_text", "progress_from"]

T = TypeVar("T")


class WatchedChart(Value):
    """The chart of a team and a dimension, up to the day `until`, which is excluded.

    `told` is the begin of the excursion that the team was told of and that it was not told to be over; empty for none.
    """

    team: str
    dimension: str
    chart: Chart = Chart()
    until: str = ""
    told: str = ""


class WatchProgress(Value):
    """Up to which day buckets are judged, and which charts there are, by team and dimension."""

    until: str = ""
    charts: tuple[tuple[str, str], ...] = ()


def note_text(kept: WatchedChart | WatchProgress) -> str:
    """Return the text of the note in which it is kept."""
    return msgspec.json.encode(kept, enc_hook=str).decode()


def chart_from(text: str) -> WatchedChart:
    """Return the chart that a note keeps."""
    return _read(text, WatchedChart)


def progress_from(text: str) -> WatchProgress:
    """Return how far charts go; nothing yet for an empty text."""
    return _read(text, WatchProgress) if text else WatchProgress()


def _read(text: str, kind: type[T]) -> T:
    return msgspec.json.decode(text, type=kind, dec_hook=_number)


def _number(kind: type[Any], text: Any) -> Any:  # noqa: ANN401 (msgspec's)
    if kind is not Fraction:
        raise TypeError(f"{kind} is in no chart")
    return Fraction(text)
