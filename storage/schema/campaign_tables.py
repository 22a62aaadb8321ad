"""The tables of campaigns: what each is, its occurrences, and the people of each occurrence."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Text

from dialogs.campaign import model as sending
from dialogs.time.contact_hours import QuietHours
from storage.schema.columns import (
    index,
    key,
    maybe_moment,
    moment,
    nested,
    number,
    one_of,
    table,
    text_column,
    version,
    word,
)
from storage.schema.types import Instant, Json

__all__ = ["campaign_runs", "campaign_targets", "campaigns"]

campaigns = table(
    "campaigns",
    key("id"),
    text_column("name"),
    word("kind", sending.CampaignKind),
    moment("created_at"),
    text_column("created_by"),
    word("state", sending.CampaignState),
    text_column("survey"),
    text_column("text"),
    nested("audience", sending.Audience),
    nested("schedule", sending.Schedule),
    Column("window", Json(QuietHours)),
    number("per_minute"),
    maybe_moment("occurrence"),
    maybe_moment("next_at"),
    maybe_moment("wake_at"),
    text_column("why"),
    text_column("origin"),
    *version(),
    one_of("kind", sending.CampaignKind),
    one_of("state", sending.CampaignState),
    CheckConstraint("per_minute > 0", name="per_minute"),
    index("ix_campaigns_wake_at", "wake_at", where="wake_at IS NOT NULL"),
)

campaign_runs = table(
    "campaign_runs",
    Column("campaign", Text, ForeignKey("campaigns.id"), primary_key=True),
    Column("occurrence", Instant, primary_key=True),
    word("state", sending.RunState),
    number("audience"),
    maybe_moment("started_at"),
    maybe_moment("finished_at"),
    text_column("why"),
    *version(),
    one_of("state", sending.RunState),
)

campaign_targets = table(
    "campaign_targets",
    Column("campaign", Text, ForeignKey("campaigns.id"), primary_key=True),
    Column("occurrence", Instant, primary_key=True),
    Column("customer", Text, ForeignKey("customers.id"), primary_key=True, index=True),
    word("state", sending.TargetState),
    text_column("reason"),
    text_column("source"),
    text_column("ticket"),
    text_column("interview"),
    text_column("message"),
    maybe_moment("due_at"),
    *version(),
    one_of("state", sending.TargetState),
    index("ix_campaign_targets_waiting", "campaign", "occurrence", "due_at", where="state = 'waiting'"),
)
