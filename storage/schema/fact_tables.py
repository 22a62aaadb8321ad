"""The tables from which figures are counted: closings and ratings (`storage.model.fact_records`)."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Text

from dialogs.exclusion.model import ExclusionState
from scoring.validity import ExclusionReason
from storage.model.fact_records import RatingStatus
from storage.schema.column_types import EnumText
from storage.schema.columns import (
    Strings,
    allowed_values,
    enum_column,
    index,
    instant_column,
    integer_column,
    json_column,
    key_column,
    optional_instant,
    table,
    text_column,
    version_column,
)

__all__ = ["closings", "exclusions", "ratings"]

closings = table(
    "closings",
    key_column("source"),
    key_column("ticket"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    instant_column("closed_at"),
    optional_instant("requested_at"),
    optional_instant("opened_at"),
    optional_instant("first_replied_at"),
    optional_instant("assigned_at"),
    optional_instant("appointment_at"),
    optional_instant("onsite_at"),
    optional_instant("solved_at"),
    text_column("agent_id"),
    text_column("agent_name"),
    text_column("team"),
    text_column("station"),
    text_column("area"),
    text_column("product"),
    text_column("category"),
    text_column("service_type"),
    text_column("source_channel"),
    text_column("contract"),
    text_column("tier"),
    json_column("tags", Strings),
    index("ix_closings_closed_at", "closed_at"),
    sqlite_with_rowid=False,
)

ratings = table(
    "ratings",
    key_column("source"),
    key_column("ticket"),
    Column("closing", Integer, primary_key=True, autoincrement=False),
    key_column("response"),
    key_column("item"),
    text_column("survey"),
    integer_column("survey_number"),
    text_column("dimension"),
    integer_column("value"),
    integer_column("lowest"),
    integer_column("highest"),
    instant_column("at"),
    text_column("channel"),
    enum_column("status", RatingStatus),
    Column("reason", EnumText(ExclusionReason)),
    integer_column("rules"),
    CheckConstraint("(status = 'excluded') = (reason IS NOT NULL)", name="reason"),
    sqlite_with_rowid=False,  # the ratings of a closing lie side by side, and an answer writes into one tree only
)

exclusions = table(
    "exclusions",
    key_column("id"),
    Column("response", Text, ForeignKey("interviews.id"), nullable=False, index=True),
    integer_column("number"),
    enum_column("reason", ExclusionReason),
    text_column("proposed_by"),
    instant_column("proposed_at"),
    text_column("note"),
    enum_column("state", ExclusionState),
    text_column("decided_by"),
    optional_instant("decided_at"),
    text_column("decision"),
    optional_instant("appeal_until"),
    text_column("appealed_by"),
    optional_instant("appealed_at"),
    text_column("appeal"),
    text_column("reviewed_by"),
    optional_instant("reviewed_at"),
    text_column("review"),
    *version_column(),
    allowed_values("state", ExclusionState),
    index("ix_exclusions_proposed_at_id", "proposed_at", "id"),
)
