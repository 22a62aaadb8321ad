"""What names a figure, and the address of the page that shows the tickets behind it."""

from collections.abc import Mapping
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dialogs.time.periods import Period
from scoring.metrics.figure import Figure
from scoring.values import Value, field, replace

__all__ = ["FIGURE_PAGE", "FigureOrigin", "figure_id"]

FIGURE_PAGE = "/console/figure"
"""The path of the page that shows where a figure comes from."""


def figure_id(figure: Figure, period: Period, zone: ZoneInfo) -> str:
    """Return what names a figure: its metric, its period and its cut."""
    ends = (at.astimezone(zone).date().isoformat() for at in (period.since, period.until))
    cut = ",".join(f"{key}={quote(value, safe='')}" for key, value in figure.cut.items())
    return ":".join(filter(None, (figure.metric, period.name or "..".join(ends), cut)))


class FigureOrigin(Value):
    """Where the pages of figures lie, the period of these figures, and what of their cut a report leaves unsaid."""

    base: str
    period: Period
    within: Mapping[str, str] = field(default_factory=dict)

    def link(self, figure: Figure, zone: ZoneInfo) -> str:
        """Return the address of a figure's page; empty for one that has no value, of which no ticket is told."""
        if figure.value is None:
            return ""
        whole = replace(figure, cut={**self.within, **figure.cut})
        return f"{self.base.rstrip('/')}{FIGURE_PAGE}?figure={quote(figure_id(whole, self.period, zone), safe='')}"
