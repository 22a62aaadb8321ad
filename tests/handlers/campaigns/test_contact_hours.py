"""Campaigns write only at hours at which people may be written to, and only about what is still so."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dialogs.outbox.model import SendingState
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.support.web.campaigns import started, told
from tests.support.web.service import Service, open_service

DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def _at(service: Service, hour: int) -> None:
    """Let time pass until it is this hour in Shanghai."""
    here = service.now.astimezone(SHANGHAI)
    wanted = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    await service.passes((wanted if wanted > here else wanted + DAY) - here)


async def _wakes(service: Service) -> None:
    for due in await service.house.web.reader.due(service.now, 500):
        await service.wake(due)


async def _letters(service: Service, campaign: str) -> list[OutboxMessage]:
    async with service.house.store.reading() as session:
        found = await session.records(OutboxMessage, all_of(OutboxMessage))
    return [one for one in found if one.campaign == campaign]


async def _deed(service: Service, campaign: str, deed: str) -> None:
    answer = await service.api.post(f"/api/v1/campaigns/{campaign}/{deed}")
    assert answer.is_success, answer.text


async def test_what_a_pause_held_back_does_not_go_at_night(tmp_path: Path) -> None:
    async with open_service(tmp_path) as service:
        await service.closes("1", "mei")
        await _at(service, 18)
        campaign = await started(service, name="告知", kind="notice", text="配件到了", audience={"sources": ["desk"]})
        while not await _letters(service, campaign):
            await _wakes(service)
            service.house.clock.passes(timedelta(seconds=1))
        await _deed(service, campaign, "pause")
        (waiting,) = await _letters(service, campaign)
        (held,) = await Writer(service.house.store, service.house.clock.now).claim([waiting.id], service.now + DAY)
        assert held.status is SendingState.HELD
        service.house.clock.passes(timedelta(hours=5))
        await _deed(service, campaign, "resume")
        await _wakes(service)
        (going,) = await _letters(service, campaign)
        assert going.status is SendingState.PENDING
        assert going.not_before.astimezone(SHANGHAI).hour == 9


async def test_nobody_is_asked_about_a_ticket_that_was_reopened(tmp_path: Path) -> None:
    async with open_service(tmp_path) as service:
        await service.closes("1", "mei", tags=["升级"])
        await service.passes(10 * DAY)
        await service.closes("1", "mei", status="reopened", tags=["升级"])
        campaign = await started(service, name="验证", kind="survey", audience={"tags": ["升级"]})
        await service.passes(DAY)
        progress = (await told(service, campaign))["progress"]
        assert (progress["sent"], progress["skipped"]) == (0, {"reopened": 1})


async def test_nobody_is_reminded_of_a_question_that_has_not_gone_out(tmp_path: Path) -> None:
    async with open_service(tmp_path) as service:
        await service.closes("1", "mei")
        service.house.clock.passes(timedelta(hours=1))
        await _wakes(service)  # asked, and the message still waits to be sent
        campaign = await started(service, name="再问", kind="reminder", audience={"sources": ["desk"]})
        for _ in range(4):
            await _wakes(service)
            service.house.clock.passes(timedelta(seconds=2))
        progress = (await told(service, campaign))["progress"]
        assert (progress["audience"], progress["skipped"]) == (1, {"unsent": 1})
