"""A file goes with a message: made when it is sent, and refused or put off where it cannot be made."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.descriptor import MadeFile, ReadFile
from bot.channels.http_client.client import HttpLimits
from bot.channels.telegram.channel import TelegramChannel, open_bot
from bot.ports import Refused, Retry, Sent
from dialogs.messages import Prompt
from scoring.values import replace
from tests.channels.telegram.messages import message
from tests.support.botapi import FakeTelegram, Person, flood

ASKED = message(Prompt("这是您的全部资料", attachment="req_1"))


@asynccontextmanager
async def attaching(telegram: FakeTelegram, read_file: ReadFile) -> AsyncIterator[TelegramChannel]:
    """Connect a channel that gets its files from `read_file`."""
    channel = open_bot(
        telegram.token, telegram.api_base, HttpLimits(connections=128, connect=0.5, answer=0.5), read_file
    )
    yield channel
    await channel.close()


@pytest.mark.parametrize(
    ("words", "read"),
    [("", "这是您的全部资料"), ("称呼：王女士", "称呼：王女士"), ("长" * 2000, "长" * 1023 + "…")],
)
async def test_a_file_arrives_with_its_name_and_words(
    telegram: FakeTelegram, mei: Person, words: str, read: str
) -> None:
    async def attach(prompt: Prompt) -> MadeFile:
        return MadeFile(
            "huifang-data-2026-11-22.json",
            json.dumps({"request": prompt.attachment, "name": "王女士"}).encode(),
            "application/json",
            words,
        )

    async with attaching(telegram, attach) as channel:
        delivery = await channel.send(ASKED, "")
    assert delivery == Sent(str(mei.last.id))
    assert mei.last.text == read
    assert (mei.last.document or {})["file_name"] == "huifang-data-2026-11-22.json"
    assert json.loads(mei.last.content) == {"request": "req_1", "name": "王女士"}


async def test_a_file_of_which_nothing_is_left_is_not_sent(channel: TelegramChannel, mei: Person) -> None:
    before = len(mei.messages)
    assert isinstance(await channel.send(ASKED, ""), Refused)
    assert len(mei.messages) == before


async def test_a_file_that_cannot_be_made_now_is_sent_later(telegram: FakeTelegram) -> None:
    async def attach(prompt: Prompt) -> MadeFile:
        raise ConnectionError(prompt.attachment)

    async with attaching(telegram, attach) as channel:
        assert isinstance(await channel.send(ASKED, ""), Retry)


async def test_too_many_files_are_put_off_like_messages(telegram: FakeTelegram) -> None:
    async def attach(prompt: Prompt) -> MadeFile:
        return MadeFile(prompt.attachment, b"{}", "application/json")

    telegram.faults.plant(flood(3), method="sendDocument")
    async with attaching(telegram, attach) as channel:
        delivery = await channel.send(ASKED, "")
    assert isinstance(delivery, Retry)
    assert delivery.after >= 3


async def test_a_file_goes_to_the_topic_in_which_it_was_asked_for(telegram: FakeTelegram, mei: Person) -> None:
    async def attach(_prompt: Prompt) -> MadeFile:
        return MadeFile("report.csv", b"1", "text/csv")

    group = telegram.group(-1_001_234, "客服一组", [mei])
    group.chat.topics.add(7)
    asked = replace(ASKED, chat=str(group.chat.id), prompt=replace(ASKED.prompt, topic="7"))
    async with attaching(telegram, attach) as channel:
        await channel.send(asked, "")
        group.chat.topics.clear()
        await channel.send(asked, "")
    assert [(one.topic, one.content) for one in group.messages] == [(7, b"1"), (None, b"1")]
