"""Scheduled reports whose matter is no ticket: filled sheets, checks, and the register of what is held of people."""

from datetime import timedelta

import pytest

from storage.model.archive.report_records import RunOutcome
from tests.jobs.reports.desk import ReportDesk
from tests.support.web.service import Service

CHECKED = dict.fromkeys(("repair", "bodywork", "engine", "final_check"), 90)
APPRAISED = {"reports": 8, "faults": 12, "callbacks": 12, "skills": 12, "cost": 8, "values": 9, "others": 20}
SHEETS = {
    "quality_check_week": ("一站", "2026-W46", "auditor", CHECKED, {"checked": "30", "failed": "2"}),
    "supervisor": ("a17", "2026-11", "superior", APPRAISED, {"position": "售后主管", "opinion": "稳。"}),
}


async def filled(service: Service, form: str) -> None:
    """Let somebody fill a sheet; no ticket is closed."""
    subject, period, role, values, words = SHEETS[form]
    body = {"form": form, "subject": subject, "period": period, "role": role, "values": values, "words": words}
    answer = await service.api.post("/api/v1/assessments", json={**body, "rater": "王经理", "by": "王经理"})
    assert answer.is_success, answer.text


async def outcome(service: Service, asks: str, form: str = "") -> tuple[RunOutcome, str]:
    """Return what became of November's report, and the archived one."""
    desk = ReportDesk(service)
    await service.rules(f'[[reports]]\nname = "month"\nevery = "month"\n{asks}\n')
    await desk.job.look()
    if form:
        await filled(service, form)
    await desk.until("2026-12-01 09:00", step=timedelta(hours=12))
    (run,) = await desk.runs()
    return run.outcome, run.report


@pytest.mark.parametrize(
    ("asks", "form"),
    [
        ('kind = "appraisal"', "supervisor"),
        ('kind = "appraisal"\nof = "agent:a17"', "supervisor"),
        ('kind = "scorecard"\nof = "agent:a17"', "supervisor"),
        ('kind = "checks"', "quality_check_week"),
        ('kind = "privacy"', ""),
    ],
)
async def test_what_no_ticket_tells_is_reported_too(service: Service, asks: str, form: str) -> None:
    made, report = await outcome(service, asks, form)
    assert made is RunOutcome.MADE
    shown = (await service.api.get(f"/api/v1/reports/archive/{report}/html")).text
    assert {"supervisor": "售后主管岗位绩效考核表", "quality_check_week": "93.33%", "": "电话"}[form] in shown


@pytest.mark.parametrize(
    ("asks", "form"),
    [
        ('kind = "appraisal"', ""),
        ('kind = "appraisal"\nof = "agent:a18"', "supervisor"),
        ('kind = "checks"', "supervisor"),
        ('kind = "summary"', "supervisor"),
    ],
)
async def test_sheets_of_others_or_of_another_kind_are_no_report(service: Service, asks: str, form: str) -> None:
    assert await outcome(service, asks, form) == (RunOutcome.EMPTY, "")
