"""The calendar of rules.toml: campaigns that are made, changed and ended with their entries."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.handlers.campaigns.commands import cancel, needs, pause
from bot.handlers.surveys.pause import RESUMING, pause_surveys, resume_surveys
from dialogs.campaign.model import Campaign, CampaignState
from dialogs.invitation.model import InvitationState
from storage.model.note_keys import SURVEYS_PAUSED
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.web.service import Service, open_service

ENTRY = """
[[calendar]]
name = "callback"
when = "{when}"
survey = "{survey}"
[calendar.audience]
closed_within = "31d"
"""
DAILY = ENTRY.format(when="daily 10:00", survey="callback")


@pytest.fixture
async def service(folder: Path) -> AsyncIterator[Service]:
    async with open_service(folder) as opened:
        yield opened


async def only(service: Service) -> Campaign:
    (campaign,) = await service.house.web.reader.campaigns.all()
    return campaign


async def test_an_entry_is_made_once_and_reading_the_same_file_again_changes_nothing(service: Service) -> None:
    await service.rules(DAILY)
    made = await only(service)
    assert (made.state, made.origin, made.created_by) == (CampaignState.SCHEDULED, "rules", "rules.toml")
    assert f"{made.next_at:%Y-%m-%dT%H:%MZ}" == "2026-11-23T02:00Z"
    await service.rules(DAILY)
    assert await only(service) == made


async def test_a_changed_entry_changes_its_campaign(service: Service) -> None:
    await service.rules(DAILY)
    await service.rules(ENTRY.format(when="monthly last 10:00", survey="ten_point"))
    changed = await only(service)
    assert (changed.survey, changed.schedule.repeats) == ("ten_point", "monthly last 10:00")
    assert f"{changed.next_at:%Y-%m-%dT%H:%MZ}" == "2026-11-30T02:00Z"


async def test_a_paused_campaign_stays_paused_when_its_entry_changes(service: Service) -> None:
    await service.rules(DAILY)
    key = (await only(service)).id
    await service.house.web.receiver.do(needs(key), lambda context: pause(context, key, "李工"))
    await service.rules(ENTRY.format(when="daily 11:00", survey="callback"))
    changed = await only(service)
    assert (changed.state, changed.schedule.repeats, changed.wake_at) == (CampaignState.PAUSED, "daily 11:00", None)


async def test_what_an_admin_has_cancelled_stays_so_until_its_entry_changes(service: Service) -> None:
    await service.rules(DAILY)
    key = (await only(service)).id
    await service.house.web.receiver.do(needs(key), lambda context: cancel(context, key, "李工"))
    await service.rules(DAILY)
    assert (await only(service)).state is CampaignState.CANCELLED
    await service.rules(ENTRY.format(when="daily 11:00", survey="callback"))
    assert (await only(service)).state is CampaignState.SCHEDULED


async def test_an_entry_taken_out_ends_its_campaign_and_brings_it_back_when_it_returns(service: Service) -> None:
    await service.rules(DAILY)
    await service.rules("")
    assert (await only(service)).state is CampaignState.CANCELLED
    await service.rules(DAILY)
    assert (await only(service)).state is CampaignState.SCHEDULED


async def test_a_follow_up_is_withdrawn_when_its_ticket_is_opened_again(service: Service) -> None:
    await service.rules(DAILY)
    await service.closes("1", "mei")
    await service.passes(timedelta(days=8))
    (closing, follow_up) = await service.asks()
    assert (closing.occasion, bool(follow_up.occasion)) == ("", True)
    survey = await service.closes("1", "mei", status="reopened")
    assert survey["id"] == closing.id
    states = {one.id: one.state for one in await service.asks()}
    assert states[follow_up.id] is InvitationState.CANCELLED


async def test_while_all_surveys_are_paused_the_calendar_asks_nobody_and_then_goes_on(service: Service) -> None:
    await service.rules(DAILY)
    await service.closes("1", "mei")
    await service.passes(timedelta(days=7, hours=22, minutes=59))
    receiver = service.house.web.receiver
    await receiver.do(
        Needs(notes=frozenset({SURVEYS_PAUSED})), lambda context: Decision(pause_surveys(context, "李工"), None)
    )
    await service.passes(timedelta(seconds=75))
    assert [one.occasion for one in await service.asks()] == [""]
    await receiver.do(RESUMING, lambda context: Decision(resume_surveys(context, "李工"), None))
    await service.passes(timedelta(seconds=10))
    assert len(await service.asks()) == 2
