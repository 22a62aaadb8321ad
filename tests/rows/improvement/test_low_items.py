"""What is clearly low in a month becomes a finding of the team whose item it is, by itself and once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.jobs.improvement.low_item_search import LowItemJob
from bot.process.alarms import Alarms
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service

NOVEMBER = datetime(2026, 11, 15, 4, tzinfo=UTC)


def job(service: Service) -> LowItemJob:
    """Return the job of a process."""
    receiver, clock = service.house.web.receiver, service.house.clock
    return LowItemJob(receiver, service.house.web.reader, clock, Alarms(clock), timedelta(days=4))


async def rated(service: Service, team: str, at: datetime = NOVEMBER, n: int = 40, **ratings: int) -> None:
    visits = [closed_visit(f"{team}{at.month}-{number}", at, ratings, team=team) for number in range(n)]
    await store_records(service.house.store, service.now, *(record for visit in visits for record in visit))


async def findings(service: Service) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await service.api.get("/api/v1/findings")).json()["items"]
    return listed


async def until(service: Service, at: datetime) -> None:
    await service.passes(at - service.now)


@pytest.mark.row("S0-18")
async def test_a_months_low_items_are_findings_of_their_teams_once_by_however_many_processes(service: Service) -> None:
    await rated(service, "北区", response_speed=2, attitude=5)
    await rated(service, "南区", response_speed=5, attitude=5)
    first, second = job(service), job(service)
    await until(service, datetime(2026, 12, 4, tzinfo=UTC))
    await first.look()
    assert await findings(service) == [], "answers may still come for four days"
    await until(service, datetime(2026, 12, 5, tzinfo=UTC))
    for one in (first, second, first):
        await one.look()
    (found,) = await findings(service)
    assert (found["kind"], found["department"], found["status"]) == ("low_item", "北区", "open")
    assert (found["opened_by"], found["origin"]) == ("huifang", "low_item:2026-11:北区:response_speed")
    assert found["text"] == "北区「响应速度」2026-11 的满意率是 0%（n=40），明显低于总体的 75%。"
    by_department = await service.api.get("/api/v1/findings", params={"department": "南区"})
    assert by_department.json()["items"] == []


async def test_what_may_be_chance_and_what_too_few_said_is_no_finding(service: Service) -> None:
    await rated(service, "北区", n=3, response_speed=1)
    await rated(service, "南区", response_speed=4, attitude=4)
    await rated(service, "东区", response_speed=4, attitude=4)
    await until(service, datetime(2026, 12, 6, tzinfo=UTC))
    await job(service).look()
    assert await findings(service) == []


async def test_the_next_month_is_looked_at_anew(service: Service) -> None:
    watching = job(service)
    for month in (11, 12):
        at = datetime(2026, month, 15, 4, tzinfo=UTC)
        await rated(service, "北区", at, response_speed=2, attitude=5)
        await rated(service, "南区", at, response_speed=5, attitude=5)
    await until(service, datetime(2026, 12, 6, tzinfo=UTC))
    await watching.look()
    await until(service, datetime(2027, 1, 6, tzinfo=UTC))
    await watching.look()
    assert [one["origin"].split(":")[1] for one in await findings(service)] == ["2026-11", "2026-12"]


async def test_a_month_without_answers_is_looked_at_and_over(service: Service) -> None:
    await until(service, datetime(2026, 12, 6, tzinfo=UTC))
    await job(service).look()
    await rated(service, "北区", response_speed=1)
    await job(service).look()
    assert await findings(service) == []
