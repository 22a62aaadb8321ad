"""Counts the closings of a period by the keys and the fields that figures need, a day at a time.

Nothing is read that no metric looks at, and what went alike is one count: a month of many takes no more memory than a
day of it does, and the lengths of time of which there is a middle.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Select, case, func, select, type_coerce

from scoring.metrics.cases import VISIT_FIELDS
from scoring.metrics.catalogue import FactNeeds, MetricSource
from scoring.metrics.facts import VisitCount
from scoring.metrics.repeats import REPAIRED_AGAIN_WITHIN, contacts_again, repairs_again
from scoring.values import Value, field
from storage.connection.session import Session
from storage.dialects import item_field
from storage.reads.figures.visit_facts import (
    CLOSED_THEN,
    HAS_COMPLAINT,
    IN_ORDER,
    ITS_TICKET,
    OF_TICKET,
    SERVED,
    TICKET_KEYS,
    VISIT_KEYS,
    VISIT_TIMES,
    keys_of_ticket,
    served_of,
)
from storage.schema import tables as t
from storage.schema.column_types import NestedJson
from storage.schema.literals import EMPTY, ONE

__all__ = ["KnownFields", "count_known", "read_stations", "read_visit_counts"]

_closing = t.closings.c
_DAY, _MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
_Key = tuple[str, str, int]
_Told = Mapping[str, Any]
"""The columns of a closing that were read, by name."""


class _VisitDetails(Value):
    """What of a ticket's details figures are counted by: reading all of it takes twice as long."""

    warranty: bool | str | None = None
    cause: str | None = None
    measure: str | None = None
    rework: str | None = None
    outcome: str | None = None
    resent: bool | None = None
    solved_first_time: bool | None = None
    customer_signed: bool | datetime | None = None
    report_reviewed: bool | datetime | None = None
    contact_problem: str | None = None


_KEY = ("source", "ticket", "number")
_COLUMNS: Mapping[str, Any] = {
    **{name: _closing[name] for name in (*_KEY, *VISIT_TIMES, "customer", "closed_at", "category")},
    "details": type_coerce(t.tickets.c.details, NestedJson(_VisitDetails)),
    "has_complaint": HAS_COMPLAINT,
}
_NO_DETAILS = _VisitDetails()
_LENGTHS: Mapping[str, tuple[str, ...]] = {
    "replied_after": ("opened_at", "first_replied_at"),
    "onsite_after": ("requested_at", "onsite_at"),
    "done_after": ("opened_at", "solved_at", "closed_at"),
    "started_after": ("requested_at", "assigned_at", "onsite_at"),
}
"""Of each length of time the moment from which it counts, and those of which the first that is known ends it."""
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "on_time": ("appointment_at", "solved_at", "closed_at"),
    "comes_again": ("customer",),
    "is_problem_known": ("category",),
    "has_complaint": ("has_complaint",),
    **dict.fromkeys(("is_thing_known", "repaired_again", "asked_again"), _KEY),
    **dict.fromkeys(OF_TICKET, ("details",)),
}
"""The columns from which all other fields come."""
_FOLLOWED = frozenset({"is_thing_known", "repaired_again", "asked_again"})
_RETURNING = select(_closing.customer).where(*CLOSED_THEN).group_by(_closing.customer).having(func.count() > ONE)
_SAID = ("station", "area", "product", "category", "service_type", "source_channel")
_SAID_BY_TICKET = ("cause", "measure", "outcome")
_WORDS = {
    **{name: _closing[name] for name in _SAID},
    **{name: func.coalesce(item_field(t.tickets.c.details, name), EMPTY) for name in _SAID_BY_TICKET},
}
_KNOWN = (
    select(
        _closing.service_type,
        func.count(),
        *(func.count(_closing[name]) for name in VISIT_TIMES),
        *(func.sum(case((word != EMPTY, ONE), else_=0)) for word in _WORDS.values()),
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


class _Followed(Value):
    """Of the closings of a period those whose thing is known, and those after which something came."""

    is_thing_known: set[_Key] = field(default_factory=set)
    repaired_again: set[_Key] = field(default_factory=set)
    asked_again: set[_Key] = field(default_factory=set)


async def read_visit_counts(
    session: Session, since: datetime, until: datetime, needs: FactNeeds
) -> tuple[VisitCount, ...]:
    """Count the closings from `since` to `until`, which is excluded, by what these metrics need of them."""
    wanted = {field for metric in needs.metrics for field in VISIT_FIELDS.get(metric.id, ())}
    keys = needs.keys(MetricSource.VISITS)
    keys = (*keys, *(key for key in TICKET_KEYS if key in wanted and key not in keys))
    fields = tuple(sorted(wanted.difference(TICKET_KEYS)))
    statement, names = _statement(keys, fields)
    followed = _Followed() if _FOLLOWED.isdisjoint(wanted) else await _read_followed(session, since, until)
    returning = await session.fetch(_RETURNING, since=since, until=until) if "comes_again" in wanted else []
    counts = _Counts(keys, fields, followed, {customer for (customer,) in returning})
    for first, after in _days(since, until):
        for row in await session.fetch(statement, since=first, until=after):
            counts.add(dict(zip(names, row, strict=True)))
    return counts.told()


async def count_known(session: Session, since: datetime, until: datetime) -> KnownFields:
    """Count of how many closings of a period each field is known, as they and their tickets stand."""
    rows = await session.fetch(_KNOWN, since=since, until=until)
    names, services = (*VISIT_TIMES, *_WORDS), {service: n for service, n, *_ in rows}
    known = {name: sum(row[place] for row in rows) for place, name in enumerate(names, 2)}
    return KnownFields(sum(services.values()), known, services)


async def read_stations(session: Session, since: datetime, until: datetime) -> set[str]:
    """Return the stations that closed a ticket in a period."""
    return {station for (station,) in await session.fetch(_STATIONS, since=since, until=until)}


def _days(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    while since < until:
        yield since, min(since + _DAY, until)
        since += _DAY


@cache
def _statement(keys: tuple[str, ...], fields: tuple[str, ...]) -> tuple[Select[Any], tuple[str, ...]]:
    """Return the statement that reads closings, and the names of its columns."""
    sources = {name for one in fields for name in (*_LENGTHS.get(one, ()), *_OTHERS.get(one, ()))}
    sources |= {"details"} if not set(TICKET_KEYS).isdisjoint(keys) else {"closed_at"}
    columns = {key: VISIT_KEYS[key] for key in keys if key in VISIT_KEYS}
    columns |= {name: _COLUMNS[name] for name in sorted(sources)}
    joined = t.closings.outerjoin(t.tickets, ITS_TICKET) if "details" in sources else t.closings
    statement = select(*columns.values()).select_from(joined).where(*CLOSED_THEN).order_by(*IN_ORDER)
    return statement, tuple(columns)


class _Counts:
    """Counts of closings that come in their order in time."""

    def __init__(
        self, keys: Sequence[str], fields: Sequence[str], followed: _Followed, returning: Collection[str]
    ) -> None:
        self._keys, self._returning, self._met = keys, returning, set[str]()
        self._lengths = {one: _LENGTHS[one] for one in fields if one in _LENGTHS}
        known: dict[str, Callable[[_Told], Any]] = {
            "on_time": _on_time,
            "comes_again": self._comes_again,
            "is_problem_known": lambda told: bool(told["category"]),
            "has_complaint": lambda told: bool(told["has_complaint"]),
            **{name: _is_among(keys_) for name, keys_ in asdict(followed).items()},
            **{name: _by_ticket(read) for name, read in OF_TICKET.items()},
        }
        self._others = {one: known[one] for one in fields if one not in _LENGTHS}
        self._numbers: Counter[tuple[Any, ...]] = Counter()
        self._known: dict[tuple[Any, ...], dict[str, array[int]]] = {}

    def add(self, told: _Told) -> None:
        """Count one more."""
        by_ticket = keys_of_ticket(told["details"] or _NO_DETAILS) if "details" in told else {}
        keys = (by_ticket[key] if key in by_ticket else told[key] for key in self._keys)
        alike = (*keys, *(read(told) for read in self._others.values()))
        self._numbers[alike] += 1
        if self._lengths:
            if (lengths := self._known.get(alike)) is None:
                lengths = self._known[alike] = {name: array("q") for name in self._lengths}
            for name, (begin, *ends) in self._lengths.items():
                start, end = told[begin], next((told[one] for one in ends if told[one] is not None), None)
                if start is not None and end is not None and end >= start:
                    lengths[name].append((end - start) // _MICROSECOND)

    def told(self) -> tuple[VisitCount, ...]:
        """Return the counts."""
        found = list[VisitCount]()
        for alike, n in self._numbers.items():
            told: dict[str, Any] = dict(zip(self._others, alike[len(self._keys) :], strict=True))
            told |= self._known.get(alike, {})
            found.append(VisitCount(dict(zip(self._keys, alike, strict=False)), n, **told))
        return tuple(found)

    def _comes_again(self, told: _Told) -> bool | None:
        """Return whether this is the first of several closings of its customer, None where it is a later one."""
        if (customer := told["customer"]) in self._met:
            return None
        self._met.add(customer)
        return customer in self._returning


def _on_time(told: _Told) -> bool | None:
    agreed = told["appointment_at"]
    return None if agreed is None else (told["solved_at"] or told["closed_at"]) <= agreed


def _is_among(keys: Collection[_Key]) -> Callable[[_Told], bool]:
    return lambda told: (told["source"], told["ticket"], told["number"]) in keys


def _by_ticket(read: Callable[[Any], Any]) -> Callable[[_Told], Any]:
    return lambda told: read(told["details"] or _NO_DETAILS)


async def _read_followed(session: Session, since: datetime, until: datetime) -> _Followed:
    """Read the closings of a period and of the time around it, and find what came after those of the period."""
    found, repairs, contacts = _Followed(), repairs_again(), contacts_again()
    for first, after in _days(since - REPAIRED_AGAIN_WITHIN, until + REPAIRED_AGAIN_WITHIN):
        for one in map(served_of, await session.fetch(SERVED, since=first, until=after)):
            if one.thing and since <= one.closed_at < until:
                found.is_thing_known.add(one.key)
            found.repaired_again.update(earlier.key for earlier in repairs.next(one))
            found.asked_again.update(earlier.key for earlier in contacts.next(one))
        repairs.forget_before(after)
        contacts.forget_before(after)
    return found
