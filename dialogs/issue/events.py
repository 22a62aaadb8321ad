"""What can happen to an issue, the line each of it leaves in the timeline, and the other effects.

An event carries who and what. `line` is its timeline line: the actions of the table hand it out as an effect, so a
transition and its line are written together, and no caller writes one beside the other. What time does to an issue
stands last, in `event_when_due`.
"""

from enum import StrEnum
from typing import ClassVar

from dialogs.issue.model import Draft, Issue, IssueState, TicketKey
from dialogs.issue.reasons import Reason
from scoring.complaints import Judgement
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
    "HolderReminded",
    "IssueAssigned",
    "IssueClaimed",
    "IssueHappening",
    "Judged",
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
    "ResolutionOverdue",
    "Resolved",
    "TimelineLine",
    "event_when_due",
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
    TELL_HOLDERS = "tell_holders"
    REMIND_HOLDER = "remind_holder"


class TimelineLine(Value):
    """A line of the timeline: the event's name in the API, by whom, and a text; the row adds number and time."""

    event: str
    by: str | None = None
    text: str | None = None


class IssueHappening(Value):
    """Something that happens to an issue."""

    named: ClassVar[str]
    """The event's name in the API."""
    also_named: ClassVar[str] = ""
    """Its name where it has another one in some cases; empty for none."""
    worded: ClassVar[str] = ""
    """The field that holds the line's text; empty for none."""

    @property
    def line(self) -> TimelineLine:
        """What the timeline says of it, by the name in `by` where somebody does it."""
        text = getattr(self, self.worded) if self.worded else None
        return TimelineLine(self.named, getattr(self, "by", None), text)


# -- what somebody of the team does: `who` identifies them, `by` is the name shown -----------------------------------


class IssueClaimed(IssueHappening):
    """Somebody takes it."""

    named = "claimed"

    who: str
    by: str


class IssueAssigned(IssueHappening):
    """Somebody gives it to `to`, who may be themselves; `leads` says that they may do so at any time.

    `former` is the name of whoever held it, empty for nobody.
    """

    named = "assigned"
    also_named = "taken_over"

    who: str
    by: str
    to_who: str
    to: str
    leads: bool = False
    former: str = ""

    @property
    def line(self) -> TimelineLine:
        """Say who took it over or gave it, from whom and to whom."""
        is_taken = self.who == self.to_who and bool(self.former)
        return TimelineLine(self.also_named if is_taken else self.named, self.by, self.names)

    @property
    def names(self) -> str:
        """Return whom it went from and to: `李工 → 王工`."""
        return f"{self.former} → {self.to}" if self.former else self.to


class Released(IssueHappening):
    """The holder gives it back."""

    named = "released"

    who: str
    by: str = ""


class Drafted(IssueHappening):
    """The holder wrote the customer's sentence and looks at it before sending; `purpose` None: it is the closure."""

    named = "drafted"
    worded = "note"

    who: str
    by: str
    note: str
    purpose: Draft | None = None


class Reported(IssueHappening):
    """The holder tells the customer how it goes."""

    named = "progress"
    worded = "note"

    who: str
    by: str
    note: str


class Questioned(IssueHappening):
    """The holder asks the customer something."""

    named = "asked"
    worded = "question"

    who: str
    by: str
    question: str


class Resolved(IssueHappening):
    """It is fixed; `note` is the sentence that the customer reads, whole."""

    named = "resolved"

    who: str
    by: str
    note: str | None
    root_cause: str | None = None
    notify: bool = True

    @property
    def line(self) -> TimelineLine:
        """Say who resolved it and with which sentence."""
        return TimelineLine(self.named if self.notify else "resolved_silently", self.by, self.note)


class Judged(IssueHappening):
    """Somebody looked into it; what `judgement` leaves empty stays as it was."""

    named = "judged"
    worded = "words"

    by: str
    judgement: Judgement

    @property
    def words(self) -> str:
        """Return what was found out."""
        return self.judgement.words


class Reopened(IssueHappening):
    """A person opens it again, and says why."""

    named = "reopened"
    worded = "reason"

    by: str = ""
    reason: str = ""


class MoreFound(IssueHappening):
    """More of the same problem: a further response, a reason, another ticket.

    `text` are the customer's words that came with it, `unread` where they say no more than the reasons; `merged` is
    the id of the issue that it came from, if any.
    """

    named = "joined"

    reasons: tuple[Reason, ...] = ()
    severity: Severity = Severity.LOW
    responses: tuple[str, ...] = ()
    tickets: tuple[TicketKey, ...] = ()
    customers: tuple[str, ...] = ()
    text: str = ""
    by: str | None = None
    merged: str = ""
    unread: bool = False

    @property
    def line(self) -> TimelineLine:
        """Say what joined: the issue merged into it, else the reasons and the customer's words."""
        found = "; ".join(filter(None, (*map(str, self.reasons), self.text))) or None
        return TimelineLine(self.named, self.by, self.merged or found)


class Merged(IssueHappening):
    """It goes on as part of another issue."""

    named = "merged"
    worded = "into"

    into: str
    by: str | None = None


# -- what a customer does; `by` is their name ------------------------------------------------------------------------


class QuestionAnswered(IssueHappening):
    """The customer answers what they were asked."""

    named = "answered"
    worded = "text"

    text: str
    by: str = ""


class CustomerWrote(IssueHappening):
    """The customer says something about it that answers no question; `unread` where nobody has to read it."""

    named = "customer_wrote"
    worded = "text"

    text: str
    by: str = ""
    unread: bool = False


class Confirmed(IssueHappening):
    """A customer said "solved" about resolution number `resolution`."""

    named = "confirmed"

    customer: str
    resolution: int
    by: str = ""


class Denied(IssueHappening):
    """A customer said "not solved" about resolution number `resolution`."""

    named = "not_solved"

    customer: str
    resolution: int
    by: str = ""


class DeniedThroughMerged(IssueHappening):
    """A customer said "not solved" about an issue that had been merged into this one."""

    named = "not_solved"

    by: str = ""


class RatingCorrected(IssueHappening):
    """The customer changed ratings after the issue was opened: `text` lists old and new."""

    named = "corrected"
    worded = "text"

    text: str


class CustomerForgotten(IssueHappening):
    """A customer of it was erased at their own wish; the line does not say who."""

    named = "customer_forgotten"


# -- what became of messages to customers: `why` is a reason of the API, such as `blocked` ---------------------------


class _NotReached(IssueHappening):
    worded = "customer_and_why"

    customer: str = ""
    why: str = ""

    @property
    def customer_and_why(self) -> str:
        return f"{self.customer}: {self.why}"


class ClosureNotSent(_NotReached):
    """A customer is not told of the resolution, for they opted out."""

    named = "closure_not_sent"


class ClosureUndelivered(_NotReached):
    """A customer could not be told of the resolution."""

    named = "closure_undeliverable"


class MessageUndelivered(_NotReached):
    """A progress note or a question did not reach a customer."""

    named = "not_delivered"


class QuestionUndelivered(_NotReached):
    """The question reached nobody; `customer` is the last one tried."""

    named = "not_delivered"


# -- what time does --------------------------------------------------------------------------------------------------


class Overdue(IssueHappening):
    """Nobody has claimed it in time."""

    named = "overdue"


class HolderReminded(IssueHappening):
    """The time to resolve it is over: whoever holds it is reminded."""

    named = "reminded"


class ResolutionOverdue(IssueHappening):
    """The holder was reminded, and it is still not resolved."""

    named = "escalated"


class ConfirmationTimedOut(IssueHappening):
    """Nobody objected to the closure in time."""

    named = "closed"


def event_when_due(issue: Issue) -> IssueHappening | None:
    """Return what happens to an issue at its `wake_at`; `bot.handlers.due` brings it.

    Actions set `wake_at`: it is the deadline for claiming while an issue is open; while somebody holds it the deadline
    for resolving, then the moment of the escalation; the end of the time to object once it is resolved. It is None
    while nothing is due: once it was escalated, when it is closed.
    """
    match issue.state:
        case IssueState.OPEN:
            return Overdue()
        case IssueState.CLAIMED:
            return ResolutionOverdue() if issue.is_reminded else HolderReminded()
        case IssueState.RESOLVED:
            return ConfirmationTimedOut()
        case IssueState.CLOSED:
            return None
