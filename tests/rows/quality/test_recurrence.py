"""What recurs often enough within a time is handed to the department, once for each time that it recurs."""

from datetime import timedelta

import pytest

from bot.jobs.team_warnings.recurrences import RecurrenceJob
from bot.process.alarms import Alarms
from config.settings.loading import load_settings
from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import Purpose
from tests.support.web.service import Service

DAY = timedelta(days=1)


def job(service: Service, **settings: str) -> RecurrenceJob:
    """Return the job of a process, with an owner's settings; the team has a chat."""
    receiver, clock = service.house.web.receiver, service.house.clock
    alerts = load_settings({f"HUIFANG_ALERTS__{name.upper()}": value for name, value in settings.items()}).alerts
    policy = replace(receiver.policy, team=(Address("sandbox", "team"),))
    receiver.adopt(replace(policy, recurring=(alerts.recurring, alerts.recurring_within)))
    return RecurrenceJob(receiver, service.house.web.reader, clock, Alarms(clock))


async def troubled(service: Service, ticket: str, category: str) -> None:
    """Close a ticket of a type and open an issue about it."""
    await service.closes(ticket, category=category)
    opened = await service.api.post("/api/v1/issues", json={"title": "又坏了", "ticket": f"desk/{ticket}"})
    assert opened.status_code == 201


async def told(service: Service) -> list[str]:
    return [one.prompt.text for one in await service.messages(Purpose.ALERT) if "反复出现" in one.prompt.text]


@pytest.mark.row("S4-17")
async def test_the_third_ticket_of_a_type_within_a_week_is_escalated_once(service: Service) -> None:
    recurring = job(service, recurring="3")
    for number in range(2):
        await troubled(service, f"leak-{number}", "漏水")
        await troubled(service, f"noise-{number}", "噪音")
    await recurring.look()
    assert await told(service) == []
    await troubled(service, "leak-2", "漏水")
    for _ in range(2):
        await recurring.look()
    (message,) = await told(service)
    assert "「漏水」已经有 3 张工单出了问题：desk/leak-0、desk/leak-1、desk/leak-2" in message
    assert "请负责的部门查清原因" in message
    await service.passes(8 * DAY)
    await recurring.look()  # no more, and so it may begin again
    for number in range(3, 6):
        await troubled(service, f"leak-{number}", "漏水")
    await recurring.look()
    assert len(await told(service)) == 2


async def test_two_processes_tell_it_once_and_several_issues_of_one_ticket_are_one(service: Service) -> None:
    first, second = job(service, recurring="2"), job(service, recurring="2")
    await troubled(service, "1", "漏水")
    await troubled(service, "1", "漏水")
    await first.look()
    assert await told(service) == []
    await troubled(service, "2", "漏水")
    await first.look()
    await second.look()
    assert len(await told(service)) == 1


async def test_without_the_owners_number_nothing_is_told_and_nothing_without_a_type(service: Service) -> None:
    assert load_settings({}).alerts.recurring == 0
    for number in range(4):
        await troubled(service, f"{number}", "")
    await job(service).look()
    await job(service, recurring="2").look()
    assert await told(service) == []
