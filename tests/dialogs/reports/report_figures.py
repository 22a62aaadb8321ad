"""Figures and words for the tests of chapters, made by hand."""

from collections.abc import Callable
from fractions import Fraction
from zoneinfo import ZoneInfo

from config.locale.phrases import load_phrases
from dialogs.reports.document import BarChart, Block, ColumnChart, Paragraph, PointChart, Section, Table
from dialogs.reports.figure_parts import ReportWords
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.honesty.intervals import Interval
from scoring.metrics.figure import Figure, SampleSize

__all__ = [
    "NAMES",
    "changed",
    "charts_of",
    "figure",
    "lines_of",
    "linked",
    "texts_of",
    "the_table",
    "words",
]

PHRASES = load_phrases()
NAMES = {
    "dimension": {"response_speed": "响应速度", "attitude": "服务态度", "after_care": "后续关怀"},
    "team": {"north": "北区", "south": "南区"},
    "agent": {"a1": "李工", "b1": "何工"},
}


def words(locale: str = "zh-Hans", link_of: Callable[[Figure], str] | None = None) -> ReportWords:
    return ReportWords(PHRASES, locale, ZoneInfo("Asia/Shanghai"), NAMES, link_of)


def linked(figure: Figure) -> str:
    """Return an address that tells which figure it is of."""
    return f"https://hf.example.com/{figure.metric}/{'/'.join(figure.cut.values())}"


def figure(  # noqa: PLR0913 (each is a field of a figure)
    value: float | None,
    n: int = 40,
    *,
    metric: str = "csat",
    low: float | None = None,
    high: float | None = None,
    change: Change | None = None,
    year_change: Change | None = None,
    state: SampleSize = SampleSize.FULL,
    **cut: str,
) -> Figure:
    """Return a figure; one with an end has an interval."""
    interval = None if low is None and high is None else Interval(low, high, "Wilson")
    return Figure(
        metric,
        cut,
        None if value is None else Fraction(value),
        n,
        n,
        state,
        interval=interval,
        change=change,
        year_change=year_change,
    )


def changed(before: float, verdict: ChangeVerdict, n: int = 40) -> Change:
    return Change(Fraction(before), n, verdict)


def the_table(section: Section) -> Table:
    """Return the only table of a chapter."""
    (found,) = (block for block in section.blocks if isinstance(block, Table))
    return found


def texts_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def lines_of(section: Section) -> list[str]:
    """Return the lines of text in a chapter."""
    return [line for block in section.blocks if isinstance(block, Paragraph) for line in block.lines]


def charts_of(section: Section) -> list[Block]:
    return [block for block in section.blocks if isinstance(block, BarChart | ColumnChart | PointChart)]
