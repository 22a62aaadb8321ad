"""What the shell asks of the world: the time, secrets, and channels that carry messages."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from dialogs.messages import Inbound
from scoring.values import Value, field
from storage.model.records import OutboxMessage, Window
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot

__all__ = [
    "Attempt",
    "Bind",
    "Binding",
    "Blocked",
    "Capabilities",
    "Channel",
    "Clock",
    "Delivery",
    "DeliveryContext",
    "Dice",
    "Gone",
    "Held",
    "MessageQuota",
    "Moved",
    "Parsed",
    "RaiseAlarm",
    "Refused",
    "Registry",
    "Retry",
    "Sent",
    "Unknown",
]


RaiseAlarm = Callable[[str, str], None]
"""Tells the operator: the alarm's name, short and stable, and what is wrong; may be called as often as it happens."""


class Clock(Protocol):
    """The time: an aware UTC instant, and seconds that only go forward."""

    def now(self) -> datetime:
        """Return the instant, UTC."""

    def monotonic(self) -> float:
        """Return seconds from some start."""


class Dice(Protocol):
    """Where secrets come from."""

    def token(self) -> str:
        """Draw a fresh secret of 22 letters, digits, `-` and `_` (128 bits)."""


class Attempt(Value):
    """One way that was tried: `step` names it, `code` is the platform's, `0` where it went well."""

    step: str
    code: str
    why: str = ""


class Sent(Value):
    """It arrived; `receipt` is the channel's id of the message, `attempts` what was tried on the way."""

    receipt: str
    attempts: tuple[Attempt, ...] = ()


class Retry(Value):
    """Nothing arrived; try again after `after` seconds. `pauses_all` stops every sending on this channel till then."""

    after: float
    why: str
    pauses_all: bool = False
    attempts: tuple[Attempt, ...] = ()


class Held(Value):
    """The channel's window is shut until `until` (None: until the customer writes)."""

    until: datetime | None
    why: str
    attempts: tuple[Attempt, ...] = ()


class Blocked(Value):
    """The chat shut us out (`blocked`), or was never opened to us (`no_contact`)."""

    reason: str
    why: str
    attempts: tuple[Attempt, ...] = ()


class Gone(Value):
    """The message to be edited is no longer there: send it as a new one."""

    why: str


class Moved(Value):
    """The group lives under a new id."""

    to: str


class Refused(Value):
    """The channel will never take this message: our fault, or the operator's (`alarm` names what to mend)."""

    why: str
    alarm: str = ""
    attempts: tuple[Attempt, ...] = ()


class Unknown(Value):
    """It left, and no answer came: it may have arrived."""

    why: str
    attempts: tuple[Attempt, ...] = ()


Delivery = Sent | Retry | Held | Blocked | Gone | Moved | Refused | Unknown


class Capabilities(Value):
    """What a channel can do: `buttons` to tap, `edits` in place."""

    buttons: bool = True
    edits: bool = True


class Binding(Value):
    """A way to bind a chat: a link to press, and what its QR code holds."""

    url: str
    scan: str


Bind = Callable[[str, datetime], Awaitable[Binding]]
"""Makes a link that brings a secret into a chat with us, until an instant; raises LookupError where it cannot now."""


class DeliveryContext(Value):
    """What a channel that counts must know to choose a way: what the chat allows, and what the message is about.

    `facts` fill templates: `subject ticket closed_at agent team note resolved_at`, instants on the customer's clock.
    """

    window: Window
    grants: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


class Parsed(Value):
    """A platform's payload made ours: its unique key, and what was said (None: nothing that concerns us)."""

    key: str
    inbound: Inbound | None


class MessageQuota(Protocol):
    """The bookkeeping of a channel that allows only so many messages: pure, and part of the decision."""

    def heard(self, snapshot: Snapshot, inbound: Inbound, changes: Changes, now: datetime) -> Changes:
        """Return what a decision about something heard becomes: windows open, what was held goes, or answers inline."""

    def settled(self, snapshot: Snapshot, message: OutboxMessage, outcome: Delivery, now: datetime) -> Changes:
        """Return what a sending has used up."""

    def revised(self, snapshot: Snapshot, message: OutboxMessage, outcome: Delivery, now: datetime) -> Delivery:
        """Return what became of it, seen from now: what was held may go, where the window has opened meanwhile."""


class Channel(Protocol):
    """A way to a customer or a team."""

    name: str
    capabilities: Capabilities

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Deliver one message; `edits` is the receipt of the message to edit, empty for a new one. Never raises."""

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Stop the waiting sign on a pressed button; failures are logged and harmless."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return the link by which a customer opens this channel with us; LookupError where it cannot be had now."""

    async def close(self) -> None:
        """Let go of connections."""


Registry = Mapping[str, Channel]
