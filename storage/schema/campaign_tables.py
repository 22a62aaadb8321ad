"""The tables of campaigns: the campaigns, their occurrences, and the targets of each occurrence."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text

from dialogs.campaign.model import Audience, CampaignKind, CampaignState, RunState, Schedule, TargetState
from dialogs.time.contact_hours import DailyHours
from storage.schema.column_types import Instant, NestedJson
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

__all__ = ["campaign_runs", "campaign_targets", "campaigns"]

campaigns = table(
    "campaigns",
    key_column("id"),
    text_column("name"),
    enum_column("kind", CampaignKind),
    instant_column("created_at"),
    text_column("created_by"),
    enum_column("state", CampaignState),
    text_column("survey"),
    text_column("text"),
    json_column("audience", Audience),
    json_column("schedule", Schedule),
    Column("window", NestedJson(DailyHours)),
    integer_column("per_minute"),
    optional_instant("occurrence"),
    optional_instant("next_at"),
    optional_instant("wake_at"),
    text_column("why"),
    text_column("origin"),
    *version_column(),
    allowed_values("kind", CampaignKind),
    allowed_values("state", CampaignState),
    CheckConstraint("per_minute > 0", name="per_minute"),
    index("ix_campaigns_wake_at", "wake_at", where="wake_at IS NOT NULL"),
)

campaign_runs = table(
    "campaign_runs",
    Column("campaign", Text, ForeignKey("campaigns.id"), primary_key=True),
    Column("occurrence", Instant, primary_key=True),
    enum_column("state", RunState),
    integer_column("audience"),
    optional_instant("started_at"),
    optional_instant("finished_at"),
    text_column("why"),
    *version_column(),
    allowed_values("state", RunState),
)

campaign_targets = table(
    "campaign_targets",
    Column("campaign", Text, ForeignKey("campaigns.id"), primary_key=True),
    Column("occurrence", Instant, primary_key=True),
    Column("customer", Text, ForeignKey("customers.id"), primary_key=True, index=True),
    enum_column("state", TargetState),
    text_column("reason"),
    text_column("source"),
    text_column("ticket"),
    text_column("interview"),
    text_column("message"),
    optional_instant("due_at"),
    *version_column(),
    allowed_values("state", TargetState),
    index("ix_campaign_targets_waiting", "campaign", "occurrence", "due_at", where="state = 'waiting'"),
)
