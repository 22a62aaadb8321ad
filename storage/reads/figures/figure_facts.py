"""Reads what the figures of a period are computed from, counted by the database."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Integer, Select, Text, and_, bindparam, case, func, literal_column, or_, select, type_coerce

from dialogs.interview.model import FINAL, InterviewState
from dialogs.invitation.model import InvitationReason
from dialogs.issue.model import IssueState
from scoring.honesty.sampled_rules import SampledRule
from scoring.metrics.asks import ENTERED
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.facts import AskCount, EnteredFact, Facts, IssueFact, RatingCount, VisitFact
from scoring.rules import AlertKind
from scoring.values import Value, replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.dialects import any_item_is, item_field
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.reads.figures.rating_counts import AskedOften, rating_count, read_ratings
from storage.reads.figures.visit_facts import read_visits, seconds_between
from storage.reads.figures.weighed_ratings import WEIGHED_ROWS, asking_surveys, read_weighed
from storage.reads.listings import RESPONSE_STATUS
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.literals import EMPTY, is_one_of, text_literal
from storage.schema.rating_joins import CUT_KEYS, IS_GIVEN, ITS_CLOSING, RATED_ROWS, RATING_KEYS, agent_of
from storage.unit_of_work.selects import all_of

__all__ = ["FigureInput", "PeriodFacts", "read_entries", "read_facts", "read_inputs"]


class PeriodFacts(Value):
    """What a period holds; `agents` are the names of those who are known by an id."""

    facts: Facts
    agents: dict[str, str]
    entries: tuple[EnteredFigure, ...] = ()
    """What was entered for the period, and the benchmarks that are known by its end."""


_SINCE, _UNTIL = bindparam("since", type_=Instant()), bindparam("until", type_=Instant())
_invitation, _interview, _issue, _ticket = t.invitations.c, t.interviews.c, t.issues.c, t.tickets.c
_closing, _rating = t.closings.c, t.ratings.c
_begin, _end = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_asked_then = and_(_invitation.closed_at >= _begin, _invitation.closed_at < _end)
_closed_then = and_(_closing.closed_at >= _begin, _closing.closed_at < _end)
_keys = tuple(CUT_KEYS.values())
_KEY_NAMES = tuple(CUT_KEYS)
_OF_CLOSINGS = _KEY_NAMES[2:]


def _grouped(columns: tuple[Any, ...], *counts: Any) -> Select[Any]:  # noqa: ANN401 (as above)
    return select(*columns, *counts).group_by(*columns)


_has_answered = or_(_interview.answers != text_literal("[]"), is_one_of(_interview.state, InterviewState.COMPLETED))
"""Whoever came to the end has begun: the answers to an anonymous survey are taken away from its interview then."""
_is_entered = _invitation.entered_by != EMPTY
_is_answered = case((_is_entered, 0), (_has_answered, 1), else_=0)
_is_sent = case(
    (_is_entered, 0),
    (or_(_invitation.sent_at.is_not(None), and_(_interview.id.is_not(None), _has_answered)), 1),
    else_=0,
)
_asked_status = case(
    (_is_entered, text_literal(ENTERED)), (_interview.id.is_(None), _invitation.state), else_=RESPONSE_STATUS
)
_status = type_coerce(_asked_status, Text)
_reason = type_coerce(func.coalesce(_invitation.reason, EMPTY), Text)
_is_closing = case((_invitation.occasion == EMPTY, 1), else_=0)
_ASKS = (
    _grouped(
        (*_keys, func.coalesce(_invitation.channel, EMPTY), _invitation.survey, _status, _reason, _is_closing),
        func.count(),
        func.sum(_is_sent),
        func.sum(func.coalesce(_is_answered, 0)),
    )
    .select_from(t.invitations)
    .outerjoin(t.interviews, _interview.invitation == _invitation.id)
    .outerjoin(t.closings, ITS_CLOSING)
    .where(_asked_then)
)
_drawn = func.sum(case((_reason == text_literal(InvitationReason.SAMPLED_OUT), 0), else_=1))
_SAMPLED = _grouped((_invitation.rule,), func.count(), _drawn).where(
    _asked_then,
    _is_closing == 1,
    ~_is_entered,
    _reason != text_literal(InvitationReason.EXCLUDED),  # no chance decided there
)
_is_recorded = and_(ITS_CLOSING, _invitation.occasion == EMPTY)
_of_closing = (_closing.team, agent_of(_closing), *(_closing[name] for name in _OF_CLOSINGS))
_UNRECORDED = _grouped(_of_closing, func.count()).where(
    _closed_then, ~select(_invitation.id).where(_is_recorded).correlate(t.closings).exists()
)
_source_and_ticket = (_invitation.source, _invitation.ticket)
_unfinished = case((is_one_of(_interview.state, *FINAL), EMPTY), else_=text_literal("unfinished"))
_RATING_ROWS = (
    select(
        *_source_and_ticket,
        _interview.id,
        *RATING_KEYS.values(),
        type_coerce(func.coalesce(_rating.standing, _unfinished), Text),
        literal_column("1"),
    )
    .select_from(RATED_ROWS)
    .where(_asked_then, IS_GIVEN)
    .order_by(_invitation.closed_at, _invitation.id, RATING_KEYS["item"])
)
_ASK_ROWS = (
    _ASKS.with_only_columns(
        *_source_and_ticket,
        func.coalesce(_interview.id, EMPTY),
        *_keys,
        func.coalesce(_invitation.channel, EMPTY),
        _invitation.survey,
        _status,
        _reason,
        _is_closing,
        literal_column("1"),
        _is_sent,
        func.coalesce(_is_answered, 0),
    )
    .group_by(None)
    .order_by(_invitation.closed_at, _invitation.id)
)
_entry = t.entered_figures.c
_ENTERED = all_of(
    EnteredFigure,
    _entry.since < _UNTIL,
    or_(
        is_one_of(_entry.kind, EnteredKind.BENCHMARK),
        and_(_entry.since == _SINCE, _entry.until == _UNTIL),
    ),
).order_by(_entry.since, _entry.at, _entry.id)
_AGENTS = (
    select(_closing.agent_id, func.max(_closing.agent_name))
    .where(_closed_then, _closing.agent_id != EMPTY)
    .group_by(_closing.agent_id)
)
_TAKEN = ("claimed", "assigned", "taken_over", "drafted", "progress", "asked", "resolved")
"""Lines of the timeline by which somebody has an issue: whoever writes, asks or resolves first claims it by that."""
_is_claim = t.issue_events.c.event.in_([text_literal(event) for event in _TAKEN])
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
    found = select(func.coalesce(func.min(column), EMPTY)).select_from(tickets)
    return found.where(t.issue_tickets.c.issue == _issue.id).correlate(t.issues).scalar_subquery()


_ISSUES = select(
    _of_ticket(_ticket.team),
    _of_ticket(agent_of(_ticket)),
    _of_ticket(_ticket.category),
    type_coerce(_issue.kind, Text),
    _issue.judgement,
    case((any_item_is(_issue.reasons, "kind", AlertKind.RATING, AlertKind.MEAN), 1), else_=0),
    _issue.opened_at,
    _first_claim,
    _issue.resolved_at,
    case((is_one_of(_issue.state, IssueState.RESOLVED, IssueState.CLOSED), 1), else_=0),
    case((_issue.told != text_literal("[]"), 1), else_=0),
    case((_issue.confirmed != text_literal("[]"), 1), else_=0),
    _issue.resolution,
).where(_issue.opened_at >= _SINCE, _issue.opened_at < _UNTIL, _issue.merged_into.is_(None))


_LIMIT = bindparam("limit", type_=Integer())
_first_ticket = [
    select(func.coalesce(func.min(t.issue_tickets.c[name]), EMPTY))
    .where(t.issue_tickets.c.issue == _issue.id)
    .correlate(t.issues)
    .scalar_subquery()
    for name in ("source", "ticket")
]
_ISSUE_ROWS = (
    _ISSUES.with_only_columns(*_first_ticket, _issue.id, *_ISSUES.selected_columns)
    .order_by(_issue.opened_at, _issue.id)
    .limit(_LIMIT)
)


class FigureInput(Value):
    """One of the things that a figure is computed from; `thing` is the id of its response or its issue, if any."""

    source: str
    ticket: str
    thing: str
    fact: RatingCount | AskCount | IssueFact | VisitFact


_of_asks = dict(zip(_KEY_NAMES, _keys, strict=True))
_OF_RATINGS = {
    **_of_asks,
    "survey": RATING_KEYS["survey"],
    "channel": RATING_KEYS["channel"],
    "question": RATING_KEYS["item"],
    "dimension": RATING_KEYS["dimension"],
}
_COLUMNS: Mapping[MetricSource, Mapping[str, Any]] = {
    MetricSource.RATINGS: _OF_RATINGS,
    MetricSource.IMPORTANCE: _OF_RATINGS,
    MetricSource.CLOSINGS: {
        **_of_asks,
        "survey": _invitation.survey,
        "channel": func.coalesce(_invitation.channel, EMPTY),
    },
    MetricSource.ISSUES: {
        "team": _of_ticket(_ticket.team),
        "agent": _of_ticket(agent_of(_ticket)),
        "category": _of_ticket(_ticket.category),
        "kind": type_coerce(_issue.kind, Text),
        "verdict": func.coalesce(item_field(_issue.judgement, "verdict"), EMPTY),
        "complaint_category": func.coalesce(item_field(_issue.judgement, "category"), EMPTY),
        "remedy": func.coalesce(item_field(_issue.judgement, "remedy"), EMPTY),
    },
}


@cache
def _inputs(source: MetricSource, keys: tuple[str, ...]) -> Select[Any]:
    """Return the statement of what figures are computed from, one by one, for one cell of these keys."""
    statements = {
        MetricSource.RATINGS: _RATING_ROWS.limit(_LIMIT),
        MetricSource.CLOSINGS: _ASK_ROWS.limit(_LIMIT),
        MetricSource.ISSUES: _ISSUE_ROWS,
        MetricSource.IMPORTANCE: WEIGHED_ROWS.limit(_LIMIT),
    }
    given = (_COLUMNS[source][key] == bindparam(f"of_{key}", type_=Text()) for key in keys)
    return statements[source].where(*given)


async def read_inputs(
    store: Store, ends: tuple[datetime, datetime], source: MetricSource, cut: Mapping[str, str], limit: int
) -> list[FigureInput]:
    """Read the first of what a figure of a period between these ends is computed from, in their order in time."""
    if source is MetricSource.ENTERED:
        return []
    if source is MetricSource.VISITS:
        return await _visit_inputs(store, ends, cut, limit)
    make = _READERS[source]
    given = {"since": ends[0], "until": ends[1], "limit": limit, **{f"of_{key}": value for key, value in cut.items()}}
    async with store.reading() as session:
        weighed = {"surveys": await asking_surveys(session)} if source is MetricSource.IMPORTANCE else {}
        rows = await session.fetch(_inputs(source, tuple(cut)), **given, **weighed)
    return [FigureInput(row[0], row[1], row[2], make(row[3:])) for row in rows]


async def _visit_inputs(
    store: Store, ends: tuple[datetime, datetime], cut: Mapping[str, str], limit: int
) -> list[FigureInput]:
    async with store.reading() as session:
        visits = await read_visits(session, *ends)
    ours = (one for one in visits if all(one.fact.keys[key] == value for key, value in cut.items()))
    return [FigureInput(one.source, one.ticket, "", one.fact) for one in islice(ours, limit)]


async def read_facts(
    store: Store,
    ends: tuple[datetime, datetime],
    sources: Collection[MetricSource],
    often: AskedOften,
    *,
    follows: bool = True,
) -> PeriodFacts:
    """Read what happened between these ends, of which the last is excluded; merged issues count with the other one.

    Of ratings and closings always, since those say whether a figure may still change. `follows`: what came after each
    visit is wanted, too.
    """
    since, until = ends
    given = {"since": since, "until": until}
    async with store.reading() as session:
        weighed = await read_weighed(session, since, until) if MetricSource.IMPORTANCE in sources else []
        ratings = await read_ratings(session, since, until, None if weighed else often)
        asks = await session.fetch(_ASKS, **given)
        unrecorded = await session.fetch(_UNRECORDED, **given)
        issues = await session.fetch(_ISSUES, **given) if MetricSource.ISSUES in sources else []
        is_visited = MetricSource.VISITS in sources
        visits = await read_visits(session, since, until, follows=follows) if is_visited else []
        sampled = await session.fetch(_SAMPLED, **given)
        agents = await session.fetch(_AGENTS, **given)
        entries = await read_entries(session, since, until)
    facts = Facts(
        ratings.counts,
        (*map(_ask, asks), *map(_missing, unrecorded)),
        tuple(map(_issue_fact, issues)),
        tuple(each.fact for each in visits),
        tuple(_entered(each) for each in entries if each.kind is EnteredKind.FIGURE),
        tuple(_weighed_count(row) for row in weighed),
        tuple(SampledRule(rule, closings, int(drawn)) for rule, closings, drawn in sampled),
        ratings.repeated,
    )
    return PeriodFacts(facts, dict(agents), entries)


async def read_entries(session: Session, since: datetime, until: datetime) -> tuple[EnteredFigure, ...]:
    """Return what was entered for exactly this period, and the benchmarks that are known by its end."""
    return tuple(await session.records(EnteredFigure, _ENTERED, since=since, until=until))


def _entered(one: EnteredFigure) -> EnteredFact:
    below = Fraction(one.denominator) if one.denominator else None
    return EnteredFact(one.metric, dict(one.cut), Fraction(one.numerator), below)


Row = tuple[Any, ...]
_NUMBER = len(_KEY_NAMES)


def _named(row: Row, **more: str) -> dict[str, str]:
    return {**dict(zip(_KEY_NAMES, row, strict=False)), **more}


def _weighed_count(row: Row) -> RatingCount:
    *rating, importance, n = row
    return replace(rating_count((*rating, n)), importance=importance)


def _ask(row: Row) -> AskCount:
    channel, survey, status, reason, closing, n, sent, started = row[_NUMBER:]
    keys = _named(row, channel=channel, survey=survey)
    return AskCount(keys, status, n, reason, int(sent), int(started), is_closing=bool(closing))


def _missing(row: Row) -> AskCount:
    return AskCount(_named(row, channel="", survey=""), "", row[_NUMBER])


def _issue_fact(row: Row) -> IssueFact:
    team, agent, category, kind, judged, low, opened, claimed, resolved, done, told, confirmed, resolution = row
    return IssueFact(
        {
            "team": team,
            "agent": agent,
            "category": category,
            "kind": kind,
            "verdict": judged.verdict or "",
            "complaint_category": judged.category or "",
            "remedy": judged.remedy or "",
        },
        kind,
        bool(low),
        seconds_between(opened, claimed),
        seconds_between(opened, resolved),
        bool(done),
        bool(told),
        bool(confirmed),
        resolution,
    )


_READERS: Mapping[MetricSource, Callable[[Row], RatingCount | AskCount | IssueFact]] = {
    MetricSource.RATINGS: rating_count,
    MetricSource.IMPORTANCE: _weighed_count,
    MetricSource.CLOSINGS: _ask,
    MetricSource.ISSUES: _issue_fact,
}
