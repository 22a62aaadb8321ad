"""A report as one HTML file that needs nothing else: it prints on A4 and is read in the light and in the dark."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.reports.charts import bar_drawing, stacked_drawing
from dialogs.reports.document import BarChart, ReportDocument, StackedChart, Table

__all__ = ["report_html"]

_FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"


def report_html(document: ReportDocument) -> bytes:
    """Return a report as a page in UTF-8; everything in it that came from outside is escaped."""
    return _templates().get_template("report.html").render(document=document).encode()


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    kinds = {"bars": BarChart, "levels": StackedChart, "table": Table}
    templates.tests |= {name: lambda block, kind=kind: isinstance(block, kind) for name, kind in kinds.items()}
    style = files("bot.reports").joinpath("templates", "report.css").read_text("utf-8")
    templates.globals |= {
        "style": Markup(style),  # noqa: S704 (our own file, the same for every report)
        "fonts": _FONTS,
        "draw_bars": bar_drawing,
        "draw_levels": stacked_drawing,
    }
    return templates
