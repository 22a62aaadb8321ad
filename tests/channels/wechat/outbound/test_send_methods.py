"""Messages go down the ladder at a platform that keeps its rules: what may go goes, and the rest waits."""

import asyncio

import pytest

from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from bot.ports import Blocked, Held, Retry, Sent
from dialogs.messages import Tap, Verb
from scoring.values import replace
from storage.model.records import Purpose as For
from tests.channels.wechat.chat import OFFERS, Chat, beside, codes, invitation, open_chat, to
from tests.channels.wechat.messages import CLOSURE, FACTS, INTERVIEW, NOTE, PAGE, RATING, closure
from tests.support.wechat import FakeWeChat, HandClock, Person, Refuse, Slow

CUSTOM, TEMPLATE = "custom/send", "template/send"


async def test_a_question_arrives_as_a_menu_and_a_click_on_it_says_which(chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    outcome = await chat.sends(to(mei, RATING))
    assert (type(outcome), codes(outcome)) == (Sent, ["menu 0"])
    seen = await mei.reads("响应速度", way="msgmenu")
    assert [item.content for item in seen.items][3:] == ["4 满意", "5 很满意", "跳过", "上一步"]
    assert MENU_ITEM_ID.decode(seen.items[3].id) == Tap(Verb.RATE, INTERVIEW, "response_speed", 4)
    assert "<Content><![CDATA[4 满意]]></Content>" in await chat.clicks(mei, "4")


async def test_on_an_account_without_menus_the_same_sending_goes_as_text_and_is_remembered(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    wechat.account.menus = False
    await chat.types(mei)
    assert not chat.channel.wants_inline()
    assert codes(await chat.sends(to(mei, RATING))) == ["menu 40200", "text 0"]
    assert codes(await chat.sends(to(mei, RATING))) == ["text 0"]
    await mei.reads(RATING.typed, way="custom")
    assert chat.channel.wants_inline()
    assert chat.notes == ["no menus"]
    assert (await beside(chat)).wants_inline(chat.clock.now())


async def test_many_messages_that_meet_an_account_without_menus_write_it_down_once(
    wechat: FakeWeChat, chat: Chat
) -> None:
    wechat.account.menus = False
    people = [wechat.person() for _ in range(9)]
    for somebody in people:
        await chat.types(somebody)
    outcomes = await asyncio.gather(*(chat.sends(to(somebody, RATING)) for somebody in people))
    assert {type(outcome) for outcome in outcomes} == {Sent}
    assert chat.notes == ["no menus"]


async def test_an_owner_who_wants_text_never_sends_a_menu(wechat: FakeWeChat, hand: HandClock, mei: Person) -> None:
    async with open_chat(wechat, hand, replace(OFFERS, menus=False)) as chat:
        assert chat.channel.wants_inline()
        await chat.types(mei)
        assert codes(await chat.sends(to(mei, RATING))) == ["text 0"]


async def test_with_the_window_shut_an_invitation_is_a_template_that_opens_the_page(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    outcome = await chat.sends(invitation(mei))
    seen = await mei.reads("空调不制冷", way="template")
    assert (seen.url, seen.fields) == (PAGE.url, {"thing1": "空调不制冷", "time3": "2026-11-22 10:30"})
    assert isinstance(outcome, Sent)
    assert (outcome.receipt.isdecimal(), codes(outcome)) == (True, ["template 0"])
    assert wechat.calls(TEMPLATE)[0].values["client_msg_id"] == "out_1"


async def test_a_closure_spends_one_grant_and_with_none_left_it_waits(chat: Chat, mei: Person) -> None:
    await chat.grants(mei, "SUB")
    assert codes(await chat.sends(to(mei, CLOSURE, For.CLOSURE))) == ["grant 0"]
    await mei.reads(NOTE, way="subscribe")
    again = await chat.sends(to(mei, CLOSURE, For.CLOSURE, "out_2"))
    assert again == Held(None, "window_closed")


@pytest.mark.parametrize("length", [20, 21, 28, 2000])
async def test_a_sentence_longer_than_its_field_goes_by_grant_shortened_with_the_page_that_has_it_whole(
    chat: Chat, mei: Person, length: int
) -> None:
    await chat.grants(mei, "SUB")
    note = ("换了压缩机，加了制冷剂，试了一个小时，请再试试看" * 100)[:length]
    chat.facts = {**FACTS, "note": note}
    assert codes(await chat.sends(to(mei, replace(closure(note), page=PAGE.url), For.CLOSURE))) == ["grant 0"]
    seen = await mei.reads(note[:19], way="subscribe")
    assert seen.url == PAGE.url
    assert len(seen.fields["thing2"]) <= 20


async def test_a_grant_that_the_platform_does_not_know_is_forgotten(chat: Chat, mei: Person) -> None:
    await chat.grants(mei, "SUB")
    mei.customer.grants.clear()
    outcome = await chat.sends(to(mei, CLOSURE, For.CLOSURE))
    assert isinstance(outcome, Held)
    assert (outcome.why, codes(outcome)) == ("window_closed", ["grant 43101"])
    assert (await chat.sends(to(mei, CLOSURE, For.CLOSURE))) == Held(None, "window_closed")


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_window_that_is_shut_against_our_books_is_left_at_once_and_booked(
    wechat: FakeWeChat, chat: Chat, mei: Person, code: int
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), CUSTOM)
    assert codes(await chat.sends(invitation(mei))) == [f"menu {code}", "template 0"]
    assert await chat.sends(to(mei)) == Held(None, "window_closed")
    await chat.types(mei)
    assert codes(await chat.sends(to(mei))) == ["text 0"]


async def test_whoever_does_not_follow_gets_a_closure_by_grant_and_is_else_out_of_reach(
    wechat: FakeWeChat, chat: Chat
) -> None:
    li, stranger = wechat.person("李先生"), wechat.person("张先生")
    for somebody in (li, stranger):
        await chat.types(somebody)
        somebody.customer.follows = False
    await chat.grants(li, "SUB")
    assert codes(await chat.sends(to(li, CLOSURE, For.CLOSURE))) == ["menu 43004", "grant 0"]
    outcome = await chat.sends(to(stranger, CLOSURE, For.CLOSURE))
    assert isinstance(outcome, Blocked)
    assert (outcome.reason, codes(outcome)) == ("blocked", ["menu 43004"])


async def test_a_long_note_arrives_whole_in_several_messages_with_the_choice_below_the_last(
    chat: Chat, mei: Person
) -> None:
    note = "\n".join(f"第{number}步：换了压缩机，清洗了滤网。" for number in range(90))
    await chat.types(mei)
    assert codes(await chat.sends(to(mei, closure(note), For.CLOSURE))) == ["menu 0"] * 3
    assert [seen.way for seen in mei.sees] == ["custom", "custom", "msgmenu"]
    assert note in "\n".join(seen.text for seen in mei.sees)
    assert [item.content for item in mei.last.items] == ["解决了", "还没解决"]


async def test_a_long_note_that_was_interrupted_goes_on_where_it_stopped(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    await chat.types(mei)
    long = to(mei, closure("换了压缩机，清洗了滤网。" * 90), For.CLOSURE)
    wechat.faults.plant(Slow(0.0), CUSTOM)
    wechat.faults.plant(Refuse(-1), CUSTOM)
    wechat.account.menus = False
    outcome = await chat.sends(long)
    assert (type(outcome), codes(outcome)) == (Retry, ["menu 0", "menu -1"])
    assert codes(await chat.sends(long)) == ["menu 40200", "text 0"]
    assert [seen.text.count("换") for seen in mei.sees] == [54, 36]
    assert mei.last.text.endswith(CLOSURE.typed)


async def test_a_long_note_whose_window_shuts_half_way_goes_whole_by_grant(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    await chat.types(mei)
    await chat.grants(mei, "SUB")
    wechat.faults.plant(Slow(0.0), CUSTOM)
    wechat.faults.plant(Refuse(45047), CUSTOM)
    long = to(mei, closure("换了压缩机，清洗了滤网。" * 90, PAGE), For.CLOSURE)
    assert codes(await chat.sends(long)) == ["menu 0", "menu 45047", "grant 0"]
    assert (mei.last.way, mei.last.url) == ("subscribe", PAGE.url)
