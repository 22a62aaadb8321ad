"""Template messages and subscription notifications: whom they reach, what their fields may hold, what is told after."""

from typing import Any

import pytest

from tests.fakes.wechat.conftest import Hook, Sender
from tests.support.wechat import FakeWeChat, HandClock, Person
from tests.support.wechat.rules.templates import Template, is_fit

TEMPLATE, BIZSEND = "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend"
DATA = {"thing1": {"value": "空调不制冷"}, "time3": {"value": "2026年11月22日 10:30"}}
PAGE = "https://example.com/s/token"
Json = dict[str, Any]


def notice(person: Person, template_id: str = "T1", **more: object) -> Json:
    return {"touser": person.openid, "template_id": template_id, "data": DATA} | more


async def code(sender: Sender, path: str, body: Json) -> int:
    return int((await sender.post(path, body))["errcode"])


async def heard(wechat: FakeWeChat, hook: Hook, event: str) -> dict[str, str]:
    """Wait until the hook has heard this event."""
    return await wechat.until(lambda: next((one for one in hook.heard if one.get("Event") == event), None))


async def test_a_template_message_needs_no_window_and_tells_that_it_arrived(
    wechat: FakeWeChat, sender: Sender, hook: Hook
) -> None:
    wechat.template("T1", "thing1", "time3", title="服务完成通知")
    mei = wechat.person()
    sent = await sender.post(TEMPLATE, notice(mei, url=PAGE))
    assert (sent["errcode"], sent["msgid"] > 2**53) == (0, True)
    seen = mei.last
    assert (seen.way, seen.url, seen.links[0], seen.template_id) == ("template", PAGE, PAGE, "T1")
    assert seen.fields == {"thing1": "空调不制冷", "time3": "2026年11月22日 10:30"}
    assert seen.text.startswith("服务完成通知\nthing1: 空调不制冷")
    done = await heard(wechat, hook, "TEMPLATESENDJOBFINISH")
    assert (done["MsgID"], done["Status"], done["FromUserName"]) == (str(sent["msgid"]), "success", mei.openid)
    assert wechat.violations == []


async def test_a_template_message_to_who_takes_none_fails_afterwards(
    wechat: FakeWeChat, sender: Sender, hook: Hook
) -> None:
    wechat.template("T1", "thing1", "time3")
    mei = wechat.person()
    mei.customer.mutes = True
    assert await code(sender, TEMPLATE, notice(mei)) == 0
    assert (await heard(wechat, hook, "TEMPLATESENDJOBFINISH"))["Status"] == "failed:user block"
    assert mei.sees == []


async def test_the_same_client_msg_id_is_shown_once_in_ten_minutes(
    wechat: FakeWeChat, sender: Sender, clock: HandClock
) -> None:
    wechat.template("T1", "thing1", "time3")
    mei, li = wechat.person(), wechat.person("李先生")
    numbers = [(await sender.post(TEMPLATE, notice(mei, client_msg_id="m1")))["msgid"] for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert len(mei.sees) == 1
    await sender.post(TEMPLATE, notice(li, client_msg_id="m1"))
    await sender.post(TEMPLATE, notice(mei, client_msg_id="m2"))
    clock.advance(600)
    await sender.post(TEMPLATE, notice(mei, client_msg_id="m1"))
    assert (len(mei.sees), len(li.sees)) == (3, 1)


async def test_templates_and_people_that_do_not_serve_are_refused(wechat: FakeWeChat, sender: Sender) -> None:
    banned = wechat.template("T1", "thing1", "time3")
    wechat.notice_template("S1", "thing1", "time3")
    mei, stranger = wechat.person(), wechat.person(follows=False)
    assert await code(sender, TEMPLATE, notice(stranger)) == 43004
    assert await code(sender, TEMPLATE, notice(mei, "S1")) == 40037
    assert await code(sender, BIZSEND, notice(mei, "T1")) == 40037
    assert await code(sender, TEMPLATE, notice(mei, touser="o")) == 40003
    assert await code(sender, TEMPLATE, notice(mei, data={"thing1": {"value": "x"}})) == 47003
    banned.banned = True
    assert await code(sender, TEMPLATE, notice(mei)) == 43116
    assert wechat.violations == []


@pytest.mark.parametrize(
    ("change", "code_of_it"),
    [
        ({"data": {"thing1": {"value": "x" * 21}, "time3": {"value": "10:30"}}}, 47003),
        ({"data": {"thing1": {"value": "a\nb"}, "time3": {"value": "10:30"}}}, 47003),
        ({"data": {"thing1": "x"}}, 47003),
        ({"data": {"thing1": {"value": 4}}}, 47003),
        ({"data": []}, 40035),
        ({"url": "example.com/s/token"}, 40035),
        ({"url": None}, 40035),
        ({"colour": "red"}, 40035),
    ],
)
async def test_a_notice_that_is_malformed_breaks_a_rule(
    wechat: FakeWeChat, sender: Sender, change: Json, code_of_it: int
) -> None:
    wechat.template("T1", "thing1", "time3")
    assert await code(sender, TEMPLATE, notice(wechat.person(), **change)) == code_of_it
    assert len(wechat.violations) == 1


async def test_one_grant_is_one_notice_without_a_time_limit_and_without_following(
    wechat: FakeWeChat, sender: Sender, hook: Hook, clock: HandClock
) -> None:
    wechat.notice_template("S1", "thing1", "time3")
    mei = wechat.person(follows=False)
    assert await code(sender, BIZSEND, notice(mei, "S1")) == 43101
    await mei.grants("S1")
    asked = hook.heard[-1]
    assert asked["Event"] == "subscribe_msg_popup_event"
    assert asked["SubscribeMsgPopupEvent/List/TemplateId"] == "S1"
    assert asked["SubscribeMsgPopupEvent/List/SubscribeStatusString"] == "accept"
    clock.advance(40 * 86_400)
    await sender.authorized()
    assert await code(sender, BIZSEND, notice(mei, "S1", page=PAGE)) == 0
    assert (mei.last.way, mei.last.url) == ("subscribe", PAGE)
    told = await heard(wechat, hook, "subscribe_msg_sent_event")
    assert told["SubscribeMsgSentEvent/List/ErrorStatus"] == "success"
    assert await code(sender, BIZSEND, notice(mei, "S1")) == 43101
    assert wechat.violations == []


async def test_a_no_grants_nothing_and_a_revocation_takes_all_back(
    wechat: FakeWeChat, sender: Sender, hook: Hook
) -> None:
    wechat.notice_template("S1", "thing1", "time3")
    mei = wechat.person()
    await mei.declines("S1")
    assert hook.heard[-1]["SubscribeMsgPopupEvent/List/SubscribeStatusString"] == "reject"
    assert await code(sender, BIZSEND, notice(mei, "S1")) == 43101
    await mei.grants("S1")
    await mei.revokes("S1")
    assert hook.heard[-1]["SubscribeMsgChangeEvent/List/SubscribeStatusString"] == "reject"
    assert await code(sender, BIZSEND, notice(mei, "S1")) == 43101


async def test_several_templates_are_asked_for_at_once(wechat: FakeWeChat) -> None:
    push = await wechat.person().grants("S1", "S2")
    assert push.xml.count("<List>") == 2


async def test_a_refused_notice_costs_no_grant(wechat: FakeWeChat, sender: Sender) -> None:
    wechat.notice_template("S1", "thing1", "time3")
    mei = wechat.person()
    await mei.grants("S1")
    assert await code(sender, BIZSEND, notice(mei, "S1", page="pages/index")) == 41030
    assert await code(sender, BIZSEND, notice(mei, "S1", data={"thing1": {"value": ""}})) == 47003
    assert await code(sender, BIZSEND, notice(mei, "S1")) == 0


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("thing1", "换了压缩机🙂" + "好" * 13, "好" * 21),
        ("thing1", "x", ""),
        ("number2", "12.5", "12,5"),
        ("letter3", "abcXYZ", "ab1"),
        ("symbol4", "¥%", "¥a"),
        ("character_string5", "zendesk/42 #7", "工单42"),
        ("time6", "2026-11-22 10:30", "上午十点"),
        ("time6", "10:30~11:30", "2026-11-22"),
        ("date7", "2026年11月22日", "22/11/2026"),
        ("date7", "2026年11月22日 10:30~2026年11月23日", "昨天"),
        ("amount8", "¥100.50元", "一百元"),
        ("phone_number9", "+86-0766-66888866", "138 1234 5678 转 9"),
        ("car_number10", "粤A8Z888挂", "粤A8Z888挂了吗"),
        ("name11", "李工", "李" * 11),
        ("name11", "Alexander Hamilton", "A" * 21),
        ("phrase12", "已完成", "done"),
    ],
)
def test_what_a_field_may_hold(key: str, good: str, bad: str) -> None:
    assert (is_fit(key, good), is_fit(key, bad)) == (True, False)


def test_a_template_with_an_unknown_field_type_cannot_be_added() -> None:
    with pytest.raises(AssertionError, match="no such field types"):
        Template("T1", "template", "x", ("things1",))
