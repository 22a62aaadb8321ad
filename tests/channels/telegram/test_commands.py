"""The menus of commands: per place and language."""

import asyncio

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.commands import CommandMenu, CommandMenus, follow_commands, register_commands
from tests.channels.telegram.conftest import HASTY, TEAM, Alarms
from tests.support.botapi import FakeTelegram, Html, Person

CUSTOMERS = {
    "zh-Hans": [("start", "开始"), ("stop", "不再评价")],
    "zh-Hant": [("start", "開始"), ("stop", "不再評價")],
    "en": [("start", "Start"), ("stop", "Ask me no more")],
}
TEAM_MENU = {"zh-Hans": [("help", "怎么用")], "en": [("help", "How this works")]}


def menu_of(telegram: FakeTelegram) -> dict[tuple[str, str], list[str]]:
    """Return the descriptions that Telegram holds, by scope and language."""
    return {
        (scope, language): [command["description"] for command in commands]
        for (scope, language), commands in telegram.bot.commands.items()
    }


async def test_each_place_has_its_menu_in_each_language_and_the_first_for_the_rest(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms, mei: Person
) -> None:
    telegram.group(TEAM, "客服一组", [mei])
    telegram.faults.plant(Html(502), method="setMyCommands")
    await register_commands(channel.bot, CommandMenus(CUSTOMERS, TEAM_MENU, str(TEAM)), alarms, HASTY)
    menus = menu_of(telegram)
    private = {language: words for (scope, language), words in menus.items() if "all_private_chats" in scope}
    team = {language: words for (scope, language), words in menus.items() if str(TEAM) in scope}
    assert private == {
        "": ["开始", "不再评价"],
        "zh": ["开始", "不再评价"],
        "en": ["Start", "Ask me no more"],
    }
    assert team == {"": ["怎么用"], "zh": ["怎么用"], "en": ["How this works"]}


async def test_a_team_chat_that_telegram_does_not_know_spoils_nothing(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms
) -> None:
    telegram.user(5)
    await register_commands(channel.bot, CommandMenus(CUSTOMERS, TEAM_MENU, "5"), alarms, HASTY)
    assert len(menu_of(telegram)) == 3
    assert alarms == []


async def test_without_a_team_chat_only_customers_have_menus(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms
) -> None:
    await register_commands(channel.bot, CommandMenus(CUSTOMERS, TEAM_MENU), alarms, HASTY)
    assert len(menu_of(telegram)) == 3


async def test_an_admin_has_a_menu_of_their_own(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms, mei: Person
) -> None:
    own = {"zh-Hans": [("report", "回访简报")], "en": [("report", "Figures in brief")]}
    menus = CommandMenus(CUSTOMERS, TEAM_MENU, admins={str(mei.chat_id): own})
    await register_commands(channel.bot, menus, alarms, HASTY)
    mine = {language: words for (scope, language), words in menu_of(telegram).items() if str(mei.chat_id) in scope}
    assert mine == {"": ["回访简报"], "zh": ["回访简报"], "en": ["Figures in brief"]}


async def test_an_admin_who_joins_changes_their_role_or_leaves_sees_what_they_may_do(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms, mei: Person
) -> None:
    admins: dict[str, CommandMenu] = {}
    chat = str(mei.chat_id)

    async def wanted() -> CommandMenus:
        return CommandMenus(CUSTOMERS, TEAM_MENU, admins=dict(admins))

    async def shows(*descriptions: str) -> None:
        def mine() -> list[list[str]]:
            return [words for (scope, _), words in menu_of(telegram).items() if chat in scope]

        await telegram.until(lambda: mine() == [list(descriptions)] * (2 if descriptions else 0) or None)

    following = asyncio.create_task(follow_commands(channel.bot, wanted, alarms, looks_every=0.001))
    await telegram.until(lambda: len(menu_of(telegram)) == 3 or None)
    admins[chat] = {"zh-Hans": [("report", "回访简报")]}
    await shows("回访简报")
    admins[chat] = {"zh-Hans": [("report", "回访简报"), ("team", "成员")]}
    await shows("回访简报", "成员")
    del admins[chat]
    await shows()
    following.cancel()
    assert len(telegram.calls("setMyCommands")) == 3 + 2 + 2, "what stands already is not set again"
    assert alarms == []
