"""A stored file goes with a message: as a picture or a document, with its words below it where they have room."""

import struct
import zlib
from collections.abc import AsyncIterator

import pytest

from bot.channels.descriptor import MadeFile
from bot.channels.http_client.client import HttpLimits
from bot.channels.telegram.channel import TelegramChannel, open_bot
from bot.ports import Gone, Refused, Retry, Sent, Unknown
from dialogs.messages import FileRef, Tap, Verb
from tests.channels.telegram.messages import Choice, Link, Person, Prompt, message
from tests.support.botapi import Cut, FakeTelegram, flood
from tests.support.botapi import Person as Someone
from tests.support.botapi.errors import refused
from tests.support.botapi.faults import Refuse

PAGE = Link("打开文件", "https://huifang.example/a/TOKEN")
WANG = Person("77", "王工")
LONG = "很长的一行。\n" * 200


def drawn(width: int = 400, height: int = 300) -> bytes:
    """Return a PNG of one grey."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def picture(content: bytes = b"", media_type: str = "image/png", size: int = 0, name: str = "周报.png") -> FileRef:
    return FileRef("ab" * 32, name, media_type, size or len(content or drawn()), PAGE)


class Files:
    """The stored files: one content for all."""

    def __init__(self) -> None:
        self.content = drawn()

    async def read(self, prompt: Prompt) -> MadeFile:
        assert prompt.file is not None
        if not self.content:
            raise LookupError(f"{prompt.file.name} is not kept any more")
        return MadeFile(prompt.file.name, self.content, prompt.file.media_type)


@pytest.fixture
def files() -> Files:
    """What is stored."""
    return Files()


@pytest.fixture
async def channel(telegram: FakeTelegram, files: Files) -> AsyncIterator[TelegramChannel]:
    """Our channel, with the stored files."""
    limits = HttpLimits(connections=128, connect=0.5, answer=0.5)
    channel = open_bot(telegram.token, telegram.api_base, limits, files.read)
    yield channel
    await channel.close()


async def test_a_picture_arrives_with_its_words_below_it(channel: TelegramChannel, mei: Someone, files: Files) -> None:
    rows = ((Choice("看明细", Tap(Verb.MORE, "iss_1")),),)
    sent = await channel.send(message(Prompt("上周：王工处理得最快", rows, file=picture(), notifies=(WANG,))), "")
    assert sent == Sent(str(mei.last.id))
    assert (mei.last.text, mei.last.content) == ("上周：王工处理得最快", files.content)
    assert mei.last.photo is not None
    assert mei.last.document is None
    assert [[button["text"] for button in row] for row in mei.last.keyboard or []] == [["看明细"]]
    assert [entity["type"] for entity in mei.last.entities] == ["text_mention"]


async def test_words_that_have_no_room_below_a_picture_follow_it(channel: TelegramChannel, mei: Someone) -> None:
    before = len(mei.messages)
    sent = await channel.send(message(Prompt(LONG, file=picture())), "")
    shown, told = mei.messages[before:]
    assert (shown.photo is not None, shown.text, told.text) == (True, "", LONG.strip())
    assert sent == Sent(str(told.id)), "later edits change the words"


async def test_a_picture_whose_words_had_to_wait_does_not_come_twice(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Someone
) -> None:
    before = len(mei.messages)
    telegram.faults.plant(flood(1), method="sendMessage")
    assert isinstance(await channel.send(message(Prompt(LONG, file=picture())), ""), Retry)
    assert isinstance(await channel.send(message(Prompt(LONG, file=picture())), ""), Sent)
    assert [one.photo is not None for one in mei.messages[before:]] == [True, False]


async def test_other_files_go_as_documents(channel: TelegramChannel, mei: Someone, files: Files) -> None:
    files.content = b"%PDF-1.7"
    report = picture(files.content, "application/pdf", name="十月 服务质量.pdf")
    assert isinstance(await channel.send(message(Prompt("十月报告", file=report)), ""), Sent)
    assert (mei.last.document or {})["file_name"] == "十月 服务质量.pdf"
    assert (mei.last.text, mei.last.content) == ("十月报告", b"%PDF-1.7")


async def test_a_picture_of_odd_sides_goes_as_a_document(channel: TelegramChannel, mei: Someone, files: Files) -> None:
    files.content = drawn(9000, 1200)
    assert isinstance(await channel.send(message(Prompt("图", file=picture(files.content))), ""), Sent)
    assert (mei.last.photo, mei.last.content) == (None, files.content)


async def test_a_picture_above_ten_megabytes_is_no_photo_and_a_file_above_fifty_is_a_link(
    channel: TelegramChannel, mei: Someone
) -> None:
    await channel.send(message(Prompt("图", file=picture(size=10_000_001))), "")
    assert (mei.last.photo, mei.last.document is None) == (None, False)
    await channel.send(message(Prompt("图", file=picture(size=50_000_001))), "")
    assert (mei.last.document, mei.last.text) == (None, "图")
    assert mei.last.keyboard == [[{"text": PAGE.label, "url": PAGE.url}]]


async def test_where_a_group_lets_no_pictures_in_the_words_come_with_a_link(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Someone
) -> None:
    no_media = Refuse(refused(400, "Bad Request: not enough rights to send photos to the chat"))
    no_files = Refuse(refused(400, "Bad Request: not enough rights to send documents to the chat"))
    telegram.faults.plant(no_media, method="sendPhoto")
    telegram.faults.plant(no_files, method="sendDocument")
    assert isinstance(await channel.send(message(Prompt("周报", file=picture())), ""), Sent)
    assert (mei.last.text, mei.last.photo, mei.last.document) == ("周报", None, None)
    assert mei.last.keyboard == [[{"text": PAGE.label, "url": PAGE.url}]]


async def test_a_picture_that_may_have_arrived_is_in_doubt(
    channel: TelegramChannel, telegram: FakeTelegram, mei: Someone
) -> None:
    before = len(mei.messages)
    telegram.faults.plant(Cut(done=True), method="sendPhoto")
    assert isinstance(await channel.send(message(Prompt("周报", file=picture())), ""), Unknown)
    assert len(mei.messages) == before + 1


async def test_a_file_that_is_kept_no_more_is_refused(channel: TelegramChannel, files: Files) -> None:
    files.content = b""
    assert await channel.send(message(Prompt("周报", file=picture())), "") == Refused("周报.png is not kept any more")


async def test_an_edit_carries_no_file(channel: TelegramChannel) -> None:
    assert isinstance(await channel.send(message(Prompt("周报", file=picture())), "80"), Gone)


async def test_the_words_below_a_picture_can_be_replaced(channel: TelegramChannel, mei: Someone) -> None:
    sent = await channel.send(message(Prompt("王女士说：太慢了", file=picture())), "")
    assert isinstance(sent, Sent)
    assert await channel.send(message(Prompt("（已删除）")), sent.receipt) == sent
    assert (mei.last.text, mei.last.edits, mei.last.photo is not None) == ("（已删除）", 1, True)
    assert await channel.send(message(Prompt("长" * 2000)), sent.receipt) == sent
    assert mei.last.text == "长" * 1023 + "…"
