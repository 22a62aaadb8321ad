"""What missed a target several periods in a row is told, as information: how often, and how often clearly."""

from datetime import UTC, datetime
from typing import Any

import pytest

from config.settings.loading import load_settings
from scoring.values import replace
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.service import Service


async def answered(service: Service, month: int, agent: str, values: list[int]) -> None:
    """Store a month's visits of somebody, each with a rating of the attitude."""
    at = datetime(2026, month, 12, 4, tzinfo=UTC)
    each = [closed_visit(f"{agent}{month}-{n}", at, {"attitude": value}, agent=agent) for n, value in enumerate(values)]
    await store_records(service.house.store, service.now, *(record for visit in each for record in visit))


async def runs(service: Service, *targets: str, **wanted: str) -> list[dict[str, Any]]:
    settings = load_settings({"HUIFANG_TEAM__TARGETS": "\n".join(targets)})
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, targets=settings.team.targets))
    given = {"metric": "csat", "period": "2026-10", "back": "3", "by": "agent", **wanted}
    answer = await service.api.get("/api/v1/reports/trend", params=given)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["runs"]
    return found


@pytest.mark.row("S1-16")
async def test_a_target_missed_in_several_months_in_a_row_is_told_and_how_often_clearly(service: Service) -> None:
    for month, low in ((7, 0), (8, 20), (9, 3), (10, 3)):
        await answered(service, month, "a17", [5] * (30 - low) + [2] * low)
        await answered(service, month, "b2", [5] * 30)
    assert await runs(service, "csat >= 95", "mean >= 1") == [
        {"target": "csat >= 95", "cut": {"agent": "a17"}, "periods": 3, "clearly": 1}
    ]
    assert await runs(service, "csat >= 95 agent=b2") == []
    assert await runs(service, "csat >= 95 agent=a17", back="1") == [
        {"target": "csat >= 95 agent=a17", "cut": {"agent": "a17"}, "periods": 2, "clearly": 0}
    ]
    assert await runs(service) == []


@pytest.mark.row("S1-16")
async def test_one_month_or_one_of_too_few_people_in_between_is_no_trend(service: Service) -> None:
    await answered(service, 8, "a17", [2] * 10)
    await answered(service, 9, "a17", [2] * 3)
    await answered(service, 10, "a17", [2] * 10)
    assert await runs(service, "csat >= 95") == []
    assert await runs(service, "bad_review_rate <= 5", metric="bad_review_rate", by="") == []
    await answered(service, 9, "b2", [2] * 10)
    (run,) = await runs(service, "bad_review_rate <= 5", metric="bad_review_rate", by="")
    assert (run["periods"], run["clearly"], run["cut"]) == (3, 3, {})


@pytest.mark.row("S1-16")
async def test_a_month_that_goes_on_does_not_count(service: Service) -> None:
    for month in (9, 10, 11):
        await answered(service, month, "a17", [2] * 10)
    (run,) = await runs(service, "csat >= 95", period="2026-11")
    assert run["periods"] == 2
