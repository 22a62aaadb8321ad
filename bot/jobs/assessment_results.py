"""The result of a form about a subject for a period, from the sheets that are stored."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from dialogs.forms.joined_result import GivenTotal, PeriodResult, ResultPart, join_parts, join_sheets
from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole
from dialogs.survey import Texts
from dialogs.time.named_days import NamedDays, days_containing, named_days
from dialogs.time.periods import Period
from scoring.values import Value
from storage.model.filled_forms import FilledForm
from storage.reads.rated_subjects import AssessmentReads

__all__ = ["SheetComment", "read_comments", "read_result"]

_MARGIN = timedelta(days=5)
"""A week lies up to three days outside of the period that it is part of, and zones are 26 hours apart."""


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


async def read_result(reads: AssessmentReads, form: Form, subject: str, period: Period) -> PeriodResult:
    """Return the result of a period's own sheets; where they come to none, the mean of the periods within it.

    A year is so the mean of its quarters, and a quarter without a result of its own that of its months. Sheets are
    compared by the names of their periods: those that were stored while another time zone was set count as well.
    """
    found = await reads.of_subject(form.id, subject, period.since - _MARGIN, period.until + _MARGIN)
    return _result(form, named_days(period.name), [_sheet(one) for one in found if one.subject_kind is form.subject])


async def read_comments(reads: AssessmentReads, form: Form, subject: str, period: Period) -> list[SheetComment]:
    """Return what raters wrote about a subject in a period and those within it, but for peers and subordinates.

    How a single one of those writes would tell who it is.
    """
    found = await reads.of_subject(form.id, subject, period.since - _MARGIN, period.until + _MARGIN)
    whole = named_days(period.name)
    told = (one for one in found if one.subject_kind is form.subject and one.role not in ANONYMOUS_ROLES)
    within = (one for one in told if (days := named_days(one.period)) == whole or days.is_part_of(whole))
    return [SheetComment(one.period, one.role, one.rater, line.name, line.text) for one in within for line in one.words]


def _result(form: Form, whole: NamedDays, sheets: Sequence[_Sheet]) -> PeriodResult:
    own = join_sheets(form, (one.given for one in sheets if one.days == whole))
    shorter = [one for one in sheets if one.days.is_part_of(whole)]
    if own.total is not None or own.withheld or not shorter:
        return own
    longest = max(one.days.length for one in shorter)
    parts: defaultdict[NamedDays, list[_Sheet]] = defaultdict(list)
    for one in shorter:
        parts[days_containing(one.days.middle, longest)].append(one)
    ordered = sorted(parts.items(), key=lambda part: part[0].first)
    return join_parts(form, [_part(form, days, within) for days, within in ordered], own)


def _part(form: Form, days: NamedDays, sheets: Sequence[_Sheet]) -> ResultPart:
    result = _result(form, days, sheets)
    return ResultPart(days.name, result.total, result.grade, result.withheld)


def _sheet(assessment: FilledForm) -> _Sheet:
    held, days = assessment.released, named_days(assessment.period)
    if held is not None:
        return _Sheet(days, GivenTotal(assessment.role, Fraction(held)))
    total = None if assessment.total is None else Fraction(assessment.total)
    return _Sheet(days, GivenTotal(assessment.role, total, assessment.role in ANONYMOUS_ROLES))
