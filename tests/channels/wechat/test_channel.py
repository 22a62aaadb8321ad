"""The channel never raises, tells nothing that is secret, knows when it is in doubt, and binds customers by a code."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.wechat.descriptor import WECHAT
from bot.ports import Refused, Retry, Sent, Unknown
from bot.signed_links import LinkPurpose, Links
from dialogs.messages import Choice, Prompt, Tap, Verb
from tests.channels.wechat.chat import KEY, Chat, codes, to
from tests.channels.wechat.messages import COMMENT
from tests.support.wechat import APP_SECRET, Cut, FakeWeChat, Garbled, HandClock, Http, Person, Refuse, Slow

CUSTOM = "custom/send"
DAY = timedelta(days=1)


@pytest.mark.parametrize("fault", [Cut(done=True), Cut(done=False), Garbled()], ids=["cut", "cut before", "garbled"])
async def test_a_message_without_an_answer_is_in_doubt_and_answers_go_inline_for_a_minute(
    wechat: FakeWeChat, hand: HandClock, chat: Chat, mei: Person, fault: Cut | Garbled
) -> None:
    await chat.types(mei)
    wechat.faults.plant(fault, CUSTOM)
    outcome = await chat.sends(to(mei))
    assert (type(outcome), codes(outcome)) == (Unknown, ["text no_answer"])
    assert chat.channel.wants_inline()
    hand.advance(59)
    assert chat.channel.wants_inline()
    hand.advance(1)
    assert not chat.channel.wants_inline()
    assert [isinstance(await chat.sends(to(mei)), Sent) for _ in range(5)] == [True] * 4 + [False]


async def test_a_gateway_or_nobody_at_all_is_tried_again(wechat: FakeWeChat, chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    wechat.faults.plant(Http(502), CUSTOM, times=2)
    outcomes = [await chat.sends(to(mei)) for _ in range(2)]
    assert [(outcome.after, codes(outcome)) for outcome in outcomes if isinstance(outcome, Retry)] == [
        (1.0, ["text unreachable"]),
        (2.0, ["text unreachable"]),
    ]
    assert chat.channel.wants_inline()
    await chat.channel.close()
    assert isinstance(await chat.sends(to(mei)), Retry)
    assert mei.sees == []


async def test_a_slow_platform_is_answered_inline_for_a_minute(
    wechat: FakeWeChat, hand: HandClock, chat: Chat, mei: Person
) -> None:
    await chat.types(mei)
    assert isinstance(await chat.sends(to(mei)), Sent)
    assert not chat.channel.wants_inline()
    wechat.faults.plant(Slow(1.05), CUSTOM)
    assert isinstance(await chat.sends(to(mei)), Sent)
    assert chat.channel.wants_inline()
    hand.advance(60)
    assert not chat.channel.wants_inline()


# -- never raises, tells nothing -------------------------------------------------------------------------------


async def test_a_database_that_cannot_be_read_puts_it_off(chat: Chat, mei: Person) -> None:
    chat.is_locked = True
    assert await chat.channel.send(to(mei), "") == Retry(5.0, "what the chat allows cannot be looked up: Unavailable")


async def test_a_prompt_that_no_menu_can_carry_is_refused_with_the_reason(chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    odd = Prompt("?", ((Choice("x", Tap(Verb.SKIP, "int_" + "x" * 99)),),))
    outcome = await chat.sends(to(mei, odd))
    assert isinstance(outcome, Refused)
    assert outcome.why.startswith("out_1 cannot be said on WeChat: no item carries")


async def test_no_secret_no_token_and_nobody_s_words_stand_in_a_log(
    wechat: FakeWeChat, chat: Chat, mei: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await chat.types(mei)
    for fault in (Refuse(40001), Refuse(45015), Http(500), Cut(), Refuse(99999)):
        wechat.faults.plant(fault, CUSTOM)
        await chat.sends(to(mei))
        await chat.types(mei)
    token = wechat.calls(CUSTOM)[0].values["access_token"]
    told = caplog.text + str(chat.alarms)
    assert [word for word in (APP_SECRET, token, COMMENT.text, mei.openid) if word in told] == []


# -- binding ---------------------------------------------------------------------------------------------------


async def test_a_customer_is_bound_by_a_temporary_code_on_a_page_of_ours(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    token, until = "A" * 22, chat.clock.now() + 30 * DAY
    binding = await chat.channel.binding(token, until)
    links = Links("https://example.com", KEY)
    assert links.read(binding.url.rpartition("/s/")[2], chat.clock.now()) == (LinkPurpose.BINDING, binding.scan)
    push = await mei.scans(binding.scan)
    assert f"<EventKey><![CDATA[{token}]]></EventKey>" in push.xml
    (call,) = wechat.calls("qrcode/create")
    assert call.values["action_name"] == "QR_STR_SCENE"
    assert 30 * 86400 - 2 <= call.values["expire_seconds"] <= 30 * 86400


async def test_while_wechat_gives_no_code_there_is_no_binding(wechat: FakeWeChat, chat: Chat) -> None:
    wechat.faults.plant(Refuse(45009), "qrcode/create")
    with pytest.raises(LookupError, match=r"WeChat gives no code now \(45009 .*try again"):
        await chat.channel.binding("A" * 22, datetime(2099, 1, 1, tzinfo=UTC))


async def test_a_click_needs_no_acknowledgement(wechat: FakeWeChat, chat: Chat) -> None:
    await chat.channel.acknowledge("", "好", alert=False)
    assert (wechat.calls(), chat.channel.name) == ([], "wechat")
    assert (WECHAT.capabilities.buttons, WECHAT.capabilities.edits) == (True, False)
