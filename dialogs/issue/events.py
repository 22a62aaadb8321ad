"""What can happen to an issue, and what the world must then be told."""

from enum import StrEnum

from dialogs.issue.model import Draft, TicketKey
from dialogs.issue.reasons import Reason
from scoring.rules import Severity
from scoring.values import Value

__all__ = [
    "Answered",
    "Claimed",
    "ConfirmationTimedOut",
    "Confirmed",
    "Denied",
    "Drafted",
    "Effect",
    "Joined",
    "Merged",
    "Overdue",
    "QuestionUndelivered",
    "Questioned",
    "Released",
    "Reopened",
    "Reported",
    "Resolved",
]


class Effect(StrEnum):
    """What the world must be told after a move."""

    CARD = "card"
    TELL_CUSTOMERS = "tell_customers"
    TELL_PROGRESS = "tell_progress"
    ASK_CUSTOMERS = "ask_customers"
    TELL_TEAM_REOPENED = "tell_team_reopened"
    TELL_TEAM_OVERDUE = "tell_team_overdue"


class Claimed(Value):
    """Somebody takes it; `who` identifies them, `by` is the name shown."""

    who: str
    by: str


class Released(Value):
    """The holder gives it back."""

    who: str


class Drafted(Value):
    """The holder wrote the customer's sentence and looks at it before sending; `purpose` None: it is the closure."""

    who: str
    by: str
    note: str
    purpose: Draft | None = None


class Reported(Value):
    """The holder tells the customer how it goes."""

    who: str
    by: str
    note: str


class Questioned(Value):
    """The holder asks the customer something."""

    who: str
    by: str
    question: str


class Answered(Value):
    """The customer answers what they were asked."""

    text: str


class Resolved(Value):
    """It is fixed; `note` is the sentence that the customer reads, whole."""

    who: str
    by: str
    note: str | None
    root_cause: str | None = None
    notify: bool = True


class Confirmed(Value):
    """A customer said "solved" about resolution number `resolution`."""

    customer: str
    resolution: int


class Denied(Value):
    """A customer said "not solved" about resolution number `resolution`."""

    customer: str
    resolution: int


class Reopened(Value):
    """A person opens it again."""


class QuestionUndelivered(Value):
    """The question reached nobody."""


class Overdue(Value):
    """Nobody has claimed it in time."""


class ConfirmationTimedOut(Value):
    """Nobody objected to the closure in time."""


class Joined(Value):
    """More of the same problem: a further response, a reason, another ticket."""

    reasons: tuple[Reason, ...] = ()
    severity: Severity = Severity.LOW
    responses: tuple[str, ...] = ()
    tickets: tuple[TicketKey, ...] = ()
    customers: tuple[str, ...] = ()


class Merged(Value):
    """It goes on as part of another issue."""

    into: str
