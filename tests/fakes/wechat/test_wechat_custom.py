"""Custom messages: what they may look like, and how many of them a person may get, and when."""

import json
from collections.abc import Awaitable, Callable
from typing import Literal

import pytest

from tests.fakes.wechat.conftest import Sender
from tests.support.wechat import FakeWeChat, HandClock, MenuItem, Person
from tests.support.wechat.rules.allowances import Spending

SEND = "/cgi-bin/message/custom/send"
STARS = [MenuItem(f"q1:{n}", f"{n} 分") for n in range(1, 6)]


async def test_after_a_typed_text_five_messages_in_two_days(
    wechat: FakeWeChat, sender: Sender, clock: HandClock
) -> None:
    mei = wechat.person()
    assert await sender.says(mei, "您好") == 45015
    await mei.types("在吗")
    assert [await sender.says(mei, "您好") for _ in range(6)] == [0] * 5 + [45047]
    await mei.types("在的")
    clock.advance(48 * 3600 - 1)
    await sender.authorized()
    assert await sender.says(mei, "您好") == 0
    clock.advance(1)
    assert await sender.says(mei, "您好") == 45015
    assert [seen.way for seen in mei.sees] == ["custom"] * 6
    assert wechat.violations == []
    assert [call.errcode for call in wechat.met()] == [45015, 45047, 45015]


async def test_after_a_tap_three_messages_in_a_minute(wechat: FakeWeChat, sender: Sender, clock: HandClock) -> None:
    mei = wechat.person()
    await mei.types("好")
    assert await sender.asks(mei, "态度", *STARS) == 0
    clock.advance(48 * 3600)
    await sender.authorized()
    assert await sender.says(mei, "x") == 45015
    await mei.clicks("4")
    assert [await sender.says(mei, "x") for _ in range(4)] == [0, 0, 0, 45047]
    await mei.clicks(STARS[0])
    clock.advance(59)
    assert await sender.says(mei, "x") == 0
    clock.advance(1)
    assert await sender.says(mei, "x") == 45015


@pytest.mark.parametrize(
    "act",
    [Person.follows, lambda person: person.scans("scene"), lambda person: person.clicks_menu("RATE")],
    ids=["follow", "scan", "menu"],
)
async def test_following_scanning_and_the_menu_open_the_minute_too(
    wechat: FakeWeChat, sender: Sender, act: Callable[[Person], Awaitable[object]]
) -> None:
    mei = wechat.person(follows=act is not Person.follows)
    await act(mei)
    assert [await sender.says(mei, "x") for _ in range(4)] == [0, 0, 0, 45047]


@pytest.mark.parametrize("kind", ["image", "voice", "video"])
async def test_a_picture_opens_the_two_days_as_well(
    wechat: FakeWeChat, sender: Sender, kind: Literal["image", "voice", "video"]
) -> None:
    mei = wechat.person()
    await mei.sends(kind)
    assert [await sender.says(mei, "x") for _ in range(6)] == [0] * 5 + [45047]


@pytest.mark.parametrize(("spending", "left"), [("text first", (3, 3)), ("click first", (5, 1)), ("both", (3, 1))])
async def test_which_allowance_is_taken_first_can_be_either(
    wechat: FakeWeChat, sender: Sender, clock: HandClock, spending: Spending, left: tuple[int, int]
) -> None:
    wechat.account.spending = spending
    mei = wechat.person()
    await mei.types("好")
    await mei.clicks_menu("RATE")
    for _ in range(2):
        assert await sender.says(mei, "x") == 0
    allowances = mei.customer.allowances
    assert (allowances.text.left(clock()), allowances.click.left(clock())) == left


async def test_a_menu_stays_tappable_and_comes_back_with_its_id(wechat: FakeWeChat, sender: Sender) -> None:
    mei = wechat.person()
    await mei.types("好")
    assert await sender.asks(mei, "态度", *STARS) == 0
    seen = await mei.reads("态度", way="msgmenu")
    assert seen.items == tuple(STARS)
    for _ in range(2):
        push = await mei.clicks("4", message=seen)
        assert "<Content><![CDATA[4 分]]></Content><bizmsgmenuid><![CDATA[q1:4]]></bizmsgmenuid>" in push.xml
    with pytest.raises(AssertionError, match="an item '9'"):
        await mei.clicks("9", within=0.01)


async def test_an_account_without_menus_says_so_whatever_the_window(wechat: FakeWeChat, sender: Sender) -> None:
    wechat.account.menus = False
    mei = wechat.person()
    assert await sender.asks(mei, "态度", *STARS) == 40200
    await mei.types("好")
    assert await sender.asks(mei, "态度", *STARS) == 40200
    assert await sender.says(mei, "回复 1–5") == 0
    assert wechat.violations == []


async def test_who_cannot_be_reached_has_each_their_code(wechat: FakeWeChat, sender: Sender) -> None:
    stranger, leaver, foe, mute, ghost = (wechat.person(follows=number > 0) for number in range(5))
    for person in (leaver, foe, mute, ghost):
        await person.types("好")
    await leaver.unfollows()
    foe.customer.blacklisted = mute.customer.mutes = ghost.customer.gone = True
    codes = [await sender.says(person, "x") for person in (stranger, leaver, foe, mute, ghost)]
    assert codes == [43004, 45015, 43019, 48002, 46004]
    assert await sender.sends("oOfAnotherAccount", "text", {"content": "x"}) == 40003
    assert wechat.violations == []
    with pytest.raises(AssertionError, match="must follow"):
        await leaver.types("?")


async def test_escaped_chinese_is_refused_and_an_escaped_backslash_is_not(wechat: FakeWeChat, sender: Sender) -> None:
    mei = wechat.person()
    await mei.types("好")
    escaped = json.dumps({"touser": mei.openid, "msgtype": "text", "text": {"content": "您好"}}).encode()
    assert (await sender.post(SEND, escaped))["errcode"] == 40033
    assert len(wechat.violations) == 1
    assert await sender.says(mei, r"C:\users\u00e9") == 0
    assert (await sender.post(SEND, escaped.decode("unicode_escape").encode("gbk")))["errcode"] == 47001


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": " \n"}, 44004),
        ("text", {"content": "好" * 683}, 45002),
        ("text", {"content": "x", "extra": 1}, 44004),
        ("text", "x", 40035),
        ("voice", {"media_id": "x"}, 40035),
        ("image", {"media_id": ""}, 40035),
        ("msgmenu", {"head_content": "x", "list": []}, 40035),
        ("msgmenu", {"head_content": "x"}, 40035),
        ("msgmenu", {"head_content": "x", "list": [{"id": 1, "content": "x"}]}, 40035),
        ("msgmenu", {"head_content": "x", "list": [{"id": "1"}]}, 40035),
        ("msgmenu", {"head_content": "x" * 2048, "list": [{"id": "1", "content": "x"}]}, 45002),
    ],
)
async def test_a_wrong_shape_breaks_a_rule_and_costs_nothing(
    wechat: FakeWeChat, sender: Sender, kind: str, content: object, code: int
) -> None:
    mei = wechat.person()
    await mei.types("好")
    assert await sender.sends(mei.openid, kind, content) == code
    assert [violation.rule[:5] for violation in wechat.violations] == [str(code)]
    assert mei.customer.allowances.text.used == 0


async def test_two_contents_or_no_addressee_break_rules(wechat: FakeWeChat, sender: Sender) -> None:
    both = {"touser": "o", "msgtype": "text", "text": {"content": "x"}, "msgmenu": {}}
    assert (await sender.post(SEND, both))["errcode"] == 40035
    assert (await sender.post(SEND, {"touser": "", "msgtype": "text", "text": {"content": "x"}}))["errcode"] == 40035
    assert (await sender.post(SEND, {"touser": "o", "msgtype": "link"}))["errcode"] == 40008
    assert len(wechat.violations) == 3


async def test_a_text_of_exactly_two_kilobytes_arrives(wechat: FakeWeChat, sender: Sender) -> None:
    mei = wechat.person()
    await mei.types("好")
    assert await sender.says(mei, "好" * 682 + "xx") == 0
    assert len(mei.last.text.encode()) == 2048
