"""The shape of a survey's TOML file, and the Survey made of it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.settings.setting_types import Locale, OneLine, SurveyId, YesNo
from config.values.numbers import read_number, whole
from config.values.strings import choice_of
from dialogs.survey import Question, RemarkRule, Survey, SurveySection
from scoring.forms.sheet import Grade
from scoring.rules import AlertRule
from scoring.scale import FIVE, Scale

__all__ = [
    "MOST_QUESTIONS",
    "AlertPart",
    "FileTable",
    "GradePart",
    "LocaleTexts",
    "Number",
    "Point",
    "QuestionPart",
    "RemarkPart",
    "ScalePart",
    "SectionPart",
    "SurveyFile",
]

MOST_QUESTIONS = 20
"""The most questions a survey may have."""

_ASK_WHY_AT = Fraction(3)  # on 1-5, where the file does not say

Point = Annotated[int, BeforeValidator(whole(0, 100))]
Number = Annotated[Fraction, BeforeValidator(read_number)]
LocaleTexts = dict[Locale, OneLine]


class FileTable(BaseModel):
    """A table of the file; a key that nobody reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ScalePart(FileTable):
    """`[scale]`: its ends, and per locale what its points are called."""

    lowest: Point = 1
    highest: Point = 5
    labels: dict[Locale, dict[Point, OneLine]] = {}

    def scale(self) -> Scale:
        """Return it as the core's value."""
        return Scale(self.lowest, self.highest, self.labels)


class QuestionPart(FileTable):
    """`[[questions]]`: one side of the service."""

    id: SurveyId
    name: LocaleTexts
    definition: LocaleTexts
    words: dict[Point, list[OneLine]] = {}
    topics: tuple[SurveyId, ...] = ()
    dimension: SurveyId | None = None
    scale: dict[Locale, dict[Point, OneLine]] = {}
    importance: Annotated[int, BeforeValidator(whole(1, 5))] | None = None
    reasons: dict[Locale, tuple[OneLine, ...]] = {}

    def question(self) -> Question:
        """Return it as the core's value."""
        return Question(
            self.id,
            self.name,
            self.definition,
            _by_word(self.words),
            self.topics,
            "" if self.dimension is None or self.dimension == self.id else self.dimension,
            self.scale,
            1 if self.importance is None else self.importance,
            self.reasons,
        )


def _by_word(words: Mapping[int, list[str]]) -> dict[str, int]:
    return {word: value for value, several in words.items() for word in several}


class SectionPart(FileTable):
    """`[[sections]]`: some of the questions, and what they make up of the total."""

    id: SurveyId
    name: LocaleTexts
    weight: Number
    questions: Annotated[tuple[SurveyId, ...], Field(min_length=1)]


class GradePart(FileTable):
    """`[[grades]]`: a grade and the total from which on it is reached."""

    at_least: Number
    name: LocaleTexts

    def grade(self) -> Grade:
        """Return it as the core's value."""
        return Grade(self.at_least, self.name)


class RemarkPart(FileTable):
    """`[remark]`: ask why at the first `at_most` ratings at or below a point."""

    at_or_below: Point
    at_most: Annotated[int, BeforeValidator(whole(0, MOST_QUESTIONS))]


class AlertPart(FileTable):
    """`[alerts]`: limits of this survey's own, on its own scale."""

    rating_at_or_below: Number
    mean_below: Number


class SurveyFile(FileTable):
    """A whole file; each field is valid in itself, config/surveys/validation.py checks whether they fit each other."""

    id: SurveyId
    version: Annotated[int, BeforeValidator(whole(1, 1_000_000))]
    title: LocaleTexts
    anonymous: YesNo = False
    scale: ScalePart = ScalePart()
    words: dict[Point, list[OneLine]] = {}
    questions: Annotated[tuple[QuestionPart, ...], Field(min_length=1)]
    remark: RemarkPart | None = None
    alerts: AlertPart | None = None
    sections: tuple[SectionPart, ...] = ()
    grades: tuple[GradePart, ...] = ()
    about: Annotated[str, BeforeValidator(choice_of("person", "team", "process", "policy"))] = ""
    unanswered: Annotated[str, BeforeValidator(choice_of("refuse", "leave_out"))] = "refuse"
    ask_importance: YesNo = False
    ask_contradiction: YesNo = True

    def survey(self) -> Survey:
        """Return it as the core's value."""
        scale = self.scale.scale()
        return Survey(
            self.id,
            self.version,
            self.title,
            scale,
            tuple(part.question() for part in self.questions),
            self._remark(scale),
            _by_word(self.words),
            self._alerts(scale),
            self.anonymous,
            tuple(SurveySection(part.id, part.name, part.weight, part.questions) for part in self.sections),
            tuple(part.grade() for part in self.grades),
            self.unanswered == "leave_out",
            self.about,
            self.ask_importance,
            self.ask_contradiction,
        )

    def _remark(self, scale: Scale) -> RemarkRule:
        if self.remark is None:
            return RemarkRule(int(scale.limit_from(FIVE, _ASK_WHY_AT)))
        return RemarkRule(self.remark.at_or_below, self.remark.at_most)

    def _alerts(self, scale: Scale) -> AlertRule | None:
        if self.alerts is None:
            return None
        return AlertRule(self.alerts.rating_at_or_below, self.alerts.mean_below, (), scale)

    def texts(self) -> Mapping[str, Mapping[str, object]]:
        """Return everything that is written per locale, by its key."""
        asked = {
            f"questions[{part.id}].{name}": texts
            for part in self.questions
            for name, texts in (("name", part.name), ("definition", part.definition))
        }
        labels = {"scale.labels": self.scale.labels} if self.scale.labels else {}
        own: dict[str, Mapping[str, object]] = {
            f"questions[{part.id}].scale": part.scale for part in self.questions if part.scale
        }
        own |= {f"questions[{part.id}].reasons": part.reasons for part in self.questions if part.reasons}
        sections = {f"sections[{part.id}].name": part.name for part in self.sections}
        grades = {f"grades[#{place}].name": part.name for place, part in enumerate(self.grades, 1)}
        return {"title": self.title, **asked, **labels, **own, **sections, **grades}
