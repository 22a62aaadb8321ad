"""Assessments: sheets that somebody has filled about a person, a team, a station or a department, for a period."""

from datetime import datetime

from dialogs.forms.filled_sheet import FilledSheet, FilledText
from dialogs.forms.model import RaterRole, SubjectKind
from scoring.values import Value, replace

__all__ = ["Adjustment", "AssessmentFile", "FilledForm", "without_words"]


class FilledForm(Value):
    """A filled sheet; `version` 0 is new, and each correction writes the next one.

    The `period` by its name, with its ends in UTC; `rater` is who rated, `by` who entered it, `source` the way by which
    a customer's answers came, `sheet_no` the number on their paper. Only a sheet of a customer has a `customer`, and
    its number, `words` and `evidence` are theirs: they go with them (`storage/privacy`). `total` is exact, None for an
    incomplete sheet. Of a role without names `released` is the total that the role's mean holds, None for
    none: it follows in steps (`scoring/forms/raters.py`).
    """

    id: str
    form: str
    form_number: int
    subject_kind: SubjectKind
    subject: str
    period: str
    since: datetime
    until: datetime
    role: RaterRole
    rater: str
    by: str
    at: datetime
    sheet: FilledSheet
    words: tuple[FilledText, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    total: str | None = None
    customer: str | None = None
    source: str = ""
    sheet_no: str = ""
    released: str | None = None
    version: int = 0


class AssessmentFile(Value):
    """A file that was uploaded as evidence; its content is the stored file with this `hash`.

    `assessment` is the sheet that it is for, with the item that it shows; both are empty while no sheet names it, and
    whichever does first has it from then on. `kept_until` is when it goes, None while its sheet names it. `customer` is
    who uploaded it, or whose sheet it is, None where that is no customer's.
    """

    id: str
    assessment: str
    item: str
    hash: str
    name: str
    media_type: str
    size: int
    by: str
    at: datetime
    kept_until: datetime | None = None
    version: int = 0
    customer: str | None = None


class Adjustment(Value):
    """Points that somebody adds to a result or takes from it, and why; without points the subject is left out of it.

    It stands for ever: who takes it back adds the opposite. `points` are exact.
    """

    id: str
    form: str
    subject_kind: SubjectKind
    subject: str
    period: str
    since: datetime
    points: str | None
    reason: str
    by: str
    at: datetime


def without_words(assessment: FilledForm) -> FilledForm:
    """Return a customer's sheet without what they wrote and showed, and without the number of their paper."""
    return replace(assessment, words=(), evidence=(), sheet_no="")
