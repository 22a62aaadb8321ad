"""Lists that are read page by page, oldest first: responses and issues. Cursors are keyset pagination.

A cursor holds the sort key of the last item, so that a page costs the same however far it is, and items that are added
meanwhile do not shift the others.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, case, select, tuple_

from dialogs.exclusion.model import Exclusion, ExclusionState
from dialogs.interview.model import STARTED, Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import Issue, IssueState, TicketKey
from dialogs.survey import SurveyKey
from scoring.values import Value, fields
from storage.connection.store import Store
from storage.dialects import among
from storage.model.text_records import CommentReading
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal
from storage.unit_of_work.selects import all_of

__all__ = [
    "RESPONSE_STATUS",
    "FilteredList",
    "IssueFilter",
    "Page",
    "Response",
    "ResponseFilter",
    "WalkedInterview",
    "cursor_parameters",
    "latest_interviews",
    "list_exclusions",
    "list_issues",
    "list_responses",
    "next_cursor",
    "page_statement",
    "walked_surveys",
]

T = TypeVar("T")


class Page(Value, Generic[T]):
    """A page of a list; `next` is the cursor of the next page, None at the end."""

    items: tuple[T, ...]
    next: str | None


class Response(Value):
    """An interview with its invitation; `dialogs.invitation.model.status_of` returns their common status.

    `reading` is what was read in its words, None where it has none or they wait to be read.
    """

    interview: Interview
    invitation: Invitation
    reading: CommentReading | None = None


class ResponseFilter(Value):
    """A filter of responses; None matches any. `since` and `until` (excluded) bound the time of asking.

    `comment` is what the comment says as a whole, -1, 0 or 1: whoever wrote nothing is in none of these.
    """

    ticket: TicketKey | None = None
    customer: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    status: str | None = None
    comment: int | None = None


class IssueFilter(Value):
    """A filter of issues; None matches any. `since` bounds the time of opening."""

    status: IssueState | None = None
    ticket: TicketKey | None = None
    since: datetime | None = None


# -- responses ------------------------------------------------------------------------------------------------

_interview, _invitation, _reading = t.interviews.c, t.invitations.c, t.comment_readings.c
# dialogs.invitation.model.status_of in SQL; tests/storage/reads/test_listings.py compares the two.
RESPONSE_STATUS = case(
    (_invitation.state != text_literal(InvitationState.ASKED), _invitation.state),
    (
        is_one_of(_interview.state, *STARTED),
        text_literal("started"),
    ),
    (
        (_interview.state == text_literal(InterviewState.EXPIRED)) & (_interview.answers != text_literal("[]")),
        text_literal("partial"),
    ),
    (
        (_interview.state == text_literal(InterviewState.INVITED)) & _invitation.sent_at.is_(None),
        text_literal("scheduled"),
    ),
    (_interview.state == text_literal(InterviewState.INVITED), text_literal("sent")),
    else_=_interview.state,
)
_RESPONSE_CONDITIONS = {
    "ticket": among("ticket", _invitation.source, _invitation.ticket),
    "customer": _interview.customer == bindparam("customer", type_=Text()),
    "since": _interview.asked_at >= bindparam("since", type_=Instant()),
    "until": _interview.asked_at < bindparam("until", type_=Instant()),
    "status": bindparam("status", type_=Text()) == RESPONSE_STATUS,
    "comment": select(_reading.response)
    .where(_reading.response == _interview.id, _reading.polarity == bindparam("comment", type_=Integer()))
    .exists(),
}
_RESPONSES = all_of(Interview).join(t.invitations, _invitation.id == _interview.invitation)
_INVITATIONS = all_of(Invitation, among("invitations", _invitation.id))
_READINGS = all_of(CommentReading, among("responses", _reading.response))


async def list_responses(store: Store, which: ResponseFilter, cursor: str | None, limit: int) -> Page[Response]:
    """List responses in the order of asking; raises ValueError for a malformed cursor."""
    values = _values(which)
    statement = _page(_RESPONSES, _RESPONSE_CONDITIONS, (_interview.asked_at, _interview.id), values, cursor)
    async with store.reading() as session:
        found = await session.records(Interview, statement, **values, **cursor_parameters(cursor), limit=limit + 1)
        asked = await session.records(Invitation, _INVITATIONS, invitations=[each.invitation for each in found])
        worded = [each.id for each in found if each.texts]
        read = await session.records(CommentReading, _READINGS, responses=worded) if worded else []
    by_id = {invitation.id: invitation for invitation in asked}
    readings = {one.response: one for one in read}
    listed = tuple(Response(each, by_id[each.invitation], readings.get(each.id)) for each in found[:limit])
    places = [(each.asked_at, each.id) for each in found]
    return Page(listed, next_cursor(places, limit))


class WalkedInterview(Value):
    """What of an interview tells how somebody went through its survey."""

    id: str
    asked_at: datetime
    state: InterviewState
    at: str
    answers: tuple[Answer, ...]
    skipped: tuple[str, ...]
    completed_at: datetime | None


_of_interview = (_interview.invitation == _invitation.id, _invitation.entered_by == text_literal(""))
_asked_since = _interview.asked_at >= bindparam("since", type_=Instant())
_LATEST = (
    select(*(_interview[one.name] for one in fields(WalkedInterview)))
    .where(
        *_of_interview,
        _asked_since,
        tuple_(_interview.asked_at, _interview.id)
        < tuple_(bindparam("until", type_=Instant()), bindparam("before", type_=Text())),
        _interview.survey == bindparam("survey", type_=Text()),
        _interview.survey_number == bindparam("number", type_=Integer()),
    )
    .order_by(_interview.asked_at.desc(), _interview.id.desc())
    .limit(bindparam("limit", type_=Integer()))
)
_WALKED = (
    select(_interview.survey, _interview.survey_number)
    .where(*_of_interview, _asked_since, _interview.asked_at < bindparam("until", type_=Instant()))
    .distinct()
)
_PORTION = 500
"""Interviews that are read at once: everybody who answers meanwhile waits for no more of them."""


async def latest_interviews(
    store: Store, survey: SurveyKey, since: datetime, until: datetime, limit: int
) -> list[WalkedInterview]:
    """Return the interviews of a survey version that were asked last within a time, the latest first; none entered."""
    found, before = list[WalkedInterview](), ""
    wanted = {"since": since, "survey": survey[0], "number": survey[1]}
    while len(found) < limit:
        portion = min(_PORTION, limit - len(found))
        async with store.reading() as session:
            rows = await session.fetch(_LATEST, until=until, before=before, limit=portion, **wanted)
        found += [WalkedInterview(*row) for row in rows]
        if len(rows) < portion:
            break
        until, before = found[-1].asked_at, found[-1].id
    return found


async def walked_surveys(store: Store, since: datetime, until: datetime) -> set[SurveyKey]:
    """Return the versions of surveys that anybody was asked within a time."""
    async with store.reading() as session:
        return {(survey, number) for survey, number in await session.fetch(_WALKED, since=since, until=until)}


# -- exclusions -----------------------------------------------------------------------------------------------

_exclusion = t.exclusions.c
_EXCLUSIONS = all_of(Exclusion)
_EXCLUSION_CONDITIONS = {"state": _exclusion.state == bindparam("state", type_=Text())}


async def list_exclusions(
    store: Store, state: ExclusionState | None, cursor: str | None, limit: int
) -> Page[Exclusion]:
    """List exclusions in the order in which they were proposed; raises ValueError for a malformed cursor."""
    values = {} if state is None else {"state": state.value}
    statement = _page(_EXCLUSIONS, _EXCLUSION_CONDITIONS, (_exclusion.proposed_at, _exclusion.id), values, cursor)
    async with store.reading() as session:
        found = await session.records(Exclusion, statement, **values, **cursor_parameters(cursor), limit=limit + 1)
    return Page(tuple(found[:limit]), next_cursor([(one.proposed_at, one.id) for one in found], limit))


# -- issues ---------------------------------------------------------------------------------------------------

_issue = t.issues.c
_ISSUE_CONDITIONS = {
    "status": _issue.state == bindparam("status", type_=Text()),
    "ticket": _issue.id.in_(
        select(t.issue_tickets.c.issue).where(among("ticket", t.issue_tickets.c.source, t.issue_tickets.c.ticket))
    ),
    "since": _issue.opened_at >= bindparam("since", type_=Instant()),
}
_ISSUES = all_of(Issue)


async def list_issues(store: Store, which: IssueFilter, cursor: str | None, limit: int) -> Page[Issue]:
    """List issues in the order of opening; raises ValueError for a malformed cursor."""
    values = _values(which)
    statement = _page(_ISSUES, _ISSUE_CONDITIONS, (_issue.opened_at, _issue.id), values, cursor)
    async with store.reading() as session:
        found = await session.records(Issue, statement, **values, **cursor_parameters(cursor), limit=limit + 1)
    places = [(each.opened_at, each.id) for each in found]
    return Page(tuple(found[:limit]), next_cursor(places, limit))


# -- pages ----------------------------------------------------------------------------------------------------

Conditions = Mapping[str, ColumnElement[bool]]
Place = tuple[ColumnElement[Any], ColumnElement[Any]]


def _values(which: ResponseFilter | IssueFilter) -> dict[str, Any]:
    """Return the filters that are set, as parameters; a ticket becomes a list of one key."""
    filters = {field.name: getattr(which, field.name) for field in fields(which)}
    return {name: [value] if name == "ticket" else value for name, value in filters.items() if value is not None}


def _page(
    listed: Select[Any], conditions: Conditions, place: Place, values: Mapping[str, object], cursor: str | None
) -> Select[Any]:
    """Return the statement with these filters; the same object for the same filters, so that it is compiled once."""
    return page_statement(listed, place, tuple(conditions[name] for name in values), is_first=cursor is None)


@cache
def page_statement(
    listed: Select[Any], place: Place, conditions: tuple[ColumnElement[bool], ...], *, is_first: bool
) -> Select[Any]:
    """Return the statement of one page of a list in the order of `place`, a time and an id."""
    later = tuple_(*place) > tuple_(bindparam("moment", type_=Instant()), bindparam("key", type_=Text()))
    within = listed.where(*conditions) if is_first else listed.where(*conditions, later)
    return within.order_by(*place).limit(bindparam("limit", type_=Integer()))


@dataclass(frozen=True, eq=False, slots=True)
class FilteredList(Generic[T]):
    """A list of records in the order of `place`; a filter's field of a condition's name is its parameter `of_NAME`."""

    kind: type[T]
    listed: Select[Any]
    place: Place
    conditions: Conditions

    async def page(self, store: Store, wanted: Value, cursor: str | None, limit: int) -> Page[T]:
        """Return a page by the fields of a filter that are set; raises ValueError for a malformed cursor."""
        given = {name: value for name in self.conditions if (value := getattr(wanted, name))}
        conditions = tuple(self.conditions[name] for name in given)
        statement = page_statement(self.listed, self.place, conditions, is_first=cursor is None)
        values = {f"of_{name}": value for name, value in given.items()} | cursor_parameters(cursor)
        async with store.reading() as session:
            found = await session.records(self.kind, statement, **values, limit=limit + 1)
        moment, key = (str(column.key) for column in self.place)
        places = [(getattr(one, moment), getattr(one, key)) for one in found]
        return Page(tuple(found[:limit]), next_cursor(places, limit))


def next_cursor(places: Sequence[tuple[datetime, str]], limit: int) -> str | None:
    """Return the cursor behind a page of `limit` items, None unless one more was found."""
    if len(places) <= limit:
        return None
    return urlsafe_b64encode(msgspec.json.encode(places[limit - 1])).decode().rstrip("=")


_MALFORMED = "this cursor is not from here: take `next` of the page before as it is"


def cursor_parameters(cursor: str | None) -> dict[str, Any]:
    """Return the parameters of the page behind a cursor, none for the first page.

    Raises ValueError for a cursor that `next_cursor` has not made.
    """
    if cursor is None:
        return {}
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        moment, key = msgspec.json.decode(raw, type=tuple[datetime, str])
    except (ValueError, binascii.Error) as error:
        raise ValueError(_MALFORMED) from error
    if moment.tzinfo is None or "\0" in key:
        raise ValueError(_MALFORMED)
    return {"moment": moment, "key": key}
