"""The WeCom group robot takes twenty right messages a minute, and shows what the group would see."""

from typing import Any

import pytest

from tests.fakes.wechat.conftest import Sender
from tests.support.wechat import FakeWeChat, HandClock, Robot

Json = dict[str, Any]
PATH = "/cgi-bin/webhook/send?key=k1"
CARD: Json = {
    "card_type": "text_notice",
    "source": {"desc": "低分预警", "desc_color": 2},
    "main_title": {"title": "王女士 2 分", "desc": "空调不制冷"},
    "emphasis_content": {"title": "2", "desc": "响应速度"},
    "quote_area": {"type": 0, "quote_text": "等了两天"},
    "sub_title_text": "desk/42",
    "horizontal_content_list": [{"keyname": "师傅", "value": "李工"}, {"keyname": "班组", "value": "北区", "type": 0}],
    "jump_list": [{"type": 1, "title": "认领", "url": "https://example.com/t/1"}],
    "card_action": {"type": 1, "url": "https://example.com/t/2"},
}


@pytest.fixture
def robot(wechat: FakeWeChat) -> Robot:
    """A robot in a group."""
    return wechat.robot("k1")


def text(content: str, **more: object) -> Json:
    return {"msgtype": "text", "text": {"content": content} | more}


async def code(stranger: Sender, body: object) -> int:
    return int((await stranger.post(PATH, body))["errcode"])


async def test_a_text_calls_people_by_their_id_or_number(wechat: FakeWeChat, robot: Robot, stranger: Sender) -> None:
    body = text("请处理 https://example.com/t/1", mentioned_list=["li", "@all"], mentioned_mobile_list=["13800000000"])
    assert (await stranger.post(PATH, body)) == {"errcode": 0, "errmsg": "ok"}
    seen = await robot.reads("请处理", kind="text")
    assert seen.mentions == ("li", "@all", "13800000000")
    assert list(seen.links) == ["https://example.com/t/1"]
    assert robot.url == f"{wechat.api_base}{PATH}"
    assert wechat.robot("k1") is robot


async def test_a_card_shows_its_words_and_leads_to_its_addresses(robot: Robot, stranger: Sender) -> None:
    assert await code(stranger, {"msgtype": "template_card", "template_card": CARD}) == 0
    seen = await robot.reads("王女士 2 分", kind="template_card")
    assert "等了两天" in seen.text
    assert "https" not in seen.text
    assert seen.links == {"认领": "https://example.com/t/1", "": "https://example.com/t/2"}
    assert seen.card == CARD


async def test_markdown_shows_whom_it_calls_and_where_it_leads(robot: Robot, stranger: Sender) -> None:
    said = "**低分** <@li> [认领](https://example.com/t/1)"
    assert await code(stranger, {"msgtype": "markdown", "markdown": {"content": said}}) == 0
    assert await code(stranger, {"msgtype": "markdown_v2", "markdown_v2": {"content": said}}) == 0
    first, second = robot.notices
    assert (first.mentions, first.links) == (("li",), {"认领": "https://example.com/t/1"})
    assert second.mentions == ()


async def test_a_wrong_key_is_refused(wechat: FakeWeChat, robot: Robot, stranger: Sender) -> None:
    told = await stranger.post("/cgi-bin/webhook/send?key=k2", text("x"))
    assert (told["errcode"], wechat.violations, robot.notices) == (93000, [], [])


async def test_twenty_a_minute_and_failures_count(
    wechat: FakeWeChat, robot: Robot, stranger: Sender, clock: HandClock
) -> None:
    assert await code(stranger, text("")) == 44004
    clock.advance(30)
    assert [await code(stranger, text("x")) for _ in range(20)] == [0] * 19 + [45009]
    clock.advance(30)
    assert await code(stranger, text("x")) == 45009
    clock.advance(60)
    assert await code(stranger, text("x")) == 0
    assert len(robot.notices) == 20
    assert [v.rule[:5] for v in wechat.violations] == ["44004", "45009", "45009"]


@pytest.mark.parametrize(
    ("body", "code_of_it"),
    [
        (text("好" * 683), 45002),
        (text("x", mentioned_list="li"), 44004),
        (text("x", mentioned_list=[1]), 40058),
        (text("x") | {"markdown": {"content": "x"}}, 40058),
        ({"msgtype": "news", "news": {}}, 40058),
        ({"msgtype": "news"}, 40008),
        ({"msgtype": "markdown", "markdown": {"content": "x" * 4097}}, 45002),
        ({"text": {"content": "x"}}, 40058),
        (b"content=x", 47001),
    ],
)
async def test_a_malformed_message_breaks_a_rule(
    wechat: FakeWeChat, robot: Robot, stranger: Sender, body: object, code_of_it: int
) -> None:
    assert await code(stranger, body) == code_of_it
    assert (len(wechat.violations), robot.notices) == (1, [])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"card_type": "button_interaction"}, "card_type"),
        ({"card_action": {"type": 0}}, "card_action"),
        ({"card_action": {"type": 1}}, "card_action.url"),
        ({"card_action": None}, "card_action"),
        ({"main_title": {}, "sub_title_text": ""}, "main_title.title or sub_title_text"),
        ({"main_title": {"title": "x" * 27}}, "main_title.title"),
        ({"main_title": {"title": "x", "desc": "x" * 31}}, "main_title.desc"),
        ({"emphasis_content": {"title": "x" * 11}}, "emphasis_content.title"),
        ({"sub_title_text": "x" * 113}, "sub_title_text"),
        ({"source": {"desc_color": 4}}, "source.desc_color"),
        ({"quote_area": {"type": 1}}, "quote_area.url"),
        ({"horizontal_content_list": [{"keyname": "x"}] * 7}, "more than 6"),
        ({"horizontal_content_list": [{"keyname": "x" * 6}]}, "keyname"),
        ({"horizontal_content_list": [{"value": "x"}]}, "keyname is missing"),
        ({"horizontal_content_list": [{"keyname": "x", "value": "x" * 27}]}, "value"),
        ({"jump_list": [{"title": "x"}] * 4}, "more than 3"),
        ({"jump_list": [{"title": "x" * 14}]}, "jump_list.title"),
        ({"jump_list": [{"title": "x", "type": 1, "url": "/t/1"}]}, "jump_list.url"),
        ({"button_list": []}, "button_list is unknown"),
    ],
)
async def test_a_card_that_wecom_would_not_show_breaks_a_rule(
    wechat: FakeWeChat, robot: Robot, stranger: Sender, change: Json, why: str
) -> None:
    assert await code(stranger, {"msgtype": "template_card", "template_card": CARD | change}) == 40058
    assert why in wechat.violations[0].rule
    assert robot.notices == []


async def test_waiting_in_vain_shows_what_stands_in_the_group(robot: Robot, stranger: Sender) -> None:
    await stranger.post(PATH, text("您好"))
    with pytest.raises(AssertionError, match=r"'低分' in 1 text: '您好'"):
        await robot.reads("低分", within=0.01)
    with pytest.raises(AssertionError, match="not within"):
        await robot.reads("您好", after=robot.notices[0], within=0.01)
