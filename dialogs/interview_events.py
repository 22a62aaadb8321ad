"""What can happen to an interview, and what the world must then be told."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Back",
    "Commented",
    "Declined",
    "Edited",
    "HandedOver",
    "Hint",
    "Lapsed",
    "Mumbled",
    "Rated",
    "Remarked",
    "Reminded",
    "Resumed",
    "Shown",
    "Skipped",
    "Withdrawn",
]


@dataclass(frozen=True, slots=True)
class Rated:
    """A question was given a value on the scale."""

    question: str
    value: int


@dataclass(frozen=True, slots=True)
class Remarked:
    """A sentence about the rating just given; `source` is the channel's id of the message."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Commented:
    """The open comment at the end."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """The customer reworded the message `source`."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The step was passed over."""

    step: str


@dataclass(frozen=True, slots=True)
class Back:
    """One step back from `step`."""

    step: str


@dataclass(frozen=True, slots=True)
class Mumbled:
    """A text that is no answer to the question asked."""

    text: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The customer wants no more of this."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The ticket was reopened before the interview was finished."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """It is time for the one reminder."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The customer came back and wants to see the question again."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """The time for answering is over."""


class Hint(StrEnum):
    """What is said beside the question."""

    NONE = ""
    EXAMPLE = "example"
    PASSED_ON = "passed_on"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Shown:
    """Show the interview as it stands: in its own message, or `afresh` in a new one at the end of the chat."""

    hint: Hint = Hint.NONE
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Twice not understood: a person should read `text`."""

    text: str
