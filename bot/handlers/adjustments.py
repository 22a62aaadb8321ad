"""Points for merits and demerits, and who is left out: lines beside the sheets, each with a reason and who says so."""

from collections.abc import Iterator
from fractions import Fraction

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid
from dialogs.forms.model import Form
from dialogs.ids import derive
from dialogs.names import is_same_person, name_key
from dialogs.time.periods import Period
from scoring.forms.sheet import FULL
from scoring.values import Value
from storage.model.filled_forms import Adjustment
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["AdjustmentOutcome", "NewAdjustment", "add_line", "adjustment_needs"]

_MAY = ("owner", "admin", "lead")
"""Roles of the roster that may change a result."""


class NewAdjustment(Value):
    """A line to add: `points` above or below 0, or None where the subject is to be left out of the result."""

    form: Form
    subject: str
    period: Period
    points: Fraction | None
    reason: str
    by: str

    @property
    def id(self) -> str:
        """Its id: the same line a second time is the same one, so that a repeated request adds nothing."""
        form, points = self.form, "out" if self.points is None else str(self.points)
        return derive("adj", form.id, form.subject, self.subject, self.period.name, points, name_key(self.reason))


class AdjustmentOutcome(Value):
    """A line that stands; `created` when it is new."""

    line: Adjustment
    created: bool = False


def adjustment_needs(new: NewAdjustment) -> Needs:
    """Return the need for the line that may be there, and for the roster, which says who may."""
    return Needs(adjustments=frozenset({new.id}), roster=True)


def add_line(context: DecisionContext, new: NewAdjustment) -> Decision[AdjustmentOutcome | Invalid]:
    """Add a line. The same one again changes nothing."""
    wrong = next((Invalid(field, problem) for field, problem in _problems(context, new)), None)
    if wrong is not None:
        return Decision(Changes(), wrong)
    known = context.snapshot.adjustment(new.id)
    if known is not None:
        return Decision(Changes(), AdjustmentOutcome(known))
    line = Adjustment(
        id=new.id,
        form=new.form.id,
        subject_kind=new.form.subject,
        subject=new.subject,
        period=new.period.name,
        since=new.period.since,
        points=None if new.points is None else str(new.points),
        reason=new.reason,
        by=new.by,
        at=context.now,
    )
    return Decision(Changes((line,)), AdjustmentOutcome(line, created=True))


def _problems(context: DecisionContext, new: NewAdjustment) -> Iterator[tuple[str, str]]:
    roster = context.snapshot.roster()
    if is_same_person(new.by, new.subject):
        yield "by", f"is {new.subject}, whose result it is"
    if roster and not any(one.role in _MAY and is_same_person(one.name, new.by) for one in roster):
        yield "by", f"is no {', '.join(_MAY)} on the roster"
    if new.points is not None and not 0 < abs(new.points) <= FULL:
        yield "points", "must be above or below 0, and at most 100"
    if new.period.since > context.now:
        yield "period", "has not begun yet"
