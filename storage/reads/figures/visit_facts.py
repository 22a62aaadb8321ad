"""Reads the closings of a period as visits: their times, what they were about, and what came after them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, bindparam, case, select

from dialogs.issue.model import IssueKind
from scoring.metrics.catalogue import SUBJECT_KEYS
from scoring.metrics.facts import VisitFact
from scoring.metrics.repeats import REPAIRED_AGAIN_WITHIN, Sequel, Served, sequels, thing_of
from scoring.values import Value
from storage.connection.session import Session
from storage.model.service_details import ServiceDetails
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import is_one_of
from storage.schema.rating_joins import agent_of

__all__ = ["Visit", "read_visits", "seconds_between", "warranty_key"]

_SINCE, _UNTIL = bindparam("since", type_=CompactInstant()), bindparam("until", type_=CompactInstant())
_closing = t.closings.c
_KEYS = (*SUBJECT_KEYS, "contract")
_TIMES = ("requested_at", "opened_at", "first_replied_at", "assigned_at", "appointment_at", "onsite_at", "solved_at")
_OF_DETAILS = ("cause", "measure", "rework", "outcome")
_WARRANTY: Mapping[bool | str | None, str] = {None: "", True: "yes", False: "no"}
"""How the key `warranty` tells what is no text; a help desk's own words tell themselves."""


def warranty_key(details: ServiceDetails) -> str:
    """Return what a visit is cut by: whether there is a warranty, or the help desk's own words."""
    return _WARRANTY.get(details.warranty, str(details.warranty))


_complaint = (
    select(t.issue_tickets.c.issue)
    .join(t.issues, t.issues.c.id == t.issue_tickets.c.issue)
    .where(
        t.issue_tickets.c.source == _closing.source,
        t.issue_tickets.c.ticket == _closing.ticket,
        is_one_of(t.issues.c.kind, IssueKind.COMPLAINT),
    )
    .correlate(t.closings)
)
_its_ticket = and_(t.tickets.c.source == _closing.source, t.tickets.c.id == _closing.ticket)
_SERVED = (
    select(
        _closing.source,
        _closing.ticket,
        _closing.number,
        _closing.customer,
        _closing.closed_at,
        t.customers.c.postal_address,
        t.tickets.c.details,
        case((_complaint.exists(), 1), else_=0),
        *(_closing[name] for name in _TIMES),
        *(agent_of(_closing) if name == "agent" else _closing[name] for name in _KEYS),
    )
    .select_from(t.closings)
    .outerjoin(t.tickets, _its_ticket)
    .outerjoin(t.customers, t.customers.c.id == _closing.customer)
    .where(_closing.closed_at >= _SINCE, _closing.closed_at < _UNTIL)
    .order_by(_closing.closed_at, _closing.source, _closing.ticket, _closing.number)
)


class Visit(Value):
    """One closing as figures see it."""

    source: str
    ticket: str
    fact: VisitFact


class _Row(Value):
    """A closing as it was read; `details` are those of its ticket now, `keys` what it can be cut by."""

    key: tuple[str, str, int]
    customer: str
    closed_at: datetime
    address: str
    details: ServiceDetails
    has_complaint: bool
    at: Mapping[str, datetime | None]
    keys: Mapping[str, str]


async def read_visits(session: Session, since: datetime, until: datetime) -> list[Visit]:
    """Read the closings from `since` to `until`, which is excluded, in their order in time.

    Earlier and later ones are read too, as far as a repair has to hold, to see what came after each, what it repeats.
    Device, fault, cause and measure are those of the ticket as it stands: they tell of the thing, not of who served.
    """
    wider = {"since": since - REPAIRED_AGAIN_WITHIN, "until": until + REPAIRED_AGAIN_WITHIN}
    rows = [_row(each) for each in await session.fetch(_SERVED, **wider)]
    found = sequels(_served(each) for each in rows)
    ours = [each for each in rows if since <= each.closed_at < until]
    visits, met = Counter(each.customer for each in ours), set[str]()
    told: list[Visit] = []
    for each in ours:
        comes_again = None if each.customer in met else visits[each.customer] > 1
        met.add(each.customer)
        told.append(Visit(each.key[0], each.key[1], _fact(each, found[each.key], comes_again=comes_again)))
    return told


def _row(row: tuple[Any, ...]) -> _Row:
    source, ticket, number, customer, closed_at, address, details, complaint, *rest = row
    at, keys = dict(zip(_TIMES, rest, strict=False)), dict(zip(_KEYS, rest[len(_TIMES) :], strict=True))
    known = details if details is not None else ServiceDetails()
    return _Row((source, ticket, number), customer, closed_at, address or "", known, bool(complaint), at, keys)


def _served(row: _Row) -> Served:
    details = row.details
    thing = thing_of(row.customer, details.device or "", row.keys["contract"], row.address)
    began = row.at["requested_at"] or row.at["opened_at"] or row.closed_at
    return Served(row.key, row.closed_at, began, row.customer, thing, details.fault or "", row.keys["category"])


def _fact(row: _Row, sequel: Sequel, *, comes_again: bool | None) -> VisitFact:
    at, details, done = row.at, row.details, row.at["solved_at"] or row.closed_at
    requested, agreed = at["requested_at"], at["appointment_at"]
    own = {name: getattr(details, name) or "" for name in _OF_DETAILS}
    return VisitFact(
        {**row.keys, "warranty": warranty_key(details), **own},
        seconds_between(at["opened_at"], at["first_replied_at"]),
        seconds_between(requested, at["onsite_at"]),
        seconds_between(at["opened_at"], done),
        None if agreed is None else done <= agreed,
        started_after=seconds_between(requested, at["assigned_at"] or at["onsite_at"]),
        comes_again=comes_again,
        solved_first_time=details.solved_first_time,
        is_thing_known=bool(_served(row).thing),
        repaired_again=_named(sequel.repaired),
        is_problem_known=bool(row.keys["category"]),
        asked_again=_named(sequel.asked),
        first=details.rework_of or _named(sequel.first),
        is_warranty=details.warranty is True,
        is_resent=details.resent is True,
        is_signed=None if details.customer_signed is None else details.customer_signed is not False,
        is_reviewed=None if details.report_reviewed is None else details.report_reviewed is not False,
        has_false_contact=bool(details.contact_problem),
        has_complaint=row.has_complaint,
        at={name.removesuffix("_at"): known for name, known in at.items() if known is not None}
        | {"closed": row.closed_at, "done": done},
    )


def _named(one: Served | None) -> str:
    return "" if one is None else "/".join(one.key[:2])


def seconds_between(since: datetime | None, until: datetime | None) -> Fraction | None:
    """Return the seconds between two moments, None where one is not known or they are in the wrong order."""
    if since is None or until is None or until < since:
        return None
    passed = until - since
    return passed.days * 86400 + passed.seconds + Fraction(passed.microseconds, 1_000_000)
