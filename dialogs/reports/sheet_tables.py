"""Filled sheets in reports: the items with a column for each rater, what the sheets come to, checks of a week."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from dialogs.forms.filled_sheet import FilledSheet, FilledText
from dialogs.forms.joined_result import AddedPoints, PeriodResult
from dialogs.improvement.model import Finding
from dialogs.reports.document import Block, Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, number_cell, share_cell
from dialogs.sanitize import one_line
from dialogs.survey import Texts, in_locale
from scoring.forms.sheet import FULL
from scoring.honesty.intervals import wilson
from scoring.metrics.catalogue import MetricUnit
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from scoring.values import Value

__all__ = [
    "CheckedWeek",
    "RatedSheet",
    "SubjectResult",
    "check_sections",
    "followed_section",
    "how_joined",
    "result_table",
    "sheet_section",
]

_LONGEST = 120
_A_MOMENT = timedelta(seconds=1)


class RatedSheet(Value):
    """A sheet as it is shown: who filled it in which role, its lines and its words."""

    role: str
    rater: str
    period: str
    sheet: FilledSheet
    words: tuple[FilledText, ...] = ()


def sheet_section(sheets: Sequence[RatedSheet], words: ReportWords) -> Section:
    """Return the sheets of one form and period: a row for each item, a column for each rater, totals and grades last.

    What somebody wrote stands below, by the name of its field. The sheets may be of several versions of the form.
    """
    first = sheets[0].sheet
    names: dict[str, Texts] = {}
    for one in sheets:
        names |= {item.id: item.name for item in one.sheet.items}
    columns = (words.say("column.question"), *(_rater(one, words) for one in sheets))
    rows = [
        (Cell(in_locale(name, words.locale)), *(_value(one.sheet, id_, words) for one in sheets))
        for id_, name in names.items()
    ]
    total = (Cell(words.say("column.total")), *(_points(one.sheet.total, words) for one in sheets))
    grade = (Cell(words.say("column.grade")), *(Cell(_word(one.sheet.grade, words)) for one in sheets))
    lines = [
        words.say("sheet_words", field=in_locale(line.name, words.locale), text=line.text, by=_rater(one, words))
        for one in sheets
        for line in one.words
    ]
    blocks: list[Block] = [Table(columns, (*rows, total, grade))]
    blocks += [Paragraph(tuple(lines))] if lines else []
    title = words.say("between").join((in_locale(first.title, words.locale), sheets[0].period))
    return Section(title, tuple(blocks))


def _rater(one: RatedSheet, words: ReportWords) -> str:
    role = words.say(f"role.{one.role}")
    return words.say("rater", role=role, name=one.rater) if one.rater else role


def _value(sheet: FilledSheet, id_: str, words: ReportWords) -> Cell:
    item = next((one for one in sheet.items if one.id == id_), None)
    if item is not None and item.is_not_applicable:
        return Cell(words.say("not_applicable"))
    return _points(None if item is None else item.value, words)


def _points(exact: str | None, words: ReportWords) -> Cell:
    if exact is None:
        return Cell("")
    value = Fraction(exact)
    return Cell(_told(value, words), value, MetricUnit.POINTS)


def _word(grade: Texts, words: ReportWords) -> str:
    return in_locale(grade, words.locale) if grade else ""


def followed_section(found: Iterable[tuple[str, Finding]], words: ReportWords) -> tuple[Section, ...]:
    """Return what of the sheets is followed, in the words of the sheet, and how it stands; nothing where nothing is."""
    rows = tuple(
        (
            Cell(one_line(text, _LONGEST)),
            Cell("" if one.measure is None else one_line(one.measure.text, _LONGEST)),
            Cell(words.name("agent", one.department if one.measure is None else one.measure.owner)),
            Cell("" if one.measure is None else words.day(one.measure.due_at - _A_MOMENT)),
            Cell(words.say(f"measure_course.{one.state}")),
        )
        for text, one in found
    )
    columns = tuple(words.say(f"column.{name}") for name in ("to_improve", "measure", "owner", "due", "state"))
    return (Section(words.say("chapter.measures"), (Table(columns, rows),)),) if rows else ()


class SubjectResult(Value):
    """What the sheets of a form about one subject come to; `name` is what the subject is called."""

    name: str
    title: Texts
    result: PeriodResult


def result_table(results: Iterable[SubjectResult], words: ReportWords) -> Table | None:
    """Return a row for each subject and form: the total, its grade, how it came about; None where there is none."""
    rows = tuple(
        (
            Cell(one.name),
            Cell(in_locale(one.title, words.locale)),
            _points(None if one.result.total is None else str(one.result.total), words),
            Cell(_word(one.result.grade.name if one.result.grade is not None else {}, words)),
            Cell(how_joined(one.result, words)),
        )
        for one in results
    )
    names = ("who", "form", "total", "grade", "formula")
    return Table(tuple(words.say(f"column.{name}") for name in names), rows) if rows else None


def how_joined(result: PeriodResult, words: ReportWords) -> str:
    """Return how a total came about, or why there is none."""
    if result.left_out:
        return words.say(
            "result.left_out", reason=words.say("semicolon").join(_reason(line, words) for line in result.added)
        )
    if result.withheld:
        return words.say("result.withheld")
    if result.total is None:
        missing = words.say("between").join(words.say(f"role.{role}") for role in result.joined.missing)
        return words.say("result.missing", roles=missing) if missing else words.say("result.incomplete")
    told = _formula(result, words)
    for line in result.added:
        points = f"{'+' if (line.points or 0) >= 0 else ''}{_told(line.points or Fraction(0), words)}"
        told = words.say("result.added", formula=told, points=points, reason=line.reason)
    return told


def _reason(line: AddedPoints, words: ReportWords) -> str:
    return words.say("result.probation", last=line.probation) if line.probation else line.reason


def _formula(result: PeriodResult, words: ReportWords) -> str:
    """Return how the sheets of each role, or shorter periods, came to the total, before anything was added."""
    if result.parts:
        counted = [(one.period, one.total) for one in result.parts if one.total is not None]
        parts = (words.say("result.part", period=name, score=_told(total, words)) for name, total in counted)
        return words.say("result.mean_of", n=len(counted), parts=words.say("between").join(parts))
    sheets = " + ".join(
        words.say(
            "result.weighed",
            role=words.say(f"role.{one.role}"),
            score=_told(one.mean, words),
            weight=_told(one.weight, words),
        )
        for one in result.joined.roles
        if one.weight
    )
    theirs = result.customers
    if theirs is None or theirs.score is None:
        return sheets
    share, weight = (_told(one, words) for one in (FULL - theirs.share, theirs.share))
    score = _told(theirs.score, words)
    return words.say("result.with_customers", sheets=sheets, share=share, score=score, weight=weight)


def _told(number: Fraction, words: ReportWords) -> str:
    return words.phrases.number(words.locale, float(round(number, 2)))


class CheckedWeek(Value):
    """What one sheet of checks says: how many were checked and failed, None where that is no number, and each item."""

    period: str
    station: str
    checked: int | None
    failed: int | None
    items: Mapping[str, Fraction]
    follow_up: str


def check_sections(weeks: Sequence[CheckedWeek], names: Mapping[str, Texts], words: ReportWords) -> tuple[Section, ...]:
    """Return the checks week by week, the share that passed of all of them, and what follows."""
    if not weeks:
        return (Section(words.say("chapter.checks"), (Paragraph((words.say("nothing"),)),)),)
    head = ("period", "station", "checked", "failed")
    columns = (
        *(words.say(f"column.{one}") for one in head),
        *(in_locale(name, words.locale) for name in names.values()),
    )
    rows = tuple(
        (
            *(Cell(one.period), Cell(one.station), _count(one.checked, words), _count(one.failed, words)),
            *(share_cell(one.items[id_], words) if id_ in one.items else Cell("") for id_ in names),
        )
        for one in weeks
    )
    follow = [(Cell(one.period), Cell(one.station), Cell(one.follow_up)) for one in weeks if one.follow_up]
    listed = Table(tuple(words.say(f"column.{one}") for one in ("period", "station", "follow_up")), tuple(follow))
    nothing = Paragraph((words.say("no_follow_up"),))
    return (
        Section(words.say("chapter.checks"), (_passed(weeks, words), Table(columns, rows))),
        Section(words.say("chapter.follow_up"), (listed if follow else nothing,)),
    )


def _count(n: int | None, words: ReportWords) -> Cell:
    return Cell("") if n is None else number_cell(n, words)


def _passed(weeks: Iterable[CheckedWeek], words: ReportWords) -> Table:
    """Return the share that passed of what was checked, where both were told as numbers, with its interval."""
    known = [(one.checked, one.failed) for one in weeks if one.checked is not None and one.failed is not None]
    checked, failed = sum(n for n, _ in known), sum(n for _, n in known)
    columns = tuple(words.say(f"column.{name}") for name in ("what", "value", "n", "interval"))
    passed, interval = Cell(words.say("counts_only")), Cell("")
    if checked >= max(FEWEST_FOR_A_VALUE, failed):
        low, high = (share_cell(Fraction(100 * end), words).text for end in wilson(checked - failed, checked))
        passed = share_cell(Fraction(100 * (checked - failed), checked), words)
        interval = Cell(words.say("ends", low=low, high=high))
    return Table(columns, ((Cell(words.say("passed")), passed, number_cell(checked, words), interval),))
