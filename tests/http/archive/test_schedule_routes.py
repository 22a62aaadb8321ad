"""Schedules by API: what comes next, what was made last, and who has confirmed it."""

from datetime import timedelta

import pytest

from tests.jobs.reports.desk import ReportDesk, local
from tests.support.web.service import Service

RULES = """
[[reports]]
name = "month"
kind = "summary"
every = "month"

[[reports]]
name = "week"
kind = "summary"
every = "week"
"""


async def test_schedules_tell_what_is_next_and_what_was_last(service: Service) -> None:
    desk = ReportDesk(service)
    assert (await service.api.get("/api/v1/reports/schedules")).json() == {"items": []}
    await service.rules(RULES)
    await desk.job.look()
    await service.closes("1")
    month, week = (await service.api.get("/api/v1/reports/schedules")).json()["items"]
    assert (month["name"], month["next_period"], month["last"]) == ("month", "2026-11", None)
    assert (week["next_period"], week["next_at"]) == ("2026-W47", "2026-11-23T00:00:00Z")
    await desk.until("2026-12-01 09:00", step=timedelta(hours=6))
    month, week = (await service.api.get("/api/v1/reports/schedules")).json()["items"]
    assert (month["last"]["period"], month["last"]["outcome"]) == ("2026-11", "made")
    assert month["last"]["due_at"] == "2026-12-05T00:00:00Z"
    assert (week["last"]["period"], week["last"]["outcome"], week["last"]["report"]) == ("2026-W48", "empty", None)


@pytest.mark.row("S3-02")
async def test_a_lead_confirms_by_api_once_and_nobody_else(service: Service) -> None:
    desk = ReportDesk(service)
    await desk.joins("王经理", "lead")
    await desk.joins("李工", "agent")
    await service.rules(RULES)
    await desk.job.look()
    await service.closes("1")
    await desk.until("2026-12-01 09:00", step=timedelta(hours=6))
    month, week = (await desk.runs("month"))[0], (await desk.runs("week"))[0]

    async def confirmed(run: str, by: str) -> tuple[int, str]:
        answer = await service.api.post(f"/api/v1/reports/runs/{run}/confirm", json={"by": by})
        return answer.status_code, str(answer.json().get("confirmed_by"))

    assert await confirmed(month.id, "李工") == (422, "None")
    assert await confirmed(week.id, "王经理") == (409, "None")  # nobody has to
    assert await confirmed(month.id, "王经理") == (200, "王经理")
    assert await confirmed(month.id, "王经理") == (200, "王经理")
    await desk.until("2026-12-07 09:00", step=timedelta(hours=6))
    assert not [one for one in await service.messages() if "逾期" in one.prompt.text]
    (run,) = await desk.runs("month")
    assert run.confirmed_at == local("2026-12-01 09:00")
