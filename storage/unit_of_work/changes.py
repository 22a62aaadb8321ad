"""What a decision returns: rows to write and people to acknowledge. Changes add up.

A batch of 200 decisions is one bigger `Changes` and one commit.
"""

from datetime import datetime

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.ids import Ref
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from dialogs.outbox.machine import MessageDelivered, MessageHeldBack, MessagePostponed, SendingEvent, target_of
from dialogs.outbox.model import SendingState
from scoring.values import Value, field
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.fact_records import Closing, RatingFact
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.known_deliveries import KnownEvent
from storage.model.outgoing.hook_records import HookEndpoint, HookEvent
from storage.model.publications import Publication
from storage.model.records import (
    AnswerLog,
    AttemptRow,
    Contact,
    Customer,
    Grant,
    InboxRow,
    IssueEvent,
    Member,
    Note,
    OutboxMessage,
    Purpose,
    StoredFile,
    StoredSurvey,
    Ticket,
    Token,
    Window,
)
from storage.model.registers import AnonymousAnswers, AuditEntry, Request, Tombstone
from storage.model.text_records import CommentReading, StoredPhrase

__all__ = ["Acknowledgement", "Anonymization", "Cancel", "Changes", "Record", "Settle"]

Record = (
    Ticket
    | Customer
    | Contact
    | Token
    | Member
    | Note
    | Invitation
    | Interview
    | Issue
    | IssueEvent
    | AnswerLog
    | Closing
    | RatingFact
    | Exclusion
    | OutboxMessage
    | InboxRow
    | StoredFile
    | StoredSurvey
    | Window
    | Grant
    | AttemptRow
    | Campaign
    | Run
    | Target
    | Request
    | Tombstone
    | KnownEvent
    | AuditEntry
    | AnonymousAnswers
    | FilledForm
    | AssessmentFile
    | EnteredFigure
    | Publication
    | Adjustment
    | Finding
    | Voice
    | CommentReading
    | StoredPhrase
    | ArchivedReport
    | ArchivedFile
    | ReportRun
    | HookEndpoint
    | HookEvent
)


class Settle(Value):
    """Write what became of a message; where its row stands elsewhere by now, the event means nothing to it."""

    message: str
    event: SendingEvent
    at: datetime
    chat: str = ""
    """The chat's new id, where a group has moved."""
    send_anew: bool = False
    """The message it would have edited is gone: it becomes a new message."""
    replaces: str = ""
    """The message that it edits, where nobody needs to know any more what that said before."""

    @property
    def status(self) -> SendingState:
        """Return the state to which the event leads."""
        return target_of(type(self.event))

    @property
    def receipt(self) -> str:
        """Return the channel's id of the message; empty where it has not changed."""
        return self.event.receipt if isinstance(self.event, MessageDelivered) else ""

    @property
    def why(self) -> str:
        """Return why it did not arrive."""
        return "" if isinstance(self.event, MessageDelivered) else self.event.why

    @property
    def not_before(self) -> datetime | None:
        """Return when it may be tried again."""
        return self.event.not_before if isinstance(self.event, MessagePostponed | MessageHeldBack) else None


class Cancel(Value):
    """Do not send what is still waiting: messages of these purposes to a customer, about something, of a campaign."""

    purposes: tuple[Purpose, ...]
    customer: str | None = None
    about: Ref | None = None
    campaign: str | None = None


class Acknowledgement(Value):
    """The acknowledgement of a button press, sent after the commit; its loss does no harm, so it is no row."""

    channel: str
    callback: str
    text: str = ""
    alert: bool = False


class Anonymization(Value):
    """An anonymous interview has ended: keep its answers under a drawn id, and of its messages only `keep`."""

    interview: str
    keep: tuple[str, ...]
    answers: AnonymousAnswers | None


class Changes(Value):
    """Rows as they shall be, in the order decided; a later one for the same key replaces an earlier one."""

    records: tuple[Record, ...] = ()
    settles: tuple[Settle, ...] = ()
    cancels: tuple[Cancel, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = field(default=())
    anonymizations: tuple[Anonymization, ...] = ()

    def __add__(self, other: "Changes") -> "Changes":
        """Return both, this one first."""
        if not other:
            return self
        return Changes(
            self.records + other.records,
            self.settles + other.settles,
            self.cancels + other.cancels,
            self.acknowledgements + other.acknowledgements,
            self.anonymizations + other.anonymizations,
        )

    def __bool__(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.records or self.settles or self.cancels or self.acknowledgements or self.anonymizations)
