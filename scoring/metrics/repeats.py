"""Repairs that had to be done again: which later closing is about the same thing and the same fault.

The share of repairs done again is repeated or reopened tickets of the same device and fault within a time ÷ tickets
closed. It is placed by the closing that did not hold, so that it tells of whoever repaired first. Contact again about
the same problem within seven days is the usual stand-in for first contact resolution
(https://www.callcentrehelper.com/first-call-contact-resolution-fcr-208926.htm).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from unicodedata import category, normalize

from scoring.values import Value

__all__ = [
    "CONTACT_AGAIN_WITHIN",
    "REPAIRED_AGAIN_WITHIN",
    "Followers",
    "Sequel",
    "Served",
    "contacts_again",
    "repairs_again",
    "sequels",
    "thing_of",
]

REPAIRED_AGAIN_WITHIN = timedelta(days=30)
"""How long a repair has to hold."""
CONTACT_AGAIN_WITHIN = timedelta(days=7)
"""How long a customer does not come back about the same problem where it was solved the first time."""


class Served(Value):
    """A closing, by its `key`: whose, about which `thing` (empty where unknown), and from when it is a new contact.

    `began_at` is when the customer asked for it, the closing where that is not known. `fault` are the words for it,
    `kind` the type of the problem.
    """

    key: tuple[str, str, int]
    closed_at: datetime
    began_at: datetime
    customer: str
    thing: str = ""
    fault: str = ""
    kind: str = ""


class Sequel(Value):
    """What came after a closing, None where nothing did: the same fault of the same thing, the same problem again.

    `first` is the closing that this one repeats.
    """

    repaired: Served | None = None
    asked: Served | None = None
    first: Served | None = None


def thing_of(customer: str, device: str, contract: str, address: str) -> str:
    """Return what names the thing that was served: the customer's device, else their contract, else the address.

    Empty where none of them is told; in any width, case and spacing the same.
    """
    for kind, whose, text in (("device", customer, device), ("contract", customer, contract), ("address", "", address)):
        if plain := _plain(text):
            return f"{kind}\n{whose}\n{plain}"
    return ""


def sequels(closings: Iterable[Served]) -> Mapping[tuple[str, str, int], Sequel]:
    """Return what came after each closing, and what it repeats, of closings in any order."""
    ordered = sorted(closings, key=lambda one: (one.closed_at, one.key))
    repaired, asked = _followers(ordered, repairs_again()), _followers(ordered, contacts_again())
    first: dict[tuple[str, str, int], Served] = {}
    for one in ordered:
        if (again := repaired.get(one.key)) is not None:
            first.setdefault(again.key, one)
    return {one.key: Sequel(repaired.get(one.key), asked.get(one.key), first.get(one.key)) for one in ordered}


def _followers(ordered: Iterable[Served], following: "Followers") -> dict[tuple[str, str, int], Served]:
    """Return for each closing the first that follows it."""
    found: dict[tuple[str, str, int], Served] = {}
    for one in ordered:
        for earlier in following.next(one):
            found.setdefault(earlier.key, one)
    return found


class Followers:
    """Finds what follows what of closings that come in their order in time; it holds those alone that may be followed.

    A closing follows one of its groups that it matches, within the time.
    """

    def __init__(
        self,
        groups_of: Callable[[Served], Iterator[object]],
        matches: Callable[[Served, Served], bool],
        within: timedelta,
    ) -> None:
        self._groups_of, self._matches, self._within = groups_of, matches, within
        self._groups: dict[object, list[Served]] = {}

    def next(self, one: Served) -> Iterator[Served]:
        """Take the next closing, and yield those that it follows; of one that others have followed, too."""
        for group in self._groups_of(one):
            waiting = self._groups.setdefault(group, [])
            for earlier in waiting:
                if self._matches(earlier, one) and _follows(one, earlier, self._within):
                    yield earlier
            waiting[:] = [*(each for each in waiting if one.closed_at - each.closed_at <= self._within), one]


def repairs_again() -> Followers:
    """Return what finds repairs of the same thing with the same fault."""
    return Followers(_things, _same_fault, REPAIRED_AGAIN_WITHIN)


def contacts_again() -> Followers:
    """Return what finds contacts about the same problem."""
    return Followers(_problems, _always, CONTACT_AGAIN_WITHIN)


def _follows(later: Served, earlier: Served, within: timedelta) -> bool:
    """Return whether one began after the other was over, and was closed in time; one reopened began afterwards."""
    is_after = later.key[:2] == earlier.key[:2] or later.began_at >= earlier.closed_at
    return is_after and later.closed_at <= earlier.closed_at + within


def _things(one: Served) -> Iterator[object]:
    yield one.key[:2]
    if one.thing:
        yield one.thing


def _problems(one: Served) -> Iterator[object]:
    yield one.key[:2]
    if one.kind:
        yield one.customer, one.kind


def _same_fault(earlier: Served, later: Served) -> bool:
    """Return whether the faults are the same: by words or by type, where both are told; else the thing decides."""
    if earlier.key[:2] == later.key[:2]:
        return True
    told = [pair for pair in ((earlier.fault, later.fault), (earlier.kind, later.kind)) if all(pair)]
    return not told or any(_plain(one) == _plain(other) for one, other in told)


def _always(_earlier: Served, _later: Served) -> bool:
    return True


@lru_cache(4096)
def _plain(text: str) -> str:
    """Return a text without width, case, blanks and punctuation."""
    if text.isascii() and text.isalnum():
        return text.lower()
    return "".join(each for each in normalize("NFKC", text).casefold() if category(each)[0] in "LN")
