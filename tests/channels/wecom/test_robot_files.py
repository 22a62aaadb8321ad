"""A picture or a file goes into the group behind its words; what the robot cannot take goes as a link."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.channels.descriptor import MadeFile
from bot.channels.wecom.channel import RobotChannel
from bot.channels.wecom.robot_api import RobotApi
from bot.ports import Retry, Sent, Unknown
from bot.process.system import SystemClock
from dialogs.messages import FileRef, Link, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from tests.channels.telegram.attached.test_stored_files import drawn
from tests.channels.wecom.alerts import alarm
from tests.channels.wecom.conftest import ON_CALL, PATIENT
from tests.dialogs.samples import PHRASES
from tests.support.wechat import FakeWeChat, Robot
from tests.support.wechat.faults import Cut, Refuse

PAGE = Link("打开文件", "https://huifang.example/a/TOKEN")
SEND, UPLOAD = "/cgi-bin/webhook/send", "/cgi-bin/webhook/upload_media"


class Shelf:
    """The stored files: one content for all; none where it is empty."""

    content = drawn()

    async def read(self, prompt: Prompt) -> MadeFile:
        assert prompt.file is not None
        if not self.content:
            raise LookupError("it is not kept any more")
        return MadeFile(prompt.file.name, self.content, prompt.file.media_type)


@pytest.fixture
def shelf() -> Shelf:
    """What is stored."""
    return Shelf()


@pytest.fixture
async def channel(robot: Robot, shelf: Shelf) -> AsyncIterator[RobotChannel]:
    """Our channel, with the stored files."""
    say = partial(PHRASES.say, "zh-Hans")
    channel = RobotChannel(RobotApi(robot.url, PATIENT), ON_CALL, say, SystemClock(), shelf.read)
    yield channel
    await channel.close()


def week(shelf: Shelf, media_type: str = "image/png", size: int = 0, text: str = "回访简报") -> OutboxMessage:
    file = FileRef("ab" * 32, "周报.png", media_type, size or len(shelf.content), PAGE)
    return replace(alarm(), id="out_week", prompt=Prompt(text, file=file))


async def test_a_picture_follows_its_words(channel: RobotChannel, robot: Robot, shelf: Shelf) -> None:
    assert await channel.send(week(shelf), "") == Sent("out_week")
    words, picture = robot.notices
    assert (words.kind, words.text, words.mentions) == ("text", "回访简报", ())
    assert (picture.kind, picture.content) == ("image", shelf.content)


@pytest.mark.parametrize("media_type", ["application/pdf", "text/csv"])
async def test_another_file_is_uploaded_under_its_name(
    channel: RobotChannel, robot: Robot, shelf: Shelf, media_type: str
) -> None:
    assert isinstance(await channel.send(week(shelf, media_type), ""), Sent)
    assert (robot.notices[-1].kind, robot.notices[-1].text, robot.notices[-1].content) == (
        "file",
        "周报.png",
        shelf.content,
    )


async def test_a_picture_above_two_megabytes_goes_as_a_file(channel: RobotChannel, robot: Robot, shelf: Shelf) -> None:
    shelf.content = drawn() + bytes(2 * 1024 * 1024)
    assert isinstance(await channel.send(week(shelf), ""), Sent)
    assert [one.kind for one in robot.notices] == ["text", "file"]


async def test_a_file_above_twenty_megabytes_is_a_link(channel: RobotChannel, robot: Robot, shelf: Shelf) -> None:
    assert isinstance(await channel.send(week(shelf, size=20 * 1024 * 1024 + 1), ""), Sent)
    (words,) = robot.notices
    assert words.text == f"回访简报\n{PAGE.label} {PAGE.url}"


async def test_a_file_that_is_kept_no_more_is_a_link(channel: RobotChannel, robot: Robot, shelf: Shelf) -> None:
    message = week(shelf)
    shelf.content = b""
    assert isinstance(await channel.send(message, ""), Sent)
    assert PAGE.url in robot.notices[-1].text


async def test_a_picture_that_the_robot_refuses_is_followed_by_a_link(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat, shelf: Shelf
) -> None:
    shelf.content = drawn() + bytes(2 * 1024 * 1024)
    wechat.faults.plant(Refuse(45001), path=UPLOAD)
    assert isinstance(await channel.send(week(shelf), ""), Sent)
    assert [one.text for one in robot.notices] == ["回访简报", f"{PAGE.label}\n{PAGE.url}"]


async def test_words_that_have_arrived_are_not_said_again(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat, shelf: Shelf
) -> None:
    shelf.content = b"%PDF-1.7"
    wechat.faults.plant(Refuse(-1), path=UPLOAD)
    assert isinstance(await channel.send(week(shelf, "application/pdf"), ""), Retry)
    assert isinstance(await channel.send(week(shelf, "application/pdf"), ""), Sent)
    assert [one.kind for one in robot.notices] == ["text", "file"]


async def test_an_upload_without_an_answer_shows_nothing_and_is_made_again(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat, shelf: Shelf
) -> None:
    shelf.content = b"%PDF-1.7"
    wechat.faults.plant(Cut(done=True), path=UPLOAD)
    assert isinstance(await channel.send(week(shelf, "application/pdf"), ""), Retry)
    assert isinstance(await channel.send(week(shelf, "application/pdf"), ""), Sent)
    assert [one.kind for one in robot.notices] == ["text", "file"]


async def test_words_without_an_answer_are_in_doubt(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat, shelf: Shelf
) -> None:
    wechat.faults.plant(Cut(done=True), path=SEND)
    assert isinstance(await channel.send(week(shelf), ""), Unknown)
    assert [one.kind for one in robot.notices] == ["text"]
