"""What a report consists of, before any format: sections with paragraphs, tables and bar charts."""

from enum import StrEnum
from fractions import Fraction

from scoring.metrics.catalogue import MetricUnit
from scoring.values import Value, replace

__all__ = [
    "Bar",
    "BarChart",
    "Block",
    "Cell",
    "ColumnChart",
    "Headline",
    "Paragraph",
    "PlacedPoint",
    "PointChart",
    "ReportDocument",
    "ReportKind",
    "Section",
    "StackedBar",
    "StackedChart",
    "Table",
    "Tone",
    "without_quotes",
]


_LEFT_OUT = "…"


class ReportKind(StrEnum):
    """What reports there are."""

    FIGURES = "figures"
    """Any metrics by any cut."""
    SUMMARY = "summary"
    """One page for managers: complaints, satisfaction, times."""
    DISTRIBUTION = "distribution"
    """How surveys were answered, question by question."""
    PROBLEMS = "problems"
    """What was sent again, by class of problem."""
    SUBJECT = "subject"
    """One team, person, station, product or the like, with lines to sign."""
    TREND = "trend"
    """Every dimension in each month of a year, beside the month before and the same month a year before."""
    SCORECARD = "scorecard"
    """One agent: what to train first, the band among colleagues, sheets, what customers wrote."""
    TEAM = "team"
    """One team: its figures beside everybody's, its people in bands, its issues and measures."""
    IMPORTANCE = "importance"
    """What customers find important beside how it goes, in quadrants."""
    EVIDENCE = "evidence"
    """What is clearly better and clearly worse than everything together, by dimension, team, category and product."""
    TOPICS = "topics"
    """What customers write of, and by how much those who do rate differently."""
    IMPROVEMENTS = "improvements"
    """Measures: before and after with intervals, and whether each has helped."""
    REVIEW = "review"
    """Strengths, weaknesses and five chapters, with the list of actions."""
    REPEATS = "repeats"
    """Repairs that did not hold, and rework."""
    QUALITY = "quality"
    """Repairs by class of fault, cause and measure."""
    CLAIMS = "claims"
    """Claims under warranty, station by model."""
    CHECKS = "checks"
    """Quality checks: checked, failed, passed by item, and what follows."""
    APPRAISAL = "appraisal"
    """The sheets about one person, team, station or department, with lines to sign in order."""
    PEAKS = "peaks"
    """The peaks of the year beside each other."""
    DATA_QUALITY = "data_quality"
    """How far the figures can be trusted: who was not asked, did not answer or does not count."""
    PRIVACY = "privacy"
    """What is held of people, for how long, and what they have asked for."""


class Cell(Value):
    """A cell of a table: its words, and the exact number they stand for where there is one, in its unit.

    `quotes`: it holds what a person wrote, or about one, who may have it erased.
    `link` is the address of the page with what stands behind it, empty where nothing is to be opened.
    """

    text: str
    value: Fraction | None = None
    unit: MetricUnit | None = None
    quotes: bool = False
    link: str = ""


class Table(Value):
    """Rows of cells under the names of their columns; `title` is empty where the section's own says it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""

    def has_numbers(self, column: int) -> bool:
        """Return whether a column holds any number."""
        return any(row[column].value is not None for row in self.rows)


class Bar(Value):
    """One bar from 0: its value, the ends of its interval where it has one, and `text`, which stands beside it.

    `is_unsure`: too few answers for a conclusion, or the period is not over; it is drawn lighter. `link` as of a cell.
    """

    label: str
    value: Fraction
    text: str
    low: float | None = None
    high: float | None = None
    is_unsure: bool = False
    link: str = ""


class BarChart(Value):
    """Bars of one metric; `most` is the end of the axis: 100 for a share, the highest point of a scale."""

    title: str
    bars: tuple[Bar, ...]
    most: Fraction


class ColumnChart(Value):
    """Columns of one figure beside each other, in the order of time; what is a `text` alone has a value of 0."""

    title: str
    columns: tuple[Bar, ...]
    most: Fraction


class PlacedPoint(Value):
    """A point with its name, across and up: each a value with the ends of its interval."""

    label: str
    across: tuple[Fraction, float, float]
    up: tuple[Fraction, float, float]


class PointChart(Value):
    """Points around a crosshair, the first of them first; what is across and what is up have names, and bounds."""

    title: str
    across: str
    up: str
    points: tuple[PlacedPoint, ...]
    crosshair: tuple[Fraction, Fraction]
    bounds: tuple[tuple[int, int], tuple[int, int]]


class StackedBar(Value):
    """How answers to one question are spread: the count of each level, in the order of the chart's levels.

    `n` are the words for how many they are, which stand behind the label and are never cut off.
    """

    label: str
    counts: tuple[int, ...]
    n: str = ""


class StackedChart(Value):
    """Bars of 100 % each, divided by level, the best level first; `levels` are their words."""

    title: str
    levels: tuple[str, ...]
    bars: tuple[StackedBar, ...]


class Paragraph(Value):
    """Lines of text below each other."""

    lines: tuple[str, ...]


Block = Paragraph | Table | BarChart | ColumnChart | PointChart | StackedChart


class Section(Value):
    """A chapter of a report; `quotes`: all of it is what customers wrote."""

    title: str
    blocks: tuple[Block, ...]
    quotes: bool = False


class Tone(StrEnum):
    """Whether a change is good news; none where it may be chance, or nobody can say."""

    NONE = "none"
    BETTER = "better"
    WORSE = "worse"


class Headline(Value):
    """A figure in a few words: its name, value and n, the earlier value with a mark, what to mind."""

    name: str
    value: str
    n: str
    change: str = ""
    tone: Tone = Tone.NONE
    note: str = ""


class ReportDocument(Value):
    """A report: its kind, its language, its title with the lines below it, its chapters, and how it was computed.

    `signatures` are the names of lines to sign on paper. `headlines` are what a picture of it begins with, and
    `provisional` the line of its head that says that the period is not over, empty where it is; `legend` says what
    light bars and thin lines mean.
    """

    kind: ReportKind
    locale: str
    title: str
    head: tuple[str, ...]
    sections: tuple[Section, ...]
    appendix: tuple[Section, ...] = ()
    signatures: tuple[str, ...] = ()
    headlines: tuple[Headline, ...] = ()
    provisional: str = ""
    legend: str = ""


def without_quotes(document: ReportDocument) -> ReportDocument:
    """Return a report without what people wrote: it can be kept and shown to others, for nobody can have it erased."""
    return replace(
        document,
        sections=tuple(_unquoted(one) for one in document.sections if not one.quotes),
        appendix=tuple(_unquoted(one) for one in document.appendix if not one.quotes),
    )


def _unquoted(section: Section) -> Section:
    return replace(section, blocks=tuple(map(_without_words, section.blocks)))


def _without_words(block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    rows = (tuple(Cell(_LEFT_OUT) if cell.quotes else cell for cell in row) for row in block.rows)
    return replace(block, rows=tuple(rows))
