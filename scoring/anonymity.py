"""Figures of anonymous answers: whole months, and never of fewer than five people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from scoring.values import Value

__all__ = ["LEAST", "AnonymousMonth", "AnonymousResponse", "Tallied", "months"]

LEAST = 5
"""Fewer people than this are not shown (docs/decisions/anonymity.md)."""


class AnonymousResponse(Value):
    """What one person answered; `remarks` are what was written to single questions."""

    version: int
    month: str
    ratings: Mapping[str, int]
    remarks: tuple[tuple[str, str], ...] = ()
    comment: str | None = None


class Tallied(Value):
    """How often each value was given to a question, by `n` people."""

    question: str
    n: int
    ratings: Mapping[int, int]


class AnonymousMonth(Value):
    """What the answers to one version of a survey add up to in one month; texts stand in no order that tells."""

    version: int
    month: str
    n: int
    questions: tuple[Tallied, ...]
    remarks: tuple[tuple[str, str], ...]
    comments: tuple[str, ...]


def months(said: Iterable[AnonymousResponse], before: str, values: Iterable[int]) -> list[AnonymousMonth]:
    """Add up the months that are over before the month `before` (`2026-11-01`), in the order of time.

    Months of fewer than five people are left out, and no total is given from which they could be had; a question that
    fewer than five answered is left out of its month, its remarks with it.
    """
    groups: defaultdict[tuple[str, int], list[AnonymousResponse]] = defaultdict(list)
    for one in said:
        if one.month < before:
            groups[one.month, one.version].append(one)
    scale = tuple(values)
    return [_added(group, scale) for _, group in sorted(groups.items()) if len(group) >= LEAST]


def _added(group: list[AnonymousResponse], values: tuple[int, ...]) -> AnonymousMonth:
    counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in group:
        for question, value in one.ratings.items():
            counted[question][value] += 1
    shown = {question: counts for question, counts in counted.items() if counts.total() >= LEAST}
    return AnonymousMonth(
        group[0].version,
        group[0].month,
        len(group),
        tuple(Tallied(q, counts.total(), {v: counts[v] for v in values}) for q, counts in sorted(shown.items())),
        tuple(sorted(remark for one in group for remark in one.remarks if remark[0] in shown)),
        tuple(sorted(one.comment for one in group if one.comment)),
    )
