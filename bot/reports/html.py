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
    parts = {"fonts": _FONTS, "style": _style(), "draw_bars": bar_drawing, "draw_levels": stacked_drawing}
    kinds = {"BarChart": BarChart, "StackedChart": StackedChart, "Table": Table}
    return (
        _templates().get_template("report.html").render(document=document, is_a=isinstance, **parts, **kinds).encode()
    )


@cache
def _style() -> Markup:
    style = files("bot.reports").joinpath("templates", "report.css").read_text("utf-8")
    return Markup(style)  # noqa: S704 (our own file, the same for every report)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
