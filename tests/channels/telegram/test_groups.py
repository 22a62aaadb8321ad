"""Groups: those that are not the team's are noted once and left where that is wanted; the team's own are watched."""

import asyncio
import json
import logging
from collections.abc import Mapping

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.inbound.groups import Groups
from bot.channels.telegram.inbound.parse import parse_update
from bot.ports import InboundResult, Refused
from tests.channels.telegram.conftest import TEAM, Alarms
from tests.channels.telegram.messages import NOW, Prompt, message
from tests.support.botapi import FakeTelegram, Person
from tests.support.town.town import eventually

OTHER = -1_009_000_001
CHAT = {"id": OTHER, "type": "supergroup", "title": "小区业主群"}
BOT = {"id": 7_000_000_001, "is_bot": True, "first_name": "回访"}
ZHAO = {"id": 31_001, "is_bot": False, "first_name": "赵"}


def says(
    groups: Groups,
    result: InboundResult,
    update: Mapping[str, object],
    later: InboundResult = InboundResult.ELSEWHERE,
) -> None:
    """Let the groups hear of an update; the product says whose the chat is, and may know more when asked `later`."""

    async def again() -> InboundResult:
        return later

    raw = json.dumps({"update_id": 1, **update}).encode()
    inbound = parse_update(raw, NOW, "huifang_test_bot").inbound
    if inbound is not None:
        groups.note(inbound, raw, result, again)


def talk(**more: object) -> dict[str, object]:
    return {"message": {"message_id": 5, "date": 1, "chat": CHAT, "from": ZHAO, "text": "大家好", **more}}


def standing(before: str, after: str) -> dict[str, object]:
    old, new = {"status": before, "user": BOT}, {"status": after, "user": BOT}
    return {"my_chat_member": {"chat": CHAT, "from": ZHAO, "date": 1, "old_chat_member": old, "new_chat_member": new}}


@pytest.mark.parametrize("leaves", [True, False])
async def test_another_group_is_noted_once_and_left_where_that_is_wanted(
    telegram: FakeTelegram, channel: TelegramChannel, mei: Person, caplog: pytest.LogCaptureFixture, *, leaves: bool
) -> None:
    group = telegram.group(OTHER, "小区业主群", [mei], bot_is_admin=True)
    groups = Groups(channel.bot, Alarms(), leaves=leaves, waits=0)
    for _ in range(12):
        says(groups, InboundResult.ELSEWHERE, talk())
    (line,) = caplog.messages
    assert f"the bot is in the group {OTHER} '小区业主群'" in line
    if not leaves:
        await asyncio.sleep(0.05)
        assert (group.chat.bot, telegram.calls("leaveChat")) == ("administrator", [])
        return
    await telegram.until(lambda: group.chat.bot == "left" or None)
    says(groups, InboundResult.ELSEWHERE, standing("administrator", "left"))
    group.adds_bot(mei)
    says(groups, InboundResult.ELSEWHERE, standing("left", "member"))
    await telegram.until(lambda: group.chat.bot == "left" or None)
    says(groups, InboundResult.ELSEWHERE, talk())
    assert len(telegram.calls("leaveChat")) == 2
    assert [one.levelname for one in caplog.records if "is in the group" in one.message] == ["WARNING"] * 2


async def test_a_group_that_cannot_be_left_is_a_line_in_the_log(
    telegram: FakeTelegram, channel: TelegramChannel, mei: Person, caplog: pytest.LogCaptureFixture
) -> None:
    group = telegram.group(OTHER, "小区业主群", [mei])
    group.removes_bot(mei)
    groups = Groups(channel.bot, Alarms(), leaves=True, waits=0)
    says(groups, InboundResult.ELSEWHERE, talk())

    async def told() -> bool | None:
        return len(caplog.messages) == 2 or None

    await eventually(told)
    assert "could not leave the group" in caplog.messages[-1]


async def test_a_group_that_proves_to_be_the_teams_is_not_left(
    telegram: FakeTelegram, channel: TelegramChannel, mei: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Of one that has become a supergroup the new id may be heard of first."""
    group = telegram.group(OTHER, "客服一组", [mei])
    caplog.set_level(logging.INFO)
    says(Groups(channel.bot, Alarms(), leaves=True, waits=0), InboundResult.ELSEWHERE, talk(), InboundResult.NEW)

    async def told() -> bool | None:
        return "so the bot stays" in caplog.text or None

    await eventually(told)
    assert (group.chat.bot, telegram.calls("leaveChat")) == ("member", [])


async def test_what_happens_to_the_bot_in_the_teams_group_is_told(
    channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    alarms = Alarms()
    caplog.set_level(logging.INFO)
    groups = Groups(channel.bot, alarms, leaves=True, waits=0)
    says(groups, InboundResult.NEW, standing("left", "member"))
    says(groups, InboundResult.NEW, standing("member", "administrator"))
    says(groups, InboundResult.NEW, talk(migrate_to_chat_id=-1_009_000_010))
    says(groups, InboundResult.NEW, talk())
    says(groups, InboundResult.NEW, standing("administrator", "kicked"))
    says(groups, InboundResult.REPEATED, standing("administrator", "kicked"))
    assert caplog.messages == [
        f"the bot was added to the team's chat {OTHER}",
        f"the group {OTHER} is a supergroup now, with the id -1009000010",
    ]
    ((name, why),) = alarms
    assert (name, "was removed from the team's chat" in why) == ("telegram.team_chat", True)


async def test_alerts_to_a_group_that_the_bot_is_not_in_wait_for_the_operator(
    telegram: FakeTelegram, channel: TelegramChannel, mei: Person
) -> None:
    group = telegram.group(TEAM, "客服一组", [mei])
    group.removes_bot(mei)
    outcome = await channel.send(message(Prompt("低分"), chat=TEAM), "")
    assert isinstance(outcome, Refused)
    assert outcome.alarm == "telegram.team_chat"
    assert "Add the bot to the team's group" in outcome.why
