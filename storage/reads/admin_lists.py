"""Reads for admins' chats: the team's open issues, the roster, the audit log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, Text, bindparam, case, func, select

from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind
from scoring.rules import Severity
from storage.connection.store import Store
from storage.model.records import Member, Ticket
from storage.model.registers import AuditEntry
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal
from storage.unit_of_work.selects import ROSTER, TICKETS, all_of

__all__ = ["AdminReads"]

_NAMESAKES = 2
_SINCE = bindparam("since", type_=Instant())
_LIMIT = bindparam("limit", type_=Integer())
_issue = t.issues.c
_WITH_THE_TEAM = is_one_of(_issue.state, *WITH_THE_TEAM)
_OPEN = select(_issue.kind, func.count()).where(_WITH_THE_TEAM).group_by(_issue.kind)
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

    async def open_issues(self) -> dict[IssueKind, int]:
        """Count the issues with the team, by kind."""
        async with self._store.reading() as session:
            waiting = await session.fetch(_OPEN)
        return {IssueKind(kind): number for kind, number in waiting}

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
