"""The tables. Scalar fields are columns, so that they can be queried with SQL; nested values are JSON text.

Constraints hold whatever the code does: one invitation for each closing, one interview for each invitation, one row for
each delivery. `storage/migrations` builds the same tables; a test compares the two.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, text

from dialogs.interview.model import InterviewState, KeptWords, SurveyMessage, Undo
from dialogs.invitation.model import InvitationReason, InvitationState
from dialogs.issue.model import Draft, IssueKind, IssueState, Quote, TicketKey
from dialogs.issue.reasons import Reason
from scoring.complaints import Judgement
from scoring.rules import AlertSubject, Severity
from scoring.validity import ExclusionReason, RaisedFlag
from storage.model.records import ContactState, InboxOutcome, TicketStatus
from storage.model.service_details import ServiceDetails
from storage.schema.archive.report_tables import archived_files, archived_reports, report_runs
from storage.schema.assessment_table import adjustments, assessment_files, assessments
from storage.schema.campaign_tables import campaign_runs, campaign_targets, campaigns
from storage.schema.column_types import AnswersJson, CompactInstant, EnumText, Flag, Instant
from storage.schema.columns import (
    IMMUTABLE,
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
    optional_json,
    optional_text,
    table,
    text_column,
    unique_index,
    version_column,
)
from storage.schema.fact_tables import closings, exclusions, rated_items, ratings
from storage.schema.figures.figure_tables import figure_changes, figure_days, kept_figures
from storage.schema.improvement_tables import finding_voices, findings
from storage.schema.literals import CUSTOMER_PAGES, DESK_DOORS, PLAYED_DOORS, WITH_CONTENT
from storage.schema.outbox_tables import NOT_BEFORE, PROMPT, attempts, files, grants, outbox, prompts, windows
from storage.schema.outgoing.hook_tables import hook_deliveries, hook_endpoints, hook_events
from storage.schema.register_tables import (
    anonymous_answers,
    audit_log,
    entered_figures,
    known_events,
    publications,
    requests,
    tombstones,
)
from storage.schema.rollup_tables import rating_cuts, rating_deltas, rating_rollups
from storage.schema.text_tables import comment_readings, phrases

__all__ = [
    "METADATA",
    "NOT_BEFORE",
    "PROMPT",
    "adjustments",
    "anonymous_answers",
    "answer_logs",
    "archived_files",
    "archived_reports",
    "assessment_files",
    "assessments",
    "attempts",
    "audit_log",
    "campaign_runs",
    "campaign_targets",
    "campaigns",
    "closings",
    "comment_readings",
    "contacts",
    "customers",
    "entered_figures",
    "exclusions",
    "figure_changes",
    "figure_days",
    "files",
    "finding_voices",
    "findings",
    "grants",
    "hook_deliveries",
    "hook_endpoints",
    "hook_events",
    "inbox",
    "interviews",
    "invitations",
    "issue_customers",
    "issue_events",
    "issue_tickets",
    "issues",
    "kept_figures",
    "known_events",
    "members",
    "notes",
    "outbox",
    "phrases",
    "prompts",
    "publications",
    "rated_items",
    "rating_cuts",
    "rating_deltas",
    "rating_rollups",
    "ratings",
    "report_runs",
    "requests",
    "surveys",
    "tickets",
    "tokens",
    "tombstones",
    "windows",
]

customers = table(
    "customers",
    key_column("id"),
    text_column("name"),
    text_column("locale"),
    text_column("timezone"),
    text_column("tier"),
    optional_instant("opted_out_at"),
    *version_column(),
    text_column("phone"),
    text_column("email"),
    text_column("postal_address"),
    optional_instant("invited_at"),
    index("ix_customers_phone", "phone", where="phone <> ''"),
    index("ix_customers_email", text("lower(email)"), where="email <> ''"),
    index("ix_customers_postal_address", "postal_address", where="postal_address <> ''"),
    sqlite_with_rowid=False,
)

tickets = table(
    "tickets",
    key_column("source"),
    key_column("id"),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    enum_column("status", TicketStatus),
    integer_column("closing"),
    optional_instant("opened_at"),
    optional_instant("first_replied_at"),
    optional_instant("closed_at"),
    optional_instant("updated_at"),
    text_column("subject"),
    text_column("category"),
    text_column("product"),
    text_column("team"),
    text_column("agent_id"),
    text_column("agent_name"),
    json_column("tags", Strings),
    *version_column(),
    optional_instant("appointment_at"),
    text_column("url"),
    optional_instant("open_since"),
    json_column("details", ServiceDetails),
    text_column("imported"),
    allowed_values("status", TicketStatus),
    CheckConstraint("closing >= 0", name="closing"),
    index("ix_tickets_open", "source", "id", where="status <> 'closed'"),
    index("ix_tickets_closed_at", "closed_at", where="closed_at IS NOT NULL"),
)

contacts = table(
    "contacts",
    Column("customer", Text, ForeignKey("customers.id"), primary_key=True),
    key_column("channel"),
    key_column("chat"),
    enum_column("state", ContactState),
    optional_instant("bound_at"),
    Column("heard_at", Instant, info={"field": "last_received_at"}),
    *version_column(),
    allowed_values("state", ContactState),
    index("ix_contacts_channel_chat", "channel", "chat"),
    sqlite_with_rowid=False,
)

tokens = table(
    "tokens",
    key_column("hash"),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True),
    text_column("channel"),
    instant_column("created_at"),
    instant_column("expires_at"),
    text_column("source"),
    text_column("ticket"),
    optional_instant("used_at"),
    text_column("used_by"),
    *version_column(),
)

members = table(
    "members",
    key_column("name"),
    text_column("role"),
    text_column("telegram"),
    *version_column(),
    text_column("code_hash"),
    optional_instant("code_expires_at"),
    text_column("agent"),
    text_column("team"),
)

notes = table("notes", key_column("key"), text_column("value"), instant_column("at"), *version_column())

invitations = table(
    "invitations",
    key_column("id"),
    Column("source", Text, nullable=False, info=IMMUTABLE),
    Column("ticket", Text, nullable=False, info=IMMUTABLE),
    Column("closing", Integer, nullable=False, info=IMMUTABLE),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, info=IMMUTABLE),
    text_column("survey"),
    instant_column("due_at"),
    instant_column("deadline_at"),
    Column("closed_at", CompactInstant, nullable=False),
    enum_column("state", InvitationState),
    Column("reason", EnumText(InvitationReason)),
    optional_text("channel"),
    text_column("agent_id"),
    text_column("agent_name"),
    text_column("team"),
    Column("by_hand", Flag, nullable=False),
    optional_instant("asked_at"),
    optional_instant("sent_at"),
    optional_instant("wake_at"),
    *version_column(),
    text_column("occasion"),
    text_column("rule"),
    text_column("entered_by"),
    allowed_values("state", InvitationState),
    allowed_values("reason", InvitationReason),
    index("ix_invitations_customer_state", "customer", "state", "asked_at"),
    unique_index("uq_invitations_closing", "source", "ticket", "closing", where="occasion = ''"),
    unique_index("uq_invitations_occasion", "customer", "occasion", where="occasion <> ''"),
    index("ix_invitations_ticket", "source", "ticket"),
    index("ix_invitations_closed_at", "closed_at"),
    index("ix_invitations_wake_at", "wake_at", where="wake_at IS NOT NULL"),
)

interviews = table(
    "interviews",
    key_column("id"),
    Column("invitation", Text, ForeignKey("invitations.id"), nullable=False, unique=True, info=IMMUTABLE),
    Column("customer", Text, ForeignKey("customers.id"), nullable=False, index=True, info=IMMUTABLE),
    text_column("channel"),
    text_column("chat"),
    Column("survey", Text, nullable=False, info={"field": "survey", "part": 0}),
    Column("survey_number", Integer, nullable=False, info={"field": "survey", "part": 1}),
    text_column("locale"),
    instant_column("asked_at"),
    instant_column("expires_at"),
    enum_column("state", InterviewState),
    text_column("at"),
    Column("answers", AnswersJson, nullable=False),
    json_column("skipped", Strings),
    json_column("remarks_asked", Strings),
    optional_text("comment"),
    text_column("comment_source"),
    integer_column("misses"),
    text_column("message"),
    optional_instant("remind_at"),
    optional_instant("settle_at"),
    optional_instant("completed_at"),
    json_column("assessed", tuple[AlertSubject, ...]),
    integer_column("logged"),
    text_column("shown"),
    *version_column(),
    text_column("notice"),
    optional_instant("reminded_at"),
    json_column("said", tuple[KeptWords, ...]),
    json_column("undo", tuple[Undo, ...]),
    optional_json("above", SurveyMessage),
    text_column("doubted"),
    json_column("flags", tuple[RaisedFlag, ...]),
    Column("exclusion", EnumText(ExclusionReason)),
    integer_column("comment_begins"),
    Column("wake_at", Instant),
    allowed_values("state", InterviewState),
    index("ix_interviews_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    index("ix_interviews_asked_at_id", "asked_at", "id"),
    index("ix_interviews_commented", "asked_at", "id", where="comment <> ''"),
)

answer_logs = table(
    "answer_logs",
    Column("response", Text, ForeignKey("interviews.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("question"),
    Column("value", Integer),
    optional_text("text"),
    Column("at", CompactInstant, nullable=False),
    text_column("caused_by"),
    sqlite_with_rowid=False,
)

issues = table(
    "issues",
    key_column("id"),
    enum_column("kind", IssueKind),
    enum_column("severity", Severity),
    instant_column("opened_at"),
    optional_instant("due_at"),
    enum_column("state", IssueState),
    text_column("title"),
    text_column("text"),
    json_column("reasons", tuple[Reason, ...]),
    json_column("tickets", tuple[TicketKey, ...]),
    json_column("responses", Strings),
    json_column("customers", Strings),
    optional_text("claimed_by"),
    optional_text("claimant"),
    optional_text("draft"),
    integer_column("drafts"),
    optional_text("note"),
    optional_text("root_cause"),
    integer_column("resolution"),
    json_column("told", Strings),
    json_column("confirmed", Strings),
    optional_instant("resolved_at"),
    optional_instant("closed_at"),
    Column("escalated", Flag, nullable=False),
    optional_text("merged_into"),
    integer_column("events"),
    optional_instant("wake_at"),
    *version_column(),
    Column("draft_for", EnumText(Draft)),
    optional_text("progress"),
    optional_text("question"),
    optional_instant("asked_at"),
    optional_instant("claimed_at"),
    json_column("quotes", tuple[Quote, ...]),
    json_column("judgement", Judgement),
    allowed_values("kind", IssueKind),
    allowed_values("severity", Severity),
    allowed_values("state", IssueState),
    CheckConstraint("(state = 'claimed') <= (claimant IS NOT NULL)", name="holder"),
    index("ix_issues_wake_at", "wake_at", where="wake_at IS NOT NULL"),
    index("ix_issues_opened_at_id", "opened_at", "id"),
    index("ix_issues_not_closed", "id", where="state IN ('open', 'claimed', 'resolved')"),
    index("ix_issues_with_team", "opened_at", "id", where="state IN ('open', 'claimed')"),
    index("ix_issues_calls", "opened_at", where="kind = 'call'"),
)

issue_tickets = table(
    "issue_tickets",
    key_column("source"),
    key_column("ticket"),
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True, index=True),
)

issue_customers = table(
    "issue_customers",
    key_column("customer"),
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True, index=True),
)

issue_events = table(
    "issue_events",
    Column("issue", Text, ForeignKey("issues.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    instant_column("at"),
    text_column("event"),
    optional_text("by"),
    optional_text("text"),
)

inbox = table(
    "inbox",
    key_column("key"),
    text_column("door"),
    Column("raw", LargeBinary, nullable=False),
    instant_column("received_at"),
    enum_column("outcome", InboxOutcome),
    text_column("answer"),
    text_column("why"),
    allowed_values("outcome", InboxOutcome),
    index("ix_inbox_failed", "received_at", where="outcome = 'failed'"),
    index("ix_inbox_sandbox", "door", "received_at", where=f"substr(door, 1, 8) = '{PLAYED_DOORS}'"),
    index("ix_inbox_content", "received_at", "key", where=WITH_CONTENT),
    index("ix_inbox_customer_pages", "door", where=f"substr(door, 1, {len(CUSTOMER_PAGES)}) = '{CUSTOMER_PAGES}'"),
    index("ix_inbox_desks", "door", "received_at", where=f"substr(door, 1, {len(DESK_DOORS)}) = '{DESK_DOORS}'"),
    sqlite_with_rowid=False,
)

surveys = table(
    "surveys",
    key_column("id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("body"),
    instant_column("stored_at"),
)
