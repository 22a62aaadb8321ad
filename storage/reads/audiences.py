"""The audience of a campaign: a query over tickets, their latest surveys, issues and contacts, slice by slice.

A reminder selects unfinished interviews, any other campaign selects customers; either way the result has each customer
once, with the newest ticket that matches.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, bindparam, func, null, select
from sqlalchemy.sql.expression import FromClause

from dialogs.campaign.model import Audience
from dialogs.interview.model import UNANSWERED, InterviewState
from dialogs.invitation.feedback import FEEDBACK
from dialogs.invitation.model import InvitationState
from scoring.values import Value, fields
from storage.connection.slices import KeyOrder, Slice
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
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Candidate(Value):
    """A customer who matches the audience, with the facts that may prevent a message to them.

    `is_reachable` and `is_blocked` are about their chats on the channels in use, for a reminder about the chat in which
    they were asked; `asked_at` is when any survey was last sent to them; `reminded_at`, `has_begun` and `answered_at`
    are about the `interview`, whose id is empty unless they are to be reminded of it.
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


async def candidates(  # noqa: PLR0913 (what the query depends on)
    store: Store,
    audience: Audience,
    at: datetime,
    channels: tuple[str, ...],
    *,
    unfinished: bool,
    anonymous: tuple[str, ...] = (),
) -> list[Candidate]:
    """Return the audience of an occurrence at this moment; `unfinished`: those who were asked and have not finished.

    No filter by score matches an answer to one of the `anonymous` surveys, not even while it is being answered.
    """
    parameters = _parameters(audience, at)
    found: list[Candidate] = []
    async for part in _parts(store, audience, unfinished=unfinished):
        statement = _statement(frozenset(parameters), part.outline, unfinished=unfinished)
        async with store.reading() as session:
            rows = await session.fetch(
                statement, **parameters, **part.parameters, usable=channels, anonymous=anonymous, ever=_LONG_AGO
            )
        found += (_candidate(row, unfinished=unfinished) for row in rows)
    return found


async def _parts(store: Store, audience: Audience, *, unfinished: bool) -> AsyncIterator[Slice]:
    """Yield slices of the customers; one of all where few are looked at, by an index."""
    if unfinished or audience.customers:
        yield Slice()
        return
    async for part in EVERYBODY.slices(store, _CUSTOMERS):
        yield part


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
        state not in (None, InterviewState.INVITED),
        reminded_at,
        bool(ok),
        bool(blocked),
        asked_at,
        answered_at,
    )


def _parameters(audience: Audience, at: datetime) -> dict[str, Any]:
    """Return the parameters of the filters that are set, by name of the condition.

    Spans become instants; where both a span and an instant are set, the narrower one counts.
    """
    named = ((field.name, getattr(audience, field.name)) for field in fields(Audience))
    parameters = {name: value for name, value in named if value not in ((), None)}
    for span, (instant, sign) in _SPANS.items():
        if span in parameters:
            bound = at + sign * parameters.pop(span)
            narrower = max if instant.endswith("from") else min
            parameters[instant] = narrower(bound, parameters.get(instant, bound))
    return parameters


# -- the condition of each filter ---------------------------------------------------------------------------------

_customer, _ticket, _interview, _invitation = t.customers.c, t.tickets.c, t.interviews.c, t.invitations.c
EVERYBODY = KeyOrder(_customer.id)
_CUSTOMERS = 2000
"""Customers of a slice: each has some tickets, and becomes a value."""
_is_theirs = t.issue_customers.c.customer == _customer.id


def _moment(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Instant())


def _limit(name: str) -> ColumnElement[Any]:
    return bindparam(name, type_=Float())


def _is_no_feedback(occasion: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that an invitation was planned, not created for feedback that a customer offered."""
    return occasion.not_like(text_literal(f"{FEEDBACK}:%"))


def _issue(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that the customer has an issue that meets a condition."""
    joined = select(ONE).select_from(t.issue_customers).join(t.issues, t.issues.c.id == t.issue_customers.c.issue)
    return joined.where(_is_theirs, condition).exists()


_ISSUES = {
    "issues": among("issues", t.issues.c.state),
    "issue_kinds": among("issue_kinds", t.issues.c.kind),
    "root_causes": among("root_causes", t.issues.c.root_cause),
}
_SCORE = mean_of(_interview.answers, 1)
_is_shown = ~among("anonymous", _interview.survey)
# Not the bare column: by its index a database would find all tickets of a time anew for each slice of the customers.
_closed_at = func.coalesce(_ticket.closed_at, null())
_is_closed = _ticket.status == text_literal(TicketStatus.CLOSED)  # a reopened ticket keeps its `closed_at`
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
    "closed_from": _is_closed & (_closed_at >= _moment("closed_from")),
    "closed_until": _is_closed & (_closed_at < _moment("closed_until")),
    "appointment_from": _ticket.appointment_at >= _moment("appointment_from"),
    "appointment_until": _ticket.appointment_at < _moment("appointment_until"),
    "surveys": among("surveys", _invitation.survey),
    "statuses": among("statuses", RESPONSE_STATUS),
    "score_at_or_below": _is_shown & (_limit("score_at_or_below") >= _SCORE),
    "score_at_or_above": _is_shown & (_limit("score_at_or_above") <= _SCORE),
}


# -- the query ----------------------------------------------------------------------------------------------------


@cache
def _statement(filters: frozenset[str], part: Slice, *, unfinished: bool) -> Select[Any]:
    """Return the query with these filters; filters over issues have to match one and the same issue."""
    found = _newest(filters, part, unfinished=unfinished)
    chat = (
        (t.contacts.c.channel == _interview.channel) & (t.contacts.c.chat == _interview.chat)
        if unfinished
        else EMPTY == EMPTY  # noqa: PLR0124 (true on either database)
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
        is_one_of(asked.state, InvitationState.SCHEDULED, InvitationState.ASKED),
        _is_no_feedback(asked.occasion),
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
            _interview.state,
            _interview.reminded_at,
            has_chat(ContactState.OK),
            has_chat(ContactState.BLOCKED),
            last_asked.correlate(found).scalar_subquery(),
            last_answered.correlate(found).scalar_subquery(),
        )
        .select_from(found)
        .join(t.customers, _customer.id == found.c.customer)
        .outerjoin(t.interviews, _interview.id == found.c.interview)
        .where(found.c.place == ONE)
        .order_by(found.c.customer)
    )


def _newest(filters: frozenset[str], part: Slice, *, unfinished: bool) -> FromClause:
    """Return the subquery that numbers the matching tickets of each customer, the newest first."""
    conditions = [_CONDITIONS[name] for name in sorted(filters - _ISSUES.keys())]
    if issues := sorted(filters & _ISSUES.keys()):
        conditions.append(_issue(and_(*(_ISSUES[name] for name in issues))))
    order = (_interview.asked_at.desc(),) if unfinished else (_ticket.closed_at.is_(None), _ticket.closed_at.desc())
    place = func.row_number().over(partition_by=_customer.id, order_by=(*order, _ticket.source, _ticket.id))
    columns = (
        _customer.id.label("customer"),
        _ticket.source,
        _ticket.id.label("ticket"),
        _interview.id.label("interview"),
    )
    numbered = select(*columns, place.label("place"))
    every = _asked(numbered) if unfinished else _all(numbered)
    return EVERYBODY.within(every.where(*conditions), part).subquery("found")


def _asked(numbered: Select[Any]) -> Select[Any]:
    """Select from unfinished interviews."""
    return (
        numbered.select_from(t.interviews)
        .join(t.invitations, _invitation.id == _interview.invitation)
        .join(t.customers, _customer.id == _interview.customer)
        .outerjoin(t.tickets, (_ticket.source == _invitation.source) & (_ticket.id == _invitation.ticket))
        .where(
            is_one_of(_interview.state, *UNANSWERED),
            _interview.wake_at > _moment("ever"),  # as all that are open; by it there is an index of them
            is_one_of(_invitation.state, InvitationState.ASKED),
            _is_no_feedback(_invitation.occasion),
        )
    )


def _all(numbered: Select[Any]) -> Select[Any]:
    """Select from customers, each ticket with the survey of its last closing."""
    other = t.invitations.alias("other").c
    last = select(func.max(other.closing)).where(
        other.source == _invitation.source, other.ticket == _invitation.ticket, other.occasion == EMPTY
    )
    is_latest = and_(
        _invitation.source == _ticket.source,
        _invitation.ticket == _ticket.id,
        _invitation.occasion == EMPTY,
        _invitation.closing == last.correlate(t.invitations).scalar_subquery(),
    )
    return (
        numbered.select_from(t.customers)
        .outerjoin(t.tickets, _ticket.customer == _customer.id)
        .outerjoin(t.invitations, is_latest)
        .outerjoin(t.interviews, _interview.invitation == _invitation.id)
    )
