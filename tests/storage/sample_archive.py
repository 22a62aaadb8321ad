"""An archived report with its page, and the run that made it, every field filled."""

from datetime import datetime, timedelta

from storage.model.archive.report_records import (
    ArchivedFile,
    ArchivedReport,
    ReportRun,
    RunOutcome,
    archived_id,
    report_run_id,
)
from storage.model.records import StoredFile
from storage.unit_of_work.changes import Record
from tests.storage.sample_findings import raised_finding
from tests.storage.sample_hooks import listening, told
from tests.storage.sample_sheets import full_publication, full_words

__all__ = ["PAGE", "filed_report", "what_people_made"]

PAGE = "<!doctype html><title>售后服务情况表</title>".encode()


def filed_report(
    now: datetime, number: int = 1, about: str = "summary", period: str = "2026-10", page: bytes = PAGE
) -> tuple[StoredFile, ArchivedReport, ArchivedFile, ReportRun]:
    """Return a revision that a schedule made now of the month before, whose page somebody has to confirm."""
    file = StoredFile.of(page, now)
    since, until = now - timedelta(days=51), now - timedelta(days=20)
    report = ArchivedReport(
        archived_id(about, period, number),
        about,
        "summary",
        "team:north",
        period,
        number,
        since,
        until,
        "zh-Hans",
        "售后服务情况表",
        file.hash,
        "schedule month",
        now,
        "month",
        2,
    )
    run = ReportRun(
        report_run_id("month", f"{period}.{number}"),
        "month",
        period,
        since,
        until,
        RunOutcome.MADE,
        now,
        report.id,
        now + timedelta(days=4),
        1,
        now + timedelta(days=5),
        "李工",
        now + timedelta(days=4),
    )
    return file, report, ArchivedFile(report.id, "html", file.hash, len(page), "text/html; charset=utf-8"), run


def what_people_made(now: datetime, page: bytes) -> tuple[Record, ...]:
    """Return what is published, a report in the archive whose page is kept, a finding, what is read, who is told."""
    made = (full_publication(now), *filed_report(now, page=page)[1:], *raised_finding(now), *full_words(now))
    return (*made, listening(now), told(now))
