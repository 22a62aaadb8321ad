"""What a text can say at a question of a survey."""

from dialogs.survey import Survey
from dialogs.understanding.lexicon import Intent
from scoring.values import Value

__all__ = ["AllChosen", "AskedQuestion", "Chosen", "Contrary", "OffScale", "Reading", "Wants", "Words"]


class AskedQuestion(Value):
    """The question that a text answers; `left` counts the questions without an answer, this one included."""

    survey: Survey
    question: str
    locale: str
    left: int = 1


class Chosen(Value):
    """One rating; `rest` are the words beside it, as written, or the whole text where it rates and says more.

    `explains`: they may say why, and are not just the rating itself.
    """

    value: int
    rest: str = ""
    explains: bool = True


class AllChosen(Value):
    """Ratings of all questions that are left: one `values` for each of them, or a single one for all."""

    values: tuple[int, ...]
    rest: str = ""


class OffScale(Value):
    """A number that is not on the scale."""


class Contrary(Value):
    """Signs that contradict each other: `5分👎`."""


class Wants(Value):
    """A wish instead of an answer."""

    intent: Intent


class Words(Value):
    """Anything else, which is kept; `complaint` where it plainly complains."""

    complaint: bool = False


Reading = Chosen | AllChosen | OffScale | Contrary | Wants | Words
