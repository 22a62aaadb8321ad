"""A report as a page: one HTML file that needs nothing else, and the same printed as PDF by Chromium."""

import os
import signal
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

from bot.reports.chart_drawings import (
    bar_drawing,
    column_drawing,
    latest_bars,
    point_drawing,
    stacked_drawing,
    text_width,
)
from dialogs.reports.document import BarChart, ColumnChart, PointChart, ReportDocument, StackedChart, Table

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["UnwrittenReportError", "report_html", "report_pdf"]

_FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
"""Chromium without windows: it prints the same in a third of the time."""
_BROWSERS = (*_SHELLS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 60
_FEW_COLUMNS, _PHONE, _NARROWEST, _NARROWEST_NAME, _NARROWEST_TEXT, _CELL_GAP = 4, 358, 47, 75, 100, 9
"""Columns that a phone has room for; pixels of its screen, of the narrowest columns, and between two of them."""
_SHORT = 130
"""Pixels of a text that stays in one line."""
_ONE_AT_A_TIME = Lock()
_ELSE = "ask for html, which prints well on A4 from any browser"


class UnwrittenReportError(Exception):
    """A report cannot be written in this format here; says what is missing and what to do."""


def report_html(document: ReportDocument) -> bytes:
    """Return a report as a page in UTF-8; everything in it that came from outside is escaped."""
    draws = {"bars": bar_drawing, "columns": column_drawing, "points": point_drawing, "levels": stacked_drawing}
    given: dict[str, object] = {f"draw_{name}": draw for name, draw in draws.items()}
    given |= {"latest_bars": latest_bars, "fits_phone": _fits_phone, "is_short": _is_short, "is_alike": _is_alike}
    kinds = {kind.__name__: kind for kind in (BarChart, ColumnChart, PointChart, StackedChart, Table)}
    return _template().render(document=document, is_a=isinstance, fonts=_FONTS, **given, **kinds).encode()


def _fits_phone(table: Table) -> bool:
    """Return whether a table stays one on a phone: of few columns, or numbers to compare, that have room there."""
    columns = range(len(table.columns))
    is_grid = all(table.has_numbers(column) for column in columns[1:])
    return (len(columns) <= _FEW_COLUMNS or is_grid) and sum(_least(table, one) for one in columns) <= _PHONE


def _least(table: Table, column: int) -> float:
    """Return how wide a column is at least: numbers are not broken into lines, and words are."""
    cells = max((text_width(row[column].text) for row in table.rows), default=0) + _CELL_GAP
    if table.has_numbers(column):
        return max(cells, _NARROWEST)
    return _NARROWEST_NAME if column == 0 else min(cells, _NARROWEST_TEXT)


def _is_short(table: Table, column: int) -> bool:
    """Return whether the cells of a column are so short that none needs to be broken."""
    return max((text_width(row[column].text) for row in table.rows), default=0) <= _SHORT


def _is_alike(table: Table) -> bool:
    """Return whether all rows begin with the same words, such as those of one metric for several teams."""
    return len(table.rows) > 1 and len({row[0].text for row in table.rows}) == 1


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 (not before a report is asked for)

    templates = Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("report.html")


def report_pdf(document: ReportDocument, within: float = _SECONDS) -> bytes:
    """Return a report as PDF on A4, one report at a time in a process: each Chromium takes some 200 MB.

    Raises UnwrittenReportError where no Chromium is, or where it fails or has not printed `within` so many seconds.
    """
    browser = next(filter(None, map(which, _BROWSERS)), None)
    if browser is None:
        raise UnwrittenReportError(f"a PDF is printed by Chromium, and none of {', '.join(_BROWSERS)} is here; {_ELSE}")
    with _ONE_AT_A_TIME, TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_bytes(report_html(document))
        said = _print(browser, page, printed, within)
        if not printed.exists():
            raise UnwrittenReportError(f"the PDF was not printed by {browser}: {said}; {_ELSE}")
        return printed.read_bytes()


def _print(browser: str, page: Path, printed: Path, within: float) -> str:
    """Print a page, and return what the browser said last; nothing that it started is left.

    As root Chromium runs without its sandbox only; the page is our own and runs no script.
    """
    options = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer", "--no-first-run"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    own = [f"--user-data-dir={page.parent / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
    with (page.parent / "said").open("wb+") as said:
        started = subprocess.Popen(  # noqa: S603 (a fixed program, and file names that we made)
            [browser, *options, *own], stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            started.wait(within)
        except subprocess.TimeoutExpired:
            printed.unlink(missing_ok=True)
            return f"nothing within {within:g} s"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)  # its renderers, too
            started.wait()
        said.seek(0)
        return said.read().decode(errors="replace").strip().rpartition("\n")[2][:200]
