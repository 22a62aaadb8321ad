"""What the team sees in its WeCom group: a card that tells enough to act, and a call for whoever is on duty."""

import asyncio

import pytest

from bot.channels.wecom.channel import RobotChannel, open_robot
from bot.handlers.issues.team_messages import card_messages
from bot.ports import Sent
from bot.process.system import SystemClock
from bot.signed_links import LinkPurpose
from dialogs.issue.model import IssueState, Quote
from dialogs.messages import Verb
from scoring.rules import Severity
from scoring.values import replace
from tests.channels.wecom.alerts import BASE, LINKS, RATED, alarm, alert, calls, context, numbered, overdue, wrote
from tests.dialogs.samples import LOCALES, NOW, PHRASES
from tests.support.reasons import reason
from tests.support.wechat import FakeWeChat, Robot


def opens(url: str) -> tuple[LinkPurpose, str]:
    assert url.startswith(f"{BASE}/t/")
    return LINKS.read(url.removeprefix(f"{BASE}/t/").partition("?")[0], NOW)


async def test_an_alert_is_a_card_with_links_and_a_text_that_calls_the_people_on_duty(
    channel: RobotChannel, robot: Robot
) -> None:
    message = alert()
    assert isinstance(await channel.send(message, ""), Sent)
    card, call = robot.notices
    assert (card.kind, call.kind) == ("template_card", "text")
    assert card.card["source"] == {"desc": "🔴 严重 评分偏低", "desc_color": 2}
    assert card.card["main_title"] == {"title": "#K3F2A 空调不制冷", "desc": "客户 王**"}
    assert card.card["quote_area"]["quote_text"] == "等了两天才有人来"
    rows = {row["keyname"]: row["value"] for row in card.card["horizontal_content_list"]}
    assert rows == {"工单": "desk/42", "期限": "11月22日 15:00", "经办": "李工", "团队": "north"}
    assert list(card.links) == ["认领", "处理完成", ""]
    assert {opens(url) for url in card.links.values()} == {(LinkPurpose.TEAM, RATED.id)}
    assert card.links["处理完成"].endswith(f"?do={Verb.RESOLVE}")
    assert set(call.mentions) == {"zhangsan", "13800138000"}
    assert "#K3F2A" in call.text


async def test_only_what_is_severe_is_red(channel: RobotChannel, robot: Robot) -> None:
    await channel.send(alert(replace(RATED, severity=Severity.NORMAL)), "")
    assert robot.notices[0].card["source"]["desc_color"] == 0


async def test_a_reopened_issue_says_so_on_its_card(channel: RobotChannel, robot: Robot) -> None:
    await channel.send(alert(replace(RATED, resolution=1)), "")
    assert "还没解决，这是第 2 次处理" in robot.notices[0].card["sub_title_text"]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_card_keeps_wecoms_lengths_whatever_is_in_it(robot: Robot, wechat: FakeWeChat, locale: str) -> None:
    wide = replace(
        RATED,
        quotes=(Quote(RATED.opened_at, "很长的抱怨" * 200),),
        reasons=tuple(reason(f"speed {n} ≤ 2") for n in range(20)),
        resolution=12,
        tickets=(("a-help-desk-of-long-name", "4" * 90), ("desk", "42")),
    )
    channel = open_robot(robot.url, ("zhangsan",), PHRASES, locale, SystemClock())
    await channel.send(alert(wide, locale=locale, subject="空调不制冷而且漏水" * 30), "")
    await channel.close()
    assert wechat.violations == []
    assert [notice.kind for notice in robot.notices] == ["template_card", "text"]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_names_of_a_cards_rows_fit_without_being_cut(locale: str) -> None:
    names = [PHRASES.say(locale, f"robot.{name}") for name in ("ticket", "due", "agent", "team", "notice")]
    assert all(len(name) <= 5 for name in names)


async def test_nobody_on_duty_means_a_card_alone(robot: Robot) -> None:
    channel = open_robot(robot.url, (), PHRASES, "zh-Hans", SystemClock())
    await channel.send(alert(), "")
    await channel.close()
    assert [notice.kind for notice in robot.notices] == ["template_card"]


@pytest.mark.parametrize("evil", ["<@all>", "@all come", "<@lisi> hi", "[click](https://evil.example/x)"])
async def test_what_a_customer_writes_mentions_nobody_and_leads_nowhere(
    channel: RobotChannel, robot: Robot, evil: str
) -> None:
    await channel.send(wrote(evil), "")
    await channel.send(alert(replace(RATED, quotes=(Quote(RATED.opened_at, evil),)), subject=evil), "")
    for notice in robot.notices:
        assert set(notice.mentions) <= {"zhangsan", "13800138000"}
        assert all(url.startswith(BASE) for url in notice.links.values())
        assert "<@" not in notice.text


async def test_a_reminder_is_one_text_with_its_link(channel: RobotChannel, robot: Robot) -> None:
    await channel.send(overdue(), "")
    (seen,) = robot.notices
    assert "超时了，还没有人认领" in seen.text
    assert [opens(url) for url in seen.links] == [(LinkPurpose.TEAM, RATED.id)]
    assert set(seen.mentions) == {"zhangsan", "13800138000"}


async def test_who_is_escalated_to_is_called_besides_by_name_or_number(channel: RobotChannel, robot: Robot) -> None:
    await channel.send(overdue(leads=("陈组长", "wangwu", "13900139000")), "")
    (seen,) = robot.notices
    assert seen.text.startswith("陈组长、wangwu：#K3F2A")
    assert "13900139000" not in seen.text
    assert set(seen.mentions) == {"zhangsan", "13800138000", "陈组长", "wangwu", "13900139000"}


async def test_an_alarm_of_the_system_calls_nobody(channel: RobotChannel, robot: Robot) -> None:
    await channel.send(alarm(), "")
    (seen,) = robot.notices
    assert (seen.text, seen.mentions) == ("系统告警 database：cannot be written", ())


async def test_customers_to_ring_stand_on_the_card_the_latest_first_each_with_their_own_link(
    channel: RobotChannel, robot: Robot
) -> None:
    await channel.send(calls(8), "")
    card, _ = robot.notices
    rows = card.card["horizontal_content_list"]
    assert [row["keyname"] for row in rows] == ["00007", "00006", "00005", "00004", "00003", "00002"]
    assert [opens(row["url"])[1][-5:] for row in rows] == [row["keyname"] for row in rows]
    assert "今天有 8 位客户" in card.text
    assert "另外还有 2 位" in card.text


async def test_long_words_are_cut_and_the_link_stays_whole(channel: RobotChannel, robot: Robot) -> None:
    message = wrote("x")
    long = replace(message, prompt=replace(message.prompt, text="长" * 3000))
    await channel.send(long, "")
    (seen,) = robot.notices
    assert len(seen.text.encode()) <= 2048
    assert [opens(url) for url in seen.links] == [(LinkPurpose.TEAM, RATED.id)]


async def test_a_card_that_wecom_refuses_goes_in_words(channel: RobotChannel, robot: Robot, wechat: FakeWeChat) -> None:
    message = alert()
    assert message.prompt.card_summary is not None
    odd = replace(message.prompt, link=replace(message.prompt.link, url="nowhere")) if message.prompt.link else None
    assert odd is not None
    assert isinstance(await channel.send(replace(message, prompt=odd), ""), Sent)
    (seen,) = robot.notices
    assert seen.kind == "text"
    assert "「响应速度」" not in seen.text
    assert "空调不制冷" in seen.text
    assert len(wechat.violations) == 1


async def test_what_is_given_at_once_becomes_one_card_that_leads_to_each(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat
) -> None:
    messages = [*numbered(4), alarm()]
    outcomes = await asyncio.gather(*(channel.send(message, "") for message in messages))
    assert {type(outcome) for outcome in outcomes} == {Sent}
    card, call = robot.notices
    assert card.card["main_title"]["title"] == "有 5 件事等着看"
    rows = card.card["horizontal_content_list"]
    assert [row["keyname"] for row in rows] == ["00000", "00001", "00002", "00003", "通知"]
    assert [opens(row["url"])[1][-5:] for row in rows[:4]] == ["00000", "00001", "00002", "00003"]
    assert set(call.mentions) == {"zhangsan", "13800138000"}
    assert wechat.violations == []


async def test_what_has_no_room_on_the_card_is_listed_behind_it(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat
) -> None:
    messages = numbered(20)
    await asyncio.gather(*(channel.send(message, "") for message in messages))
    card, *texts = robot.notices
    assert texts[0].text.startswith("还有 14 件：")
    linked = [row["url"] for row in card.card["horizontal_content_list"]]
    linked += [url for text in texts for url in text.links]
    assert sorted(opens(url)[1] for url in linked) == sorted(message.about.id for message in messages if message.about)
    assert [bool(text.mentions) for text in texts] == [True] + [False] * (len(texts) - 1)
    assert wechat.violations == []


async def test_the_urgent_stand_first_on_a_merged_card(channel: RobotChannel, robot: Robot) -> None:
    calm = [alert(replace(RATED, id=f"iss_abcdefgh{n:05}", severity=Severity.NORMAL)) for n in range(4)]
    await asyncio.gather(*(channel.send(message, "") for message in [*calm, *numbered(5)[4:]]))
    card = robot.notices[0].card
    assert (card["source"]["desc_color"], card["horizontal_content_list"][0]["keyname"]) == (2, "00004")


def test_a_robot_hears_of_fresh_cards_only_for_it_cannot_edit() -> None:
    claimed = replace(RATED, state=IssueState.CLAIMED, claimed_by="李工", events=3)
    assert card_messages(context(claimed), claimed).records == ()
