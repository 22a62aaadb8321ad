"""Figures of anonymous surveys in which no person can be singled out: whole months, at least five people each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from scoring.values import Value, field

__all__ = ["MINIMUM_GROUP", "AnonymousMonth", "AnonymousResponse", "RatingCounts", "anonymous_months"]

MINIMUM_GROUP = 5
"""The smallest number of people for whom a figure is shown (docs/decisions/anonymity.md)."""


class AnonymousResponse(Value):
    """One person's response; `version` is the survey's, `month` the first day of the month (`2026-11-01`).

    `ratings` maps questions to ratings, `importances` some of them to 1 to 5; `remarks` are pairs of question and text.
    """

    version: int
    month: str
    ratings: Mapping[str, int]
    remarks: tuple[tuple[str, str], ...] = ()
    comment: str | None = None
    importances: Mapping[str, int] = field(default_factory=dict)


class RatingCounts(Value):
    """The answers of `n` people to a question: `ratings` maps each value of the scale to its count.

    `importances` maps 1 to 5 to the number of people who find it so important; None where fewer than five said that.
    """

    question: str
    n: int
    ratings: Mapping[int, int]
    importances: Mapping[int, int] | None = None


class AnonymousMonth(Value):
    """The figures of one version of a survey in one month, from `n` people; texts are in alphabetical order."""

    version: int
    month: str
    n: int
    questions: tuple[RatingCounts, ...]
    remarks: tuple[tuple[str, str], ...]
    comments: tuple[str, ...]


def anonymous_months(
    responses: Iterable[AnonymousResponse], before: str, values: Iterable[int]
) -> list[AnonymousMonth]:
    """Return the figures of the months that ended before the month `before` (`2026-11-01`), oldest first.

    `values` are the scale's. Months of fewer than five people are left out, and no total is returned from which they
    could be derived; a question that fewer than five answered is left out of its month with its remarks.
    """
    groups: defaultdict[tuple[str, int], list[AnonymousResponse]] = defaultdict(list)
    for one in responses:
        if one.month < before:
            groups[one.month, one.version].append(one)
    scale = tuple(values)
    return [_added(group, scale) for _, group in sorted(groups.items()) if len(group) >= MINIMUM_GROUP]


def _added(group: list[AnonymousResponse], values: tuple[int, ...]) -> AnonymousMonth:
    shown = _shown(one.ratings for one in group)
    weighed = _shown(one.importances for one in group)
    return AnonymousMonth(
        group[0].version,
        group[0].month,
        len(group),
        tuple(
            RatingCounts(question, counts.total(), {value: counts[value] for value in values}, weighed.get(question))
            for question, counts in sorted(shown.items())
        ),
        tuple(sorted(remark for one in group for remark in one.remarks if remark[0] in shown)),
        tuple(sorted(one.comment for one in group if one.comment)),
    )


def _shown(given: Iterable[Mapping[str, int]]) -> dict[str, Counter[int]]:
    """Return how often each value was given to a question, of those to which enough people gave one."""
    counted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in given:
        for question, value in one.items():
            counted[question][value] += 1
    return {question: counts for question, counts in counted.items() if counts.total() >= MINIMUM_GROUP}
