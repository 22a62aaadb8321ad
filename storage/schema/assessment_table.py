"""The tables of filled sheets and of what is added to their results (`storage.model.filled_forms`)."""

from sqlalchemy import Column, ForeignKey, Text

from dialogs.forms.filled_sheet import FilledSheet, FilledText
from dialogs.forms.model import RaterRole, SubjectKind
from storage.schema.columns import (
    allowed_values,
    enum_column,
    index,
    instant_column,
    integer_column,
    json_column,
    key_column,
    optional_instant,
    optional_text,
    table,
    text_column,
    version_column,
)

__all__ = ["adjustments", "assessment_files", "assessments"]

assessments = table(
    "assessments",
    key_column("id"),
    text_column("form"),
    integer_column("form_number"),
    enum_column("subject_kind", SubjectKind),
    text_column("subject"),
    text_column("period"),
    instant_column("since"),
    instant_column("until"),
    enum_column("role", RaterRole),
    text_column("rater"),
    text_column("by"),
    instant_column("at"),
    json_column("sheet", FilledSheet),
    json_column("words", tuple[FilledText, ...]),
    json_column("evidence", tuple[tuple[str, str], ...]),
    optional_text("total"),
    Column("customer", Text, ForeignKey("customers.id")),
    text_column("source"),
    text_column("sheet_no"),
    optional_text("released"),
    *version_column(),
    allowed_values("subject_kind", SubjectKind),
    allowed_values("role", RaterRole),
    index("ix_assessments_customer", "customer", where="customer IS NOT NULL"),
    index("ix_assessments_subject_since", "subject", "since"),
    index("ix_assessments_at_id", "at", "id"),
)

assessment_files = table(
    "assessment_files",
    key_column("id"),
    text_column("assessment"),
    text_column("item"),
    Column("hash", Text, ForeignKey("files.hash"), nullable=False, index=True),
    text_column("name"),
    text_column("media_type"),
    integer_column("size"),
    text_column("by"),
    instant_column("at"),
    optional_instant("kept_until"),
    *version_column(),
    optional_text("customer"),
    index("ix_assessment_files_assessment", "assessment"),
    index("ix_assessment_files_customer", "customer", where="customer IS NOT NULL"),
    index("ix_assessment_files_kept_until", "kept_until", where="kept_until IS NOT NULL"),
)

adjustments = table(
    "adjustments",
    key_column("id"),
    text_column("form"),
    enum_column("subject_kind", SubjectKind),
    text_column("subject"),
    text_column("period"),
    instant_column("since"),
    optional_text("points"),
    text_column("reason"),
    text_column("by"),
    instant_column("at"),
    allowed_values("subject_kind", SubjectKind),
    index("ix_adjustments_subject_since", "subject", "since"),
)
