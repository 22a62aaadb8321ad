"""Our channel with its books, beside a fake WeChat on the same clock: what the core does, in memory."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.channels.descriptor import MadeFile
from bot.channels.http_client.client import HttpLimits
from bot.channels.wechat.api.account import AccountKeys, WechatAccount, open_account
from bot.channels.wechat.api.tokens import TokenNote
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.outbound.health import AccountHealth, AccountOffers, MenuMemory
from bot.channels.wechat.outbound.message_quota import WechatQuota
from bot.ports import Blocked, Delivery, DeliveryContext, Held, Refused, Retry, Sent, Unknown
from bot.process.system import SystemSecrets
from bot.signed_links import Links
from dialogs.messages import Address, Granted, Inbound, Joined, Person, Prompt, Said, Tap, Text, Verb
from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.model.errors import Unavailable
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot
from tests.channels.wechat.messages import COMMENT, FACTS, GRANTED, INVITING, PAGE, RATING, message
from tests.support.wechat import APP_ID, APP_SECRET, FakeWeChat, HandClock
from tests.support.wechat import Person as Somebody

__all__ = ["KEY", "OFFERS", "Chat", "beside", "codes", "invitation", "open_chat", "to"]

OFFERS = AccountOffers(template=INVITING, subscription=GRANTED)
KEY = b"the installation's secret"


@dataclass(frozen=True, slots=True)
class WorldClock:
    """The platform's clock, moved by hand; calls take as long as they take."""

    hand: HandClock

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.hand(), UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def doubt(self) -> Doubt | None:
        return None


@dataclass(slots=True, eq=False)
class Chat:
    """The channel, its books, the alarms it raised, what it has written down about the account, stored files."""

    wechat: FakeWeChat
    clock: WorldClock
    channel: WechatChannel
    alarms: list[tuple[str, str]]
    notes: list[str]
    books: WechatQuota = field(default_factory=lambda: WechatQuota(GRANTED.template))
    snapshot: Snapshot = field(default_factory=Snapshot)
    facts: Mapping[str, str] = field(default_factory=lambda: FACTS)
    files: dict[str, bytes] = field(default_factory=dict)
    heard: int = 0
    is_locked: bool = False

    async def types(self, somebody: Somebody) -> None:
        """Let somebody write, and hear of it."""
        await somebody.types("好")
        self.hears(somebody, Text("好"))

    async def clicks(self, somebody: Somebody, label: str) -> str:
        """Let somebody tap, and hear of it; gives the push as it was."""
        push = await somebody.clicks(label)
        self.hears(somebody, Tap(Verb.SKIP, "int_1"))
        return push.xml

    async def grants(self, somebody: Somebody, template: str) -> None:
        """Let somebody allow one notice, and hear of it."""
        await somebody.grants(template)
        self.hears(somebody, Granted(template))

    async def follows(self, somebody: Somebody) -> None:
        """Let somebody follow, and hear of it."""
        await somebody.follows()
        self.hears(somebody, Joined())

    def hears(self, somebody: Somebody, said: Said) -> None:
        """Keep the books of what was said, which takes a moment."""
        self.clock.hand.advance(0.01)
        self.heard += 1
        number, now = str(self.heard) if isinstance(said, Text) else "", self.clock.now()
        place = Address("wechat", somebody.openid)
        inbound = Inbound(f"wechat:{self.heard}", place, Person(somebody.openid), now, said, message=number)
        self.snapshot.absorb(self.books.received(self.snapshot, inbound, Changes(), now))

    async def sends(self, message: OutboxMessage) -> Delivery:
        """Send as the sender does, and book what it used."""
        outcome = await self.channel.send(message, "")
        self.snapshot.absorb(self.books.settled(self.snapshot, message, outcome, self.clock.now()))
        return outcome

    async def standing(self, message: OutboxMessage) -> DeliveryContext:
        """Look up what the chat allows."""
        if self.is_locked:
            raise Unavailable("locked")
        place, template = message.address, GRANTED.template
        left = self.snapshot.grant(place, template).left
        return DeliveryContext(self.snapshot.window(place), {template: left}, self.facts)


@asynccontextmanager
async def open_chat(wechat: FakeWeChat, hand: HandClock, offers: AccountOffers = OFFERS) -> AsyncIterator[Chat]:
    """Connect the channel to a fake WeChat that listens; patient for half a second."""
    clock, alarms, notes = WorldClock(hand), list[tuple[str, str]](), list[str]()
    account = _account(wechat, clock, alarms)
    health = AccountHealth(
        offers, MenuMemory(lambda: _known(notes), lambda: _kept(notes)), lambda *alarm: alarms.append(alarm)
    )

    async def standing(message: OutboxMessage) -> DeliveryContext:
        return await chat.standing(message)

    async def read_file(prompt: Prompt) -> MadeFile:
        if prompt.file is None or prompt.file.hash not in chat.files:
            raise LookupError("there is no such file any more")
        return MadeFile(prompt.file.name, chat.files[prompt.file.hash], prompt.file.media_type)

    channel = WechatChannel(account, health, standing, Links("https://example.com", KEY), clock, read_file=read_file)
    chat = Chat(wechat, clock, channel, alarms, notes)
    await health.start()
    try:
        yield chat
    finally:
        await channel.close()


async def beside(chat: Chat, offers: AccountOffers = OFFERS) -> AccountHealth:
    """Start once more with what was written down."""
    health = AccountHealth(
        offers, MenuMemory(lambda: _known(chat.notes), lambda: _kept(chat.notes)), lambda *_alarm: None
    )
    await health.start()
    return health


def _account(wechat: FakeWeChat, clock: WorldClock, alarms: list[tuple[str, str]]) -> WechatAccount:
    keys, kept = AccountKeys(APP_ID, APP_SECRET, wechat.api_base), list[str]()

    async def load() -> str | None:
        return kept[-1] if kept else None

    async def save(token: str) -> None:
        kept.append(token)

    return open_account(
        keys,
        note=TokenNote(load, save),
        clock=clock,
        secrets=SystemSecrets(),
        alarm=lambda *alarm: alarms.append(alarm),
        limits=HttpLimits(connections=32, connect=2.0, answer=2.0),
    )


async def _known(notes: list[str]) -> bool:
    return bool(notes)


async def _kept(notes: list[str]) -> None:
    notes.append("no menus")


def to(
    somebody: Somebody, prompt: Prompt = COMMENT, purpose: Purpose = Purpose.REPLY, id_: str = "out_1"
) -> OutboxMessage:
    """Write to somebody."""
    return message(prompt, purpose, somebody.openid, id_)


def invitation(somebody: Somebody, id_: str = "out_1") -> OutboxMessage:
    """Ask somebody, with the page."""
    return to(somebody, replace(RATING, link=PAGE), Purpose.SURVEY, id_)


def codes(outcome: Delivery) -> list[str]:
    """Return what was tried and what the platform said, in order."""
    assert isinstance(outcome, Sent | Retry | Held | Blocked | Refused | Unknown)
    return [f"{tried.step} {tried.code}" for tried in outcome.attempts]
