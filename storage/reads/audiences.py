"""Whom a campaign is for: one look over tickets, their latest surveys, issues and contacts.

A reminder goes by unfinished interviews, anything else by customers; either way each customer stands once, with the
newest ticket that fits.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, bindparam, func, select
from sqlalchemy.sql.expression import FromClause

from dialogs.campaign.model import Audience
from dialogs.interview import model as talking
from dialogs.invitation import model as inviting
from dialogs.invitation.feedback import FEEDBACK
from scoring.values import Value, fields
from storage.connection.store import Store
from storage.dialects import among, holds_any, mean_of
from storage.model.records import ContactState, TicketStatus
from storage.reads.listings import RESPONSE_STATUS
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, ONE, is_one_of, text_literal

__all__ = ["Candidate", "candidates"]

_SPANS = {
    "closed_within": ("closed_from", -1),
    "closed_before": ("closed_until", -1),
    "appointment_within": ("appointment_from", -1),
    "appointment_before": ("appointment_until", -1),
}


class Candidate(Value):
    """A customer who fits, and what may keep us from writing to them.

    `is_reachable` and `is_blocked` tell of their chats on the channels in use, for a reminder of the chat in which
    they were asked; `asked_at` is when any survey was last sent to them; `reminded_at`, `has_begun` and `answered_at`
    tell of the `interview`, which is empty unless they are to be reminded.
    """

    customer: str
    name: str
    opted_out_at: datetime | None
    source: str
    ticket: str
    interview: str
    has_begun: bool
    reminded_at: datetime | None
    is_reachable: bool
    is_blocked: bool
    asked_at: datetime | None
    answered_at: datetime | None = None


async def candidates(  # noqa: PLR0913 (what the look depends on)
    store: Store,
    audience: Audience,
    at: datetime,
    channels: tuple[str, ...],
    *,
    unfinished: bool,
    anonymous: tuple[str, ...] = (),
) -> list[Candidate]:
    """Find whom an occurrence at this moment is for, by customer; `unfinished`: who was asked and has not finished.

    No filter over scores fits anybody by what they answer to the `anonymous` surveys, not even while they answer.
    """
    given = _given(audience, at)
    statement = _statement(frozenset(given), unfinished=unfinished)
    async with store.reading() as session:
        found = await session.fetch(statement, **given, usable=channels, anonymous=anonymous)
    return [_candidate(row, unfinished=unfinished) for row in found]


def _candidate(row: tuple[Any, ...], *, unfinished: bool) -> Candidate:
    customer, name, opted_out_at, source, ticket, interview, state, reminded_at, ok, blocked, asked_at, answered_at = (
        row
    )
    return Candidate(
        customer,
        name,
        opted_out_at,
        source or "",
        ticket or "",
        (interview or "") if unfinished else "",
        state not in (None, talking.InterviewState.INVITED),
        reminded_at,
        bool(ok),
        bool(blocked),
        asked_at,
        answered_at,
    )


def _given(audience: Audience, at: datetime) -> dict[str, Any]:
    """Return what is asked for, by the name of its condition; spans become instants, the tighter one counts."""
    named = ((field.name, getattr(audience, field.name)) for field in fields(Audience))
    given = {name: value for name, value in named if value not in ((), None)}
    for span, (instant, sign) in _SPANS.items():
        if span in given:
            moment = at + sign * given.pop(span)
            tighter = max if instant.endswith("from") else min
            given[instant] = tighter(moment, given.get(instant, moment))
    return given


# -- what each filter asks --------------------------------------------------------------------------------------

_customer, _ticket, _talk, _ask = t.customers.c, t.tickets.c, t.interviews.c, t.invitations.c
_is_theirs = t.issue_customers.c.customer == _customer.id


def _moment(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Instant())


def _limit(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Float())


def _was_ours(occasion: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that we asked, and not the customer for a way to speak up."""
    return occasion.not_like(text_literal(f"{FEEDBACK}:%"))


def _issue(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that the customer has such an issue."""
    joined = select(ONE).select_from(t.issue_customers).join(t.issues, t.issues.c.id == t.issue_customers.c.issue)
    return joined.where(_is_theirs, condition).exists()


_ISSUES = {
    "issues": among("issues", t.issues.c.state),
    "issue_kinds": among("issue_kinds", t.issues.c.kind),
    "root_causes": among("root_causes", t.issues.c.root_cause),
}
_SCORE = mean_of(_talk.answers, "value")
_is_told = ~among("anonymous", _talk.survey)
_is_closed = _ticket.status == text_literal(TicketStatus.CLOSED)  # one that was reopened keeps the time of its closing
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "sources": among("sources", _ticket.source),
    "teams": among("teams", _ticket.team),
    "categories": among("categories", _ticket.category),
    "products": among("products", _ticket["product"]),
    "agents": among("agents", _ticket.agent_id),
    "tags": holds_any("tags", _ticket.tags),
    "tiers": among("tiers", _customer.tier),
    "locales": among("locales", _customer.locale),
    "customers": among("customers", _customer.id),
    "channels": select(ONE)
    .where(t.contacts.c.customer == _customer.id, among("channels", t.contacts.c.channel))
    .exists(),
    "closed_from": _is_closed & (_ticket.closed_at >= _moment("closed_from")),
    "closed_until": _is_closed & (_ticket.closed_at < _moment("closed_until")),
    "appointment_from": _ticket.appointment_at >= _moment("appointment_from"),
    "appointment_until": _ticket.appointment_at < _moment("appointment_until"),
    "surveys": among("surveys", _ask.survey),
    "statuses": among("statuses", RESPONSE_STATUS),
    "score_at_or_below": _is_told & (_limit("score_at_or_below") >= _SCORE),
    "score_at_or_above": _is_told & (_limit("score_at_or_above") <= _SCORE),
}


# -- the look -----------------------------------------------------------------------------------------------------


@cache
def _statement(wanted: frozenset[str], *, unfinished: bool) -> Select[Any]:
    """Write the look for these filters; those over issues ask for one issue that fits them all."""
    found = _newest(wanted, unfinished=unfinished)
    chat = (
        (t.contacts.c.channel == _talk.channel) & (t.contacts.c.chat == _talk.chat) if unfinished else EMPTY == EMPTY  # noqa: PLR0124 (true on either database)
    )

    def has_chat(state: ContactState) -> ColumnElement[bool]:
        mine = select(ONE).where(
            t.contacts.c.customer == found.c.customer,
            t.contacts.c.state == text_literal(state),
            among("usable", t.contacts.c.channel),
            chat,
        )
        return mine.correlate(found, t.interviews).exists()

    asked = t.invitations.alias("asked").c
    last_asked = select(func.max(asked.asked_at)).where(
        asked.customer == found.c.customer,
        is_one_of(asked.state, inviting.InvitationState.SCHEDULED, inviting.InvitationState.ASKED),
        _was_ours(asked.occasion),
    )
    last_answered = select(func.max(t.answer_logs.c.at)).where(t.answer_logs.c.response == found.c.interview)
    return (
        select(
            found.c.customer,
            _customer.name,
            _customer.opted_out_at,
            found.c.source,
            found.c.ticket,
            found.c.interview,
            _talk.state,
            _talk.reminded_at,
            has_chat(ContactState.OK),
            has_chat(ContactState.BLOCKED),
            last_asked.correlate(found).scalar_subquery(),
            last_answered.correlate(found).scalar_subquery(),
        )
        .select_from(found)
        .join(t.customers, _customer.id == found.c.customer)
        .outerjoin(t.interviews, _talk.id == found.c.interview)
        .where(found.c.place == ONE)
        .order_by(found.c.customer)
    )


def _newest(wanted: frozenset[str], *, unfinished: bool) -> FromClause:
    """Number each customer's tickets that fit, the newest first."""
    conditions = [_CONDITIONS[name] for name in sorted(wanted - _ISSUES.keys())]
    if issues := sorted(wanted & _ISSUES.keys()):
        conditions.append(_issue(and_(*(_ISSUES[name] for name in issues))))
    order = (_talk.asked_at.desc(),) if unfinished else (_ticket.closed_at.is_(None), _ticket.closed_at.desc())
    place = func.row_number().over(partition_by=_customer.id, order_by=(*order, _ticket.source, _ticket.id))
    columns = (_customer.id.label("customer"), _ticket.source, _ticket.id.label("ticket"), _talk.id.label("interview"))
    numbered = select(*columns, place.label("place"))
    return (_asked(numbered) if unfinished else _all(numbered)).where(*conditions).subquery("found")


def _asked(numbered: Select[Any]) -> Select[Any]:
    """Go by unfinished interviews."""
    return (
        numbered.select_from(t.interviews)
        .join(t.invitations, _ask.id == _talk.invitation)
        .join(t.customers, _customer.id == _talk.customer)
        .outerjoin(t.tickets, (_ticket.source == _ask.source) & (_ticket.id == _ask.ticket))
        .where(
            is_one_of(_talk.state, *talking.OPEN),
            is_one_of(_ask.state, inviting.InvitationState.ASKED),
            _was_ours(_ask.occasion),
        )
    )


def _all(numbered: Select[Any]) -> Select[Any]:
    """Go by customers, each ticket with the survey of its last closing."""
    other = t.invitations.alias("other").c
    last = select(func.max(other.closing)).where(
        other.source == _ask.source, other.ticket == _ask.ticket, other.occasion == EMPTY
    )
    is_latest = and_(
        _ask.source == _ticket.source,
        _ask.ticket == _ticket.id,
        _ask.occasion == EMPTY,
        _ask.closing == last.correlate(t.invitations).scalar_subquery(),
    )
    return (
        numbered.select_from(t.customers)
        .outerjoin(t.tickets, _ticket.customer == _customer.id)
        .outerjoin(t.invitations, is_latest)
        .outerjoin(t.interviews, _talk.invitation == _ask.id)
    )
