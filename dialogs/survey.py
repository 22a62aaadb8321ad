"""Survey definitions: questions, scale and wording, versioned; the number of questions is free."""

from collections.abc import Mapping

from scoring.rules import AlertRule
from scoring.scale import Scale
from scoring.values import Value, field

__all__ = ["DEFAULT_LOCALE", "Question", "RemarkRule", "Survey", "SurveyKey", "Texts", "in_locale"]

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
    """

    id: str
    name: Texts
    definition: Texts
    words: Mapping[str, int] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    dimension: str = ""

    @property
    def measures(self) -> str:
        """The dimension: the only key by which questions of several surveys are compared."""
        return self.dimension or self.id


class RemarkRule(Value):
    """When a remark ("what happened?") is asked for: at the first `at_most` ratings at or below `at_or_below`."""

    at_or_below: int = 3
    at_most: int = 2


class Survey(Value):
    """A questionnaire; `alerts` replaces the limits of the settings, in the units of this survey's scale.

    The answers to an `anonymous` survey are stored without the person (docs/decisions/anonymity.md). `words` maps
    further words of customers to ratings, such as `还行` to 3.
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
