"""An admin's own chat with the bot, and the team's group: campaigns by buttons, people who join, who may not."""

import asyncio
from pathlib import Path

from tests.support.botapi import Person
from tests.support.botapi.world import BOT_NAME
from tests.support.town.quick import quick_town_at
from tests.support.town.town import Town
from tests.support.town.words import said

_BOSS = 900
_PEOPLE = 20
_SETTINGS = {"telegram.admins": str(_BOSS), "survey.reminder_after": "48h"}


async def test_an_admin_reminds_twenty_people_by_buttons_and_sees_the_progress_in_one_message(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook", _SETTINGS) as town:
        people = await asyncio.gather(*(_asked(town, f"r{number}") for number in range(_PEOPLE)))
        boss = await _boss(town)
        await boss.says("/campaign")
        message = await boss.sees(said("admin.campaign.list_empty"))
        for label in ("button.new", "kind.reminder", "button.unfinished_7", "button.now", "button.start"):
            await boss.taps(said(f"admin.campaign.{label}"))
        await boss.sees(said("admin.campaign.progress", sent=_PEOPLE, failed=0, waiting=0))
        assert [shown.id for shown in boss.messages if shown.by_bot and "群发" in shown.text] == [message.id]
        for person in people:
            await person.sees(said("remind.hello_name", name="王女士"))
        deeds = [entry[0] for entry in town.ledger.rows("SELECT action FROM audit ORDER BY at, id")]
        assert sorted(deeds) == ["campaign.created", "campaign.started"]


async def test_a_draft_of_a_campaign_survives_a_restart(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook", _SETTINGS) as town:
        await _asked(town, "d1")
        boss = await _boss(town)
        await boss.says("/campaign")
        for label in ("button.new", "kind.notice", "button.days_30"):
            await boss.taps(said(f"admin.campaign.{label}"))
        await boss.sees(said("admin.campaign.ask_text", holes="{name} {subject} {ticket} {agent} {team} {product}"))
        await town.settles()
        await town.product.stop()
        await town.product.start()
        await boss.says("{name}，谢谢您！")
        await boss.sees("王女士，谢谢您！")


async def test_somebody_joins_the_team_by_a_link_and_may_then_work_in_the_group(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook", _SETTINGS) as town:
        boss = await _boss(town)
        await boss.says("/team add 小李 lead")
        link = (await boss.sees("?start=team-")).text.rpartition("?start=")[2].strip()
        li = town.telegram.user(201, name="小李")
        await li.start(link)
        await li.sees(said("admin.team.welcome", name="小李", role=said("admin.role.lead")))
        stranger = await town.customer("赵先生")
        await stranger.start(link)
        await stranger.sees(said("admin.team.no_code"))
        await town.li.says(f"/issues@{BOT_NAME}")
        await town.group.sees(said("admin.issues.none"))
        asked = await stranger.says("/report")
        await stranger.sees(said("notice.unknown_chat"), after=asked)
        assert link.removeprefix("team-") not in str(town.ledger.rows("SELECT * FROM members"))


async def test_a_link_asked_for_in_the_group_reaches_the_admin_alone_once_they_press_start(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook", _SETTINGS) as town:
        boss = town.telegram.user(_BOSS, name="陈经理")  # has never pressed Start: the bot cannot write first
        town.group.joins(boss)
        role = said("admin.role.lead")
        await town.group.member(boss).says(f"/team@{BOT_NAME} add 小李 lead")
        await town.group.sees(said("admin.team.sent_privately", name="小李", role=role))
        await town.settles()
        assert not [message for message in boss.messages if message.by_bot]
        await boss.start()
        link = (await boss.sees("?start=team-")).text.rpartition("?start=")[2].strip()
        assert not [message for message in town.group.messages if "team-" in message.text]
        li = town.telegram.user(201, name="小李")
        await li.start(link)
        await li.sees(said("admin.team.welcome", name="小李", role=role))
        again = await boss.start()
        await boss.sees(said("notice.unknown_chat"), after=again)
        await town.settles()
        assert len([message for message in boss.messages if message.by_bot and "team-" in message.text]) == 1


async def _boss(town: Town) -> Person:
    boss = town.telegram.user(_BOSS, name="陈经理")
    boss.chat.bot = "member"  # pressed Start long ago
    return boss


async def _asked(town: Town, ticket: str) -> Person:
    """Bring a customer who is asked and does not answer."""
    person = await town.customer()
    await town.put(ticket, "closed", person)
    await town.survey_becomes(ticket, "sent")
    return person
