"""A message and its file go from the database to the chat: once, with what was stored, whichever process sends."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from bot.channels.descriptor import MadeFile, ReadFile
from bot.channels.http_client.client import HttpLimits
from bot.channels.telegram.channel import TelegramChannel, open_bot
from bot.channels.telegram.rate_limits import RateLimiter, RateLimits
from dialogs.messages import FileRef, Prompt
from dialogs.outbox.model import SendingState
from storage.connection.store import Store
from storage.model.records import OutboxMessage, Purpose, StoredFile
from storage.reads.reader import Reader
from storage.unit_of_work.selects import all_of
from tests.channels.telegram.attached.test_stored_files import drawn
from tests.support.botapi import FakeTelegram, Person, flood
from tests.support.sending import Process

MEI = 10001
PICTURE = drawn()
FILE = FileRef(sha256(PICTURE).hexdigest(), "周报.png", "image/png", len(PICTURE))


def reading(store: Store) -> ReadFile:
    """Return what reads stored files, as `bot.wiring.channels` does."""

    async def read(prompt: Prompt) -> MadeFile:
        assert prompt.file is not None
        content = await Reader(store).file(prompt.file.hash)
        assert content is not None
        return MadeFile(prompt.file.name, content, prompt.file.media_type)

    return read


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A fake Telegram that complains of nothing."""
    async with FakeTelegram(backoff=0.01).serve() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def channel(telegram: FakeTelegram, store: Store) -> AsyncIterator[TelegramChannel]:
    """Our channel, which reads files from the database."""
    limits = HttpLimits(connections=4, connect=0.5, answer=0.5)
    channel = open_bot(telegram.token, telegram.api_base, limits, reading(store))
    yield channel
    await channel.close()


@pytest.fixture
async def mei(telegram: FakeTelegram) -> Person:
    """Somebody who has opened the chat."""
    person = telegram.user(MEI)
    await person.start()
    return person


def week(process: Process, key: str = "out_week") -> tuple[StoredFile, OutboxMessage]:
    now = process.clock.now()
    prompt = Prompt("回访简报", file=FILE)
    message = OutboxMessage(key, "telegram", str(MEI), Purpose.ALERT, prompt, created_at=now, not_before=now)
    return StoredFile.of(PICTURE, now), message


async def statuses(store: Store) -> list[SendingState]:
    async with store.reading() as session:
        return [one.status for one in await session.records(OutboxMessage, all_of(OutboxMessage))]


async def test_a_stored_picture_arrives_to_the_byte_and_once(
    store: Store, channel: TelegramChannel, mei: Person
) -> None:
    process = Process(store, channel)
    async with process.sending():
        await process.decides_on(*week(process))
        await mei.sees("回访简报")
        await process.decides_on(*week(process))  # the same cause once more
        await process.rows_when(lambda rows: rows["out_week"].status is SendingState.SENT)
    pictures = [one for one in mei.messages if one.photo is not None]
    assert [one.content for one in pictures] == [PICTURE]
    assert await statuses(store) == [SendingState.SENT]


async def test_another_process_sends_what_the_first_has_only_stored(
    store: Store, channel: TelegramChannel, mei: Person
) -> None:
    dying = Process(store, channel, is_dying=True)
    await dying.decides_on(*week(dying))
    assert [one for one in mei.messages if one.photo is not None] == []
    heir = Process(store, channel)
    async with heir.sending():
        await mei.sees("回访简报")
    assert [one.content for one in mei.messages if one.photo is not None] == [PICTURE]


async def test_a_flood_puts_it_off_and_it_comes_once(
    store: Store, telegram: FakeTelegram, channel: TelegramChannel, mei: Person
) -> None:
    telegram.faults.plant(flood(1), method="sendPhoto")
    process = Process(store, channel, pacers={"telegram": RateLimiter(RateLimits())})
    async with process.sending():
        await process.decides_on(*week(process))
        await mei.sees("回访简报")
    assert len([one for one in mei.messages if one.photo is not None]) == 1


async def test_one_file_goes_with_several_messages(store: Store, channel: TelegramChannel, mei: Person) -> None:
    process = Process(store, channel)
    async with process.sending():
        for key in ("out_1", "out_2"):
            file, message = week(process, key)
            await process.decides_on(file, message)
        await process.rows_when(lambda rows: all(one.status is SendingState.SENT for one in rows.values()))
    assert len([one for one in mei.messages if one.photo is not None]) == 2
    async with store.reading() as session:
        assert len(await session.records(StoredFile, all_of(StoredFile))) == 1
