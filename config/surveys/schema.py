"""The shape of a survey's TOML file, and the Survey made of it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.settings.setting_types import Locale, OneLine, SurveyId, YesNo
from config.values.numbers import read_number, whole
from dialogs.survey import Question, RemarkRule, Survey
from scoring.rules import AlertRule
from scoring.scale import FIVE, Scale

__all__ = ["MOST_QUESTIONS", "AlertPart", "QuestionPart", "RemarkPart", "ScalePart", "SurveyFile"]

MOST_QUESTIONS = 20
"""The most questions a survey may have."""

_ASK_WHY_AT = Fraction(3)  # on 1-5, where the file does not say

Point = Annotated[int, BeforeValidator(whole(0, 100))]
Texts = dict[Locale, OneLine]


class Part(BaseModel):
    """A table of the file; a key that nobody reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ScalePart(Part):
    """`[scale]`: its ends, and per locale what its points are called."""

    lowest: Point = 1
    highest: Point = 5
    labels: dict[Locale, dict[Point, OneLine]] = {}

    def scale(self) -> Scale:
        """Return it as the core's value."""
        return Scale(self.lowest, self.highest, self.labels)


class QuestionPart(Part):
    """`[[questions]]`: one side of the service."""

    id: SurveyId
    name: Texts
    definition: Texts
    words: dict[Point, list[OneLine]] = {}
    topics: tuple[SurveyId, ...] = ()
    dimension: SurveyId | None = None

    def question(self) -> Question:
        """Return it as the core's value."""
        dimension = "" if self.dimension in (None, self.id) else self.dimension
        return Question(self.id, self.name, self.definition, _by_word(self.words), self.topics, dimension or "")


def _by_word(words: Mapping[int, list[str]]) -> dict[str, int]:
    return {word: value for value, several in words.items() for word in several}


class RemarkPart(Part):
    """`[remark]`: ask why at the first `at_most` ratings at or below a point."""

    at_or_below: Point
    at_most: Annotated[int, BeforeValidator(whole(0, MOST_QUESTIONS))]


class AlertPart(Part):
    """`[alerts]`: limits of this survey's own, on its own scale."""

    rating_at_or_below: Annotated[Fraction, BeforeValidator(read_number)]
    mean_below: Annotated[Fraction, BeforeValidator(read_number)]


class SurveyFile(Part):
    """A whole file; each field is valid in itself, config/surveys/validation.py checks whether they fit each other."""

    id: SurveyId
    version: Annotated[int, BeforeValidator(whole(1, 1_000_000))]
    title: Texts
    anonymous: YesNo = False
    scale: ScalePart = ScalePart()
    words: dict[Point, list[OneLine]] = {}
    questions: Annotated[tuple[QuestionPart, ...], Field(min_length=1)]
    remark: RemarkPart | None = None
    alerts: AlertPart | None = None

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
        return {"title": self.title, **asked, **labels}
