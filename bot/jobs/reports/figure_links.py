"""Where the figures of a report lead: the address of the page that shows the tickets behind each."""

from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bot.jobs.figure_explanation import figure_id
from config.settings.group import is_loopback
from dialogs.time.periods import Period
from scoring.metrics.figure import Figure
from scoring.values import Value, field, replace

__all__ = ["FIGURE_PAGE", "FigureOrigin", "is_shared_address"]

FIGURE_PAGE = "/console/figure"
"""The path of the page that shows where a figure comes from."""


class FigureOrigin(Value):
    """Where the pages of figures lie, the period of these figures, and what of their cut a report leaves unsaid."""

    base: str
    period: Period
    zone: ZoneInfo
    within: Mapping[str, str] = field(default_factory=dict)

    @property
    def link_of(self) -> Callable[[Figure], str]:
        """What gives the address of a figure's page, empty for one that has no value: no ticket is told of that."""

        def link(figure: Figure) -> str:
            if figure.value is None:
                return ""
            whole = replace(figure, cut={**self.within, **figure.cut})
            named = quote(figure_id(whole, self.period, self.zone), safe="")
            return f"{self.base.rstrip('/')}{FIGURE_PAGE}?figure={named}"

        return link


def is_shared_address(base: str) -> bool:
    """Return whether anybody but the machine itself can reach an address."""
    return not is_loopback(urlsplit(base).hostname or "")
