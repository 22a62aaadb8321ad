"""The result of a form about a subject for a period, from the sheets that are stored."""

from collections import defaultdict
from fractions import Fraction

from dialogs.forms.joined_result import GivenTotal, PeriodResult, ResultPart, join_parts, join_sheets
from dialogs.forms.model import Form
from dialogs.time.periods import Period
from storage.model.filled_forms import FilledForm
from storage.reads.rated_subjects import AssessmentReads

__all__ = ["read_result"]


async def read_result(reads: AssessmentReads, form: Form, subject: str, period: Period) -> PeriodResult:
    """Return the result of a period's own sheets; where there are none, the mean of the periods within it.

    A year without sheets of its own is so the mean of its quarters. Periods of several lengths are not mixed: those
    that are longest count.
    """
    found = await reads.of_subject(form.id, subject, period.since, period.until)
    theirs = [one for one in found if one.subject_kind is form.subject and one.until <= period.until]
    own = [one for one in theirs if (one.since, one.until) == (period.since, period.until)]
    if own or not theirs:
        return join_sheets(form, map(_given, own))
    longest = max(one.until - one.since for one in theirs)
    parts: defaultdict[str, list[FilledForm]] = defaultdict(list)
    for one in theirs:
        if (one.until - one.since) * 10 > longest * 9:  # months and quarters are not all of one length
            parts[one.period].append(one)
    return join_parts(form, [_part(form, name, sheets) for name, sheets in parts.items()])


def _part(form: Form, name: str, sheets: list[FilledForm]) -> ResultPart:
    result = join_sheets(form, map(_given, sheets))
    return ResultPart(name, result.total, result.grade, result.fewest)


def _given(assessment: FilledForm) -> GivenTotal:
    return GivenTotal(assessment.role, None if assessment.total is None else Fraction(assessment.total))
