"""The events of an interview, and the effects of its transitions."""

from enum import StrEnum

from scoring.values import Value

__all__ = [
    "Back",
    "Commented",
    "Declined",
    "Edited",
    "HandedOver",
    "Hint",
    "Lapsed",
    "LateWords",
    "NeverShown",
    "NotUnderstood",
    "Rated",
    "Remarked",
    "Reminded",
    "Resumed",
    "Shown",
    "Skipped",
    "Withdrawn",
    "Wordless",
]


class Rated(Value):
    """A question was rated."""

    question: str
    value: int


class Remarked(Value):
    """A sentence about the rating just given; `source` is the channel's id of the message."""

    text: str
    source: str = ""


class Commented(Value):
    """The open comment at the end."""

    text: str
    source: str = ""


class Edited(Value):
    """The customer reworded the message `source`."""

    text: str
    source: str


class Skipped(Value):
    """The step was passed over."""

    step: str


class Back(Value):
    """One step back from `step`, with what was written there."""

    step: str
    text: str = ""


class LateWords(Value):
    """Words written for a `step` that is over by now."""

    step: str
    text: str


class NotUnderstood(Value):
    """A text that is no answer to the question asked."""

    text: str


class Wordless(Value):
    """Something without words: a sticker, a voice, a picture."""


class Declined(Value):
    """The customer opted out."""


class Withdrawn(Value):
    """The ticket was reopened before the interview was finished."""


class NeverShown(Value):
    """The first question reached nobody, so nobody was asked."""


class Reminded(Value):
    """It is time for the one reminder."""


class Resumed(Value):
    """The customer came back and wants to see the question again."""


class Lapsed(Value):
    """The time for answering is over."""


class Hint(StrEnum):
    """What is said beside the question."""

    NONE = ""
    EXAMPLE = "example"
    WORDLESS = "wordless"
    PASSED_ON = "passed_on"
    REMINDER = "reminder"


class Shown(Value):
    """Show the interview as it stands: in its own message, or `afresh` in a new one at the end of the chat."""

    hint: Hint = Hint.NONE
    afresh: bool = False


class HandedOver(Value):
    """Twice not understood: a person should read `text`."""

    text: str
