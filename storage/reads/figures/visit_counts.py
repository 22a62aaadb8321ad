"""Counts the closings of a period by the keys and the fields that figures need, all of it in the database.

Nothing is read that no metric looks at, and what went alike is one row: a month of many takes no more memory than its
lengths of time, of which there is a middle.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, func, literal_column, null, or_, select, type_coerce

from scoring.metrics.cases import VISIT_FIELDS
from scoring.metrics.catalogue import FactNeeds, MetricSource
from scoring.metrics.facts import AskCount, VisitCount
from scoring.metrics.repeats import repairs_again
from scoring.values import Value
from storage.connection.session import Session
from storage.dialects import among, every_number, item_field, item_is, microseconds_of
from storage.reads.figures.ask_counts import read_asks
from storage.reads.figures.followed_visits import (
    CLOSED_THEN,
    COMES_AGAIN,
    IS_ASKED_AGAIN,
    IS_SURELY_KNOWN,
    IS_TOLD,
    ITS_TICKET,
    WITH_CUSTOMER,
    read_known,
    read_served,
)
from storage.reads.figures.visit_facts import HAS_COMPLAINT, TICKET_KEYS, VISIT_KEYS, VISIT_TIMES
from storage.schema import tables as t
from storage.schema.literals import EMPTY, ONE, ZERO, text_literal

__all__ = ["KnownFields", "ToldOfPeriod", "read_told", "read_visit_counts"]

_closing, _details = t.closings.c, t.tickets.c.details
_KEY = (_closing.source, _closing.ticket, _closing.number)
Expression = ColumnElement[Any]
_Key = tuple[str, str, int]
_UNSURE = 2
"""How what was served is told by letters that no database knows, if it is."""


def _flag(condition: ColumnElement[bool]) -> Expression:
    return case((condition, ONE), else_=ZERO)


def _said(item: str) -> Expression:
    """Return a word of the ticket's details, empty where it tells none."""
    return type_coerce(func.coalesce(item_field(_details, item), EMPTY), Text)


def _was(item: str) -> Expression:
    """Return whether something was done, of which a moment says it, too; NULL where nobody said."""
    return case((item_field(_details, item).is_(None), null()), (item_is(_details, item, value=False), ZERO), else_=ONE)


_warranty = case(
    (item_is(_details, "warranty", value=True), text_literal("yes")),
    (item_is(_details, "warranty", value=False), text_literal("no")),
    else_=_said("warranty"),
)
_KEYS: Mapping[str, Expression] = {
    **VISIT_KEYS,
    **{name: _said(name) for name in TICKET_KEYS},
    "warranty": _warranty,
}
"""By which closings are counted."""
_at = {name: microseconds_of(_closing[name]) for name in (*VISIT_TIMES, "closed_at")}
_done = func.coalesce(_at["solved_at"], _at["closed_at"])
_ENDS_OF_LENGTHS: Mapping[str, tuple[Expression, Expression]] = {
    "replied_after": (_at["opened_at"], _at["first_replied_at"]),
    "onsite_after": (_at["requested_at"], _at["onsite_at"]),
    "done_after": (_at["opened_at"], _done),
    "started_after": (_at["requested_at"], func.coalesce(_at["assigned_at"], _at["onsite_at"])),
}
_LENGTHS = {name: case((end >= begin, end - begin)) for name, (begin, end) in _ENDS_OF_LENGTHS.items()}
"""Each length of time in microseconds; NULL where one of its ends is not known, or they are in the wrong order."""
_OTHERS: Mapping[str, Expression] = {
    "on_time": case((_closing.appointment_at.is_(None), null()), (_done <= _at["appointment_at"], ONE), else_=ZERO),
    "comes_again": COMES_AGAIN,
    "is_problem_known": _flag(_closing.category != EMPTY),
    "has_complaint": HAS_COMPLAINT,
    "is_thing_known": case(
        (or_(IS_SURELY_KNOWN, among("known", *_KEY)), ONE), (IS_TOLD, literal_column(f"{_UNSURE}")), else_=ZERO
    ),
    "repaired_again": _flag(among("repaired", *_KEY)),
    "asked_again": _flag(IS_ASKED_AGAIN),
    "solved_first_time": case(
        (item_is(_details, "solved_first_time", value=True), ONE),
        (item_is(_details, "solved_first_time", value=False), ZERO),
    ),
    "is_warranty": _flag(item_is(_details, "warranty", value=True)),
    "is_resent": _flag(item_is(_details, "resent", value=True)),
    "is_signed": _was("customer_signed"),
    "is_reviewed": _was("report_reviewed"),
    "has_false_contact": _flag(_said("contact_problem") != EMPTY),
}
"""All other fields of `VisitCount`, each true, false, or not known."""
_TRUTH = {None: None, 0: False, 1: True, _UNSURE: False}
_SAID = ("station", "area", "product", "category", "service_type", "source_channel")
_SAID_BY_TICKET = ("cause", "measure", "outcome")
_WORDS = {
    **{name: _closing[name] for name in _SAID},
    **{name: _said(name) for name in _SAID_BY_TICKET},
}
_KNOWN = (
    select(
        _closing.service_type,
        func.count(),
        *(func.count(_closing[name]) for name in VISIT_TIMES),
        *(func.sum(_flag(word != EMPTY)) for word in _WORDS.values()),
    )
    .select_from(t.closings.outerjoin(t.tickets, ITS_TICKET))
    .where(*CLOSED_THEN)
    .group_by(_closing.service_type)
)
_STATIONS = select(_closing.station).where(*CLOSED_THEN, _closing.station != EMPTY).distinct()


class KnownFields(Value):
    """How many closings there are, of how many of them each moment and each word is known, and of which service."""

    closings: int
    known: Mapping[str, int]
    service_types: Mapping[str, int]


class ToldOfPeriod(Value):
    """How closings were asked about, what of them is known, and which stations had any."""

    asks: tuple[AskCount, ...]
    known: KnownFields
    stations: tuple[str, ...]


async def read_visit_counts(
    session: Session, since: datetime, until: datetime, needs: FactNeeds
) -> tuple[VisitCount, ...]:
    """Count the closings from `since` to `until`, which is excluded, by what these metrics need of them."""
    wanted = {field for metric in needs.metrics for field in VISIT_FIELDS.get(metric.id, ())}
    keys = needs.keys(MetricSource.VISITS)
    keys = (*keys, *(key for key in TICKET_KEYS if key in wanted and key not in keys))
    lengths = tuple(name for name in _LENGTHS if name in wanted)
    others = tuple(name for name in _OTHERS if name in wanted)
    given: dict[str, Any] = {}
    if "is_thing_known" in wanted:
        given["known"] = set[_Key]()
    if "repaired_again" in wanted:
        repairs = repairs_again()
        served = await read_served(session, since, until)
        given["repaired"] = {earlier.key for one in served for earlier in repairs.next(one)}
    statement = _statement(keys, others, lengths)
    rows = await session.fetch(statement, since=since, until=until, **given)
    if _is_any_unsure(rows, (*keys, *others)):
        given["known"] = await read_known(session, since, until)
        rows = await session.fetch(statement, since=since, until=until, **given)
    return tuple(_count(row, keys, others, lengths) for row in rows if row[0])


def _is_any_unsure(rows: Iterable[tuple[Any, ...]], names: Sequence[str]) -> bool:
    """Return whether what was served is told by words of which the database does not know whether they say anything."""
    if "is_thing_known" not in names:
        return False
    place = names.index("is_thing_known") + 1
    return any(row[place] == _UNSURE for row in rows)


@cache
def _statement(keys: tuple[str, ...], others: tuple[str, ...], lengths: tuple[str, ...]) -> Select[Any]:
    """Return the statement that counts closings: their number, keys, other fields, and lengths with commas."""
    every = {**_KEYS, **_OTHERS, **_LENGTHS}
    joined = WITH_CUSTOMER if "is_thing_known" in others else t.closings.outerjoin(t.tickets, ITS_TICKET)
    columns = [every[name].label(name) for name in (*keys, *others, *lengths)]
    each = select(ONE.label("one"), *columns).select_from(joined).where(*CLOSED_THEN).subquery("counted")
    alike = [each.c[name] for name in (*keys, *others)]
    joins = (every_number(each.c[name]) for name in lengths)
    return select(func.count(), *alike, *joins).select_from(each).group_by(*alike)


def _count(
    row: tuple[Any, ...], keys: tuple[str, ...], others: tuple[str, ...], lengths: tuple[str, ...]
) -> VisitCount:
    n, *told = row
    told_of = dict(zip((*keys, *others, *lengths), told, strict=True))
    known: dict[str, Any] = {name: _TRUTH[told_of[name]] for name in others}
    known |= {name: array("q", map(int, filter(None, (told_of[name] or "").split(",")))) for name in lengths}
    return VisitCount({key: told_of[key] for key in keys}, n, **known)


async def read_told(session: Session, since: datetime, until: datetime) -> ToldOfPeriod:
    """Read of a period how its closings were asked about, and what they and their tickets tell as they stand."""
    asks, known = await read_asks(session, since, until, ()), await _count_known(session, since, until)
    stations = await session.fetch(_STATIONS, since=since, until=until)
    return ToldOfPeriod(asks.counts, known, tuple(sorted(station for (station,) in stations)))


async def _count_known(session: Session, since: datetime, until: datetime) -> KnownFields:
    rows = await session.fetch(_KNOWN, since=since, until=until)
    names, services = (*VISIT_TIMES, *_WORDS), {service: n for service, n, *_ in rows}
    known = {name: sum(row[place] for row in rows) for place, name in enumerate(names, 2)}
    return KnownFields(sum(services.values()), known, services)
