"""The shape of a form's TOML file, and the Form made of it."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field

from config.settings.setting_types import OneLine, SurveyId, YesNo
from config.surveys.schema import FileTable, GradePart, LocaleTexts, Number, Point, ScalePart
from config.values.days import read_day
from config.values.numbers import whole
from config.values.strings import choice_of
from dialogs.forms.model import Form, FormItem, FormSection, KeyFigure, RaterRole, SheetField, SubjectKind
from scoring.forms.attainment import CAP_OF_LIMITS, CAP_OF_PLANS

__all__ = ["CustomersPart", "FieldPart", "FormFile", "FormItemPart", "FormSectionPart"]

Role = Annotated[str, BeforeValidator(choice_of(*RaterRole))]
_PERCENT = 100


class FormItemPart(FileTable):
    """`[[sections.items]]`: one line of the sheet."""

    id: SurveyId
    name: LocaleTexts
    definition: LocaleTexts = Field(default_factory=dict)
    points: Number | None = None
    target: Number | None = None
    direction: Annotated[str, BeforeValidator(choice_of("at_least", "at_most"))] = "at_least"
    cap: Number | None = None
    unit: LocaleTexts = Field(default_factory=dict)
    importance: Annotated[int, BeforeValidator(whole(1, 5))] = 1
    may_not_apply: YesNo = False
    evidence: YesNo = False
    note: LocaleTexts = Field(default_factory=dict)

    def item(self) -> FormItem:
        """Return it as the core's value."""
        return FormItem(
            self.id,
            self.name,
            self.definition,
            self.points,
            self._figure(),
            self.importance,
            self.may_not_apply,
            self.evidence,
            self.note,
        )

    def _figure(self) -> KeyFigure | None:
        if self.target is None:
            return None
        is_limit = self.direction == "at_most"
        usual = CAP_OF_LIMITS if is_limit else CAP_OF_PLANS
        return KeyFigure(self.target, is_limit, usual if self.cap is None else self.cap / _PERCENT, self.unit)


class FormSectionPart(FileTable):
    """`[[sections]]`: items that make up one part of the total; without a weight that is the sum of their points."""

    id: SurveyId
    name: LocaleTexts
    weight: Number | None = None
    items: Annotated[tuple[FormItemPart, ...], Field(min_length=1)]

    @property
    def share(self) -> Fraction:
        """Its part of the 100."""
        if self.weight is not None:
            return self.weight
        return sum((item.points for item in self.items if item.points is not None), start=Fraction(0))

    def section(self) -> FormSection:
        """Return it as the core's value."""
        return FormSection(self.id, self.name, self.share, tuple(part.item() for part in self.items))


class FieldPart(FileTable):
    """`[[head]]` and `[[foot]]`: a line for words."""

    id: SurveyId
    name: LocaleTexts
    required: YesNo = False
    action: YesNo = False

    def field(self) -> SheetField:
        """Return it as the core's value."""
        return SheetField(self.id, self.name, self.required, self.action)


class CustomersPart(FileTable):
    """`[customers]`: how much of the result their ratings are."""

    share: Number


class FormFile(FileTable):
    """A whole file; config/forms/validation.py checks whether its fields fit each other."""

    id: SurveyId
    version: Annotated[int, BeforeValidator(whole(1, 1_000_000))]
    title: LocaleTexts
    subject: Annotated[str, BeforeValidator(choice_of(*SubjectKind))]
    raters: Annotated[tuple[Role, ...], Field(min_length=1)]
    scale: ScalePart = ScalePart()
    earns: dict[Point, Number] = Field(default_factory=dict)
    sections: Annotated[tuple[FormSectionPart, ...], Field(min_length=1)]
    grades: tuple[GradePart, ...] = ()
    mixes: tuple[dict[Role, Number], ...] = ()
    customers: CustomersPart | None = None
    head: tuple[FieldPart, ...] = ()
    foot: tuple[FieldPart, ...] = ()
    unanswered: Annotated[str, BeforeValidator(choice_of("refuse", "leave_out"))] = "refuse"
    effective_from: Annotated[date, BeforeValidator(read_day)] | None = None
    prepared_by: OneLine | None = None
    checked_by: OneLine | None = None
    approved_by: OneLine | None = None

    def form(self) -> Form:
        """Return it as the core's value."""
        return Form(
            self.id,
            self.version,
            self.title,
            SubjectKind(self.subject),
            tuple(map(RaterRole, self.raters)),
            self.scale.scale(),
            tuple(part.section() for part in self.sections),
            tuple(part.grade() for part in self.grades),
            self.mixes,
            tuple(part.field() for part in self.head),
            tuple(part.field() for part in self.foot),
            self.unanswered == "leave_out",
            self.effective_from.isoformat() if self.effective_from else "",
            self.prepared_by or "",
            self.checked_by or "",
            self.approved_by or "",
            self.customers.share if self.customers is not None else Fraction(0),
            earns=self.earns,
        )

    def texts(self) -> Mapping[str, Mapping[str, object]]:
        """Return everything that is written per locale, by its key."""
        found: dict[str, Mapping[str, object]] = {"title": self.title}
        if self.scale.labels:
            found["scale.labels"] = self.scale.labels
        for section in self.sections:
            found[f"sections[{section.id}].name"] = section.name
            for item in section.items:
                key = f"sections[{section.id}].items[{item.id}]"
                optional = {"definition": item.definition, "unit": item.unit, "note": item.note}
                found[f"{key}.name"] = item.name
                found |= {f"{key}.{name}": texts for name, texts in optional.items() if texts}
        found |= {f"head[{part.id}].name": part.name for part in self.head}
        found |= {f"foot[{part.id}].name": part.name for part in self.foot}
        return found | {f"grades[#{place}].name": part.name for place, part in enumerate(self.grades, 1)}
