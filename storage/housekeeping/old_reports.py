"""Archived reports past their time, their runs, and what was published; their files go as those of messages do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text, bindparam, delete, or_, select
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.housekeeping.walk import LIMIT
from storage.schema import tables as t
from storage.schema.column_types import Instant

__all__ = ["PUBLISHED_PORTION", "REPORT_PORTION", "RUN_PORTION", "delete_published", "delete_reports", "delete_runs"]

_report, _run = t.archived_reports.c, t.report_runs.c
_AFTER, _CUTOFF = bindparam("after", type_=Text()), bindparam("cutoff", type_=Instant())
REPORT_PORTION = select(_report.id).where(_report.id > _AFTER, _report.at < _CUTOFF).order_by(_report.id).limit(LIMIT)
RUN_PORTION = (
    select(_run.id)
    .where(_run.id > _AFTER, _run.at < _CUTOFF, or_(_run.wake_at.is_(None), _run.wake_at < _CUTOFF))
    .order_by(_run.id)
    .limit(LIMIT)
)
_published = t.publications.c
PUBLISHED_PORTION = (
    select(_published.id).where(_published.id > _AFTER, _published.at < _CUTOFF).order_by(_published.id).limit(LIMIT)
)


def _delete(table: Any, key: str) -> Write:  # noqa: ANN401 (a table)
    def build(rows: InputRows) -> UpdateBase:
        return delete(table).where(table.c[key] == rows.c[key])

    return Write(table, (Column(key, Text),), build)


_DELETE_FORMATS = _delete(t.archived_files, "report")
_DELETE_REPORT = _delete(t.archived_reports, "id")
_DELETE_RUN = _delete(t.report_runs, "id")
_DELETE_PUBLISHED = _delete(t.publications, "id")


async def delete_reports(due: Sequence[str], session: Session, _now: datetime) -> int:
    """Delete reports with all their formats; return their number."""
    await session.write(_DELETE_FORMATS, [(report,) for report in due])
    return await session.write(_DELETE_REPORT, [(report,) for report in due])


async def delete_runs(due: Sequence[str], session: Session, _now: datetime) -> int:
    """Delete runs of schedules; return their number. None of them comes again: times count from the latest one on."""
    return await session.write(_DELETE_RUN, [(run,) for run in due])


async def delete_published(due: Sequence[str], session: Session, _now: datetime) -> int:
    """Delete published revisions; return their number. The audit log keeps that there were, and their hash."""
    return await session.write(_DELETE_PUBLISHED, [(one,) for one in due])
