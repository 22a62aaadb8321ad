"""Forms about people, teams and stations: who rates, what is rated, and what the result is made of."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

from dialogs.survey import Texts
from scoring.forms.attainment import attainment
from scoring.forms.sheet import FULL, Grade, SheetItem, SheetScore, SheetSection, score_sheet
from scoring.scale import Scale
from scoring.values import Value, field

__all__ = [
    "ANONYMOUS_ROLES",
    "Form",
    "FormItem",
    "FormSection",
    "KeyFigure",
    "RaterRole",
    "SheetField",
    "SubjectKind",
    "form_in_force",
]


class SubjectKind(StrEnum):
    """What a form is about."""

    AGENT = "agent"
    TEAM = "team"
    STATION = "station"
    DEPARTMENT = "department"


class RaterRole(StrEnum):
    """Who fills a form, seen from whom it is about."""

    SELF = "self"
    SUPERIOR = "superior"
    PEER = "peer"
    SUBORDINATE = "subordinate"
    STATION = "station"
    AUDITOR = "auditor"
    CUSTOMER = "customer"


ANONYMOUS_ROLES = frozenset({RaterRole.PEER, RaterRole.SUBORDINATE})
"""Roles whose raters are never named to the rated person, and are shown together only."""


class KeyFigure(Value):
    """A planned figure: its target, whether that is a limit to be kept, and the largest share that is earned."""

    target: Fraction
    is_limit: bool
    cap: Fraction
    unit: Texts


class FormItem(Value):
    """An item: rated on the form's scale, or worth up to `points`, or measured as a key `figure` of that many points.

    `importance` is its weight in the section; one that `may_not_apply` can leave the sums, one with `evidence` needs
    the address of some. `note` tells where it comes from, where that is not the source of the form.
    """

    id: str
    name: Texts
    definition: Texts = field(default_factory=dict)
    points: Fraction | None = None
    figure: KeyFigure | None = None
    importance: int = 1
    may_not_apply: bool = False
    evidence: bool = False
    note: Texts = field(default_factory=dict)


class FormSection(Value):
    """Items that make up `weight` of the 100 points of the total."""

    id: str
    name: Texts
    weight: Fraction
    items: tuple[FormItem, ...]


class SheetField(Value):
    """A line at the head or the foot of the sheet, for words; they are never scored.

    What stands in one that `is_action` is to be improved, and can be followed as a finding.
    """

    id: str
    name: Texts
    required: bool = False
    is_action: bool = False


class Form(Value):
    """A form and its version; `mixes` join the totals of several roles (`scoring/forms/raters.py`).

    Of the result, `customers_share` percent are the customers' ratings of whom it is about, 0 for none of it.
    It is in force from `effective_from` (`2026-01-01`) on, empty where it always was; `leaves_out` as in a survey.
    """

    id: str
    version: int
    title: Texts
    subject: SubjectKind
    raters: tuple[RaterRole, ...]
    scale: Scale
    sections: tuple[FormSection, ...]
    grades: tuple[Grade, ...] = ()
    mixes: tuple[Mapping[str, Fraction], ...] = ()
    head: tuple[SheetField, ...] = ()
    foot: tuple[SheetField, ...] = ()
    leaves_out: bool = False
    effective_from: str = ""
    prepared_by: str = ""
    checked_by: str = ""
    approved_by: str = ""
    customers_share: Fraction = Fraction(0)
    earns: Mapping[int, Fraction] = field(default_factory=dict)
    """What each point of the scale earns, in percent, where that is not its share of the highest."""
    earlier: tuple["Form", ...] = ()
    """The forms of the same id that were in force before, the latest first."""

    @property
    def items(self) -> tuple[FormItem, ...]:
        """All items, in their order."""
        return tuple(item for section in self.sections for item in section.items)

    def problem(self, item: FormItem, value: Fraction) -> str:
        """Return what is wrong with a value for an item, empty if it can be entered."""
        if item.figure is not None:
            return "is below 0; write what was measured" if value < 0 else ""
        if item.points is not None:
            return "" if 0 <= value <= item.points else f"is not between 0 and {float(item.points):g}"
        if value.denominator == 1 and int(value) in self.scale:
            return ""
        return f"is not on the scale {self.scale.lowest}-{self.scale.highest}"

    def score(self, values: Mapping[str, Fraction], not_applicable: Collection[str] = ()) -> SheetScore:
        """Return what a filled sheet earns; `values` are as they were entered, key figures as they were measured."""
        earned = {item.id: self._earned(item, values[item.id]) for item in self.items if item.id in values}
        sections = (
            SheetSection(section.id, section.weight, tuple(map(self._weighed, section.items)))
            for section in self.sections
        )
        return score_sheet(sections, self.grades, earned, leaves_out=self.leaves_out, not_applicable=not_applicable)

    def _weighed(self, item: FormItem) -> SheetItem:
        most = Fraction(self.scale.highest) if item.points is None else item.points
        return SheetItem(item.id, most, Fraction(item.importance))

    def _earned(self, item: FormItem, value: Fraction) -> Fraction:
        share = self.earns.get(int(value)) if item.points is None and value.denominator == 1 else None
        return _measured(item, value) if share is None else share * self.scale.highest / FULL


def _measured(item: FormItem, value: Fraction) -> Fraction:
    if item.figure is None or item.points is None:
        return value
    figure = item.figure
    return attainment(value, figure.target, is_limit=figure.is_limit, cap=figure.cap) * item.points


def form_in_force(form: Form, day: date) -> Form:
    """Return the form of the same id that is in force on a day; before the first one that one, to be refused by it."""
    every = (form, *form.earlier)
    return next((one for one in every if one.effective_from <= day.isoformat()), every[-1])
