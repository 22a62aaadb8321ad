"""What an issue is: the thing that a low score, an alert word or a person opens for the team."""

from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from dialogs.issue.reasons import Reason
from dialogs.time.working_time import WorkingTime
from scoring.complaints import Judgement
from scoring.rules import Severity
from scoring.values import Value

__all__ = [
    "CLOSES_AFTER",
    "NOT_CLOSED",
    "WITH_THE_TEAM",
    "Draft",
    "Issue",
    "IssueKind",
    "IssueState",
    "IssueTerms",
    "Quote",
    "TicketKey",
]

TicketKey = tuple[str, str]
"""A ticket's source and its id there."""

CLOSES_AFTER = timedelta(hours=72)
"""How long the customer has to say "not solved" before an issue is taken as closed (72 hours, as the API documents)."""


class IssueState(StrEnum):
    """The states of an issue."""

    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    CLOSED = "closed"


WITH_THE_TEAM = (IssueState.OPEN, IssueState.CLAIMED)
NOT_CLOSED = (IssueState.OPEN, IssueState.CLAIMED, IssueState.RESOLVED)


class IssueKind(StrEnum):
    """Why an issue exists; `call` means that chat does not reach the customer and a person should ring."""

    LOW_SCORE = "low_score"
    COMPLAINT = "complaint"
    CALL = "call"
    MANUAL = "manual"


class Draft(StrEnum):
    """What a sentence is that somebody previews before the customer reads it, where it is not the closure."""

    PROGRESS = "progress"
    QUESTION = "question"


class Quote(Value):
    """What a customer wrote, and when."""

    at: datetime
    text: str


class Issue(Value):
    """A problem with a life: open, claimed, resolved, closed; reopening raises `resolution` by one.

    `claimed_by` is the name shown; `claimant` identifies the person (`telegram:5`, or the name given to the API).
    `told` are the customers to whom the closure message of this resolution went, `confirmed` those who said "solved".
    `draft` is the customer's sentence while it is being previewed, numbered by `drafts`; `draft_for` says what it is,
    None for the closure. `progress` is what the customer was last told of how it goes; `question` is what they were
    asked at `asked_at` and have not answered; without a question `asked_at` is when they said "not solved", and what
    they write next says why. `claimed_at` is since when the holder has it; None where nobody has, and
    for what was claimed before that was stored.

    `due_at` is until when the team has to do the next thing: to claim it while it is open, to resolve it while somebody
    holds it; None afterwards, and where `alerts.resolve_within` is off. `escalated` says that the time ran out and that
    whoever is to know was told, of whichever of the two. `judgement` is what the team found out about it.
    `text` is what was written by whoever opened it by hand, `quotes` what customers wrote, the latest last.
    """

    id: str
    kind: IssueKind
    severity: Severity
    opened_at: datetime
    due_at: datetime | None
    state: IssueState = IssueState.OPEN
    title: str = ""
    text: str = ""
    reasons: tuple[Reason, ...] = ()
    tickets: tuple[TicketKey, ...] = ()
    responses: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    claimed_by: str | None = None
    claimant: str | None = None
    draft: str | None = None
    drafts: int = 0
    note: str | None = None
    root_cause: str | None = None
    resolution: int = 0
    told: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    escalated: bool = False
    merged_into: str | None = None
    events: int = 0
    wake_at: datetime | None = None
    version: int = 0
    draft_for: Draft | None = None
    progress: str | None = None
    question: str | None = None
    asked_at: datetime | None = None
    claimed_at: datetime | None = None
    quotes: tuple[Quote, ...] = ()
    judgement: Judgement = Judgement()

    @property
    def words(self) -> str:
        """All that was written of it: by whoever opened it, then by customers."""
        return " / ".join(filter(None, (self.text, *(quote.text for quote in self.quotes))))

    @property
    def is_reminded(self) -> bool:
        """Whether the holder has been reminded: from then on it wakes later than it was due, or no more."""
        return self.state is IssueState.CLAIMED and self.due_at is not None and self.wake_at != self.due_at

    @property
    def ref(self) -> Ref:
        """How messages, buttons and the scheduler refer to it."""
        return Ref(RefKind.ISSUE, self.id)


class IssueTerms(Value):
    """What the issue's table needs to know besides the issue: the time, and how long what may take.

    `claim_within` is how long one may wait to be claimed, half as long where it is severe and twice as long where it is
    slight; `takeover_after` how long
    the holder has before anybody may take it over; `resolve_within` how much working time they have to resolve it,
    None for any. `check_within` counts the working days in which a complaint has to be judged, None for any number.
    """

    now: datetime
    claim_within: timedelta
    working: WorkingTime
    takeover_after: timedelta = timedelta(hours=12)
    resolve_within: timedelta | None = None
    check_within: timedelta | None = None

    def claim_by(self, severity: Severity) -> datetime:
        """Return until when what nobody holds from now on has to be claimed."""
        share = {Severity.LOW: 2.0, Severity.NORMAL: 1.0, Severity.HIGH: 0.5}[severity]
        return self.now + self.claim_within * share

    @property
    def check_by(self) -> datetime | None:
        """Return until when a complaint that is made now has to be judged: at this time of day, after working days."""
        days = WorkingTime(self.working.zone, None, self.working.calendar)
        return None if self.check_within is None else days.after(self.now, self.check_within)

    @property
    def resolve_by(self) -> datetime | None:
        """Return until when what is claimed now has to be resolved."""
        return None if self.resolve_within is None else self.working.after(self.now, self.resolve_within)

    @property
    def escalate_at(self) -> datetime | None:
        """Return when what its holder is reminded of now is escalated: after half of the time again."""
        return None if self.resolve_within is None else self.working.after(self.now, self.resolve_within / 2)
