"""Reads for admins' chats: the team's open issues, the roster, the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, Text, and_, bindparam, case, func, select

from dialogs.interview.model import FINAL, Interview
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind
from scoring.rules import Severity
from storage.connection.store import Store
from storage.model.records import Member, Ticket
from storage.model.registers import AuditEntry
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.fact_tables import UNDONE
from storage.schema.literals import is_one_of, text_literal
from storage.schema.rating_joins import agent_of
from storage.unit_of_work.selects import ROSTER, TICKETS, all_of

__all__ = ["AdminReads"]

_NAMESAKES = 2
_SINCE = bindparam("since", type_=Instant())
_LIMIT = bindparam("limit", type_=Integer())
_issue = t.issues.c
_WITH_THE_TEAM = is_one_of(_issue.state, *WITH_THE_TEAM)
_OPEN = select(_issue.kind, func.count()).where(_WITH_THE_TEAM).group_by(_issue.kind)
_its_ticket = and_(t.tickets.c.source == t.issue_tickets.c.source, t.tickets.c.id == t.issue_tickets.c.ticket)
_about = select(t.issue_tickets.c.issue).join(t.tickets, _its_ticket).where(t.issue_tickets.c.issue == _issue.id)
_OPEN_OF = {
    name: _OPEN.where(_about.where(column == bindparam(name, type_=Text())).correlate(t.issues).exists())
    for name, column in (("team", t.tickets.c.team), ("agent", agent_of(t.tickets.c)))
}
_rating_left_out = select(t.ratings.c.response).where(
    t.ratings.c.response == t.interviews.c.id,
    t.ratings.c.standing.is_not(None),
    t.ratings.c.standing != text_literal(UNDONE),
)
_RESPONSES_ABOUT = (
    all_of(
        Interview,
        t.interviews.c.invitation == t.invitations.c.id,
        agent_of(t.invitations.c) == bindparam("agent", type_=Text()),
        t.invitations.c.closed_at >= bindparam("since", type_=CompactInstant()),
        is_one_of(t.interviews.c.state, *FINAL),
        t.interviews.c.answers != text_literal("[]"),
        ~_rating_left_out.correlate(t.interviews).exists(),
    )
    .order_by(t.invitations.c.closed_at.desc(), t.interviews.c.id)
    .limit(_LIMIT)
)
_MOST_RESPONSES = 200
_urgency = case((_issue.severity == text_literal(Severity.HIGH), 0), else_=1)
_WAITING = all_of(Issue, _WITH_THE_TEAM).order_by(_urgency, _issue.opened_at, _issue.id).limit(_LIMIT)
_NUMBER = bindparam("number", type_=Text())
_NUMBERED = (
    all_of(Issue, _WITH_THE_TEAM, func.upper(_issue.id).like(_NUMBER))
    .order_by(_issue.opened_at, _issue.id)
    .limit(_LIMIT)
)
_order = (t.audit_log.c.at, t.audit_log.c.id)
_LATEST = all_of(AuditEntry).order_by(t.audit_log.c.at.desc(), t.audit_log.c.id.desc()).limit(_LIMIT)
_AUDIT = all_of(AuditEntry)
_is_since = t.audit_log.c.at >= _SINCE


class AdminReads:
    """Reads for admins' chats and pages; nothing here locks or writes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def roster(self) -> list[Member]:
        """List the members of the team; those without a role were removed."""
        async with self._store.reading() as session:
            return [member for member in await session.records(Member, ROSTER) if member.role]

    async def open_issues(self, **only: str) -> dict[IssueKind, int]:
        """Count the issues with the team, by kind: all, or those about tickets of a `team` or of an `agent`."""
        counted = next((_OPEN_OF[name] for name in only), _OPEN)
        async with self._store.reading() as session:
            waiting = await session.fetch(counted, **only)
        return {IssueKind(kind): number for kind, number in waiting}

    async def responses_about(self, agent: str, since: datetime) -> list[Interview]:
        """List the answered interviews of an agent's closings since then that count, the latest first, 200 at most."""
        async with self._store.reading() as session:
            return await session.records(Interview, _RESPONSES_ABOUT, agent=agent, since=since, limit=_MOST_RESPONSES)

    async def issues(self, most: int) -> list[Issue]:
        """List at most `most` issues that the team has to settle: those of high severity first, then by age."""
        async with self._store.reading() as session:
            return await session.records(Issue, _WAITING, limit=most)

    async def subjects(self, issues: Sequence[Issue]) -> dict[str, str]:
        """Return what each issue is about, by its id: the subject of its latest ticket that has one."""
        tickets = sorted({ticket for issue in issues for ticket in issue.tickets})
        async with self._store.reading() as session:
            found = await session.records(Ticket, TICKETS, tickets=tickets) if tickets else []
        told = {(ticket.source, ticket.id): ticket.subject for ticket in found if ticket.subject}
        return {
            issue.id: next((told[ticket] for ticket in reversed(issue.tickets) if ticket in told), "")
            for issue in issues
        }

    async def issues_numbered(self, number: str) -> list[Issue]:
        """List the issues with the team that people call by this number, such as #K3F2A; hardly ever more than one."""
        async with self._store.reading() as session:
            return await session.records(Issue, _NUMBERED, number=f"%{number.removeprefix('#')}", limit=_NAMESAKES)

    async def latest_audit_entries(self, most: int) -> list[AuditEntry]:
        """List at most `most` entries of the audit log, the latest first."""
        async with self._store.reading() as session:
            return await session.records(AuditEntry, _LATEST, limit=most)

    async def audit_entries(self, since: datetime | None, cursor: str | None, most: int) -> Page[AuditEntry]:
        """Return a page of the audit log, oldest first; raises ValueError for a malformed cursor."""
        values, conditions = ({"since": since}, (_is_since,)) if since is not None else ({}, ())
        statement = page_statement(_AUDIT, _order, conditions, is_first=cursor is None)
        async with self._store.reading() as session:
            found = await session.records(AuditEntry, statement, **values, **cursor_parameters(cursor), limit=most + 1)
        return Page(tuple(found[:most]), next_cursor([(entry.at, entry.id) for entry in found], most))
