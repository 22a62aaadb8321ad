"""What WeChat pushes is stored before it is acknowledged, however long that takes and whatever the database does."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.ports import Bind, InboundResult, Parsed
from dialogs.messages import Text
from storage.model.errors import Unavailable, WriteConflict
from tests.channels.wechat.inbound.post import OPENID, Post, answered, message_key, pushed
from tests.support.time.patience import PATIENCE
from tests.support.web.clockwork import Clockwork
from tests.support.wechat import Customer
from tests.support.wechat.pushes.replies import Reply

SUCCESS = (200, b"success")
KEY = message_key(OPENID, "24681012345678901")


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("trouble", [Unavailable("disk full"), WriteConflict("twice")])
async def test_what_cannot_be_stored_is_sent_again(post: Post, trouble: Exception) -> None:
    post.hears = lambda: _raise(trouble)
    assert (await post.take(post.sealed()))[0] == 503
    post.hears = lambda: None
    assert await post.take(post.sealed()) == SUCCESS


class Slow(Post):
    """A desk that takes its time."""

    may_go: asyncio.Event
    trouble: Exception | None = None

    async def answer_of(self, key: str) -> str:
        await self.may_go.wait()
        if self.trouble is not None:
            raise self.trouble
        return await super().answer_of(key)


@pytest.fixture
def slow(clock: Clockwork) -> Slow:
    made = Slow(clock, budget=timedelta(seconds=0.05))
    made.may_go = asyncio.Event()
    made.account.customers[OPENID] = Customer(OPENID, "王女士", "u")
    return made


async def test_a_decision_that_takes_too_long_is_acknowledged_and_goes_on(slow: Slow) -> None:
    slow.answers[KEY] = answered("2/5 解决问题")
    assert await slow.take(slow.sealed()) == SUCCESS
    slow.may_go.set()
    _, body = await slow.take(slow.sealed())
    assert slow.opened(body) == Reply("text", "2/5 解决问题")


async def test_an_answer_that_rides_on_the_reply_is_waited_for_so_that_the_retry_gets_it(slow: Slow) -> None:
    slow.is_inline = True
    slow.answers[KEY] = answered("2/5 解决问题")
    first, retry = [asyncio.create_task(slow.take(slow.sealed())) for _ in range(2)]
    await asyncio.sleep(0.1)
    assert not first.done()
    slow.may_go.set()
    assert slow.opened((await first)[1]) == slow.opened((await retry)[1]) == Reply("text", "2/5 解决问题")


async def test_a_reply_that_was_promised_at_the_first_call_is_given_at_the_next_wherever_that_comes(slow: Slow) -> None:
    """Another process has its own view of the account's health, and this one may have a new one five seconds later."""
    slow.is_inline = True
    slow.answers[KEY] = answered("2/5 解决问题")
    first = asyncio.create_task(slow.take(slow.sealed()))
    await asyncio.sleep(0)
    first.cancel()  # WeChat waits no longer
    slow.is_inline = False
    retry = asyncio.create_task(slow.take(slow.sealed()))
    await asyncio.sleep(0.1)
    assert not retry.done(), "an empty answer would be the last one: no message follows"
    slow.may_go.set()
    assert slow.opened((await retry)[1]) == Reply("text", "2/5 解决问题")


class Jammed(Post):
    """A desk that stores nothing before it may, and then fails in the way that is planted."""

    may_go: asyncio.Event
    is_stored: asyncio.Event
    trouble: Exception | None = None

    async def hear(self, parsed: Parsed, door: str, raw: bytes, bind: Bind | None = None) -> InboundResult:
        await self.may_go.wait()
        if self.trouble is not None:
            raise self.trouble
        result = await super().hear(parsed, door, raw, bind)
        self.is_stored.set()
        return result

    async def keep(self, door: str, raw: bytes, why: str, key: str = "") -> None:
        await self.may_go.wait()
        if isinstance(self.trouble, Unavailable):
            raise self.trouble
        await super().keep(door, raw, why, key)
        self.is_stored.set()


@pytest.fixture
def jammed(clock: Clockwork) -> Jammed:
    made = Jammed(clock, budget=timedelta(seconds=0.05))
    made.may_go, made.is_stored = asyncio.Event(), asyncio.Event()
    return made


UNREADABLE = pushed(MsgId="")


@pytest.mark.parametrize("xml", [pushed(Content="我的秘密"), UNREADABLE], ids=["read", "unreadable"])
async def test_what_is_not_stored_is_not_acknowledged_and_is_stored_later_even_if_it_is_not_repeated(
    jammed: Jammed, caplog: pytest.LogCaptureFixture, xml: str
) -> None:
    jammed.trouble = Unavailable("disk full")
    taken = [asyncio.create_task(jammed.take(jammed.sealed(xml))) for _ in range(2)]
    await asyncio.sleep(0.1)
    assert not any(one.done() for one in taken)
    jammed.may_go.set()
    assert [(await one)[0] for one in taken] == [503, 503]
    assert (set(jammed.alarms), jammed.mended) == ({"wechat.unstored"}, [])
    jammed.trouble = None
    async with asyncio.timeout(PATIENCE):
        await jammed.is_stored.wait()
    await asyncio.sleep(0.05)
    assert jammed.raw + jammed.kept == [xml.encode()], "once, however often it was repeated"
    assert jammed.mended == ["wechat.unstored"]
    assert caplog.messages == ["a push was not stored: Unavailable"] * 2
    assert OPENID not in caplog.text


async def test_nothing_is_stored_before_what_came_earlier_of_the_same_sender(post: Post) -> None:
    troubles = [Unavailable("away")] * 3
    post.hears = lambda: _raise(troubles.pop()) if troubles else None
    first, second, third = (post.sealed(pushed(Content=words, MsgId=words)) for words in "123")
    assert [(await post.take(one))[0] for one in (first, second)] == [503, 503]
    assert post.heard == []
    assert [(await post.take(one))[0] for one in (third, third, first)] == [503, 200, 200]
    assert [inbound.said for inbound in post.heard[:3]] == [Text("1"), Text("2"), Text("3")]


async def test_what_is_under_way_is_not_overtaken(jammed: Jammed) -> None:
    jammed.trouble = Unavailable("away")
    first, second = (jammed.sealed(pushed(Content=words, MsgId=words)) for words in "12")
    taken = [asyncio.create_task(jammed.take(one)) for one in (first, second)]
    await asyncio.sleep(0)
    jammed.may_go.set()
    assert (await taken[0])[0] == 503
    jammed.trouble = None
    await taken[1]
    await jammed.is_stored.wait()
    async with asyncio.timeout(PATIENCE):
        while len(jammed.heard) < 2:  # noqa: ASYNC110 (seen from outside, by looking)
            await asyncio.sleep(0.01)
    assert [inbound.said for inbound in jammed.heard[:2]] == [Text("1"), Text("2")]


async def test_others_are_heard_while_a_senders_push_is_held(post: Post) -> None:
    other = "oHf4k3Fake000000000000000002"
    post.account.customers[other] = Customer(other, "李先生", "u2")
    troubles = [Unavailable("away")]
    post.hears = lambda: _raise(troubles.pop()) if troubles else None
    assert (await post.take(post.sealed()))[0] == 503
    assert await post.take(post.sealed(pushed(FromUserName=other))) == SUCCESS
    assert [inbound.place.chat for inbound in post.heard] == [other]


async def test_what_a_bug_keeps_from_being_decided_is_kept_and_acknowledged(jammed: Jammed) -> None:
    jammed.trouble = LookupError("我的秘密")
    jammed.may_go.set()
    assert await jammed.take(jammed.sealed()) == SUCCESS
    assert jammed.kept == [pushed().encode()]


async def test_a_push_that_was_long_in_being_stored_is_answered_with_its_reply(jammed: Jammed) -> None:
    jammed.account.customers[OPENID] = Customer(OPENID, "王女士", "u")
    jammed.answers[KEY] = answered(transfer=True)
    taken = asyncio.create_task(jammed.take(jammed.sealed()))
    await asyncio.sleep(0.1)
    jammed.may_go.set()
    assert jammed.opened((await taken)[1]) == Reply("transfer")


async def test_a_reply_that_cannot_be_read_in_time_is_told_in_the_log_without_what_was_said(
    slow: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    slow.trouble = Unavailable("disk full")
    assert await slow.take(slow.sealed()) == SUCCESS
    assert [inbound.said for inbound in slow.heard] == [Text("4")]
    slow.may_go.set()
    await asyncio.sleep(0.01)
    assert caplog.messages == ["a push was not answered in time: Unavailable"]
