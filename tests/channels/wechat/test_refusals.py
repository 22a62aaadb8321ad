"""Whatever the platform refuses, the message goes another way, later, or not at all, and who can mend it is told."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels.wechat.api.credentials import CREDENTIALS
from bot.ports import Blocked, Held, Refused, Retry, Sent
from dialogs.messages import Prompt
from scoring.values import replace
from storage.model.records import Purpose as For
from tests.channels.wechat.chat import Chat, codes, invitation, to
from tests.channels.wechat.messages import CLOSURE, FACTS, RATING
from tests.support.wechat import FakeWeChat, Garbled, HandClock, Person, Refuse

CUSTOM, TEMPLATE, BIZSEND = "custom/send", "template/send", "bizsend"


SECRET = [40001, 40014, 42001, 41001, 40013, 40125, 40243, 40164, 61004, 89503]


@pytest.mark.parametrize("code", [*SECRET, 48004, 50002])
async def test_what_only_the_operator_can_mend_stops_everything_for_a_minute_and_keeps_the_queue(
    wechat: FakeWeChat, hand: HandClock, chat: Chat, mei: Person, code: int
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), CUSTOM, times=None)
    outcome = await chat.sends(to(mei))
    assert isinstance(outcome, Refused)
    assert outcome.alarm == (CREDENTIALS if code in SECRET else "wechat.banned")
    assert outcome.why.startswith(str(code))
    asked = len(wechat.calls(CUSTOM))
    assert await chat.sends(to(mei)) == replace(outcome, attempts=())
    assert (len(wechat.calls(CUSTOM)), chat.channel.wants_inline()) == (asked, True)
    wechat.faults.clear()
    hand.advance(61)
    assert codes(await chat.sends(to(mei))) == ["text 0"]


@pytest.mark.parametrize(
    ("code", "reason"), [(40003, "no_contact"), (46004, "blocked"), (43019, "blocked"), (48002, "blocked")]
)
async def test_whoever_cannot_be_reached_on_wechat_is_told_with_the_reason(
    wechat: FakeWeChat, chat: Chat, mei: Person, code: int, reason: str
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), CUSTOM)
    outcome = await chat.sends(invitation(mei))
    assert isinstance(outcome, Blocked)
    assert (outcome.reason, codes(outcome)) == (reason, [f"menu {code}"])


@pytest.mark.parametrize("code", [40033, 40035, 47001, 45002, 40058])
async def test_a_menu_that_is_not_taken_as_it_is_written_is_said_as_text(
    wechat: FakeWeChat, chat: Chat, mei: Person, code: int
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), CUSTOM)
    assert codes(await chat.sends(to(mei, RATING))) == [f"menu {code}", "text 0"]


@pytest.mark.parametrize("code", [40033, 40035, 47001])
async def test_a_text_that_is_not_taken_as_it_is_written_is_given_up(
    wechat: FakeWeChat, chat: Chat, mei: Person, code: int
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), CUSTOM)
    outcome = await chat.sends(to(mei))
    assert isinstance(outcome, Refused)
    assert (outcome.alarm, codes(outcome)) == ("", [f"text {code}"])


async def test_a_text_that_is_too_long_all_the_same_is_halved_once(wechat: FakeWeChat, chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(45002), CUSTOM)
    assert codes(await chat.sends(to(mei, Prompt("头" * 300 + "尾")))) == ["text 45002", "text 0"]
    assert mei.last.text.endswith("头尾")


async def test_a_busy_platform_is_asked_again_later_each_time(wechat: FakeWeChat, chat: Chat, mei: Person) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(-1), CUSTOM, times=5)
    waits = [outcome.after for _ in range(5) if isinstance(outcome := await chat.sends(to(mei)), Retry)]
    assert waits == [1, 2, 4, 8, 16]
    assert chat.channel.wants_inline()
    assert isinstance(await chat.sends(to(mei)), Sent)


async def test_a_code_that_nobody_knows_is_tried_three_times_more_and_then_given_up(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(99999), CUSTOM, times=None)
    outcomes = [await chat.sends(to(mei)) for _ in range(5)]
    assert [type(outcome) for outcome in outcomes] == [Retry, Retry, Retry, Refused, Retry]


async def test_a_minute_s_limit_pauses_everything_for_a_minute(
    wechat: FakeWeChat, hand: HandClock, chat: Chat, mei: Person
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(45011), CUSTOM)
    outcome = await chat.sends(to(mei))
    assert isinstance(outcome, Retry)
    assert (60 <= outcome.after < 75, outcome.pauses_all, chat.alarms) == (True, True, [])
    assert isinstance(await chat.sends(to(mei)), Retry)
    assert len(wechat.calls(CUSTOM)) == 1
    hand.advance(outcome.after)
    assert isinstance(await chat.sends(to(mei)), Sent)


async def test_the_day_s_quota_pauses_everything_until_midnight_in_shanghai(
    wechat: FakeWeChat, hand: HandClock, chat: Chat, mei: Person
) -> None:
    await chat.types(mei)
    wechat.account.quotas.daily["/cgi-bin/message/custom/send"] = 0
    outcome = await chat.sends(to(mei))
    assert isinstance(outcome, Retry)
    until = (chat.clock.now() + timedelta(seconds=outcome.after)).astimezone(ZoneInfo("Asia/Shanghai"))
    assert (until.hour, until.minute, outcome.pauses_all, outcome.after <= 86400) == (0, 0, True, True)
    assert [name for name, _ in chat.alarms] == ["wechat.quota"]
    assert chat.channel.wants_inline()
    wechat.account.quotas.daily.clear()
    hand.advance(outcome.after)
    await chat.types(mei)
    assert isinstance(await chat.sends(to(mei)), Sent)


@pytest.mark.parametrize("code", [40036, 40037, 43116])
async def test_a_template_that_is_unusable_is_left_alone_for_an_hour_with_an_alarm(
    wechat: FakeWeChat, hand: HandClock, chat: Chat, mei: Person, code: int
) -> None:
    wechat.faults.plant(Refuse(code), TEMPLATE)
    outcome = await chat.sends(invitation(mei))
    assert isinstance(outcome, Held)
    assert (outcome.why, codes(outcome)) == ("window_closed", [f"template {code}"])
    assert [name for name, _ in chat.alarms] == ["wechat.template_id"]
    assert await chat.sends(invitation(mei)) == Held(None, "window_closed")
    hand.advance(3601)
    assert codes(await chat.sends(invitation(mei))) == ["template 0"]


async def test_a_subscription_that_is_unusable_names_its_own_setting(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    wechat.account.templates["SUB"].banned = True
    await chat.grants(mei, "SUB")
    assert codes(await chat.sends(to(mei, CLOSURE, For.CLOSURE))) == ["grant 43116"]
    assert [name for name, _ in chat.alarms] == ["wechat.subscribe_template_id"]


@pytest.mark.parametrize("code", [48001, 48008, 50001])
async def test_an_interface_that_the_account_may_not_use_is_left_alone_and_answers_go_inline(
    wechat: FakeWeChat, chat: Chat, mei: Person, code: int
) -> None:
    await chat.types(mei)
    wechat.faults.plant(Refuse(code), CUSTOM)
    assert codes(await chat.sends(invitation(mei))) == [f"menu {code}", "template 0"]
    assert await chat.sends(to(mei)) == Held(None, "window_closed")
    assert [name for name, _ in chat.alarms] == ["wechat.permission"]
    assert chat.channel.wants_inline()


async def test_a_page_that_wechat_will_not_open_is_an_alarm(wechat: FakeWeChat, chat: Chat, mei: Person) -> None:
    await chat.grants(mei, "SUB")
    wechat.faults.plant(Refuse(41030), BIZSEND)
    assert codes(await chat.sends(to(mei, CLOSURE, For.CLOSURE))) == ["grant 41030"]
    assert [name for name, _ in chat.alarms] == ["wechat.page"]


async def test_a_message_that_had_been_sent_before_counts_as_sent(wechat: FakeWeChat, chat: Chat, mei: Person) -> None:
    wechat.faults.plant(Refuse(45065), TEMPLATE)
    assert isinstance(await chat.sends(invitation(mei)), Sent)


# -- fields of notices -----------------------------------------------------------------------------------------


async def test_a_field_too_long_or_with_line_breaks_is_shortened_and_arrives(chat: Chat, mei: Person) -> None:
    chat.facts = FACTS | {"subject": "空调不制冷\n" + "非常热" * 20, "closed_at": "2026-11-22T10:30:00+08:00"}
    assert codes(await chat.sends(invitation(mei))) == ["template 0"]
    assert mei.last.fields == {"thing1": "空调不制冷 非常热非常热非常热非常热非…", "time3": "2026-11-22 10:30:00"}


async def test_a_value_that_is_refused_goes_again_without_what_is_odd(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    chat.facts = FACTS | {"subject": "空调😀不制冷"}
    wechat.faults.plant(Garbled('{"errcode":47003,"errmsg":"argument invalid! data.thing1.value invalid"}'), TEMPLATE)
    assert codes(await chat.sends(invitation(mei))) == ["template 47003", "template 0"]
    asked = [call.values["data"]["thing1"]["value"] for call in wechat.calls(TEMPLATE)]
    assert asked == ["空调😀不制冷", "空调不制冷"]


async def test_fields_that_the_template_does_not_have_are_the_owner_s_to_mend(
    wechat: FakeWeChat, chat: Chat, mei: Person
) -> None:
    wechat.template("TPL", "thing1", "time3", "thing9")
    outcome = await chat.sends(invitation(mei))
    assert isinstance(outcome, Held)
    assert codes(outcome) == ["template 47003"]
    assert [name for name, _ in chat.alarms] == ["wechat.template_fields"]
    assert "data.thing9.value" in chat.alarms[0][1]


async def test_a_field_with_nothing_to_say_is_the_owner_s_to_mend(chat: Chat, mei: Person) -> None:
    chat.facts = {"subject": "空调"}
    assert codes(await chat.sends(invitation(mei))) == ["template unfit"]
    assert [name for name, _ in chat.alarms] == ["wechat.template_fields"]
    assert "time3" in chat.alarms[0][1]
