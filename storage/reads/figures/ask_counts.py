"""Reads how closings of a period were asked about, counted by the keys by which that is wanted."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, func, or_, select, type_coerce

from dialogs.interview.model import InterviewState
from dialogs.invitation.model import InvitationReason
from scoring.honesty.sampled_rules import SampledRule
from scoring.metrics.asks import ENTERED
from scoring.metrics.facts import AskCount
from scoring.values import Value
from storage.connection.session import Session
from storage.reads.listings import RESPONSE_STATUS
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import EMPTY, is_one_of, text_literal
from storage.schema.rating_joins import CUT_KEYS, ITS_CLOSING, agent_of

__all__ = ["ASK_COLUMNS", "ASK_KEYS", "ONE_ASK", "PeriodAsks", "ask_count", "asks_of_period", "read_asks"]

_invitation, _interview, _closing = t.invitations.c, t.interviews.c, t.closings.c
_begin, _end = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_asked_then = and_(_invitation.closed_at >= _begin, _invitation.closed_at < _end)
_closed_then = and_(_closing.closed_at >= _begin, _closing.closed_at < _end)
ASK_KEYS = {**CUT_KEYS, "channel": func.coalesce(_invitation.channel, EMPTY), "survey": _invitation.survey}
"""By which asks are counted."""
_OF_ASK = frozenset({"team", "agent", "channel", "survey"})
"""Keys that the ask has by itself."""
_OF_CLOSING = {"agent": agent_of(_closing), **{name: _closing[name] for name in ASK_KEYS if name in _closing}}
_has_answered = or_(_interview.answers != text_literal("[]"), is_one_of(_interview.state, InterviewState.COMPLETED))
"""Whoever came to the end has begun: the answers to an anonymous survey are taken away from its interview then."""
_is_entered = _invitation.entered_by != EMPTY
_is_answered = func.coalesce(case((_is_entered, 0), (_has_answered, 1), else_=0), 0)
_is_sent = case(
    (_is_entered, 0),
    (or_(_invitation.sent_at.is_not(None), and_(_interview.id.is_not(None), _has_answered)), 1),
    else_=0,
)
_asked_status = case(
    (_is_entered, text_literal(ENTERED)), (_interview.id.is_(None), _invitation.state), else_=RESPONSE_STATUS
)
ASK_COLUMNS: tuple[ColumnElement[Any], ...] = (
    type_coerce(_asked_status, Text),
    type_coerce(func.coalesce(_invitation.reason, EMPTY), Text),
    case((_invitation.occasion == EMPTY, 1), else_=0),
)
"""Status, reason, and whether a closing caused it."""
ONE_ASK = (_is_sent, _is_answered)
"""Whether its first message was sent, and whether it has an answer."""
_is_recorded = and_(ITS_CLOSING, _invitation.occasion == EMPTY)
_has_no_ask = ~select(_invitation.id).where(_is_recorded).correlate(t.closings).exists()
_AN_ASK = 7
"""Columns that follow the keys: those of an ask, its rule, and three counts."""


class PeriodAsks(Value):
    """The asks of a period, with the closings that have none, and the rules by which was drawn who is asked."""

    counts: tuple[AskCount, ...]
    sampled: tuple[SampledRule, ...]


def asks_of_period(*columns: ColumnElement[Any], with_closing: bool) -> Select[Any]:
    """Return the statement of the asks of a period, joined with their closings where that is wanted."""
    joined = t.invitations.outerjoin(t.interviews, _interview.invitation == _invitation.id)
    return (
        select(*columns)
        .select_from(joined.outerjoin(t.closings, ITS_CLOSING) if with_closing else joined)
        .where(_asked_then)
    )


@cache
def _asks(keys: tuple[str, ...]) -> Select[Any]:
    by = (*(ASK_KEYS[key] for key in keys), *ASK_COLUMNS, _invitation.rule)
    counts = func.count(), func.sum(_is_sent), func.sum(_is_answered)
    return asks_of_period(*by, *counts, with_closing=not _OF_ASK.issuperset(keys)).group_by(*by)


@cache
def _unrecorded(keys: tuple[str, ...]) -> Select[Any]:
    by = [_OF_CLOSING[key] for key in keys if key in _OF_CLOSING]
    return select(*by, func.count()).where(_closed_then, _has_no_ask).group_by(*by)


async def read_asks(session: Session, since: datetime, until: datetime, keys: Sequence[str]) -> PeriodAsks:
    """Read the asks of a period by these keys; `until` is excluded."""
    by = tuple(keys)
    rows = await session.fetch(_asks(by), since=since, until=until)
    unrecorded = await session.fetch(_unrecorded(by), since=since, until=until)
    nothing, known = dict.fromkeys(by, ""), [key for key in by if key in _OF_CLOSING]
    missing = (
        AskCount({**nothing, **dict(zip(known, row, strict=False))}, "", row[-1]) for row in unrecorded if row[-1]
    )
    asked = [ask_count(by, (*row[: -_AN_ASK + 3], *row[-3:])) for row in rows]
    return PeriodAsks((*asked, *missing), tuple(_sampled(asked, [row[-4] for row in rows])))


def _sampled(asks: Sequence[AskCount], rules: Sequence[str]) -> list[SampledRule]:
    """Return of each rule how many closings it decided about, and of how many of them by chance that they are asked.

    What is excluded was decided by no chance, and what people entered by nobody.
    """
    closings, drawn = Counter[str](), Counter[str]()
    for one, rule in zip(asks, rules, strict=True):
        if one.is_closing and one.status != ENTERED and one.reason != InvitationReason.EXCLUDED:
            closings[rule] += one.n
            drawn[rule] += one.n if one.reason != InvitationReason.SAMPLED_OUT else 0
    return [SampledRule(rule, closings[rule], drawn[rule]) for rule in sorted(closings)]


def ask_count(keys: Sequence[str], row: tuple[Any, ...]) -> AskCount:
    """Return asks from the values of their keys, `ASK_COLUMNS`, their number, and how many were sent and answered."""
    status, reason, closing, n, sent, started = row[len(keys) :]
    told = dict(zip(keys, row, strict=False))
    return AskCount(told, status, n, reason, int(sent), int(started), is_closing=bool(closing))
