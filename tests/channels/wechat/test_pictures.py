"""A picture goes before its words, inside of what the chat allows; else the words lead to it."""

import pytest

from bot.ports import Held, Retry, Sent, Unknown
from dialogs.messages import FileRef, Link, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from tests.channels.telegram.attached.test_stored_files import drawn
from tests.channels.wechat.chat import Chat, codes, to
from tests.channels.wechat.messages import RATING
from tests.support.wechat import Cut, FakeWeChat, HandClock, Http, Person, Refuse

PAGE = Link("打开文件", "https://huifang.example/a/TOKEN")
CUSTOM, UPLOAD = "custom/send", "media/upload"
CUSTOM_PATH = "/cgi-bin/message/custom/send"
PICTURE = drawn()
REPORT = FileRef("ab" * 32, "换下的压缩机.png", "image/png", len(PICTURE), PAGE)


def shown(somebody: Person, file: FileRef = REPORT) -> OutboxMessage:
    return replace(to(somebody), prompt=Prompt("换下来的零件是这样的", file=file))


@pytest.fixture(autouse=True)
def stored(chat: Chat) -> None:
    """Store the picture."""
    chat.files[REPORT.hash] = PICTURE


def seen(somebody: Person) -> list[tuple[str, str]]:
    return [(one.way, one.text) for one in somebody.sees]


async def test_a_picture_goes_before_its_words(chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    outcome = await chat.sends(shown(mei))
    assert (type(outcome), codes(outcome)) == (Sent, ["text 0", "text 0"])
    assert seen(mei) == [("image", ""), ("custom", "换下来的零件是这样的")]
    assert mei.sees[0].content == PICTURE


async def test_what_can_be_tapped_stands_below_the_picture(chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    outcome = await chat.sends(replace(to(mei), prompt=replace(RATING, file=REPORT)))
    assert isinstance(outcome, Sent)
    assert [one.way for one in mei.sees] == ["image", "msgmenu"]


async def test_a_picture_counts_among_the_messages_that_the_chat_allows(chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    for _ in range(2):
        assert isinstance(await chat.sends(shown(mei)), Sent)
    last = await chat.sends(shown(mei))
    assert isinstance(last, Sent)
    assert seen(mei)[-1] == ("custom", f"换下来的零件是这样的\n\n{PAGE.label}\n{PAGE.url}"), "one message was left"
    assert isinstance(await chat.sends(shown(mei)), Held)


async def test_outside_of_the_reply_window_nothing_is_uploaded(
    chat: Chat, wechat: FakeWeChat, hand: HandClock, mei: Person
) -> None:
    await chat.types(mei)
    hand.advance(49 * 3600)
    assert isinstance(await chat.sends(shown(mei)), Held)
    assert not wechat.account.media


@pytest.mark.parametrize(
    "file",
    [replace(REPORT, media_type="application/pdf"), replace(REPORT, size=10_000_001), replace(REPORT, hash="cd" * 32)],
    ids=["no picture", "too large", "not kept any more"],
)
async def test_what_cannot_be_shown_is_a_link(chat: Chat, mei: Person, file: FileRef) -> None:
    await chat.types(mei)
    assert isinstance(await chat.sends(shown(mei, file)), Sent)
    assert seen(mei) == [("custom", f"换下来的零件是这样的\n\n{PAGE.label}\n{PAGE.url}")]


@pytest.mark.parametrize("code", [40005, 40009, 45001])
async def test_a_picture_that_is_refused_is_a_link(chat: Chat, wechat: FakeWeChat, mei: Person, code: int) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), UPLOAD)
    assert isinstance(await chat.sends(shown(mei)), Sent)
    assert [one.way for one in mei.sees] == ["custom"]
    assert PAGE.url in mei.sees[0].text


async def test_a_picture_that_has_arrived_does_not_come_twice(
    chat: Chat, wechat: FakeWeChat, hand: HandClock, mei: Person
) -> None:
    await chat.types(mei)
    wechat.account.quotas.per_minute[CUSTOM_PATH] = 1
    assert isinstance(await chat.sends(shown(mei)), Retry), "the words find the minute used up"
    hand.advance(90)
    assert isinstance(await chat.sends(shown(mei)), Sent)
    assert [one.way for one in mei.sees] == ["image", "custom"]


async def test_an_upload_without_an_answer_is_made_again_and_shows_nothing(
    chat: Chat, wechat: FakeWeChat, mei: Person
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Cut(done=True), UPLOAD)
    assert isinstance(await chat.sends(shown(mei)), Sent), "a second upload is harmless"
    wechat.faults.plant(Http(502), UPLOAD, times=2)
    assert isinstance(await chat.sends(shown(mei)), Retry)
    assert [one.way for one in mei.sees] == ["image", "custom"]


async def test_a_picture_without_an_answer_is_in_doubt(chat: Chat, wechat: FakeWeChat, mei: Person) -> None:
    await chat.types(mei)
    wechat.faults.plant(Cut(done=True), CUSTOM)
    outcome = await chat.sends(shown(mei))
    assert (type(outcome), codes(outcome)) == (Unknown, ["text no_answer"])
    assert [one.way for one in mei.sees] == ["image"]
