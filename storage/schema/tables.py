"""The tables. Scalar fields are real columns, for whoever asks with SQL; nested values are JSON text.

Constraints are the promises that must hold whatever the code does: one invitation per closing, one interview per
invitation, one row per thing heard. `storage/migrations` builds the same tables; a test holds the two together.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from dialogs.interview import model as talking
from dialogs.invitation import model as inviting
from dialogs.issue import model as problems
from dialogs.issue.model import TicketKey
from dialogs.issue.reasons import Reason
from dialogs.messages import Prompt
from scoring.rules import AlertSubject, Severity
from storage.model.records import ContactState, Outcome, Purpose, Status, TicketStatus
from storage.schema.campaign_tables import campaign_runs, campaign_targets, campaigns
from storage.schema.columns import (
    FIXED,
    METADATA,
    Words,
    index,
    key,
    maybe_moment,
    maybe_text,
    moment,
    nested,
    number,
    one_of,
    table,
    text_column,
    unique,
    version,
    word,
)
from storage.schema.register_tables import audit, nameless_answers, requests, tombstones
from storage.schema.types import Flag, Instant, Word

__all__ = [
    "METADATA",
    "answer_logs",
    "attempts",
    "audit",
    "campaign_runs",
    "campaign_targets",
    "campaigns",
    "contacts",
    "customers",
    "grants",
    "inbox",
    "interviews",
    "invitations",
    "issue_customers",
    "issue_events",
    "issue_tickets",
    "issues",
    "members",
    "nameless_answers",
    "notes",
    "outbox",
    "requests",
    "surveys",
    "tickets",
    "tokens",
    "tombstones",
    "windows",
]

customers = table(
    "customers",
    key("id"),
    text_column("name"),
    text_column("locale"),
    text_column("timezone"),
    text_column("tier"),
    maybe_moment("opted_out_at"),
    *version(),
)

tickets = table(
    "tickets",
    key("source"),
    key("id"),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    word("status", TicketStatus),
    number("closing"),
    maybe_moment("opened_at"),
    maybe_moment("first_replied_at"),
    maybe_moment("closed_at"),
    maybe_moment("updated_at"),
    text_column("subject"),
    text_column("category"),
    text_column("product"),
    text_column("team"),
    text_column("agent_id"),
    text_column("agent_name"),
    nested("tags", Words),
    *version(),
    maybe_moment("appointment_at"),
    one_of("status", TicketStatus),
    CheckConstraint("closing >= 0", name="closing"),
)

contacts = table(
    "contacts",
    Column("customer", Text, ForeignKey("customers.id"), primary_key=True),
    key("channel"),
    key("chat"),
    word("state", ContactState),
    maybe_moment("bound_at"),
    maybe_moment("heard_at"),
    *version(),
    one_of("state", ContactState),
    index("ix_contacts_channel_chat", "channel", "chat"),
)

tokens = table(
    "tokens",
    key("hash"),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    text_column("channel"),
    moment("created_at"),
    moment("expires_at"),
    text_column("source"),
    text_column("ticket"),
    maybe_moment("used_at"),
    text_column("used_by"),
    *version(),
)

members = table(
    "members",
    key("name"),
    text_column("role"),
    text_column("telegram"),
    *version(),
    text_column("code_hash"),
    maybe_moment("code_expires_at"),
)

notes = table("notes", key("key"), text_column("value"), moment("at"), *version())

invitations = table(
    "invitations",
    key("id"),
    Column("source", Text, nullable=False, info=FIXED),
    Column("ticket", Text, nullable=False, info=FIXED),
    Column("closing", Integer, nullable=False, info=FIXED),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, info=FIXED),
    text_column("survey"),
    moment("due_at"),
    moment("deadline_at"),
    moment("closed_at"),
    word("state", inviting.InvitationState),
    Column("reason", Word(inviting.InvitationReason)),
    maybe_text("channel"),
    text_column("agent_id"),
    text_column("agent_name"),
    text_column("team"),
    Column("by_hand", Flag, nullable=False),
    maybe_moment("asked_at"),
    maybe_moment("sent_at"),
    maybe_moment("wake_at"),
    *version(),
    text_column("occasion"),
    text_column("rule"),
    one_of("state", inviting.InvitationState),
    one_of("reason", inviting.InvitationReason),
    index("ix_invitations_customer_state", "customer", "state", "asked_at"),
    unique("uq_invitations_closing", "source", "ticket", "closing", where="occasion = ''"),
    unique("uq_invitations_occasion", "customer", "occasion", where="occasion <> ''"),
    index("ix_invitations_ticket", "source", "ticket"),
    index("ix_invitations_wake_at", "wake_at", where="wake_at IS NOT NULL"),
)

interviews = table(
    "interviews",
    key("id"),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False, unique=True, info=FIXED),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True, info=FIXED),
    text_column("channel"),
    text_column("chat"),
    Column("survey", Text, nullable=False, info={"field": "survey", "part": 0}),
    Column("survey_number", Integer, nullable=False, info={"field": "survey", "part": 1}),
    text_column("locale"),
    moment("asked_at"),
    moment("expires_at"),
    word("state", talking.InterviewState),
    text_column("at"),
    nested("answers", tuple[talking.Answer, ...]),
    nested("skipped", Words),
    nested("remarks_asked", Words),
    maybe_text("comment"),
    text_column("comment_source"),
    number("misses"),
    text_column("message"),
    maybe_moment("remind_at"),
    maybe_moment("settle_at"),
    maybe_moment("completed_at"),
    nested("assessed", tuple[AlertSubject, ...]),
    number("logged"),
    text_column("shown"),
    *version(),
    text_column("notice"),
    maybe_moment("reminded_at"),
    Column("wake_at", Instant),
    one_of("state", talking.InterviewState),
    index("ix_interviews_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    index("ix_interviews_asked_at_id", "asked_at", "id"),
)

answer_logs = table(
    "answer_logs",
    Column("response", Text, ForeignKey("interviews.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("question"),
    Column("value", Integer),
    maybe_text("text"),
    moment("at"),
    text_column("caused_by"),
)

issues = table(
    "issues",
    key("id"),
    word("kind", problems.IssueKind),
    word("severity", Severity),
    moment("opened_at"),
    maybe_moment("due_at"),
    word("state", problems.IssueState),
    text_column("title"),
    text_column("text"),
    nested("reasons", tuple[Reason, ...]),
    nested("tickets", tuple[TicketKey, ...]),
    nested("responses", Words),
    nested("customers", Words),
    maybe_text("claimed_by"),
    maybe_text("claimant"),
    maybe_text("draft"),
    number("drafts"),
    maybe_text("note"),
    maybe_text("root_cause"),
    number("resolution"),
    nested("told", Words),
    nested("confirmed", Words),
    maybe_moment("resolved_at"),
    maybe_moment("closed_at"),
    Column("escalated", Flag, nullable=False),
    maybe_text("merged_into"),
    number("events"),
    maybe_moment("wake_at"),
    *version(),
    Column("draft_for", Word(problems.Draft)),
    maybe_text("progress"),
    maybe_text("question"),
    maybe_moment("asked_at"),
    one_of("kind", problems.IssueKind),
    one_of("severity", Severity),
    one_of("state", problems.IssueState),
    CheckConstraint("(state = 'claimed') <= (claimant IS NOT NULL)", name="holder"),
    index("ix_issues_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    index("ix_issues_opened_at_id", "opened_at", "id"),
    index("ix_issues_calls", "opened_at", where="kind = 'call'"),
)

issue_tickets = table(
    "issue_tickets",
    key("source"),
    key("ticket"),
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True, index=True),
)

issue_customers = table(
    "issue_customers",
    key("customer"),
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True, index=True),
)

issue_events = table(
    "issue_events",
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    text_column("event"),
    maybe_text("by"),
    maybe_text("text"),
)

_COUNTED = BigInteger().with_variant(Integer, "sqlite")
_WAITING = "status IN ('pending', 'held')"

outbox = Table(
    "outbox",
    METADATA,
    text_column("id"),
    text_column("channel"),
    text_column("chat"),
    word("purpose", Purpose),
    nested("prompt", Prompt),
    moment("created_at"),
    moment("not_before"),
    Column("customer", Text, ForeignKey("customers.id")),
    text_column("about"),
    number("round"),
    maybe_text("edits"),
    Column("obeys_opt_out", Flag, nullable=False),
    maybe_moment("expires_at"),
    word("status", Status),
    number("attempts"),
    maybe_moment("leased_until"),
    text_column("receipt"),
    text_column("why"),
    maybe_moment("sent_at"),
    text_column("campaign"),
    number("per_minute"),
    Column("seq", _COUNTED, Identity(), primary_key=True),
    UniqueConstraint("id"),
    one_of("purpose", Purpose),
    one_of("status", Status),
    CheckConstraint("(status = 'leased') = (leased_until IS NOT NULL)", name="lease"),
    index("ix_outbox_pending", "seq", where="status = 'pending'"),
    index("ix_outbox_pending_not_before", "not_before", where="status = 'pending'"),
    index("ix_outbox_held", "not_before", where="status = 'held'"),
    index("ix_outbox_held_channel_chat", "channel", "chat", where="status = 'held'"),
    index("ix_outbox_leased_until", "leased_until", where="status = 'leased'"),
    index("ix_outbox_customer", "customer", where=_WAITING),
    index("ix_outbox_about", "about"),
    index("ix_outbox_edits", "edits", "seq", where="edits IS NOT NULL"),
    index("ix_outbox_campaign", "campaign", "seq", where="campaign <> ''"),
    index("ix_outbox_receipt", "channel", "chat", "receipt", where="receipt <> ''"),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

inbox = table(
    "inbox",
    key("key"),
    text_column("door"),
    Column("raw", LargeBinary, nullable=False),
    moment("received_at"),
    word("outcome", Outcome),
    text_column("answer"),
    text_column("why"),
    one_of("outcome", Outcome),
    index("ix_inbox_failed", "received_at", where="outcome = 'failed'"),
    index("ix_inbox_sandbox", "door", "received_at", where="substr(door, 1, 8) = 'sandbox:'"),
)

surveys = table(
    "surveys",
    key("id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("body"),
    moment("stored_at"),
)

attempts = table(
    "attempts",
    Column("message", Text, ForeignKey("outbox.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("step"),
    text_column("code"),
    text_column("why"),
)

windows = table(
    "windows",
    key("channel"),
    key("chat"),
    maybe_moment("typed_at"),
    number("typed_used"),
    maybe_moment("clicked_at"),
    number("clicked_used"),
    *version(),
)

grants = table(
    "grants",
    key("channel"),
    key("chat"),
    key("template"),
    Column("left", Integer, nullable=False, quote=True),
    *version(),
    CheckConstraint('"left" >= 0', name="left"),
)
