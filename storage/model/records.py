"""What is kept besides interviews, invitations and issues: tickets, people, messages in and out."""

from datetime import datetime
from enum import StrEnum

from dialogs.ids import Ref
from dialogs.messages import Address, Prompt
from dialogs.survey import SurveyKey
from scoring.values import Value

__all__ = [
    "AnswerLog",
    "AttemptRow",
    "Contact",
    "ContactState",
    "Customer",
    "Grant",
    "InboxOutcome",
    "InboxRow",
    "IssueEvent",
    "Member",
    "Note",
    "OutboxMessage",
    "Purpose",
    "Status",
    "StoredSurvey",
    "Ticket",
    "TicketStatus",
    "Token",
    "Window",
]


class TicketStatus(StrEnum):
    """Where the help desk says a ticket stands."""

    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"
    REOPENED = "reopened"


class Ticket(Value):
    """A service request in a help desk; `closing` counts its closings, 0 while it was never closed."""

    source: str
    id: str
    customer: str
    status: TicketStatus
    closing: int = 0
    opened_at: datetime | None = None
    first_replied_at: datetime | None = None
    closed_at: datetime | None = None
    appointment_at: datetime | None = None
    updated_at: datetime | None = None
    subject: str = ""
    category: str = ""
    product: str = ""
    team: str = ""
    agent_id: str = ""
    agent_name: str = ""
    tags: tuple[str, ...] = ()
    version: int = 0


class Customer(Value):
    """A person as the help desk knows them; `opted_out_at` set means: no questions, no closures."""

    id: str
    name: str = ""
    locale: str = ""
    timezone: str = ""
    tier: str = ""
    opted_out_at: datetime | None = None
    version: int = 0


class ContactState(StrEnum):
    """Whether a chat can be written to."""

    OK = "ok"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    """The platform knows no such chat: the customer never opened one with us."""


class Contact(Value):
    """A customer's chat. One chat may belong to several customers (a family's phone)."""

    customer: str
    channel: str
    chat: str
    state: ContactState = ContactState.OK
    bound_at: datetime | None = None
    heard_at: datetime | None = None
    version: int = 0


class Token(Value):
    """A single-use link by which a customer binds a chat; only the hash of the secret is kept."""

    hash: str
    customer: str
    channel: str
    created_at: datetime
    expires_at: datetime
    source: str = ""
    ticket: str = ""
    used_at: datetime | None = None
    used_by: str = ""
    version: int = 0


class Window(Value):
    """How much a chat still lets us send: messages used since its owner last typed, and since they last clicked.

    For channels that count (WeChat, customer-service messages); the channel's own books say what the numbers allow.
    """

    channel: str
    chat: str
    typed_at: datetime | None = None
    typed_used: int = 0
    clicked_at: datetime | None = None
    clicked_used: int = 0
    version: int = 0


class Grant(Value):
    """How many one-time messages of a template a customer has allowed (WeChat, subscription notification)."""

    channel: str
    chat: str
    template: str
    left: int
    version: int = 0


class AttemptRow(Value):
    """One try at delivering a message: over which `step`, and the platform's `code` (`0` went well); append-only.

    `number` counts the tries of one sending, which moves on at once where a way is shut.
    """

    message: str
    at: datetime
    number: int
    step: str
    code: str
    why: str = ""


class Member(Value):
    """Somebody of the service team; `code_hash` is that of the one-time code by which they join from their chat."""

    name: str
    role: str
    telegram: str = ""
    code_hash: str = ""
    code_expires_at: datetime | None = None
    version: int = 0


class Purpose(StrEnum):
    """What a message is for; it decides order, expiry, and what happens when its sending is in doubt."""

    REPLY = "reply"
    ALERT = "alert"
    SURVEY = "survey"
    REMINDER = "reminder"
    CLOSURE = "closure"
    CAMPAIGN = "campaign"


class Status(StrEnum):
    """Where an outgoing message stands."""

    PENDING = "pending"
    LEASED = "leased"
    HELD = "held"
    SENT = "sent"
    UNKNOWN = "unknown"
    """Its sending was cut off: it may or may not have arrived, and is not sent again by itself."""
    DEAD = "dead"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    """A later edit of the same message took its place before it was sent."""


class OutboxMessage(Value):
    """One message to one chat. Its id is derived from what caused it, so that it exists once.

    `edits` is the id of the message that is edited in place; `about` what it belongs to,
    `round` the resolution number for closures and cards. `customer` is None for messages to the team;
    `obeys_opt_out` messages are not sent once their customer has opted out. Those of a `campaign` go no faster than its
    `per_minute`.
    """

    id: str
    channel: str
    chat: str
    purpose: Purpose
    prompt: Prompt
    created_at: datetime
    not_before: datetime
    customer: str | None = None
    about: Ref | None = None
    round: int = 0
    edits: str | None = None
    obeys_opt_out: bool = True
    expires_at: datetime | None = None
    status: Status = Status.PENDING
    attempts: int = 0
    leased_until: datetime | None = None
    receipt: str = ""
    why: str = ""
    sent_at: datetime | None = None
    campaign: str = ""
    per_minute: int = 0

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.channel, self.chat)


class InboxOutcome(StrEnum):
    """What became of something heard."""

    DONE = "done"
    FAILED = "failed"
    """Deciding raised: a bug of ours. The raw body is kept and tried again at the next start."""


class InboxRow(Value):
    """One delivery from outside, stored before it is acknowledged. `answer` is given again to a repetition."""

    key: str
    door: str
    raw: bytes
    received_at: datetime
    outcome: InboxOutcome = InboxOutcome.DONE
    answer: str = ""
    why: str = ""


class AnswerLog(Value):
    """One accepted answer or correction, append-only; the interview holds the current ones."""

    response: str
    number: int
    question: str
    value: int | None
    text: str | None
    at: datetime
    caused_by: str


class IssueEvent(Value):
    """One line of an issue's timeline, append-only."""

    issue: str
    number: int
    at: datetime
    event: str
    by: str | None = None
    text: str | None = None


class StoredSurvey(Value):
    """A survey definition as it was when it was first used; `body` is its JSON."""

    id: str
    number: int
    body: str
    stored_at: datetime

    @property
    def key(self) -> SurveyKey:
        """How interviews refer to it."""
        return self.id, self.number


class Note(Value):
    """Something the process remembers across restarts: a poll offset, a chat that moved, an alarm."""

    key: str
    value: str
    at: datetime
    version: int = 0
