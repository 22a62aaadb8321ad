"""What API and command line ask of the archive alike: a report to be kept, and how the schedules stand."""

from datetime import datetime

from bot.handlers.common.policy import Policy
from bot.handlers.reports.archive import FreshReport
from bot.http.api.archive.archive_json import ArchiveBody, ScheduleList, schedule_out
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.fresh_reports import make_fresh
from bot.jobs.reports.report_documents import asked_report
from dialogs.reports.report_schedules import REPORTED_AS, next_report
from storage.reads.reader import Reader

__all__ = ["list_schedules", "made_for_archive"]


async def made_for_archive(reader: Reader, policy: Policy, body: ArchiveBody, now: datetime) -> FreshReport:
    """Return a report to be kept. Raises FigureRequestError for what there is none of."""
    for form in body.formats:
        if form not in REPORTED_AS:
            raise FigureRequestError("formats", f"has {form!r}, which is none of {', '.join(REPORTED_AS)}")
    wanted = asked_report(body.asked(), policy, now)
    if not wanted.period.name:
        raise FigureRequestError("period", "is missing: say which one is to be kept, such as 2026-10")
    return await make_fresh(reader, policy, wanted, body.formats, now)


async def list_schedules(reader: Reader, policy: Policy, now: datetime) -> ScheduleList:
    """Return the schedules of the rules, each with its next report and its last run."""
    return ScheduleList(
        items=tuple(
            [
                schedule_out(one, next_report(one, policy.timezone, now), await reader.archive.last_run(one.name))
                for one in policy.reports
            ]
        )
    )
