"""The statements of a look at the database (`storage.unit_of_work.load`), one per table and way of asking."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, null, or_, select, union_all

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding, Voice
from dialogs.interview import model as talking
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import NOT_CLOSED, Issue, IssueKind
from dialogs.outbox.model import SendingState
from storage.connection.codec import columns_of
from storage.dialects import among
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.fact_records import RatingFact
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.known_deliveries import KnownEvent
from storage.model.outgoing.hook_records import HookEndpoint
from storage.model.publications import Publication
from storage.model.records import Contact, Customer, Grant, InboxRow, Member, Note, OutboxMessage, Ticket, Token, Window
from storage.model.registers import Request, Tombstone
from storage.model.text_records import CommentReading, StoredPhrase
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, is_one_of
from storage.schema.rating_joins import RATING_FIELDS

__all__ = [
    "ABOUT",
    "ADJUSTMENTS",
    "ARCHIVED",
    "ARCHIVED_FILES",
    "ASSESSMENTS",
    "CALLS",
    "CAMPAIGNS",
    "CLOSINGS",
    "CONTACTS",
    "CONTACTS_AT",
    "CUSTOMERS",
    "ENTRIES",
    "EVENTS",
    "EXCLUSIONS",
    "FILES_BY_ID",
    "FILES_OF_SHEETS",
    "FILE_IN_NOTHING",
    "FINDING_ROWS",
    "GRANTS",
    "HELD",
    "HOOK_ENDPOINTS",
    "INBOX",
    "INTERVIEWS",
    "INVITATIONS",
    "ISSUES",
    "LOCKED_CUSTOMERS",
    "MERGED",
    "MESSAGES",
    "NOTES",
    "OWNERS",
    "PHRASES",
    "PUBLICATIONS",
    "RATINGS",
    "READINGS",
    "RECEIPTS",
    "REPORT_RUNS",
    "REQUESTS",
    "RESPONSES",
    "ROSTER",
    "RUNS",
    "SHEETS_ABOUT",
    "STANDING",
    "TARGETS",
    "TICKETS",
    "TOKENS",
    "TOMBSTONES",
    "UNSEEN",
    "VOICE_ROWS",
    "WAITING",
    "WINDOWS",
    "all_of",
]


@cache
def all_of(kind: type, *where: Any) -> Select[Any]:  # noqa: ANN401 - conditions
    """Select whole records, to be read by `Session.records`; one statement for one question, to be compiled once."""
    return select(*columns_of(kind)).where(*where)


_SINCE = bindparam("since", type_=Instant())

# -- by key ---------------------------------------------------------------------------------------------------

INBOX = all_of(InboxRow, among("keys", t.inbox.c.key))
NOTES = all_of(Note, among("keys", t.notes.c.key))
TOKENS = all_of(Token, among("keys", t.tokens.c.hash))
ROSTER = all_of(Member)
MESSAGES = all_of(OutboxMessage, among("keys", t.outbox.c.id))
# An edit has the receipt of the message that it edits; whoever tapped, tapped that one.
RECEIPTS = all_of(
    OutboxMessage,
    among("keys", t.outbox.c.channel, t.outbox.c.chat, t.outbox.c.receipt),
    t.outbox.c.receipt != EMPTY,  # as the partial index says it
    t.outbox.c.edits.is_(None),
)
UNSEEN = all_of(
    OutboxMessage,
    among("keys", t.outbox.c.channel, t.outbox.c.chat),
    t.outbox.c.receipt == EMPTY,
    t.outbox.c.edits.is_(None),
    is_one_of(t.outbox.c.status, SendingState.PENDING, SendingState.LEASED, SendingState.UNKNOWN),
)
ABOUT = all_of(
    OutboxMessage,
    among("abouts", t.outbox.c.about),
    t.outbox.c.about.is_not(None),
    t.outbox.c.edits.is_(None),
)
HELD = all_of(
    OutboxMessage,
    among("keys", t.outbox.c.channel, t.outbox.c.chat),
    is_one_of(t.outbox.c.status, SendingState.HELD),
).order_by(t.outbox.c.seq)
WINDOWS = all_of(Window, among("keys", t.windows.c.channel, t.windows.c.chat))
GRANTS = all_of(Grant, among("keys", t.grants.c.channel, t.grants.c.chat))
CAMPAIGNS = all_of(Campaign, among("keys", t.campaigns.c.id))
RUNS = all_of(Run, among("keys", t.campaign_runs.c.campaign, t.campaign_runs.c.occurrence))
TARGETS = all_of(
    Target,
    among("keys", t.campaign_targets.c.campaign, t.campaign_targets.c.occurrence, t.campaign_targets.c.customer),
)
ADJUSTMENTS = all_of(Adjustment, among("keys", t.adjustments.c.id))
READINGS = all_of(CommentReading, among("keys", t.comment_readings.c.response))
PHRASES = all_of(StoredPhrase, among("keys", t.phrases.c.phrase))
HOOK_ENDPOINTS = all_of(HookEndpoint, among("keys", t.hook_endpoints.c.id))
REPORT_RUNS = all_of(ReportRun, among("keys", t.report_runs.c.id))
ARCHIVED = all_of(ArchivedReport, among("keys", t.archived_reports.c.id))
ARCHIVED_FILES = all_of(ArchivedFile, among("reports", t.archived_files.c.report)).order_by(t.archived_files.c.format)
ASSESSMENTS = all_of(FilledForm, among("keys", t.assessments.c.id))
SHEETS_ABOUT = all_of(
    FilledForm, among("groups", t.assessments.c.subject, t.assessments.c.form, t.assessments.c.period)
)
FILES_BY_ID = all_of(AssessmentFile, among("keys", t.assessment_files.c.id))
FILES_OF_SHEETS = all_of(AssessmentFile, among("sheets", t.assessment_files.c.assessment))
FILE_IN_NOTHING = (
    ~exists().where(t.prompts.c.file == t.files.c.hash),
    ~exists().where(t.archived_files.c.hash == t.files.c.hash),
    ~exists().where(t.assessment_files.c.hash == t.files.c.hash),
)
"""A stored file that no message, report or sheet has (any more)."""
FINDING_ROWS = all_of(Finding, among("keys", t.findings.c.id))
VOICE_ROWS = all_of(Voice, among("findings", t.finding_voices.c.finding)).order_by(t.finding_voices.c.customer)
ENTRIES = all_of(EnteredFigure, among("keys", t.entered_figures.c.id))
PUBLICATIONS = all_of(Publication, among("keys", t.publications.c.id))
REQUESTS = all_of(Request, among("keys", t.requests.c.id))
TOMBSTONES = all_of(Tombstone, among("keys", t.tombstones.c.hash))
EVENTS = all_of(KnownEvent, among("keys", t.known_events.c.hash))
MERGED = select(t.issues.c.merged_into).where(among("keys", t.issues.c.id), t.issues.c.merged_into.is_not(None))
STANDING = select(t.issues.c.id).where(is_one_of(t.issues.c.state, *NOT_CLOSED))
CALLS = select(t.issues.c.id).where(
    is_one_of(t.issues.c.kind, IssueKind.CALL),
    or_(is_one_of(t.issues.c.state, *NOT_CLOSED), t.issues.c.opened_at >= _SINCE),
)

# -- upwards: whose it is, and which ticket it is about -----------------------------------------------------------

_ticket_of_issue = (t.issue_tickets.c.source == t.tickets.c.source) & (t.issue_tickets.c.ticket == t.tickets.c.id)

OWNERS = union_all(
    select(t.contacts.c.customer, null(), null()).where(among("addresses", t.contacts.c.channel, t.contacts.c.chat)),
    select(t.interviews.c.customer, t.invitations.c.source, t.invitations.c.ticket)
    .join(t.invitations, t.invitations.c.id == t.interviews.c.invitation)
    .where(among("interviews", t.interviews.c.id)),
    select(t.invitations.c.customer, t.invitations.c.source, t.invitations.c.ticket).where(
        among("invitations", t.invitations.c.id)
    ),
    select(t.tickets.c.customer, t.tickets.c.source, t.tickets.c.id).where(
        among("tickets", t.tickets.c.source, t.tickets.c.id)
    ),
    select(t.issue_customers.c.customer, null(), null()).where(among("issues", t.issue_customers.c.issue)),
    select(t.tickets.c.customer, t.tickets.c.source, t.tickets.c.id)
    .join(t.issue_tickets, _ticket_of_issue)
    .where(among("issues", t.issue_tickets.c.issue)),
)

# -- downwards: what hangs on customers ---------------------------------------------------------------------------

CUSTOMERS = all_of(Customer, among("customers", t.customers.c.id))
LOCKED_CUSTOMERS = CUSTOMERS.order_by(t.customers.c.id).with_for_update(key_share=True)
CONTACTS = all_of(Contact, among("customers", t.contacts.c.customer))
CONTACTS_AT = all_of(Contact, among("addresses", t.contacts.c.channel, t.contacts.c.chat))
TICKETS = all_of(Ticket, among("tickets", t.tickets.c.source, t.tickets.c.id))
INTERVIEWS = all_of(Interview, among("invitations", t.interviews.c.invitation))
RESPONSES = all_of(Interview, among("interviews", t.interviews.c.id))
EXCLUSIONS = all_of(Exclusion, among("responses", t.exclusions.c.response)).order_by(t.exclusions.c.number)
RATINGS = all_of(RatingFact, among("responses", t.ratings.c.response)).order_by(t.ratings.c.at, RATING_FIELDS["item"])

WAITING = all_of(
    Invitation,
    is_one_of(t.invitations.c.state, InvitationState.SCHEDULED),
    t.invitations.c.due_at <= bindparam("now", type_=Instant()),
    t.invitations.c.wake_at == t.invitations.c.deadline_at,
    t.invitations.c.reason.is_(None),
)

_mine = t.invitations.alias("mine")
_still_open = (
    select(t.interviews.c.id)
    .where(t.interviews.c.invitation == _mine.c.id, is_one_of(t.interviews.c.state, *talking.OPEN))
    .exists()
)
INVITATIONS = all_of(
    Invitation,
    t.invitations.c.id.in_(
        union_all(
            select(_mine.c.id).where(
                among("customers", _mine.c.customer),
                or_(
                    is_one_of(_mine.c.state, InvitationState.SCHEDULED),
                    is_one_of(_mine.c.state, InvitationState.ASKED) & or_(_mine.c.asked_at >= _SINCE, _still_open),
                ),
            ),
            select(_mine.c.id).where(among("tickets", _mine.c.source, _mine.c.ticket)),
            select(_mine.c.id).where(among("invitations", _mine.c.id)),
        )
    ),
)

CLOSINGS = all_of(
    Invitation, among("tickets", t.invitations.c.source, t.invitations.c.ticket), t.invitations.c.occasion == EMPTY
)

_theirs = t.issues.alias("theirs")
_is_not_closed = is_one_of(_theirs.c.state, *NOT_CLOSED)
ISSUES = (
    all_of(
        Issue,
        t.issues.c.id.in_(
            union_all(
                select(_theirs.c.id)
                .join(t.issue_customers, t.issue_customers.c.issue == _theirs.c.id)
                .where(among("customers", t.issue_customers.c.customer), _is_not_closed),
                select(_theirs.c.id)
                .join(t.issue_tickets, t.issue_tickets.c.issue == _theirs.c.id)
                .where(among("tickets", t.issue_tickets.c.source, t.issue_tickets.c.ticket), _is_not_closed),
                select(_theirs.c.id).where(among("issues", _theirs.c.id)),
            )
        ),
    )
    .order_by(t.issues.c.id)
    .with_for_update(key_share=True)
)
