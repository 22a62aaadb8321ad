"""The ports to the outside: time, randomness, and channels that carry messages."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dialogs.messages import Inbound
from dialogs.time.doubt import Doubt
from scoring.values import Value, field
from storage.model.records import OutboxMessage, Window
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot

__all__ = [
    "Attempt",
    "Bind",
    "Binding",
    "Blocked",
    "CallWatch",
    "Capabilities",
    "Channel",
    "ChatIds",
    "ClearAlarm",
    "Clock",
    "Delivery",
    "DeliveryContext",
    "Gone",
    "Held",
    "InboundResult",
    "MessageQuota",
    "Moved",
    "Pace",
    "Parsed",
    "PlatformUnready",
    "RaiseAlarm",
    "Refused",
    "Retry",
    "SecretSource",
    "Sent",
    "SimulatedChannel",
    "SubscriptionSource",
    "Toast",
    "Unknown",
]


RaiseAlarm = Callable[[str, str], None]
"""Tells the operator: the alarm's name, short and stable, and what is wrong; may be called as often as it happens."""

ClearAlarm = Callable[[str, str], None]
"""Tells the operator that what an alarm of this name was about works again; does nothing where none stands."""


class Clock(Protocol):
    """The time: an aware UTC instant, and seconds that only go forward."""

    def now(self) -> datetime:
        """Return the instant, UTC."""

    def monotonic(self) -> float:
        """Return seconds from some start."""

    def doubt(self) -> Doubt | None:
        """Return which moments are unknown to have passed; None while the time is corroborated."""


class CallWatch(Value):
    """What is told of the calls to a platform.

    `take_date` takes the `Date` of an answer, a witness of the time that is not this machine (RFC 9110, 6.6.1);
    `failed` takes the code of a call that failed: the platform's own, or in words how it failed without one.
    """

    take_date: Callable[[str], None]
    failed: Callable[[str], None]


class SecretSource(Protocol):
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


class ChatIds(Value):
    """The ids that a customer's chat may have on a channel; an address of another shape is neither stored nor used.

    `what` tells whoever wrote a wrong one what an id must be.
    """

    fits: Callable[[str], bool]
    what: str
    are_people: bool = False
    """A chat has the id of the person in it, so that nobody else can speak there."""


class Capabilities(Value):
    """What a channel can do, and how it is used; decisions ask for these, never for a channel's name."""

    customers: bool = False
    """Customers are asked there; without it, it is the team's, or nothing can be sent there."""
    chat_ids: ChatIds | None = None
    """Which chats of customers there can be; None: any id will do."""
    binding: bool = False
    """A customer can open it by a link that we make (`Channel.binding`)."""
    buttons: bool = False
    """A message carries buttons to tap."""
    edits: bool = False
    """A message of ours changes in place; elsewhere each step is a new message."""
    files: bool = False
    """A message carries a file; elsewhere it leads to the page that gives the file out."""
    page_links: bool = False
    """Survey messages lead to the page as well."""
    merges: bool = False
    """Several messages that wait for one chat go as one."""
    staffed: bool = False
    """People answer there, too: what concerns no survey is left to them."""
    passive_replies: bool = False
    """An answer may be sent in the reply to a delivery, and is stored with it until the platform has it."""
    groups: bool = False
    """There are chats of many people; in those that are not the team's nothing is said."""
    roster: bool = False
    """The roster knows people by their user ids there (`Member.telegram`), so admins can work from there."""
    simulated: bool = False
    """One person is customer and team, on a page of ours: they administer, and what they say is kept, to be drawn."""
    numbered: bool = False
    """Its deliveries have consecutive numbers, and their inbox keys are `NAME:NUMBER`."""
    repeats_within: timedelta | None = None
    """How long its platform may deliver the same again, or its door takes it; None: for ever."""
    reply_window: timedelta | None = None
    """How long after a customer's words we may write to them; None: always."""

    @property
    def serves_admins(self) -> bool:
        """Return whether somebody can administer from there."""
        return self.roster or self.simulated


class Binding(Value):
    """A way to bind a chat: a link to press, and what its QR code holds."""

    url: str
    scan: str


class PlatformUnready(LookupError):  # noqa: N818 (it is what the platform is)
    """What only the platform can tell is not there now; the text says what is missing and what to do.

    `after` are the seconds after which it is worth asking again.
    """

    def __init__(self, why: str, after: int) -> None:
        super().__init__(why)
        self.after = after


Bind = Callable[[str, datetime], Awaitable[Binding]]
"""Makes a link that brings a secret into a chat with us, until an instant; raises PlatformUnready."""


class DeliveryContext(Value):
    """What a channel that counts must know to choose a way: what the chat allows, and what the message is about.

    `facts` fill templates: `subject ticket closed_at agent team note resolved_at`, instants on the customer's clock.
    """

    window: Window
    grants: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


class InboundResult(StrEnum):
    """What the channel is told of a delivery."""

    NEW = "new"
    REPEATED = "repeated"
    IGNORED = "ignored"
    """It is no message for the product."""
    ELSEWHERE = "elsewhere"
    """It was said in a chat that is neither the team's nor one person's: nobody answers, and nothing is stored."""


class Parsed(Value):
    """A platform's payload, parsed: its unique key, and the inbound message (None: nothing that concerns us)."""

    key: str
    inbound: Inbound | None


class Toast(Value):
    """The short answer to a pressed button; `alert` wants to be noticed."""

    callback: str
    text: str
    alert: bool


class MessageQuota(Protocol):
    """The bookkeeping of a channel that allows only so many messages: pure, and part of the decision."""

    def received(self, snapshot: Snapshot, inbound: Inbound, changes: Changes, now: datetime) -> Changes:
        """Return a decision's changes with those of the quota: windows opened, held messages released or inline."""

    def settled(self, snapshot: Snapshot, message: OutboxMessage, outcome: Delivery, now: datetime) -> Changes:
        """Return what a sending has used up."""

    def revised(self, snapshot: Snapshot, message: OutboxMessage, outcome: Delivery, now: datetime) -> Delivery:
        """Return what became of it, seen from now: what was held may go, where the window has opened meanwhile."""


class Pace(Protocol):
    """How fast a channel may be spoken to; moments are seconds of a clock that only goes forward."""

    def ready_at(self, chat: str, now: float) -> float:
        """Return the moment from which this chat may be written to, over all limits aside."""

    def free_at(self, now: float) -> float:
        """Return the moment from which any chat may be written to."""

    def take(self, chat: str, now: float) -> None:
        """Count what goes to this chat now."""

    def give_back(self, chat: str) -> None:
        """Count one less: what was taken for this chat last does not go."""

    def pause(self, until: float) -> None:
        """Pause until `until`."""


class SubscriptionSource(Protocol):
    """A platform's own button on the survey page, by which a customer allows one later message.

    The consent itself reaches us by the platform's event, not from the page.
    """

    @property
    def template_id(self) -> str:
        """The template of which one message may then be sent."""

    @property
    def user_agent(self) -> str:
        """What stands in the User-Agent of the platform's own browser, the only one that knows the button."""

    async def config(self, url: str) -> Mapping[str, object]:
        """Return what the button's script wants to be configured with; raises LookupError where it cannot be had now.

        `url` is the page's whole address without `#`.
        """


class Channel(Protocol):
    """A way to a customer or a team."""

    name: str

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Deliver one message; `edits` is the receipt of the message to edit, empty for a new one. Never raises."""

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Stop the waiting sign on a pressed button; failures are logged and harmless."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return the link by which a customer opens this channel with us; raises PlatformUnready.

        A channel whose chats nobody opens by a link raises LookupError.
        """

    async def close(self) -> None:
        """Close the connections."""


class SimulatedChannel(Channel, Protocol):
    """A channel whose chats are drawn on a page of ours (`Capabilities.simulated`)."""

    @property
    def closed(self) -> bool:
        """Whether the service ends, so that open pages must let go."""

    @property
    def toasts(self) -> Mapping[str, Toast]:
        """The last short answers to pressed buttons, by the action's id."""
