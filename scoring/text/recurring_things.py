"""What comes again and again: the same phrase, type, product or fault of a device, by how many people, in which cases.

What people write about the same thing they write in many ways: where no phrase of a dimension is used by enough of
them, the dimension itself counts. Phrases that are mostly used by the same people are one thing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from scoring.values import Value

__all__ = ["Occurrence", "Recurred", "RecurrenceKind", "recurrences"]


class RecurrenceKind(StrEnum):
    """What it is that comes again."""

    CATEGORY = "category"
    """A type of problem, counted by tickets."""
    PRODUCT = "product"
    FAULT = "fault"
    PHRASE = "phrase"
    DIMENSION = "dimension"
    """What phrases blame, each another one."""


class Occurrence(Value):
    """One time that it came: whose `case` (a ticket, `source/id`) it was, and in which `response` it was written.

    A phrase without a `name` is one of a kind, which counts for its dimension only.
    """

    kind: RecurrenceKind
    name: str
    customer: str
    case: str
    response: str = ""
    dimension: str = ""


class Recurred(Value):
    """What came often enough: whose cases, and the responses it was written in, each in alphabetical order."""

    kind: RecurrenceKind
    name: str
    dimension: str
    customers: tuple[str, ...]
    cases: tuple[str, ...]
    responses: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its one name among everything that recurs; that of a type of problem is its name."""
        return self.name if self.kind is RecurrenceKind.CATEGORY else f"{self.kind}\t{self.dimension}\t{self.name}"

    @property
    def number(self) -> int:
        """How often it came: by tickets for a type of problem, otherwise by people."""
        return len(self.cases if self.kind is RecurrenceKind.CATEGORY else self.customers)


def recurrences(occurrences: Iterable[Occurrence], least: Mapping[RecurrenceKind, int]) -> tuple[Recurred, ...]:
    """Return what came at least so often; a kind that is not named, or with 0, never does.

    A product or fault whose cases are those of another thing already told is left out.
    """
    every = [one for one in _grouped(occurrences) if 0 < least.get(one.kind, 0) <= one.number]
    things = [one for one in every if one.kind not in (RecurrenceKind.PHRASE, RecurrenceKind.DIMENSION)]
    phrases = _apart([one for one in every if one.kind is RecurrenceKind.PHRASE])
    covered = {one.dimension for one in phrases}
    wholes = [one for one in every if one.kind is RecurrenceKind.DIMENSION and one.dimension not in covered]
    found = (*_told_once(things), *phrases, *wholes)
    return tuple(sorted(found, key=lambda one: (list(RecurrenceKind).index(one.kind), one.dimension, one.name)))


def _grouped(occurrences: Iterable[Occurrence]) -> Iterator[Recurred]:
    found: defaultdict[tuple[RecurrenceKind, str, str], list[Occurrence]] = defaultdict(list)
    for one in occurrences:
        if one.name:
            found[one.kind, one.name, one.dimension].append(one)
        if one.kind is RecurrenceKind.PHRASE and one.dimension:
            found[RecurrenceKind.DIMENSION, "", one.dimension].append(one)
    for (kind, name, dimension), several in found.items():
        cases, responses = {one.case for one in several}, {one.response for one in several if one.response}
        customers = {one.customer for one in several}
        yield Recurred(kind, name, dimension, *(tuple(sorted(each)) for each in (customers, cases, responses)))


def _told_once(things: Iterable[Recurred]) -> Iterator[Recurred]:
    """Yield things, without what has the cases of something else; types of problems are told whatever else is."""
    told: set[tuple[str, ...]] = set()
    for one in sorted(things, key=lambda one: list(RecurrenceKind).index(one.kind)):
        if one.kind is RecurrenceKind.CATEGORY or one.cases not in told:
            yield one
        told.add(one.cases)


def _apart(phrases: list[Recurred]) -> list[Recurred]:
    """Remove phrases of which half the people or more use another, more used one of the same dimension."""
    kept: list[Recurred] = []
    for one in sorted(phrases, key=lambda each: (-len(each.customers), each.name)):
        shared = (len(set(one.customers) & set(other.customers)) for other in kept if other.dimension == one.dimension)
        if not any(2 * number >= len(one.customers) for number in shared):
            kept.append(one)
    return kept
