"""Survey definitions: questions, scale and wording, versioned; the number of questions is free."""

from collections.abc import Mapping
from fractions import Fraction

from scoring.forms.sheet import FULL, Grade, SheetItem, SheetScore, SheetSection, score_sheet
from scoring.rules import AlertRule
from scoring.scale import Scale
from scoring.values import Value, field, replace

__all__ = ["DEFAULT_LOCALE", "Question", "RemarkRule", "Survey", "SurveyKey", "SurveySection", "Texts", "in_locale"]

Texts = Mapping[str, str]
"""The same sentence per locale."""

SurveyKey = tuple[str, int]
"""A survey's id and version."""

DEFAULT_LOCALE = "zh-Hans"


def in_locale(texts: Texts, locale: str) -> str:
    """Return the text in the locale, else in Simplified Chinese, else in the first language there is."""
    return texts.get(locale) or texts.get(DEFAULT_LOCALE) or next(iter(texts.values()), "")


class Question(Value):
    """A question about one dimension of the service: its id, its name and its one-line definition.

    `words` maps what customers say about this dimension to ratings, such as `太慢了` to 1; `topics` names lists of the
    lexicon with further ones. `dimension` is what it measures, where that is not its id (see `measures`).
    `labels` are words of its own for the points of the scale, by language; `importance` is its weight in the total.
    `reasons` for a low rating, by language, can be tapped instead of written.
    """

    id: str
    name: Texts
    definition: Texts
    words: Mapping[str, int] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    dimension: str = ""
    labels: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    importance: int = 1
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def measures(self) -> str:
        """The dimension: the only key by which questions of several surveys are compared."""
        return self.dimension or self.id

    def reasons_in(self, locale: str) -> tuple[str, ...]:
        """Return the reasons in a locale, else in Simplified Chinese, else in the first language there is."""
        return self.reasons.get(locale) or self.reasons.get(DEFAULT_LOCALE) or next(iter(self.reasons.values()), ())


class RemarkRule(Value):
    """When a remark ("what happened?") is asked for: at the first `at_most` ratings at or below `at_or_below`."""

    at_or_below: int = 3
    at_most: int = 2


class SurveySection(Value):
    """Some questions of a survey, which make up `weight` of the 100 points of its total."""

    id: str
    name: Texts
    weight: Fraction
    questions: tuple[str, ...]


class Survey(Value):
    """A questionnaire; `alerts` replaces the limits of the settings, in the units of this survey's scale.

    The answers to an `anonymous` survey are stored without the person (docs/decisions/anonymity.md). `words` maps
    further words of customers to ratings, such as `还行` to 3. `sections` and `grades` say what a total is made of;
    `leaves_out`: unanswered questions leave it, where otherwise an incomplete response has none. `about` is what is
    evaluated: `person`, `team`, `process` or `policy`; empty where the file does not say. `asks_importance`: customers
    are asked how important to them is what they rated. `asks_contradiction`: they are asked once which is meant where
    their words say the opposite of their ratings.
    """

    id: str
    version: int
    title: Texts
    scale: Scale
    questions: tuple[Question, ...]
    remark: RemarkRule = RemarkRule()
    words: Mapping[str, int] = field(default_factory=dict)
    alerts: AlertRule | None = None
    anonymous: bool = False
    sections: tuple[SurveySection, ...] = ()
    grades: tuple[Grade, ...] = ()
    leaves_out: bool = False
    about: str = ""
    asks_importance: bool = False
    asks_contradiction: bool = True

    @property
    def key(self) -> SurveyKey:
        """The key that an interview stores of its survey."""
        return self.id, self.version

    def question(self, question: str) -> Question:
        """Return a question by its id. Raises KeyError for one that the survey does not ask."""
        return self.questions[self.place(question)]

    def place(self, question: str) -> int:
        """Return the position of a question, 0 first. Raises KeyError for one that the survey does not ask."""
        for place, asked in enumerate(self.questions):
            if asked.id == question:
                return place
        raise KeyError(question)

    def scale_of(self, question: str) -> Scale:
        """Return the scale of a question, with the question's own words for its points where it has some."""
        own = next((asked.labels for asked in self.questions if asked.id == question), None)
        return replace(self.scale, labels=own) if own else self.scale

    @property
    def has_total(self) -> bool:
        """Whether a response has a total of 100: the survey has sections, grades, or questions of more importance."""
        return bool(self.sections or self.grades or any(question.importance != 1 for question in self.questions))

    def total(self, ratings: Mapping[str, int]) -> SheetScore:
        """Return the total, grade and sections of a response; without sections all questions are one of weight 100."""
        every = tuple(question.id for question in self.questions)
        sections = self.sections or (SurveySection("", {}, FULL, every),)
        return score_sheet(map(self._weighed, sections), self.grades, ratings, leaves_out=self.leaves_out)

    def _weighed(self, section: SurveySection) -> SheetSection:
        most = Fraction(self.scale.highest)
        items = (SheetItem(name, most, Fraction(self.question(name).importance)) for name in section.questions)
        return SheetSection(section.id, section.weight, tuple(items))
