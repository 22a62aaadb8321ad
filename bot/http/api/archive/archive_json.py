"""Archived reports, schedules and their runs in JSON."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.http.api.schemas.field_types import Language, Name
from bot.http.api.schemas.ticket_request import RequestBody
from dialogs.reports.report_schedules import REPORTED_AS, DueReport, ReportSchedule
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun, RunOutcome

__all__ = [
    "ArchiveBody",
    "ArchivedOut",
    "ArchivedPage",
    "LinkBody",
    "LinkOut",
    "ReportByBody",
    "RunOut",
    "ScheduleList",
    "archived_out",
    "run_out",
    "schedule_out",
]


class ReportByBody(RequestBody):
    """Who does it."""

    by: Name


class ArchiveBody(ReportByBody):
    """Which report is to be made and kept; everything as for `GET /api/v1/reports/documents/{kind}`."""

    kind: str = Field(max_length=30)
    period: str = Field("", max_length=30)
    formats: tuple[str, ...] = Field(("html",), min_length=1, max_length=9, description=f"Of {', '.join(REPORTED_AS)}.")
    of: str = Field("", max_length=300)
    cut: str = Field("", max_length=200, description="Of `figures`: at most two keys.")
    metric: str = Field("", max_length=500, description="Of `figures`: ids of metrics.")
    locale: Language | None = None

    def asked(self) -> dict[str, str]:
        """Return what is asked for, as every door asks for reports."""
        asked = {"kind": self.kind, "period": self.period, "of": self.of, "by": self.cut, "metric": self.metric}
        return asked | {"locale": self.locale or ""}


class LinkBody(ReportByBody):
    """For how many days a link opens the report."""

    days: int = 30


class LinkOut(BaseModel):
    """Where anybody reads a report, without a key."""

    url: str
    days: int


class FileOut(BaseModel):
    """A format of a report; `sha256` is that of its bytes."""

    format: str
    sha256: str
    size: int
    media_type: str


class ArchivedOut(BaseModel):
    """A revision of a report; `files` is left out in lists."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    kind: str
    of: str | None
    period: str
    revision: int
    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    locale: str
    title: str
    by: str
    at: datetime
    schedule: str | None
    files: tuple[FileOut, ...] | None = None


class ArchivedPage(BaseModel):
    """A page of the archive; `next` is the cursor of the page after it."""

    items: tuple[ArchivedOut, ...]
    next: str | None


class RunOut(BaseModel):
    """A run of a schedule about a period; `report` is the archived one, null where nothing happened."""

    id: str
    period: str
    outcome: RunOutcome
    at: datetime
    report: str | None
    due_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None


class ScheduleOut(BaseModel):
    """A schedule of the rules, what it makes next, and what it made last."""

    name: str
    kind: str
    every: str
    of: str | None
    to: tuple[str, ...]
    formats: tuple[str, ...]
    next_at: datetime
    next_period: str
    last: RunOut | None


class ScheduleList(BaseModel):
    """The schedules of the rules, in their order."""

    items: tuple[ScheduleOut, ...]


def archived_out(report: ArchivedReport, files: Iterable[ArchivedFile] | None = None) -> ArchivedOut:
    """Return a revision as the API gives it."""
    return ArchivedOut(
        id=report.id,
        kind=report.kind,
        of=report.of or None,
        period=report.period,
        revision=report.number,
        since=report.since,
        until=report.until,
        locale=report.locale,
        title=report.title,
        by=report.by,
        at=report.at,
        schedule=report.schedule or None,
        files=None if files is None else tuple(_file_out(one) for one in sorted(files, key=lambda one: one.format)),
    )


def _file_out(file: ArchivedFile) -> FileOut:
    return FileOut(format=file.format, sha256=file.hash, size=file.size, media_type=file.media_type)


def run_out(run: ReportRun) -> RunOut:
    """Return a run as the API gives it."""
    return RunOut(
        id=run.id,
        period=run.period,
        outcome=run.outcome,
        at=run.at,
        report=run.report or None,
        due_at=run.due_at,
        confirmed_by=run.confirmed_by or None,
        confirmed_at=run.confirmed_at,
    )


def schedule_out(schedule: ReportSchedule, upcoming: DueReport, last: ReportRun | None) -> ScheduleOut:
    """Return a schedule as the API gives it."""
    return ScheduleOut(
        name=schedule.name,
        kind=schedule.kind,
        every=schedule.every,
        of=schedule.of or None,
        to=schedule.to,
        formats=schedule.formats,
        next_at=upcoming.at,
        next_period=upcoming.period.name,
        last=None if last is None else run_out(last),
    )
