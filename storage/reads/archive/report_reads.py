"""Reads of the archive of reports: lists by pages, one revision with its formats, and the runs of schedules."""

from datetime import datetime

from sqlalchemy import Text, bindparam, select

from scoring.values import Value
from storage.connection.store import Store
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.reads.listings import FilteredList, Page
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.unit_of_work.selects import ARCHIVED, ARCHIVED_FILES, REPORT_RUNS, all_of

__all__ = ["ArchiveFilter", "ArchiveReads", "FiledReport"]

_report, _run = t.archived_reports.c, t.report_runs.c
_REPORTS = all_of(ArchivedReport)
_WANTED = {
    "kind": _report.kind == bindparam("of_kind", type_=Text()),
    "period": _report.period == bindparam("of_period", type_=Text()),
    "schedule": _report.schedule == bindparam("of_schedule", type_=Text()),
}
_LIST = FilteredList(ArchivedReport, _REPORTS, (_report.at, _report.id), _WANTED)
_LATEST = (
    all_of(
        ArchivedReport,
        _report.about == bindparam("about", type_=Text()),
        _report.period == bindparam("period", type_=Text()),
    )
    .order_by(_report.number.desc())
    .limit(1)
)
_RUNS = all_of(ReportRun)
_RUN_LIST = FilteredList(
    ReportRun, _RUNS, (_run.at, _run.id), {"schedule": _run.schedule == bindparam("of_schedule", type_=Text())}
)
_LAST_RUN = all_of(ReportRun, _run.schedule == bindparam("schedule", type_=Text())).order_by(_run.at.desc()).limit(1)
_file = t.archived_files.c
_SHUT = (
    select(_report.id)
    .where(_file.hash == bindparam("hash", type_=Text()), _report.id == _file.report, _report.link_number > 0)
    .limit(1)
)
_DUE = all_of(ReportRun, _run.wake_at <= bindparam("now", type_=Instant())).order_by(_run.wake_at)


class ArchiveFilter(Value):
    """Which reports are wanted; empty for any."""

    kind: str = ""
    period: str = ""
    schedule: str = ""


class FiledReport(Value):
    """A revision with the formats in which it was made."""

    report: ArchivedReport
    files: tuple[ArchivedFile, ...]


class ArchiveReads:
    """Reads what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, which: ArchiveFilter, cursor: str | None, limit: int) -> Page[ArchivedReport]:
        """List revisions in the order in which they were made; raises ValueError for a malformed cursor."""
        return await _LIST.page(self._store, which, cursor, limit)

    async def find(self, report: str) -> FiledReport | None:
        """Return a revision by its id."""
        async with self._store.reading() as session:
            found = await session.records(ArchivedReport, ARCHIVED, keys=[report])
            files = await session.records(ArchivedFile, ARCHIVED_FILES, reports=[report])
        return FiledReport(found[0], tuple(files)) if found else None

    async def latest(self, about: str, period: str) -> ArchivedReport | None:
        """Return the latest revision of a report about a period, None before the first."""
        async with self._store.reading() as session:
            return next(iter(await session.records(ArchivedReport, _LATEST, about=about, period=period)), None)

    async def is_shut(self, hash_: str) -> bool:
        """Return whether a file with this hash is one of a report whose links were revoked."""
        async with self._store.reading() as session:
            return bool(await session.fetch(_SHUT, hash=hash_))

    async def runs(self, schedule: str, cursor: str | None, limit: int) -> Page[ReportRun]:
        """List the runs of a schedule, of all where it is empty; raises ValueError for a malformed cursor."""
        return await _RUN_LIST.page(self._store, _RunFilter(schedule), cursor, limit)

    async def run(self, run: str) -> ReportRun | None:
        """Return a run by its id."""
        async with self._store.reading() as session:
            return next(iter(await session.records(ReportRun, REPORT_RUNS, keys=[run])), None)

    async def last_run(self, schedule: str) -> ReportRun | None:
        """Return the run of a schedule that was made last, None before the first."""
        async with self._store.reading() as session:
            return next(iter(await session.records(ReportRun, _LAST_RUN, schedule=schedule)), None)

    async def due_runs(self, now: datetime) -> list[ReportRun]:
        """Return the runs of which somebody is to be told that they wait for confirmation."""
        async with self._store.reading() as session:
            return await session.records(ReportRun, _DUE, now=now)


class _RunFilter(Value):
    schedule: str = ""
