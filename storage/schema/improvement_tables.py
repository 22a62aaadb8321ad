"""The tables of findings, and of the customers who raised them (`dialogs.improvement.model`)."""

from sqlalchemy import Column, ForeignKey, Text

from dialogs.improvement.model import FindingKind, FindingState, Measure, MeasureResult
from storage.schema.columns import (
    Strings,
    allowed_values,
    enum_column,
    index,
    instant_column,
    json_column,
    key_column,
    optional_instant,
    optional_json,
    table,
    text_column,
    version_column,
)

__all__ = ["finding_voices", "findings"]

findings = table(
    "findings",
    key_column("id"),
    enum_column("kind", FindingKind),
    text_column("text"),
    text_column("department"),
    instant_column("opened_at"),
    text_column("opened_by"),
    text_column("origin"),
    json_column("responses", Strings),
    json_column("issues", Strings),
    enum_column("state", FindingState),
    optional_json("measure", Measure),
    optional_instant("reminded_at"),
    optional_instant("escalated_at"),
    optional_instant("done_at"),
    text_column("done_by"),
    json_column("results", tuple[MeasureResult, ...]),
    text_column("campaign"),
    json_column("told", tuple[tuple[str, str], ...]),
    optional_instant("closed_at"),
    text_column("closed_by"),
    text_column("note"),
    optional_instant("look_at"),
    *version_column(),
    allowed_values("kind", FindingKind),
    allowed_values("state", FindingState),
    index("ix_findings_opened_at_id", "opened_at", "id"),
    index("ix_findings_look_at", "look_at", where="look_at IS NOT NULL"),
)

finding_voices = table(
    "finding_voices",
    Column("finding", Text, ForeignKey("findings.id"), primary_key=True),
    Column("customer", Text, ForeignKey("customers.id"), primary_key=True, index=True),
    text_column("said"),
    instant_column("at"),
)
