"""Reads the closings of a period as visits: their times, what they were about, and what came after them."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy import case, func, or_, select

from dialogs.issue.model import IssueKind
from scoring.metrics.catalogue import SUBJECT_KEYS
from scoring.metrics.facts import VisitFact
from scoring.metrics.repeats import REPAIRED_AGAIN_WITHIN, Sequel, Served, sequels, thing_of
from scoring.values import Value
from storage.connection.session import Session
from storage.dialects import among, item_field
from storage.model.service_details import ServiceDetails
from storage.reads.figures.followed_visits import CLOSED_THEN, IN_ORDER, ITS_TICKET, read_served
from storage.schema import tables as t
from storage.schema.literals import EMPTY, is_one_of
from storage.schema.rating_joins import agent_of

__all__ = [
    "HAS_COMPLAINT",
    "TICKET_KEYS",
    "VISIT_KEYS",
    "VISIT_TIMES",
    "Visit",
    "read_repeated",
    "read_visits",
    "seconds_between",
    "warranty_key",
]

_closing = t.closings.c
VISIT_KEYS = {name: agent_of(_closing) if name == "agent" else _closing[name] for name in (*SUBJECT_KEYS, "contract")}
"""What a closing can be cut by that it tells itself."""
VISIT_TIMES = (
    "requested_at",
    "opened_at",
    "first_replied_at",
    "assigned_at",
    "appointment_at",
    "onsite_at",
    "solved_at",
)
_OF_DETAILS = ("cause", "measure", "rework", "outcome")
TICKET_KEYS = ("warranty", *_OF_DETAILS)
"""What it can be cut by as its ticket stands."""
_OF_TICKET: Mapping[str, Callable[[Any], Any]] = {
    "solved_first_time": lambda details: details.solved_first_time,
    "is_warranty": lambda details: details.warranty is True,
    "is_resent": lambda details: details.resent is True,
    "is_signed": lambda details: _was(details.customer_signed),
    "is_reviewed": lambda details: _was(details.report_reviewed),
    "has_false_contact": lambda details: bool(details.contact_problem),
}
"""What else of a visit its ticket tells, by the fields of `VisitFact`, from the details."""
_WARRANTY: Mapping[bool | str | None, str] = {None: "", True: "yes", False: "no"}
"""How the key `warranty` tells what is no text; a help desk's own words tell themselves."""


class _SaysWarranty(Protocol):
    @property
    def warranty(self) -> bool | str | None: ...


def warranty_key(details: _SaysWarranty) -> str:
    """Return what a visit is cut by: whether there is a warranty, or the help desk's own words."""
    return _WARRANTY.get(details.warranty, str(details.warranty))


def _keys_of_ticket(details: _SaysWarranty) -> dict[str, str]:
    """Return what a visit is cut by as its ticket stands."""
    return {"warranty": warranty_key(details), **{name: getattr(details, name) or "" for name in _OF_DETAILS}}


def _was(said: bool | datetime | None) -> bool | None:  # noqa: FBT001 (as it was said)
    """Return whether something was done, of which a moment says it, too; None where nobody said."""
    return None if said is None else said is not False


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
HAS_COMPLAINT = case((_complaint.exists(), 1), else_=0)
_VISITS = (
    select(
        _closing.source,
        _closing.ticket,
        _closing.number,
        _closing.customer,
        _closing.closed_at,
        t.tickets.c.details,
        HAS_COMPLAINT,
        t.customers.c.postal_address,
        *(_closing[name] for name in VISIT_TIMES),
        *VISIT_KEYS.values(),
    )
    .select_from(t.closings)
    .outerjoin(t.tickets, ITS_TICKET)
    .outerjoin(t.customers, t.customers.c.id == _closing.customer)
    .where(*CLOSED_THEN)
    .order_by(*IN_ORDER)
)


_REPEATED = _VISITS.where(
    or_(
        among("repeated", _closing.source, _closing.ticket, _closing.number),
        func.coalesce(item_field(t.tickets.c.details, "rework"), EMPTY) != EMPTY,
    )
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
    address: str
    closed_at: datetime
    details: ServiceDetails
    has_complaint: bool
    at: Mapping[str, datetime | None]
    keys: Mapping[str, str]


_ALONE = Sequel()


async def read_visits(session: Session, since: datetime, until: datetime) -> list[Visit]:
    """Read the closings from `since` to `until`, which is excluded, in their order in time.

    Of earlier and later ones those are read that may tell what came after each, or before.
    Device, fault, cause and measure are those of the ticket as it stands: they tell of the thing, not of who served.
    """
    known: dict[tuple[str, ...], dict[str, str]] = {}
    ours = [_row(each, known) for each in await session.fetch(_VISITS, since=since, until=until)]
    found = sequels(await read_served(session, since - REPAIRED_AGAIN_WITHIN, until))
    visits, met = Counter(each.customer for each in ours), set[str]()
    told: list[Visit] = []
    for each in ours:
        comes_again = None if each.customer in met else visits[each.customer] > 1
        met.add(each.customer)
        told.append(Visit(each.key[0], each.key[1], _fact(each, found.get(each.key, _ALONE), comes_again=comes_again)))
    return told


async def read_repeated(session: Session, since: datetime, until: datetime) -> list[Visit]:
    """Read those closings of a period that did not hold, and those by which something was repaired once more."""
    found = sequels(await read_served(session, since - REPAIRED_AGAIN_WITHIN, until))
    repeated = {key for key, one in found.items() if one.repaired is not None}
    alike: dict[tuple[str, ...], dict[str, str]] = {}
    rows = [_row(each, alike) for each in await session.fetch(_REPEATED, since=since, until=until, repeated=repeated)]
    facts = ((each.key, _fact(each, found.get(each.key, _ALONE), comes_again=None)) for each in rows)
    return [Visit(source, ticket, fact) for (source, ticket, _), fact in facts]


def _row(row: tuple[Any, ...], alike: dict[tuple[str, ...], dict[str, str]]) -> _Row:
    """Return a closing; all that can be cut alike have one mapping of keys, for there are many and it is large."""
    source, ticket, number, customer, closed_at, details, complaint, address, *rest = row
    known = details if details is not None else ServiceDetails()
    by_ticket = _keys_of_ticket(known)
    values = (*rest[len(VISIT_TIMES) :], *by_ticket.values())
    if (keys := alike.get(values)) is None:
        keys = alike[values] = dict(zip((*VISIT_KEYS, *by_ticket), values, strict=True))
    at = dict(zip(VISIT_TIMES, rest, strict=False))
    return _Row((source, ticket, number), customer, address or "", closed_at, known, bool(complaint), at, keys)


def _fact(row: _Row, sequel: Sequel, *, comes_again: bool | None) -> VisitFact:
    at, details, done = row.at, row.details, row.at["solved_at"] or row.closed_at
    requested, agreed = at["requested_at"], at["appointment_at"]
    return VisitFact(
        row.keys,
        seconds_between(at["opened_at"], at["first_replied_at"]),
        seconds_between(requested, at["onsite_at"]),
        seconds_between(at["opened_at"], done),
        None if agreed is None else done <= agreed,
        started_after=seconds_between(requested, at["assigned_at"] or at["onsite_at"]),
        comes_again=comes_again,
        is_thing_known=bool(thing_of(row.customer, details.device or "", row.keys["contract"], row.address)),
        repaired_again=_named(sequel.repaired),
        is_problem_known=bool(row.keys["category"]),
        asked_again=_named(sequel.asked),
        first=details.rework_of or _named(sequel.first),
        has_complaint=row.has_complaint,
        at={name.removesuffix("_at"): known for name, known in at.items() if known is not None}
        | {"closed": row.closed_at, "done": done},
        **{name: read(details) for name, read in _OF_TICKET.items()},
    )


def _named(one: Served | None) -> str:
    return "" if one is None else "/".join(one.key[:2])


def seconds_between(since: datetime | None, until: datetime | None) -> Fraction | None:
    """Return the seconds between two moments, None where one is not known or they are in the wrong order."""
    if since is None or until is None or until < since:
        return None
    passed = until - since
    whole = passed.days * 86400 + passed.seconds
    return whole + Fraction(passed.microseconds, 1_000_000) if passed.microseconds else Fraction(whole)
