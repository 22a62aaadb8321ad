"""Reads by what responses hang together: the same customer, or telephone number and address."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select

from dialogs.interview.model import FINAL, Interview, InterviewState
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import among
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.literals import EMPTY, ONE, ZERO, is_one_of, text_literal
from storage.unit_of_work.selects import RESPONSES

__all__ = ["ReviewKeys", "ended_since", "read_linked", "read_responses", "read_review_keys"]


class ReviewKeys(Value):
    """A response that has ended with answers: what it is about and who gave it, as at the closing.

    `placed_at` is the moment that places it into a period; `contact`, `service_type` and `category` are empty where the
    closing does not say. `is_flagged` where anything makes it doubtful.
    """

    response: str
    invitation: str
    customer: str
    source: str
    ticket: str
    closing: int
    placed_at: datetime
    contact: str
    service_type: str
    category: str
    is_flagged: bool


_interview, _invitation, _closing = t.interviews.c, t.invitations.c, t.closings.c
_ended = [state for state in FINAL if state is not InterviewState.WITHDRAWN]
_placed_at = func.coalesce(_closing.closed_at, _invitation.closed_at, type_=CompactInstant())
_KEYS = (
    _interview.id,
    _interview.invitation,
    _invitation.customer,
    _invitation.source,
    _invitation.ticket,
    _invitation.closing,
    _placed_at,
    func.coalesce(_closing.contact_key, EMPTY),
    func.coalesce(_closing.service_type, EMPTY),
    func.coalesce(_closing.category, EMPTY),
    case((_interview.flags != text_literal("[]"), ONE), else_=ZERO),
)
_its_closing = and_(
    _closing.source == _invitation.source,
    _closing.ticket == _invitation.ticket,
    _closing.number == _invitation.closing,
)
_has_answers = and_(is_one_of(_interview.state, *_ended), _interview.answers != text_literal("[]"))
_within = (
    _placed_at >= bindparam("since", type_=CompactInstant()),
    _placed_at < bindparam("until", type_=CompactInstant()),
)


def _found(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return (
        select(*_KEYS)
        .select_from(t.invitations)
        .join(t.interviews, _interview.invitation == _invitation.id)
        .outerjoin(t.closings, _its_closing)
        .where(_has_answers, *conditions)
    )


BY_RESPONSE = _found(among("responses", _interview.id))
BY_CUSTOMER = _found(among("customers", _invitation.customer), *_within)
BY_CONTACT = (
    select(*_KEYS)
    .select_from(t.closings)
    .join(t.invitations, _its_closing)
    .join(t.interviews, _interview.invitation == _invitation.id)
    .where(_has_answers, among("contacts", _closing.contact_key), _closing.contact_key != EMPTY, *_within)
)
ENDED = select(_interview.id).where(_has_answers, _interview.asked_at >= bindparam("since", type_=Instant()))


async def ended_since(store: Store, since: datetime) -> list[str]:
    """Return the responses that have ended with answers, of those asked or entered since a moment."""
    async with store.reading() as session:
        return [row[0] for row in await session.fetch(ENDED, since=since)]


async def read_review_keys(store: Store, responses: Collection[str]) -> list[ReviewKeys]:
    """Return the keys of those of the responses that have ended with answers."""
    async with store.reading() as session:
        return [ReviewKeys(*row) for row in await session.fetch(BY_RESPONSE, responses=responses)]


async def read_responses(store: Store, responses: Collection[str]) -> list[Interview]:
    """Return these responses as they stand."""
    async with store.reading() as session:
        return await session.records(Interview, RESPONSES, interviews=responses)


async def read_linked(
    store: Store, seeds: Collection[ReviewKeys], since: datetime, until: datetime
) -> list[ReviewKeys]:
    """Return everything that hangs together with these in a period: over customers and contacts, and on."""
    found = {one.response: one for one in seeds}
    fresh = list(seeds)
    async with store.reading() as session:
        while fresh:
            rows = []
            for statement, keys in (
                (BY_CUSTOMER, {"customers": {one.customer for one in fresh}}),
                (BY_CONTACT, {"contacts": {one.contact for one in fresh if one.contact}}),
            ):
                if any(keys.values()):
                    rows += await session.fetch(statement, **keys, since=since, until=until)
            listed = {row[0]: ReviewKeys(*row) for row in rows}
            fresh = [one for id_, one in listed.items() if id_ not in found]
            found |= {one.response: one for one in fresh}
    return sorted(found.values(), key=lambda one: one.response)
