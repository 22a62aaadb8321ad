"""The tables of archived reports with their formats, and of the runs of their schedules."""

from sqlalchemy import Column, ForeignKey, Text

from storage.model.archive.report_records import RunOutcome
from storage.schema.columns import (
    allowed_values,
    enum_column,
    index,
    instant_column,
    integer_column,
    key_column,
    optional_instant,
    table,
    text_column,
    version_column,
)

__all__ = ["archived_files", "archived_reports", "report_runs"]

archived_reports = table(
    "archived_reports",
    key_column("id"),
    text_column("about"),
    text_column("kind"),
    text_column("of"),
    text_column("period"),
    integer_column("number"),
    instant_column("since"),
    instant_column("until"),
    text_column("locale"),
    text_column("title"),
    text_column("digest"),
    text_column("by"),
    instant_column("at"),
    text_column("schedule"),
    integer_column("link_number"),
    *version_column(),
    index("ix_archived_reports_about_period", "about", "period", "number"),
    index("ix_archived_reports_at_id", "at", "id"),
)

archived_files = table(
    "archived_files",
    Column("report", Text, ForeignKey("archived_reports.id"), primary_key=True),
    key_column("format"),
    Column("hash", Text, ForeignKey("files.hash"), nullable=False, index=True),
    integer_column("size"),
    text_column("media_type"),
)

report_runs = table(
    "report_runs",
    key_column("id"),
    text_column("schedule"),
    text_column("period"),
    instant_column("since"),
    instant_column("until"),
    enum_column("outcome", RunOutcome),
    instant_column("at"),
    text_column("report"),
    optional_instant("due_at"),
    integer_column("told"),
    optional_instant("wake_at"),
    text_column("confirmed_by"),
    optional_instant("confirmed_at"),
    *version_column(),
    allowed_values("outcome", RunOutcome),
    index("ix_report_runs_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    index("ix_report_runs_schedule_at", "schedule", "at"),
    index("ix_report_runs_at_id", "at", "id"),
)
