"""The records besides interviews, invitations and issues: tickets, people, messages in and out."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from dialogs.ids import Ref
from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from dialogs.survey import SurveyKey
from scoring.values import Value, field
from storage.model.service_details import ServiceDetails

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
    "StoredFile",
    "StoredSurvey",
    "Ticket",
    "TicketStatus",
    "Token",
    "Window",
]


class TicketStatus(StrEnum):
    """The status of a ticket in the help desk."""

    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"
    REOPENED = "reopened"


class Ticket(Value):
    """A service request in a help desk, which shows it at `url`; `closing` counts its closings, 0 before the first.

    `open_since` is from when it is known not to have been closed, before its latest closing. `imported` is the import
    by which it came, until its help desk tells of it.
    """

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
    url: str = ""
    open_since: datetime | None = None
    details: ServiceDetails = ServiceDetails()
    imported: str = ""


class Customer(Value):
    """A person as the help desk describes them; once `opted_out_at` is set they get no surveys and no closures.

    `invited_at` is when a link to our chats was last written into a ticket of theirs.
    """

    id: str
    name: str = ""
    locale: str = ""
    timezone: str = ""
    tier: str = ""
    opted_out_at: datetime | None = None
    version: int = 0
    phone: str = ""
    email: str = ""
    postal_address: str = ""
    invited_at: datetime | None = None


class ContactState(StrEnum):
    """Whether messages reach a chat."""

    OK = "ok"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    """The platform has no such chat: the customer never opened one with the bot."""


class Contact(Value):
    """A customer's chat. Several customers may share one, such as a family's phone.

    `last_received_at` is when something last came from it, stored under an older name.
    """

    customer: str
    channel: str
    chat: str
    state: ContactState = ContactState.OK
    bound_at: datetime | None = None
    last_received_at: datetime | None = field(default=None, name="heard_at")
    version: int = 0


class Token(Value):
    """A single-use link by which a customer binds a chat; of its secret only the hash is stored."""

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
    """The reply window of a chat: the messages sent since its owner last typed, and since they last clicked.

    For channels with a message quota (WeChat, customer-service messages); the channel's rules say what is allowed.
    """

    channel: str
    chat: str
    typed_at: datetime | None = None
    typed_used: int = 0
    clicked_at: datetime | None = None
    clicked_used: int = 0
    version: int = 0


class Grant(Value):
    """The number of one-time messages of a template that a customer has allowed (WeChat, subscription notification)."""

    channel: str
    chat: str
    template: str
    left: int
    version: int = 0


class AttemptRow(Value):
    """One attempt to deliver a message: the API that was called (`step`) and the platform's `code`, `0` for success.

    Append-only. `number` counts the attempts of one sending: where one API refuses, the next is called at once.
    """

    message: str
    at: datetime
    number: int
    step: str
    code: str
    why: str = ""


class Member(Value):
    """A member of the service team; `code_hash` is the hash of the one-time code by which they join from their chat.

    `agent` is what tickets call them, empty for their name; `team` the only one whose figures they read, empty for all.
    """

    name: str
    role: str
    telegram: str = ""
    code_hash: str = ""
    code_expires_at: datetime | None = None
    version: int = 0
    agent: str = ""
    team: str = ""


class Purpose(StrEnum):
    """What a message is for: decides its priority, its expiry, and what happens when its delivery is in doubt."""

    REPLY = "reply"
    ALERT = "alert"
    SURVEY = "survey"
    REMINDER = "reminder"
    CLOSURE = "closure"
    CAMPAIGN = "campaign"
    DESK = "desk"


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
    status: SendingState = SendingState.PENDING
    attempts: int = 0
    leased_until: datetime | None = None
    receipt: str = ""
    why: str = ""
    sent_at: datetime | None = None
    campaign: str = ""
    per_minute: int = 0

    @property
    def address(self) -> Address:
        """The chat to which it goes."""
        return Address(self.channel, self.chat)

    @property
    def text_hash(self) -> bytes:
        """The SHA-256 of its words, which is stored with it and outlives them: it proves what was sent."""
        return sha256(self.prompt.text.encode()).digest()

    @property
    def may_repeat(self) -> bool:
        """Whether sending twice is harmless.

        An edit shows the same again, the team's card carries its number, and what is written into a ticket is looked
        for there first.
        """
        return self.edits is not None or self.purpose in (Purpose.ALERT, Purpose.DESK)


class StoredFile(Value):
    """A file that messages carry; `hash` is the SHA-256 of its content in hex, `stored_at` when it last was needed."""

    hash: str
    content: bytes
    stored_at: datetime

    @classmethod
    def of(cls, content: bytes, now: datetime) -> "StoredFile":
        """Return what is stored for this content."""
        return cls(cls.hash_of(content), content, now)

    @staticmethod
    def hash_of(content: bytes) -> str:
        """Return the hash under which this content is stored."""
        return sha256(content).hexdigest()


class InboxOutcome(StrEnum):
    """The result of processing a delivery."""

    DONE = "done"
    FAILED = "failed"
    """The decision raised, which is a bug. The raw body is kept and processed again at the next start."""


class InboxRow(Value):
    """One delivery from a platform or caller, stored before it is acknowledged; a repetition gets the same `answer`.

    An answer is empty, an HTTP status and a body, or a JSON object, the passive reply to a platform.
    """

    key: str
    door: str
    raw: bytes
    received_at: datetime
    outcome: InboxOutcome = InboxOutcome.DONE
    answer: str = ""
    why: str = ""


class AnswerLog(Value):
    """One accepted answer or correction, append-only; the interview holds the current answers."""

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
    """A version of a survey definition, stored when it is first used; `body` is its JSON."""

    id: str
    number: int
    body: str
    stored_at: datetime

    @property
    def key(self) -> SurveyKey:
        """The key by which interviews refer to it."""
        return self.id, self.number


class Note(Value):
    """A value that is kept across restarts, by key: a poll offset, a chat that has moved, an alarm."""

    key: str
    value: str
    at: datetime
    version: int = 0
