"""Reads for admins' chats: the report's figures, the team's open issues, the roster, the audit log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Integer, Text, bindparam, case, cast, func, select

from dialogs.admin.report import AdminReport, ReportPeriod, SurveyMean
from dialogs.interview.model import FINAL
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind
from scoring.rules import AlertKind, Severity
from storage.connection.session import Session
from storage.connection.store import Store
from storage.dialects import any_item_is, mean_of
from storage.model.records import Member, Ticket, TicketStatus
from storage.model.registers import AuditEntry
from storage.reads.listings import Page, cursor_parameters, next_cursor, page_statement
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal
from storage.unit_of_work.selects import ROSTER, TICKETS, all_of

__all__ = ["AdminReads"]

_PERIODS = (7, 30)
_NAMESAKES = 2
_SINCE = bindparam("since", type_=Instant())
_LIMIT = bindparam("limit", type_=Integer())
_invitation, _interview, _issue = t.invitations.c, t.interviews.c, t.issues.c
_is_answered = case((_interview.answers != text_literal("[]"), 1), else_=0)

_CLOSED = select(func.count()).where(
    t.tickets.c.closed_at >= _SINCE, is_one_of(t.tickets.c.status, TicketStatus.CLOSED)
)
_ASKED = (
    select(func.count(), func.coalesce(func.sum(_is_answered), 0))
    .select_from(t.interviews)
    .join(t.invitations, _invitation.id == _interview.invitation)
    .where(_interview.asked_at >= _SINCE, _invitation.sent_at.is_not(None))
)
_MEANS = (
    select(_interview.survey, func.count(), cast(func.avg(mean_of(_interview.answers, "value")), Text))
    .where(_interview.asked_at >= _SINCE, _interview.answers != text_literal("[]"), is_one_of(_interview.state, *FINAL))
    .group_by(_interview.survey)
    .order_by(_interview.survey)
)
_is_low = any_item_is(_issue.reasons, "kind", AlertKind.RATING, AlertKind.MEAN)
_LOW = select(func.count()).where(_issue.opened_at >= _SINCE, _is_low)
_is_claim = t.issue_events.c.event.in_([text_literal(event) for event in ("claimed", "assigned", "taken_over")])
_CLAIMS = (
    select(_issue.opened_at, func.min(t.issue_events.c.at, type_=Instant()))
    .join(t.issue_events, t.issue_events.c.issue == _issue.id)
    .where(_issue.opened_at >= _SINCE, _is_claim)
    .group_by(_issue.id, _issue.opened_at)
)
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

    async def report(self, now: datetime) -> AdminReport:
        """Return the report's figures of the last 7 and 30 days."""
        async with self._store.reading() as session:
            periods = [await _period(session, days, now) for days in _PERIODS]
            waiting = await session.fetch(_OPEN)
        return AdminReport(tuple(periods), {IssueKind(kind): number for kind, number in waiting})

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


async def _period(session: Session, days: int, now: datetime) -> ReportPeriod:
    since = now - timedelta(days=days)
    ((closed,),) = await session.fetch(_CLOSED, since=since)
    ((asked, answered),) = await session.fetch(_ASKED, since=since)
    means = await session.fetch(_MEANS, since=since)
    ((low,),) = await session.fetch(_LOW, since=since)
    waited = [(first - opened).total_seconds() for opened, first in await session.fetch(_CLAIMS, since=since)]
    return ReportPeriod(
        days=days,
        closed=closed,
        asked=asked,
        answered=int(answered),
        means=tuple(SurveyMean(survey, number, float(mean)) for survey, number, mean in means),
        low=low,
        claimed=len(waited),
        claim=timedelta(seconds=median(waited)) if waited else None,
    )
