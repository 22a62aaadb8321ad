"""The result of a form about a subject for a period, from the sheets that are stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.jobs.period_summary import period_summary, read_cut
from dialogs.forms.joined_result import (
    AddedPoints,
    CustomersScore,
    GivenTotal,
    PeriodResult,
    ResultPart,
    join_parts,
    join_sheets,
    with_added,
    with_customers,
)
from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole, SubjectKind, form_in_force
from dialogs.known_words import Probation
from dialogs.names import is_same_person
from dialogs.survey import Texts
from dialogs.time.named_days import NamedDays, days_containing, named_days
from dialogs.time.periods import Period, named_period
from scoring.metrics.figure import SampleSize
from scoring.values import Value, replace
from storage.model.filled_forms import Adjustment, FilledForm
from storage.reads.reader import Reader

__all__ = ["ResultWanted", "SheetComment", "SubjectWanted", "read_comments", "read_result", "read_subject_results"]

_CUSTOMERS_METRIC, _LISTED = "score_rate", "lists.toml"
_MARGIN = timedelta(days=5)
"""A week lies up to three days outside of the period that it is part of, and zones are 26 hours apart."""


class ResultWanted(Value):
    """Whose result by which form for which period, asked at a moment; `zone` is that of the periods.

    `newest` is the form of the same id that holds last. Where that is asked for, instead of those that were in force as
    each period began, named raters' sheets are scored anew by it.
    """

    form: Form
    subject: str
    period: Period
    now: datetime
    zone: ZoneInfo
    newest: Form
    is_newest: bool = False
    probation: tuple[Probation, ...] = ()

    def within(self, days: NamedDays) -> "ResultWanted":
        """Return it for a shorter period, by the form that was in force as that began."""
        return self if self.is_newest else replace(self, form=form_in_force(self.newest, days.first))


class SubjectWanted(Value):
    """The same, by whatever form; `probation` are the people whose results do not count yet."""

    subject: str
    period: Period
    now: datetime
    zone: ZoneInfo
    probation: tuple[Probation, ...]

    def by(self, form: Form, *, latest: bool = False) -> ResultWanted:
        """Return it by one form: by that which was in force as the period began, unless the `latest` is wanted."""
        held = form if latest else form_in_force(form, named_days(self.period.name).first)
        about = (self.subject, self.period, self.now, self.zone)
        return ResultWanted(held, *about, form, is_newest=latest, probation=self.probation)


class SheetComment(Value):
    """Words on a sheet by a rater who is named, for whoever is rated; `name` is that of the field they stand in."""

    period: str
    role: RaterRole
    rater: str
    name: Texts
    text: str


class _Sheet(Value):
    days: NamedDays
    given: GivenTotal


@dataclass(frozen=True, slots=True)
class _Desk:
    """What results are read from, whose is wanted, and what was added to those of which periods."""

    reader: Reader
    wanted: ResultWanted
    added: tuple[tuple[NamedDays, AddedPoints], ...]


async def read_result(reader: Reader, wanted: ResultWanted) -> PeriodResult:
    """Return the result of a period's own sheets; where they come to none, the mean of the periods within it.

    A year is so the mean of its quarters, and a quarter without a result of its own that of its months. Sheets are
    compared by the names of their periods: those that were stored while another time zone was set count as well. Where
    the form gives customers a share, the result of sheets is joined with the customers' ratings in the same period.
    """
    form, since, until = wanted.form, wanted.period.since - _MARGIN, wanted.period.until + _MARGIN
    added = await reader.assessments.added_to(form.id, wanted.subject, since, until)
    lines = tuple((named_days(one.period), _line(one)) for one in added if one.subject_kind is form.subject)
    sheets = [_sheet(one, wanted) for one in await _sheets(reader, wanted)]
    return await _result(_Desk(reader, wanted, lines), named_days(wanted.period.name), sheets)


async def _sheets(reader: Reader, wanted: ResultWanted) -> list[FilledForm]:
    form, period = wanted.form, wanted.period
    since, until = period.since - _MARGIN, period.until + _MARGIN
    found = await reader.assessments.of_subject(form.id, wanted.subject, since, until)
    return [one for one in found if one.subject_kind is form.subject]


async def read_comments(reader: Reader, wanted: ResultWanted) -> list[SheetComment]:
    """Return what raters wrote about a subject in a period and those within it, but for peers and subordinates.

    How a single one of those writes would tell who it is.
    """
    whole = named_days(wanted.period.name)
    told = (one for one in await _sheets(reader, wanted) if one.role not in ANONYMOUS_ROLES)
    within = (one for one in told if (days := named_days(one.period)) == whole or days.is_part_of(whole))
    return [SheetComment(one.period, one.role, one.rater, line.name, line.text) for one in within for line in one.words]


async def read_subject_results(
    reader: Reader, forms: Mapping[str, Form], kind: SubjectKind, wanted: SubjectWanted
) -> list[tuple[ResultWanted, PeriodResult]]:
    """Return the results of every form by which sheets are about a subject in a period, in the order of the forms."""
    since, until = wanted.period.since - _MARGIN, wanted.period.until + _MARGIN
    used = await reader.assessments.forms_about(wanted.subject, since, until)
    found = []
    for form in forms.values():
        if form.id in used and form.subject is kind:
            asked = wanted.by(form)
            found.append((asked, await read_result(reader, asked)))
    return [each for each in found if _is_any(each[1])]


def _is_any(result: PeriodResult) -> bool:
    """Return whether there is any sheet in a result."""
    return bool(result.joined.roles or result.parts or result.incomplete or result.too_few or result.added)


async def _customers(desk: _Desk, days: NamedDays) -> CustomersScore:
    """Return the customers' part: their ratings of the subject, as a share of what was possible (`score_rate`)."""
    wanted = desk.wanted
    key, share = wanted.form.subject.value, wanted.form.customers_share
    period = named_period(days.name, wanted.zone)
    found = await period_summary(desk.reader, period, read_cut(key, _CUSTOMERS_METRIC), wanted.now)
    figure = next((one for one in found.summary.figures if one.cut[key] == wanted.subject), None)
    if figure is None:
        return CustomersScore(share, None, 0, 0, SampleSize.EMPTY)
    return CustomersScore(share, figure.value, figure.people, figure.n, figure.state)


async def _result(desk: _Desk, whole: NamedDays, sheets: Sequence[_Sheet]) -> PeriodResult:
    """Return what sheets come to, with what was added to the result of just this period."""
    lines = [line for days, line in desk.added if days == whole]
    lines += _on_probation(desk.wanted, whole)
    return with_added(desk.wanted.form, await _joined(desk, whole, sheets), lines)


def _on_probation(wanted: ResultWanted, whole: NamedDays) -> Iterator[AddedPoints]:
    """Yield the line that leaves out an agent who is on probation for most of a period."""
    if wanted.form.subject is SubjectKind.AGENT:
        for one in wanted.probation:
            if one.covers(whole.middle) and is_same_person(one.agent, wanted.subject):
                last = one.last.isoformat()
                yield AddedPoints(None, f"probation until {last}", _LISTED, wanted.period.since, last)
                return


async def _joined(desk: _Desk, whole: NamedDays, sheets: Sequence[_Sheet]) -> PeriodResult:
    form = desk.wanted.form
    own = join_sheets(form, (one.given for one in sheets if one.days == whole))
    shorter = [one for one in sheets if one.days.is_part_of(whole)]
    if own.total is not None or own.withheld or not shorter:
        return with_customers(form, own, await _customers(desk, whole)) if form.customers_share else own
    longest = max(one.days.length for one in shorter)
    parts: defaultdict[NamedDays, list[_Sheet]] = defaultdict(list)
    for one in shorter:
        parts[days_containing(one.days.middle, longest)].append(one)
    ordered = sorted(parts.items(), key=lambda part: part[0].first)
    return join_parts(form, [await _part(desk, days, within) for days, within in ordered], own)


async def _part(desk: _Desk, days: NamedDays, sheets: Sequence[_Sheet]) -> ResultPart:
    result = await _result(desk, days, sheets)
    return ResultPart(days.name, result.total, result.grade, result.withheld)


def _line(one: Adjustment) -> AddedPoints:
    points = None if one.points is None else Fraction(one.points)
    return AddedPoints(points, one.reason, one.by, one.at)


def _sheet(assessment: FilledForm, wanted: ResultWanted) -> _Sheet:
    held, days = assessment.released, named_days(assessment.period)
    if held is not None:
        return _Sheet(days, GivenTotal(assessment.role, Fraction(held)))
    total = None if assessment.total is None else Fraction(assessment.total)
    if wanted.is_newest and assessment.role not in ANONYMOUS_ROLES:
        total = _scored_anew(assessment, wanted.form)
    return _Sheet(days, GivenTotal(assessment.role, total, assessment.role in ANONYMOUS_ROLES))


def _scored_anew(assessment: FilledForm, form: Form) -> Fraction | None:
    """Return the total of a sheet by another form, None where an item of that was not on it."""
    items = assessment.sheet.items
    values = {item.id: Fraction(item.value) for item in items if item.value is not None}
    return form.score(values, [item.id for item in items if item.is_not_applicable]).total
