"""How a channel describes itself: what it can do, how it is connected, where it is called, how it is checked.

A descriptor is cheap to import, since the registry lists all of them: the modules of a channel are imported when it is
connected. The rest of the product reads descriptors and capabilities, and no channel's name.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from bot.channels.webhooks import Webhook, WebhookAddress
from bot.ports import (
    Bind,
    CallWatch,
    Capabilities,
    Channel,
    ClearAlarm,
    Clock,
    DeliveryContext,
    InboundResult,
    MessageQuota,
    Pace,
    Parsed,
    RaiseAlarm,
    SecretSource,
    SimulatedChannel,
    SubscriptionSource,
)
from bot.signed_links import Links
from config.settings.settings import Settings
from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from scoring.values import Value
from storage.model.records import OutboxMessage

__all__ = [
    "ChannelDescriptor",
    "ChannelServices",
    "Connection",
    "KeepUnread",
    "MadeFile",
    "Notes",
    "ReadFile",
    "ReceiveInbound",
    "SettingProblem",
]


class ReceiveInbound(Protocol):
    """Decides on an inbound of a channel."""

    async def __call__(self, parsed: Parsed, door: str, raw: bytes, bind: Bind | None = None) -> InboundResult:
        """Return once it is stored, and what it was; raises what the writer raises.

        `door` is where it came in, `raw` the delivery as it came; `bind` makes a link to the channel that it came from.
        """


class KeepUnread(Protocol):
    """Keeps a delivery that is the platform's and cannot be read, as failed, and raises an alarm."""

    async def __call__(self, door: str, raw: bytes, why: str, key: str = "") -> object:
        """Return once it is stored, under its `key` or one made of its content; raises what the writer raises."""


class MadeFile(Value):
    """A file as it goes out, stored or made for this; `words` go with it, empty for those of the message."""

    name: str
    content: bytes
    media_type: str
    words: str = ""


ReadFile = Callable[[Prompt], Awaitable[MadeFile]]
"""Reads or makes the file that goes with a message; raises LookupError where there is none (any more)."""


class Notes(Value):
    """Short texts that a channel keeps in the database, by key."""

    load: Callable[[str], Awaitable[str | None]]
    save: Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelServices:
    """What the process gives to a channel that is connected."""

    clock: Clock
    secrets: SecretSource
    phrases: Phrases
    links: Links
    alarm: RaiseAlarm
    mended: ClearAlarm
    watch: CallWatch
    receive: ReceiveInbound
    keep_unread: KeepUnread
    answer_of: Callable[[str], Awaitable[str]]
    """Returns what the decision on the delivery with this key wants replied, empty for nothing."""
    context_of: Callable[[OutboxMessage, str], Awaitable[DeliveryContext]]
    """Returns what is known of a message's chat; the name is that of the template whose grants count."""
    notes: Notes
    read_file: ReadFile
    administrators: Callable[[], Awaitable[Mapping[str, str]]]
    """Returns the role of everybody who may administer, by user id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A channel that is connected, and what it wants of the process."""

    channel: Channel
    pace: Pace | None = None
    """Its rate limits; None: it may be spoken to at any rate."""
    webhook: Webhook | None = None
    """Answers the calls to the descriptor's `address`."""
    read: Callable[[bytes], Sequence[Parsed]] | None = None
    """Reads a raw delivery that was kept once more; raises MalformedDelivery."""
    bind: Bind | None = None
    """Makes the links to the channel that its own deliveries may ask for."""
    poll: Callable[[], Awaitable[None]] | None = None
    """Fetches what is said until cancelled; only one process may."""
    set_up: Callable[[], Awaitable[None]] | None = None
    """Tells the platform about us at the start and, until cancelled, what changes of it."""
    learn: Callable[[], Awaitable[None]] | None = None
    """Fetches what links to the channel are made with, until it is there; each process that serves the web does it."""
    subscription: SubscriptionSource | None = None
    """What the survey's page may offer to customers of this channel."""
    simulated: SimulatedChannel | None = None
    """The channel, where its chats are drawn on the console's page."""


class SettingProblem(Value):
    """What keeps a channel from working: the setting, what is wrong with it, the fix."""

    key: str
    what: str
    fix: str


class ChannelDescriptor(ABC):
    """One channel. What has a default here is left as it is by channels that have no such thing."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    address: ClassVar[WebhookAddress | None] = None
    """Where the platform calls us."""
    loggers: ClassVar[tuple[str, ...]] = ()
    """Loggers of its libraries that write addresses with secrets, or every step."""
    stands_in: ClassVar[bool] = False
    """It is on while no other channel for customers is."""
    switch: ClassVar[str] = ""
    """The setting that switches it on."""

    def __init__(self, *, may_be_on: bool = True) -> None:
        """Make the channel; one that may not be on is off whatever the settings say."""
        self.may_be_on = may_be_on

    def switched_off(self) -> Self:
        """Return the same channel, off whatever the settings say."""
        return type(self)(may_be_on=False)

    @abstractmethod
    def is_on(self, settings: Settings) -> bool:
        """Return whether the settings switch it on."""

    @abstractmethod
    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        """Connect it, where it is on; raises ConfigErrors for settings that only now prove wrong."""

    def summary(self, settings: Settings) -> str:  # noqa: ARG002 (for those who tell it themselves, once connected)
        """Return what the log of a start says of it, where it is on: no secret, empty for nothing."""
        return ""

    def team(self, settings: Settings) -> tuple[str, ...]:  # noqa: ARG002 (for those who have a team there)
        """Return the chats of the team, where the channel is on."""
        return ()

    def admins(self, settings: Settings) -> frozenset[str]:  # noqa: ARG002 (as above)
        """Return the user ids that may administer by the settings, whether the channel is on or not."""
        return frozenset()

    def max_rate(self, settings: Settings) -> float | None:  # noqa: ARG002 (as above)
        """Return how many messages a second it takes over all, whether it is on or not; None: nobody limits them."""
        return None

    def quota(self, settings: Settings) -> MessageQuota | None:  # noqa: ARG002 (as above)
        """Return what counts its messages, where it is on and only so many are allowed."""
        return None

    async def examine(self, settings: Settings) -> AsyncIterator[SettingProblem]:  # noqa: ARG002 (as above)
        """Yield what keeps it from working, where it is on; nothing is sent and nothing is changed."""
        problems: tuple[SettingProblem, ...] = ()
        for problem in problems:
            yield problem
