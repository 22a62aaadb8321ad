"""Customers write while the database takes nothing for ten seconds: none is acknowledged unstored, none is lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest

from bot.channels.wechat.inbound.webhook import WebhookDependencies, WechatWebhook
from bot.channels.wechat.outbound.message_quota import WechatQuota
from bot.chat_migrations import Moves
from bot.ports import Bind, InboundResult, Parsed
from bot.process.alarms import Alarms
from bot.receiver import Receiver, ReceiverOptions
from bot.wiring.policy import make_policy
from config.settings.settings import Settings
from storage.connection.store import Store
from storage.model.errors import Unavailable
from storage.model.records import Contact, Customer, InboxRow
from storage.reads.reader import Reader
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.channels.wechat.inbound.post import OPENID, envelopes, message_key, pushed
from tests.storage.samples import NOW, save
from tests.support.database.migrated import copy_migrated
from tests.support.database.wire import wire_to
from tests.support.town.town import eventually
from tests.support.web.clockwork import Clockwork
from tests.support.web.house import shipped
from tests.support.wechat import Account, seal

CUTS_AFTER = 5.0
"""Seconds in which WeChat wants an answer; then it calls again, three times."""
OUTAGE = 10.0
STORED_WITHIN = 8.0
OTHER = "oHf4k3Fake000000000000000002"
NUMBER = "24681012345678901"

Jam = Callable[[], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def sqlite_file(folder: Path) -> AsyncIterator[tuple[str, Jam]]:
    """Lend a file that another connection, such as of a backup, can hold the write lock of."""
    path = copy_migrated(folder / "huifang.db")

    @asynccontextmanager
    async def jam() -> AsyncIterator[None]:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()

    yield f"sqlite:///{path}", jam


@asynccontextmanager
async def postgres_server(url: str) -> AsyncIterator[tuple[str, Jam]]:
    """Lend a server that can be frozen."""
    async with wire_to(url) as wire:

        @asynccontextmanager
        async def jam() -> AsyncIterator[None]:
            wire.freeze()
            yield
            wire.mend()

        yield wire.url(url), jam


class Door:
    """WeChat's calls, and our webhook before a real database."""

    def __init__(self, store: Store, clock: Clockwork | None = None, *, refuses: int = 0) -> None:
        """Begin with a database that refuses so many messages."""
        self.refuses = refuses
        clock = clock or Clockwork()
        self.account = Account(lambda: clock.now().timestamp())
        surveys, phrases = shipped()
        self.writer, self.reader, self.alarms = Writer(store, clock.now), Reader(store), Alarms(clock)
        policy, options = make_policy(Settings(), surveys, {}, phrases), ReceiverOptions({"wechat": WechatQuota()})
        receiver = Receiver(self.writer, clock, policy, Moves(), options)

        async def receive(parsed: Parsed, door: str, raw: bytes, bind: Bind | None = None) -> InboundResult:
            if self.refuses:
                self.refuses -= 1
                raise Unavailable("away")
            return await receiver.receive(parsed, door, raw, bind)

        dependencies = WebhookDependencies(
            receive,
            receiver.keep_unread,
            self.reader.answer,
            lambda: False,
            self.alarms.sound,
            self.alarms.mended,
        )
        self.webhook = WechatWebhook(envelopes(), dependencies, clock)

    async def call(self, openid: str) -> int:
        """Call once, for at most as long as WeChat waits; return the status, 0 without one."""
        sealed = seal(self.account, pushed(FromUserName=openid), openid)
        with suppress(TimeoutError):
            async with asyncio.timeout(CUTS_AFTER):
                answer = await self.webhook.take(sealed.query, sealed.body)
            assert answer.status != HTTPStatus.OK or await self.holds(openid), "acknowledged, and not stored"
            return answer.status
        return 0

    async def says(self, words: str, number: str) -> int:
        """Call with words of the follower; return the status."""
        sealed = seal(self.account, pushed(Content=words, MsgId=number), OPENID)
        return (await self.webhook.take(sealed.query, sealed.body)).status

    async def call_as_wechat_does(self, openid: str) -> int:
        """Call up to four times; return the last status."""
        loop, status = asyncio.get_running_loop(), 0
        for _ in range(4):
            begun = loop.time()
            status = await self.call(openid)
            if status == HTTPStatus.OK:
                break
            await asyncio.sleep(max(begun + CUTS_AFTER - loop.time(), 0))
        return status

    def standing(self) -> list[str]:
        return [alarm.name for alarm in self.alarms.standing()]

    async def is_over(self) -> bool | None:
        return not self.standing() or None

    async def holds(self, openid: str) -> bool:
        return await self.reader.answer(message_key(openid, NUMBER)) != ""

    async def is_held(self, openid: str) -> bool | None:
        return await self.holds(openid) or None


@pytest.fixture(params=["sqlite", "postgres"])
def lent(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractAsyncContextManager[tuple[str, Jam]]:
    if request.param == "sqlite":
        return sqlite_file(tmp_path)
    return postgres_server(request.getfixturevalue("migrated_postgres"))


@pytest.mark.proof
async def test_no_word_is_lost_where_the_database_takes_nothing_for_ten_seconds(
    lent: AbstractAsyncContextManager[tuple[str, Jam]],
) -> None:
    async with lent as (url, jam), Store.open(url) as store:
        door = Door(store)
        async with jam():
            calls: list[Awaitable[int]] = [
                asyncio.create_task(door.call_as_wechat_does(OPENID)),
                asyncio.create_task(door.call(OTHER)),  # which is not repeated
            ]
            await asyncio.sleep(OUTAGE)
            assert door.standing() == ["wechat.unstored"]
        repeated, once = await asyncio.gather(*calls)
        assert repeated == HTTPStatus.OK
        assert once != HTTPStatus.OK
        for openid in (OPENID, OTHER):
            await eventually(partial(door.is_held, openid), within=STORED_WITHIN)
        await eventually(door.is_over, within=STORED_WITHIN)
        await door.writer.stop()


async def test_an_opt_out_is_not_undone_by_what_was_said_before_it_and_held(
    lent: AbstractAsyncContextManager[tuple[str, Jam]],
) -> None:
    async with lent as (url, _jam), Store.open(url) as store:
        door = Door(store, refuses=1)
        await save(door.writer, Customer("c-mei", opted_out_at=NOW), Contact("c-mei", "wechat", OPENID, bound_at=NOW))
        assert [await door.says("继续评价", "1"), await door.says("退订", "2")] == [503, 200]
        await asyncio.sleep(0.2)
        assert await _opted_out(store)
        await door.writer.stop()


@pytest.mark.parametrize("is_newer", [False, True], ids=["said before", "said after"])
async def test_what_one_process_holds_undoes_an_opt_out_of_another_only_where_it_was_said_after_it(
    lent: AbstractAsyncContextManager[tuple[str, Jam]], *, is_newer: bool
) -> None:
    async with lent as (url, _jam), Store.open(url) as store:
        clock = Clockwork()
        holding, storing = Door(store, clock, refuses=1000), Door(store, clock)
        await save(holding.writer, Customer("c-mei"), Contact("c-mei", "wechat", OPENID, bound_at=NOW))
        await storing.says("退订", "1")
        said = [(storing, "退订", "2"), (holding, "继续评价", "3")]
        for door, words, number in said if is_newer else reversed(said):
            clock.passes(timedelta(minutes=1))
            await door.says(words, number)
        clock.passes(timedelta(minutes=1))
        holding.refuses = 0
        await eventually(partial(_has_row, store, "3"), within=STORED_WITHIN)
        assert await _opted_out(store) != is_newer
        for door in (holding, storing):
            await door.writer.stop()


async def _has_row(store: Store, number: str) -> bool | None:
    async with store.reading() as session:
        rows = await session.records(InboxRow, all_of(InboxRow))
    return message_key(OPENID, number) in {row.key for row in rows} or None


async def _opted_out(store: Store) -> bool:
    async with store.reading() as session:
        (mei,) = await session.records(Customer, all_of(Customer))
    return mei.opted_out_at is not None
