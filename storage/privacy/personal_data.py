"""Everything that is stored about one person, in whatever table: the source of both export and erasure."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Text, bindparam, select

from dialogs.campaign.model import Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.connection.session import Session
from storage.dialects import among
from storage.model.fact_records import Closing, RatingFact
from storage.model.filled_forms import AssessmentFile, FilledForm
from storage.model.records import (
    AnswerLog,
    AttemptRow,
    Contact,
    Customer,
    Grant,
    IssueEvent,
    OutboxMessage,
    Ticket,
    Token,
    Window,
)
from storage.model.registers import Request
from storage.model.text_records import CommentReading
from storage.privacy.named_deliveries import Names
from storage.privacy.shown_evidence import load_customers_files
from storage.schema import tables as t
from storage.schema.literals import text_literal
from storage.unit_of_work import selects as s

__all__ = ["PersonalData", "load_personal_data", "team_cards"]

T = TypeVar("T")
Chat = tuple[str, str]


class PersonalData(Value):
    """One person's rows. `chats` are only those that no other customer shares.

    `cards` are messages to the team about their issues, and about findings that they raised, `messages` those to the
    person. What was received is not among them: `storage.privacy.named_deliveries`. `findings` are those they raised,
    which are the team's sentences.
    """

    customer: Customer
    chats: tuple[Chat, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    tokens: tuple[Token, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    interviews: tuple[Interview, ...] = ()
    answers: tuple[AnswerLog, ...] = ()
    closings: tuple[Closing, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    issues: tuple[Issue, ...] = ()
    events: tuple[IssueEvent, ...] = ()
    messages: tuple[OutboxMessage, ...] = ()
    cards: tuple[OutboxMessage, ...] = ()
    attempts: tuple[AttemptRow, ...] = ()
    windows: tuple[Window, ...] = ()
    grants: tuple[Grant, ...] = ()
    targets: tuple[Target, ...] = ()
    requests: tuple[Request, ...] = ()
    assessments: tuple[FilledForm, ...] = ()
    sheet_files: tuple[AssessmentFile, ...] = ()
    voices: tuple[Voice, ...] = ()
    readings: tuple[CommentReading, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def names(self) -> Names:
        """Return by what deliveries name the person."""
        issues, responses = (each.id for each in self.issues), (each.id for each in self.interviews)
        return Names(self.customer.id, (*(chat for _, chat in self.chats), *issues, *responses))


def _of(kind: type, column: Any) -> Any:  # noqa: ANN401 - a column and a statement
    return s.all_of(kind, column == bindparam("customer", type_=Text()))


_TICKETS = _of(Ticket, t.tickets.c.customer).order_by(t.tickets.c.source, t.tickets.c.id)
_TOKENS = _of(Token, t.tokens.c.customer).order_by(t.tokens.c.created_at)
_INVITATIONS = _of(Invitation, t.invitations.c.customer).order_by(t.invitations.c.due_at)
_INTERVIEWS = _of(Interview, t.interviews.c.customer).order_by(t.interviews.c.asked_at)
_CLOSINGS = _of(Closing, t.closings.c.customer).order_by(t.closings.c.closed_at)
_READINGS = s.all_of(CommentReading, among("responses", t.comment_readings.c.response))
_ASSESSMENTS = _of(FilledForm, t.assessments.c.customer).order_by(t.assessments.c.at)
_VOICES = _of(Voice, t.finding_voices.c.customer).order_by(t.finding_voices.c.finding)
_TARGETS = _of(Target, t.campaign_targets.c.customer)
_REQUESTS = _of(Request, t.requests.c.customer).order_by(t.requests.c.asked_at)
_ANSWERS = s.all_of(AnswerLog, among("responses", t.answer_logs.c.response)).order_by(
    t.answer_logs.c.response, t.answer_logs.c.number
)
_issues_of = select(t.issue_customers.c.issue).where(
    t.issue_customers.c.customer == bindparam("customer", type_=Text())
)
_issues_about = select(t.issue_tickets.c.issue).where(
    among("tickets", t.issue_tickets.c.source, t.issue_tickets.c.ticket)
)
_ISSUES = s.all_of(Issue, t.issues.c.id.in_(_issues_of.union(_issues_about))).order_by(t.issues.c.opened_at)
_EVENTS = s.all_of(IssueEvent, among("issues", t.issue_events.c.issue)).order_by(
    t.issue_events.c.issue, t.issue_events.c.number
)
_outbox = t.outbox.c
_TO_THEM = (
    s.all_of(OutboxMessage, _outbox.customer == bindparam("customer", type_=Text())).order_by(_outbox.seq),
    s.all_of(OutboxMessage, among("abouts", _outbox.about)).order_by(_outbox.seq),
    s.all_of(OutboxMessage, among("chats", _outbox.channel, _outbox.chat), _outbox.edits.is_(None)).order_by(
        _outbox.seq
    ),
)
"""Together they find every message to the person; one that edits goes where that went which it edits."""
_EDITING = s.all_of(OutboxMessage, among("roots", _outbox.edits), _outbox.edits.is_not(None)).order_by(_outbox.seq)
_TEAM_CARDS = s.all_of(
    OutboxMessage, among("abouts", _outbox.about), _outbox.purpose == text_literal("alert")
).order_by(_outbox.seq)
_ROOTS = s.all_of(OutboxMessage, among("roots", _outbox.id))
_ATTEMPTS = s.all_of(AttemptRow, among("messages", t.attempts.c.message))
_OTHERS = select(t.contacts.c.channel, t.contacts.c.chat).where(
    among("chats", t.contacts.c.channel, t.contacts.c.chat),
    t.contacts.c.customer != bindparam("customer", type_=Text()),
)


async def load_personal_data(session: Session, customer: str) -> PersonalData | None:
    """Return all rows of a person, None if there is no such customer; locks the customer's row first."""
    found = await session.records(Customer, s.LOCKED_CUSTOMERS, customers=[customer])
    if not found:
        return None
    me = {"customer": customer}
    contacts = await session.records(Contact, s.CONTACTS, customers=[customer])
    interviews = await session.records(Interview, _INTERVIEWS, **me)
    requests = await session.records(Request, _REQUESTS, **me)
    tickets = await session.records(Ticket, _TICKETS, **me)
    every = {(row.channel, row.chat) for row in contacts}
    every |= {(row.channel, row.chat) for row in interviews if row.chat}
    every |= {(row.channel, row.chat) for row in requests if row.chat}
    chats = await _unshared(session, customer, every)
    issues = await session.records(Issue, _ISSUES, tickets=[(each.source, each.id) for each in tickets], **me)
    issue_ids = [issue.id for issue in issues]
    abouts = [*(row.id for row in interviews), *(row.id for row in requests)]
    messages = await _messages(session, abouts=abouts, chats=chats, **me)
    voices = await session.records(Voice, _VOICES, **me)
    raised = [voice.finding for voice in voices]
    cards = await team_cards(session, [*issue_ids, *raised], {message.id for message in messages})
    invitations = await session.records(Invitation, _INVITATIONS, **me)
    responses = [interview.id for interview in interviews]
    sheets = await session.records(FilledForm, _ASSESSMENTS, **me)
    return PersonalData(
        found[0],
        tuple(chats),
        tuple(contacts),
        tuple(tickets),
        tuple(await session.records(Token, _TOKENS, **me)),
        tuple(invitations),
        tuple(interviews),
        tuple(await session.records(AnswerLog, _ANSWERS, responses=responses)),
        tuple(await session.records(Closing, _CLOSINGS, **me)),
        tuple(await session.records(RatingFact, s.RATINGS, responses=responses)),
        tuple(await session.records(Exclusion, s.EXCLUSIONS, responses=responses)),
        tuple(issues),
        tuple(await session.records(IssueEvent, _EVENTS, issues=issue_ids)),
        tuple(messages),
        tuple(cards),
        tuple(await session.records(AttemptRow, _ATTEMPTS, messages=[message.id for message in messages])),
        tuple(await session.records(Window, s.WINDOWS, keys=chats)),
        tuple(await session.records(Grant, s.GRANTS, keys=chats)),
        tuple(await session.records(Target, _TARGETS, **me)),
        tuple(requests),
        tuple(sheets),
        tuple(await load_customers_files(session, customer, [one.id for one in sheets])),
        tuple(voices),
        tuple(await session.records(CommentReading, _READINGS, responses=responses)),
        tuple(await session.records(Finding, s.FINDING_ROWS, keys=raised) if raised else ()),
    )


async def _unshared(session: Session, customer: str, every: Iterable[Chat]) -> list[Chat]:
    """Return the chats in which no other customer is reached."""
    chats = sorted(every)
    shared = set(await session.fetch(_OTHERS, chats=chats, customer=customer)) if chats else set()
    return [chat for chat in chats if chat not in shared]


async def _messages(session: Session, **values: object) -> list[OutboxMessage]:
    """Return the messages to the person, oldest first."""
    found = [one for statement in _TO_THEM for one in await session.records(OutboxMessage, statement, **values)]
    return await _with_edits(session, found)


async def team_cards(session: Session, abouts: Sequence[str], known: set[str]) -> list[OutboxMessage]:
    """Return the messages to the team about these issues and findings, with all edits of those that show several."""
    about = await session.records(OutboxMessage, _TEAM_CARDS, abouts=abouts)
    roots = sorted({message.edits or message.id for message in about})
    chains = [*about, *(await session.records(OutboxMessage, _ROOTS, roots=roots) if roots else [])]
    return [message for message in await _with_edits(session, chains) if message.id not in known]


async def _with_edits(session: Session, found: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    roots = sorted({one.id for one in found if one.edits is None})
    edits = await session.records(OutboxMessage, _EDITING, roots=roots) if roots else []
    return sorted({one.id: one for one in (*found, *edits)}.values(), key=attrgetter("created_at"))
