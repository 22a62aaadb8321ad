"""The tables of outgoing webhooks: endpoints, events, and the deliveries of events to endpoints."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Integer, Text

from storage.model.outgoing.hook_records import EndpointStatus, HookDeliveryStatus, HookEventType
from storage.schema.columns import (
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

__all__ = ["hook_deliveries", "hook_endpoints", "hook_events"]

_OPEN = "state <> 'delivered'"

hook_endpoints = table(
    "hook_endpoints",
    key_column("id"),
    text_column("name"),
    text_column("url"),
    instant_column("created_at"),
    json_column("events", tuple[HookEventType, ...]),
    enum_column("state", EndpointStatus),
    integer_column("secret_number"),
    optional_instant("overlap_until"),
    text_column("why"),
    text_column("origin"),
    *version_column(),
    allowed_values("state", EndpointStatus),
)

hook_events = table(
    "hook_events",
    key_column("id"),
    enum_column("type", HookEventType),
    text_column("subject"),
    instant_column("at"),
    text_column("body"),
    index("ix_hook_events_subject", "subject"),
)

hook_deliveries = table(
    "hook_deliveries",
    Column("number", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("endpoint", Text, ForeignKey("hook_endpoints.id"), nullable=False),
    Column("event", Text, ForeignKey("hook_events.id"), nullable=False),
    text_column("subject"),
    enum_column("state", HookDeliveryStatus),
    integer_column("attempts"),
    instant_column("created_at"),
    instant_column("due_at"),
    optional_instant("since"),
    optional_instant("attempted_at"),
    integer_column("code"),
    integer_column("milliseconds"),
    text_column("answer"),
    text_column("why"),
    allowed_values("state", HookDeliveryStatus),
    index("ix_hook_deliveries_event", "event"),
    index("ix_hook_deliveries_endpoint_number", "endpoint", "number"),
    index("ix_hook_deliveries_due", "endpoint", "due_at", where=_OPEN),
    index("ix_hook_deliveries_failed", "endpoint", "number", where="state = 'failed'"),
    index("ix_hook_deliveries_subject", "endpoint", "subject", "number", where=_OPEN),
    sqlite_autoincrement=True,
)
