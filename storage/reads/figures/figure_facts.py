"""Reads what the figures of a period are computed from, counted by the database."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cache, partial
from itertools import islice
from typing import Any

from sqlalchemy import Integer, Select, Text, and_, bindparam, case, func, literal_column, or_, select, type_coerce

from dialogs.interview.model import FINAL
from dialogs.issue.model import IssueState
from scoring.metrics.catalogue import GIVEN_SOURCES, FactNeeds, MetricSource
from scoring.metrics.facts import AskCount, EnteredFact, Facts, IssueFact, RatingCount, VisitFact
from scoring.rules import AlertKind
from scoring.values import Value, replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.dialects import any_item_is, item_field
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.reads.figures.ask_counts import ASK_COLUMNS, ASK_KEYS, ONE_ASK, ask_count, asks_of_period, read_asks
from storage.reads.figures.rating_counts import AskedOften, PeriodRatings, rating_count, read_ratings
from storage.reads.figures.visit_counts import ToldOfPeriod, read_visit_counts
from storage.reads.figures.visit_facts import Visit, read_visits, seconds_between
from storage.reads.figures.weighed_ratings import WEIGHED_ROWS, asking_surveys, read_weighed
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from storage.schema.literals import EMPTY, is_one_of, text_literal
from storage.schema.rating_joins import CUT_KEYS, IS_GIVEN, RATED_ROWS, RATING_KEYS, agent_of
from storage.unit_of_work.selects import all_of

__all__ = [
    "FigureInput",
    "PeriodFacts",
    "read_agents",
    "read_entries",
    "read_facts",
    "read_inputs",
    "read_needed",
]


class PeriodFacts(Value):
    """What a period holds; `agents` are the names of those who are known by an id."""

    facts: Facts
    agents: dict[str, str]
    entries: tuple[EnteredFigure, ...] = ()
    """What was entered for the period, and the benchmarks that are known by its end."""
    repeated: tuple[Visit, ...] = ()
    """Closings that did not hold, and such as repaired something again, where those were asked for."""
    told: ToldOfPeriod | None = None
    """What it has told of, where that was asked for."""


_SINCE, _UNTIL = bindparam("since", type_=Instant()), bindparam("until", type_=Instant())
_invitation, _interview, _issue, _ticket = t.invitations.c, t.interviews.c, t.issues.c, t.tickets.c
_closing, _rating = t.closings.c, t.ratings.c
_begin, _end = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_asked_then = and_(_invitation.closed_at >= _begin, _invitation.closed_at < _end)
_closed_then = and_(_closing.closed_at >= _begin, _closing.closed_at < _end)
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
_ASK_ROWS = asks_of_period(
    *_source_and_ticket,
    func.coalesce(_interview.id, EMPTY),
    *ASK_KEYS.values(),
    *ASK_COLUMNS,
    literal_column("1"),
    *ONE_ASK,
    with_closing=True,
).order_by(_invitation.closed_at, _invitation.id)
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


_OF_RATINGS = {
    **CUT_KEYS,
    "survey": RATING_KEYS["survey"],
    "channel": RATING_KEYS["channel"],
    "question": RATING_KEYS["item"],
    "dimension": RATING_KEYS["dimension"],
}
_COLUMNS: Mapping[MetricSource, Mapping[str, Any]] = {
    MetricSource.RATINGS: _OF_RATINGS,
    MetricSource.IMPORTANCE: _OF_RATINGS,
    MetricSource.CLOSINGS: ASK_KEYS,
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
) -> PeriodFacts:
    """Read what happened between these ends, of which the last is excluded; merged issues count with the other one.

    Of ratings and closings always, since those say whether a figure may still change.
    """
    since, until = ends
    async with store.reading() as session:
        weighed, ratings = await _given(session, ends, often, weighs=MetricSource.IMPORTANCE in sources)
        asks = await read_asks(session, since, until, tuple(ASK_KEYS))
        issues = await _issues(session, ends) if MetricSource.ISSUES in sources else ()
        visits = await read_visits(session, since, until) if MetricSource.VISITS in sources else []
        agents = await session.fetch(_AGENTS, since=since, until=until)
        entries = await read_entries(session, since, until)
    facts = Facts(
        ratings.counts,
        asks.counts,
        issues,
        tuple(each.fact for each in visits),
        _entered(entries),
        weighed,
        asks.sampled,
        ratings.repeated,
    )
    return PeriodFacts(facts, dict(agents), entries)


async def read_needed(
    store: Store, ends: tuple[datetime, datetime], needs: FactNeeds, often: AskedOften
) -> PeriodFacts:
    """Read of the same what figures of these metrics by these keys need: all else is left out, and visits are counted.

    Names of agents are read where any figure is cut by them.
    """
    since, until = ends
    sources = needs.sources
    async with store.reading() as session:
        weighs, nothing = MetricSource.IMPORTANCE in sources, ((), PeriodRatings(()))
        is_given = not sources.isdisjoint(GIVEN_SOURCES)
        weighed, ratings = await _given(session, ends, often, weighs=weighs) if is_given else nothing
        asks = await read_asks(session, since, until, needs.keys(MetricSource.CLOSINGS))
        issues = await _issues(session, ends) if MetricSource.ISSUES in sources else ()
        counted = await read_visit_counts(session, since, until, needs) if MetricSource.VISITS in sources else ()
        agents = await session.fetch(_AGENTS, since=since, until=until) if "agent" in needs.every_key else []
        entries = await read_entries(session, since, until)
    facts = Facts(
        ratings.counts,
        asks.counts,
        issues,
        entered=_entered(entries),
        weighed=weighed,
        sampled=asks.sampled,
        repeated=ratings.repeated,
        counted=counted,
    )
    return PeriodFacts(facts, dict(agents), entries)


async def read_agents(store: Store, since: datetime, until: datetime) -> dict[str, str]:
    """Return the names of the agents who closed tickets in a period, of those who are known by an id."""
    async with store.reading() as session:
        return dict(await session.fetch(_AGENTS, since=since, until=until))


async def _given(
    session: Session, ends: tuple[datetime, datetime], often: AskedOften, *, weighs: bool
) -> tuple[tuple[RatingCount, ...], PeriodRatings]:
    """Return the ratings of surveys that ask for importance, where that is wanted and any does, and all ratings."""
    weighed = await read_weighed(session, *ends) if weighs else []
    return tuple(map(_weighed_count, weighed)), await read_ratings(session, *ends, None if weighed else often)


async def _issues(session: Session, ends: tuple[datetime, datetime]) -> tuple[IssueFact, ...]:
    return tuple(map(_issue_fact, await session.fetch(_ISSUES, since=ends[0], until=ends[1])))


async def read_entries(session: Session, since: datetime, until: datetime) -> tuple[EnteredFigure, ...]:
    """Return what was entered for exactly this period, and the benchmarks that are known by its end."""
    return tuple(await session.records(EnteredFigure, _ENTERED, since=since, until=until))


def _entered(entries: Iterable[EnteredFigure]) -> tuple[EnteredFact, ...]:
    """Return the figures of what was entered, which holds benchmarks and remarks besides."""
    told = (one for one in entries if one.kind is EnteredKind.FIGURE)
    return tuple(
        EnteredFact(
            one.metric,
            dict(one.cut),
            Fraction(one.numerator),
            Fraction(one.denominator) if one.denominator else None,
        )
        for one in told
    )


Row = tuple[Any, ...]


def _weighed_count(row: Row) -> RatingCount:
    *rating, importance, n = row
    return replace(rating_count((*rating, n)), importance=importance)


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
    MetricSource.CLOSINGS: partial(ask_count, tuple(ASK_KEYS)),
    MetricSource.ISSUES: _issue_fact,
}
