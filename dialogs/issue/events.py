"""What can happen to an issue, the line each of it leaves in the timeline, and the other effects.

An event carries who and what. `line` is its timeline line: the actions of the table hand it out as an effect, so a
transition and its line are written together, and no caller writes one beside the other.
"""

from enum import StrEnum

from dialogs.issue.model import Draft, TicketKey
from dialogs.issue.reasons import Reason
from scoring.rules import Severity
from scoring.values import Value

__all__ = [
    "ClosureNotSent",
    "ClosureUndelivered",
    "ConfirmationTimedOut",
    "Confirmed",
    "CustomerForgotten",
    "CustomerWrote",
    "Denied",
    "DeniedThroughMerged",
    "Drafted",
    "Effect",
    "IssueClaimed",
    "Merged",
    "MessageUndelivered",
    "MoreFound",
    "Overdue",
    "QuestionAnswered",
    "QuestionUndelivered",
    "Questioned",
    "RatingCorrected",
    "Released",
    "Reopened",
    "Reported",
    "Resolved",
    "TimelineLine",
]


class Effect(StrEnum):
    """An effect of a transition besides the line in the timeline."""

    CARD = "card"
    TELL_CUSTOMERS = "tell_customers"
    TELL_PROGRESS = "tell_progress"
    ASK_CUSTOMERS = "ask_customers"
    CALL_CUSTOMER = "call_customer"
    TELL_TEAM_REOPENED = "tell_team_reopened"
    TELL_TEAM_OVERDUE = "tell_team_overdue"


class TimelineLine(Value):
    """A line of the timeline: the event's name in the API, by whom, and a text; the row adds number and time."""

    event: str
    by: str | None = None
    text: str | None = None


# -- what somebody of the team does ----------------------------------------------------------------------------------


class IssueClaimed(Value):
    """Somebody takes it; `who` identifies them, `by` is the name shown."""

    who: str
    by: str

    @property
    def line(self) -> TimelineLine:
        """Say who took it."""
        return TimelineLine("claimed", self.by)


class Released(Value):
    """The holder gives it back."""

    who: str
    by: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who gave it back."""
        return TimelineLine("released", self.by)


class Drafted(Value):
    """The holder wrote the customer's sentence and looks at it before sending; `purpose` None: it is the closure."""

    who: str
    by: str
    note: str
    purpose: Draft | None = None

    @property
    def line(self) -> TimelineLine:
        """Keep the draft."""
        return TimelineLine("drafted", self.by, self.note)


class Reported(Value):
    """The holder tells the customer how it goes."""

    who: str
    by: str
    note: str

    @property
    def line(self) -> TimelineLine:
        """Keep what the customer was told."""
        return TimelineLine("progress", self.by, self.note)


class Questioned(Value):
    """The holder asks the customer something."""

    who: str
    by: str
    question: str

    @property
    def line(self) -> TimelineLine:
        """Keep what the customer was asked."""
        return TimelineLine("asked", self.by, self.question)


class Resolved(Value):
    """It is fixed; `note` is the sentence that the customer reads, whole."""

    who: str
    by: str
    note: str | None
    root_cause: str | None = None
    notify: bool = True

    @property
    def line(self) -> TimelineLine:
        """Say who resolved it and with which sentence."""
        return TimelineLine("resolved" if self.notify else "resolved_silently", self.by, self.note)


class Reopened(Value):
    """A person opens it again, and says why."""

    by: str = ""
    reason: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who opened it again, and why."""
        return TimelineLine("reopened", self.by, self.reason)


class MoreFound(Value):
    """More of the same problem: a further response, a reason, another ticket.

    `text` are the customer's words that came with it; `merged` is the id of the issue that it came from, if any.
    """

    reasons: tuple[Reason, ...] = ()
    severity: Severity = Severity.LOW
    responses: tuple[str, ...] = ()
    tickets: tuple[TicketKey, ...] = ()
    customers: tuple[str, ...] = ()
    text: str = ""
    by: str | None = None
    merged: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say what joined: the issue merged into it, else the reasons and the customer's words."""
        found = "; ".join(filter(None, (*map(str, self.reasons), self.text))) or None
        return TimelineLine("joined", self.by, self.merged or found)


class Merged(Value):
    """It goes on as part of another issue."""

    into: str
    by: str | None = None

    @property
    def line(self) -> TimelineLine:
        """Say where it goes on."""
        return TimelineLine("merged", self.by, self.into)


# -- what a customer does; `by` is their name ------------------------------------------------------------------------


class QuestionAnswered(Value):
    """The customer answers what they were asked."""

    text: str
    by: str = ""

    @property
    def line(self) -> TimelineLine:
        """Keep the answer."""
        return TimelineLine("answered", self.by, self.text)


class CustomerWrote(Value):
    """The customer says something about it that answers no question."""

    text: str
    by: str = ""

    @property
    def line(self) -> TimelineLine:
        """Keep the words."""
        return TimelineLine("customer_wrote", self.by, self.text)


class Confirmed(Value):
    """A customer said "solved" about resolution number `resolution`."""

    customer: str
    resolution: int
    by: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who confirmed it."""
        return TimelineLine("confirmed", self.by)


class Denied(Value):
    """A customer said "not solved" about resolution number `resolution`."""

    customer: str
    resolution: int
    by: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who denied it."""
        return TimelineLine("not_solved", self.by)


class DeniedThroughMerged(Value):
    """A customer said "not solved" about an issue that had been merged into this one."""

    by: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who denied it."""
        return TimelineLine("not_solved", self.by)


class RatingCorrected(Value):
    """The customer changed ratings after the issue was opened: `text` lists old and new."""

    text: str

    @property
    def line(self) -> TimelineLine:
        """Keep old and new."""
        return TimelineLine("corrected", None, self.text)


class CustomerForgotten(Value):
    """A customer of it was erased at their own wish."""

    @property
    def line(self) -> TimelineLine:
        """Say that somebody was, and not who."""
        return TimelineLine("customer_forgotten")


# -- what became of messages to customers: `why` is a reason of the API, such as `blocked` ---------------------------


class ClosureNotSent(Value):
    """A customer is not told of the resolution, for they opted out."""

    customer: str
    why: str

    @property
    def line(self) -> TimelineLine:
        """Say who was not told, and why."""
        return TimelineLine("closure_not_sent", None, f"{self.customer}: {self.why}")


class ClosureUndelivered(Value):
    """A customer could not be told of the resolution."""

    customer: str
    why: str

    @property
    def line(self) -> TimelineLine:
        """Say who was not told, and why."""
        return TimelineLine("closure_undeliverable", None, f"{self.customer}: {self.why}")


class MessageUndelivered(Value):
    """A progress note or a question did not reach a customer."""

    customer: str
    why: str

    @property
    def line(self) -> TimelineLine:
        """Say who was not reached, and why."""
        return TimelineLine("not_delivered", None, f"{self.customer}: {self.why}")


class QuestionUndelivered(Value):
    """The question reached nobody; `customer` is the last one tried."""

    customer: str = ""
    why: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who was not reached, and why."""
        return TimelineLine("not_delivered", None, f"{self.customer}: {self.why}")


# -- what time does --------------------------------------------------------------------------------------------------


class Overdue(Value):
    """Nobody has claimed it in time."""

    @property
    def line(self) -> TimelineLine:
        """Say so."""
        return TimelineLine("overdue")


class ConfirmationTimedOut(Value):
    """Nobody objected to the closure in time."""

    @property
    def line(self) -> TimelineLine:
        """Say that it is closed."""
        return TimelineLine("closed")
