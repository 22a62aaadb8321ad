"""What figures were computed from, as counts that can be kept, and what has become of those counts since.

A published figure stays as it is. What changes afterwards is told by kind: answers that came late, corrections,
exclusions. Counts name nobody: an erasure leaves them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import sha256

from scoring.metrics.facts import Facts, IssueFact, RatingCount, VisitFact
from scoring.values import Value, fields

__all__ = ["ChangeKind", "FactChange", "FactTally", "fact_changes", "facts_digest", "tally_facts"]


class ChangeKind(StrEnum):
    """What happened to what figures are computed from; the most usual first."""

    LATE = "late"
    """An answer came, or its interview ended, so that it counts now."""
    CORRECTED = "corrected"
    EXCLUDED = "excluded"
    COUNTED_AGAIN = "counted_again"
    UNFINISHED = "unfinished"
    """An answer came in an interview that goes on: it does not count yet."""
    TAKEN_BACK = "taken_back"
    ERASED = "erased"
    """The customer's tier was emptied with their data: the answer counts, elsewhere."""
    OUTCOMES = "outcomes"
    """A survey ended otherwise than it stood."""
    CLOSINGS = "closings"
    """A closing was reported late."""
    VISITS = "visits"
    """Something came after a visit, such as the same fault again."""
    ISSUES = "issues"
    SHEETS = "sheets"
    SHEETS_CORRECTED = "sheets_corrected"
    ENTRIES = "entries"
    """A figure, a benchmark or a remark was entered or changed."""
    DETAILS = "details"
    """Something that no published cut tells apart."""


class FactChange(Value):
    """How often something happened; `reason` is that of an exclusion."""

    kind: ChangeKind
    n: int
    reason: str = ""


Cell = tuple[str, ...]
"""Values of keys, in their order, then the scale, the value given, and why it does not count."""
_REST = 2
"""What follows in a cell after keys and scale."""


class FactTally(Value):
    """Counts by what they can be told apart by later.

    Ratings by these `keys`, asks and visits by their outcome, issues by a hash; `sheets` are the filled forms behind a
    score, each with its version, `entries` what people have entered.
    """

    keys: tuple[str, ...] = ()
    ratings: tuple[tuple[Cell, int], ...] = ()
    asks: tuple[tuple[Cell, int], ...] = ()
    issues: tuple[tuple[Cell, int], ...] = ()
    visits: tuple[tuple[Cell, int], ...] = ()
    sheets: tuple[tuple[str, int], ...] = ()
    entries: tuple[tuple[str, int], ...] = ()


def tally_facts(facts: Facts, by: Iterable[str]) -> FactTally:
    """Return the counts of a period, of ratings by these keys and by survey and question."""
    keys = tuple(dict.fromkeys((*by, "survey", "question")))
    known = [key for key in keys if not facts.ratings or key in facts.ratings[0].keys]
    ratings, asks = Counter[Cell](), Counter[Cell]()
    for one in facts.ratings:
        ratings[_cell(one, known)] += one.n
    for ask in facts.asks:
        asks[ask.status, ask.reason] += ask.n
    issues = Counter[Cell]((_hash(_case(one))[:16],) for one in facts.issues)
    visits = Counter(map(_outcome, facts.visits))
    return FactTally(tuple(known), _listed(ratings), _listed(asks), _listed(issues), _listed(visits))


def _cell(one: RatingCount, keys: Iterable[str]) -> Cell:
    scale = f"{one.scale.lowest}-{one.scale.highest}"
    return (*(one.keys[key] for key in keys), scale, str(one.value), one.excluded)


def _outcome(one: VisitFact) -> Cell:
    """Return what may become known of a visit after its closing."""
    told = (one.on_time, one.comes_again, one.solved_first_time, bool(one.repaired_again), bool(one.asked_again))
    return tuple(map(str, (*told, one.has_complaint)))


def _listed(counts: Counter[Cell]) -> tuple[tuple[Cell, int], ...]:
    return tuple(sorted((cell, n) for cell, n in counts.items() if n))


def facts_digest(facts: Facts) -> str:
    """Return the SHA-256 of all that figures were computed from, whatever their order and however they were read."""
    counts = Counter[str]()
    for one in facts.ratings:
        counts[repr(("rating", _keys(one.keys), _cell(one, ())))] += one.n
    for ask in facts.asks:
        name = ("ask", _keys(ask.keys), ask.status, ask.reason, ask.is_closing)
        for what, n in (("all", ask.n), ("sent", ask.sent), ("started", ask.started)):
            counts[repr((*name, what))] += n
    counts.update(map(_case, facts.issues))
    counts.update(map(_case, facts.visits))
    return _hash("\n".join(f"{n} {line}" for line, n in sorted(counts.items()) if n))


def _case(one: IssueFact | VisitFact) -> str:
    told = (str(getattr(one, each.name)) for each in fields(type(one)) if each.name != "keys")
    return repr((type(one).__name__, _keys(one.keys), *told))


def _keys(keys: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(keys.items())


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def fact_changes(before: FactTally, now: FactTally) -> tuple[FactChange, ...]:
    """Return what has happened between two tallies of the same period and keys, in the order of the kinds."""
    found = Counter[tuple[ChangeKind, str]]()
    for kind, reason, n in (*_of_ratings(before, now), *_of_others(before, now)):
        found[kind, reason] += n
    order = {kind: place for place, kind in enumerate(ChangeKind)}
    listed = sorted(found.items(), key=lambda one: (order[one[0][0]], one[0][1]))
    return tuple(FactChange(kind, n, reason) for (kind, reason), n in listed if n)


Found = Iterator[tuple[ChangeKind, str, int]]


def _of_ratings(before: FactTally, now: FactTally) -> Found:
    """Yield how what is gone became what has come, the closest first; the rest has come anew or was taken back."""
    then, later = Counter(dict(before.ratings)), Counter(dict(now.ratings))
    gone, come = then - later, later - then
    tier = before.keys.index("tier") if "tier" in before.keys else None
    kept: tuple[Callable[[Cell], Hashable], ...] = (
        lambda cell: cell[:-1],
        lambda cell: (cell[:-_REST], cell[-1]),
        lambda cell: cell[:-_REST],
        lambda cell: None if tier is None else (cell[:tier], cell[tier + 1 :]),
    )
    for same in kept:
        for was, is_, n in _pairs(gone, come, same):
            yield _became(was, is_), is_[-1] if is_[-1] not in ("", "unfinished") else "", n
    for cell, n in come.items():
        yield ChangeKind.UNFINISHED if cell[-1] == "unfinished" else ChangeKind.LATE, "", n
        if cell[-1] not in ("", "unfinished"):  # one more was given, and one does not count
            yield ChangeKind.EXCLUDED, cell[-1], n
    yield ChangeKind.TAKEN_BACK, "", gone.total()


def _pairs(
    gone: Counter[Cell], come: Counter[Cell], same: Callable[[Cell], Hashable]
) -> Iterator[tuple[Cell, Cell, int]]:
    """Yield what is paired by what stays the same, and take it from both; nothing where that is None."""
    waiting: defaultdict[Hashable, list[Cell]] = defaultdict(list)
    for was in sorted(gone):
        waiting[same(was)].append(was)
    for is_ in sorted(come):
        for was in waiting[same(is_)] if same(is_) is not None else ():
            n = min(gone[was], come[is_])
            if n:
                gone[was] -= n
                come[is_] -= n
                yield was, is_, n


def _became(was: Cell, is_: Cell) -> ChangeKind:
    """Return what made one count of another."""
    if was[-1] == is_[-1]:
        return ChangeKind.CORRECTED if was[:-_REST] == is_[:-_REST] else ChangeKind.ERASED
    if is_[-1] == "":
        return ChangeKind.LATE if was[-1] == "unfinished" else ChangeKind.COUNTED_AGAIN
    return ChangeKind.UNFINISHED if is_[-1] == "unfinished" else ChangeKind.EXCLUDED


def _of_others(before: FactTally, now: FactTally) -> Found:
    asks, later = Counter(dict(before.asks)), Counter(dict(now.asks))
    new = max(later.total() - asks.total(), 0)
    yield ChangeKind.CLOSINGS, "", new
    yield ChangeKind.OUTCOMES, "", max((later - asks).total() - new, 0)
    yield ChangeKind.ISSUES, "", max(_differing(before.issues, now.issues))
    yield ChangeKind.VISITS, "", min(_differing(before.visits, now.visits))
    yield ChangeKind.ENTRIES, "", len({id_ for id_, _ in {*before.entries} ^ {*now.entries}})
    sheets = dict(before.sheets)
    yield ChangeKind.SHEETS, "", sum(id_ not in sheets for id_, _ in now.sheets)
    changed = (id_ in sheets and sheets[id_] != version for id_, version in now.sheets)
    yield ChangeKind.SHEETS_CORRECTED, "", sum(changed)


def _differing(before: Iterable[tuple[Cell, int]], now: Iterable[tuple[Cell, int]]) -> tuple[int, int]:
    """Return how many are gone, and how many have come."""
    then, later = Counter(dict(before)), Counter(dict(now))
    return (then - later).total(), (later - then).total()
