"""The tables from which figures are counted: closings and ratings (`storage.model.fact_records`)."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Integer, Table, Text, UniqueConstraint

from dialogs.exclusion.model import ExclusionState
from scoring.validity import ExclusionReason
from storage.schema.column_types import CompactInstant
from storage.schema.columns import (
    METADATA,
    Strings,
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

__all__ = ["UNDONE", "closings", "exclusions", "rated_items", "ratings"]

closings = table(
    "closings",
    key_column("source"),
    key_column("ticket"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False),
    Column("closed_at", CompactInstant, nullable=False),
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
    text_column("contact_key"),
    index("ix_closings_customer_closed_at", "customer", "closed_at"),
    index("ix_closings_closed_at", "closed_at"),
    index("ix_closings_contact_key", "contact_key", where="contact_key <> ''"),
    sqlite_with_rowid=False,
)

rated_items = Table(
    "rated_items",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    text_column("survey"),
    integer_column("survey_number"),
    text_column("item"),
    text_column("dimension"),
    integer_column("lowest"),
    integer_column("highest"),
    UniqueConstraint("survey", "survey_number", "item", "dimension", "lowest", "highest", name="uq_rated_items_item"),
    sqlite_strict=True,
)
"""What a rating is about, and on which scale: once for all ratings. Rows are only added."""

UNDONE = "undone"
"""How a rating stands that its customer took back."""

ratings = table(
    "ratings",
    key_column("response"),
    Column("rated_item", Integer, primary_key=True, autoincrement=False),
    integer_column("value"),
    Column("at", CompactInstant, nullable=False),
    optional_text("standing"),
    integer_column("rules"),
    integer_column("importance"),
    sqlite_with_rowid=False,  # the ratings of a response lie side by side, and an answer writes into one tree only
)
"""`standing` is NULL for what counts, else the reason why it is excluded, or UNDONE. There is no foreign key: on
PostgreSQL whoever writes would lock the row of its item, which is everybody's."""

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
    json_column("evidence", Strings),
    *version_column(),
    allowed_values("state", ExclusionState),
    index("ix_exclusions_proposed_at_id", "proposed_at", "id"),
)
