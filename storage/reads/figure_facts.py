"""Reads what the figures of a period are computed from, counted by the database."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy import column as column_named

from dialogs.interview.model import FINAL
from dialogs.issue.model import IssueState
from dialogs.survey import SurveyKey
from scoring.metrics.facts import AskCount, IssueFact
from scoring.rules import AlertKind
from scoring.values import Value
from storage.connection.store import Store
from storage.dialects import any_item_is, item_field, items_of
from storage.reads.listings import RESPONSE_STATUS
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal

__all__ = ["PeriodFacts", "StoredRatingCount", "read_facts"]


class StoredRatingCount(Value):
    """How many answers to a `question` of a survey's version have this `value`; `excluded` as in `RatingCount`."""

    team: str
    agent: str
    channel: str
    survey: SurveyKey
    question: str
    value: int
    n: int
    excluded: str


class PeriodFacts(Value):
    """What a period holds; `agents` are the names of those who are known by an id."""

    ratings: tuple[StoredRatingCount, ...]
    asks: tuple[AskCount, ...]
    issues: tuple[IssueFact, ...]
    agents: dict[str, str]


_SINCE, _UNTIL = bindparam("since", type_=Instant()), bindparam("until", type_=Instant())
_invitation, _interview, _issue, _ticket = t.invitations.c, t.interviews.c, t.issues.c, t.tickets.c
_agent = case((_invitation.agent_id != text_literal(""), _invitation.agent_id), else_=_invitation.agent_name)
_closed_then = and_(_invitation.closed_at >= _SINCE, _invitation.closed_at < _UNTIL)
_item = items_of(_interview.answers).table_valued(column_named("value"), name="answer")
_question = item_field(_item.c.value, "question")
_value = cast(item_field(_item.c.value, "value"), Integer)
_unfinished = case((is_one_of(_interview.state, *FINAL), text_literal("")), else_=text_literal("unfinished"))
_is_answered = case((_interview.answers != text_literal("[]"), 1), else_=0)


def _grouped(columns: tuple[Any, ...], *counts: Any) -> Select[Any]:  # noqa: ANN401 (SQLAlchemy's)
    return select(*columns, *counts).group_by(*columns)


_RATINGS = (
    _grouped(
        (_invitation.team, _agent, _interview.channel, _interview.survey, _interview.survey_number, _question, _value,
         _unfinished),
        func.count(),
    )
    .select_from(t.invitations)
    .join(t.interviews, _interview.invitation == _invitation.id)
    .join(_item, true())
    .where(_closed_then)
)  # fmt: skip
_status = type_coerce(case((_interview.id.is_(None), _invitation.state), else_=RESPONSE_STATUS), Text)
_reason = type_coerce(func.coalesce(_invitation.reason, text_literal("")), Text)
_is_closing = case((_invitation.occasion == text_literal(""), 1), else_=0)
_ASKS = (
    _grouped(
        (_invitation.team, _agent, func.coalesce(_invitation.channel, text_literal("")), _invitation.survey, _status,
         _reason, _is_closing),
        func.count(),
        func.sum(case((_invitation.sent_at.is_not(None), 1), else_=0)),
        func.sum(func.coalesce(_is_answered, 0)),
    )
    .select_from(t.invitations)
    .outerjoin(t.interviews, _interview.invitation == _invitation.id)
    .where(_closed_then)
)  # fmt: skip
_ticket_agent = case((_ticket.agent_id != text_literal(""), _ticket.agent_id), else_=_ticket.agent_name)
_is_recorded = and_(
    _invitation.source == _ticket.source,
    _invitation.ticket == _ticket.id,
    _invitation.closing == _ticket.closing,
    _invitation.occasion == text_literal(""),
)
_UNRECORDED = _grouped((_ticket.team, _ticket_agent), func.count()).where(
    _ticket.closed_at >= _SINCE,
    _ticket.closed_at < _UNTIL,
    _ticket.closing > literal_column("0"),
    ~select(_invitation.id).where(_is_recorded).exists(),
)
_AGENTS = (
    select(_invitation.agent_id, func.max(_invitation.agent_name))
    .where(_closed_then, _invitation.agent_id != text_literal(""))
    .group_by(_invitation.agent_id)
)
_is_claim = t.issue_events.c.event.in_([text_literal(event) for event in ("claimed", "assigned", "taken_over")])
_first_claim = (
    select(func.min(t.issue_events.c.at, type_=Instant()))
    .where(t.issue_events.c.issue == _issue.id, _is_claim)
    .scalar_subquery()
)


def _of_ticket(column: Any) -> Any:  # noqa: ANN401 (SQLAlchemy's)
    """Return a column of the issue's ticket; of several tickets the first by the alphabet."""
    tickets = t.issue_tickets.join(
        t.tickets, and_(t.issue_tickets.c.source == _ticket.source, t.issue_tickets.c.ticket == _ticket.id)
    )
    found = select(func.coalesce(func.min(column), text_literal(""))).select_from(tickets)
    return found.where(t.issue_tickets.c.issue == _issue.id).correlate(t.issues).scalar_subquery()


_ISSUES = select(
    _of_ticket(_ticket.team),
    _of_ticket(_ticket_agent),
    type_coerce(_issue.kind, Text),
    case((any_item_is(_issue.reasons, "kind", AlertKind.RATING, AlertKind.MEAN), 1), else_=0),
    _issue.opened_at,
    _first_claim,
    _issue.resolved_at,
    case((is_one_of(_issue.state, IssueState.RESOLVED, IssueState.CLOSED), 1), else_=0),
    case((_issue.told != text_literal("[]"), 1), else_=0),
    case((_issue.confirmed != text_literal("[]"), 1), else_=0),
).where(_issue.opened_at >= _SINCE, _issue.opened_at < _UNTIL, _issue.merged_into.is_(None))


async def read_facts(store: Store, since: datetime, until: datetime) -> PeriodFacts:
    """Read what happened from `since` to `until`, which is excluded; merged issues count with the other one."""
    given = {"since": since, "until": until}
    async with store.reading() as session:
        ratings = await session.fetch(_RATINGS, **given)
        asks = await session.fetch(_ASKS, **given)
        unrecorded = await session.fetch(_UNRECORDED, **given)
        issues = await session.fetch(_ISSUES, **given)
        agents = await session.fetch(_AGENTS, **given)
    return PeriodFacts(
        tuple(_rating(*row) for row in ratings),
        (*(_ask(*row) for row in asks), *(_missing(*row) for row in unrecorded)),
        tuple(_issue_fact(*row) for row in issues),
        dict(agents),
    )


def _rating(team: str, agent: str, channel: str, *row: Any) -> StoredRatingCount:  # noqa: ANN401 (as the driver gives it)
    survey, version, question, value, excluded, n = row
    return StoredRatingCount(team, agent, channel, (survey, version), question, value, n, excluded)


def _ask(team: str, agent: str, channel: str, survey: str, *row: Any) -> AskCount:  # noqa: ANN401 (as above)
    status, reason, closing, n, sent, started = row
    keys = {"team": team, "agent": agent, "survey": survey, "channel": channel}
    return AskCount(keys, status, n, reason, int(sent), int(started), is_closing=bool(closing))


def _missing(team: str, agent: str, n: int) -> AskCount:
    return AskCount({"team": team, "agent": agent, "survey": "", "channel": ""}, "", n)


def _issue_fact(team: str, agent: str, kind: str, low: int, *row: Any) -> IssueFact:  # noqa: ANN401 (as above)
    opened, claimed, resolved, done, told, confirmed = row
    return IssueFact(
        {"team": team, "agent": agent},
        kind,
        bool(low),
        _seconds(opened, claimed),
        _seconds(opened, resolved),
        bool(done),
        bool(told),
        bool(confirmed),
    )


def _seconds(since: datetime, until: datetime | None) -> Fraction | None:
    if until is None:
        return None
    passed = until - since
    return passed.days * 86400 + passed.seconds + Fraction(passed.microseconds, 1_000_000)
