"""What figures are computed from: counts of ratings and of asks, and the times of issues, each with its keys."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from operator import itemgetter
from typing import TypeVar

from scoring.honesty.sampled_rules import SampledRule
from scoring.scale import Scale
from scoring.values import Value, field, replace

__all__ = [
    "AskCount",
    "EnteredFact",
    "Facts",
    "IssueFact",
    "RatingCells",
    "RatingCount",
    "VisitCount",
    "VisitFact",
    "cell_by",
    "grouped",
]


class RatingCount(Value):
    """How many ratings of `value` there are with the same keys, which are those of `METRIC_KEYS[MetricSource.RATINGS]`.

    `excluded` names the rule by which they do not count; empty for those that do. `importance` is how important their
    customers find it, from 1 to 5, and 0 where they did not say, or were not counted by it. `person` tells
    whose they are, where these are told apart.
    """

    keys: Mapping[str, str]
    scale: Scale
    value: int
    n: int
    excluded: str = ""
    importance: int = 0
    person: str = ""


class AskCount(Value):
    """How many closings have this survey status (`completed`, `suppressed`, …) and the same keys.

    `status` is empty for a closing without any, which is a fault; `sent` counts those whose first message was sent,
    `started` those with an answer. What a campaign or the customer's own feedback asked is no closing.
    """

    keys: Mapping[str, str]
    status: str
    n: int
    reason: str = ""
    sent: int = 0
    started: int = 0
    is_closing: bool = True


class IssueFact(Value):
    """One issue: seconds from opening to the first claim and to its resolution, None where that has not happened.

    `told`: a closure message went to a customer, `confirmed`: one of them answered "solved"; `low`: a rating or a mean
    is among its reasons.
    """

    keys: Mapping[str, str]
    kind: str
    low: bool
    claimed_after: Fraction | None
    resolved_after: Fraction | None
    done: bool
    told: bool
    confirmed: bool
    resolution: int = 0
    """How often it was opened again."""


class VisitFact(Value):
    """One closing with its service times in seconds, None where one of the two moments was not reported.

    From opening to the first reply, from the request to the arrival, from opening to what solved it (or its closing);
    `on_time`: solved by the agreed moment, None where none was agreed. `started_after`: from the request until somebody
    was assigned, or arrived. `solved_first_time` is the help desk's word. `repaired_again` is the ticket by which the
    same thing came with the same fault again, `asked_again` that of the same problem, empty for none: both are told
    only where the thing, or the type of the problem, is known. `first` is the ticket that this one repeats.
    `is_signed` is whether the repair form was signed, `is_reviewed` whether the service report was reviewed, None where
    nobody said; `has_false_contact`: some of the customer's contact data turned out to be false.
    `at` are the moments that are known, by their names in `MOMENTS`.
    `comes_again`: whether the customer has another closing in the period, None where this one is not their first in it.
    """

    keys: Mapping[str, str]
    replied_after: Fraction | None
    onsite_after: Fraction | None
    done_after: Fraction | None
    on_time: bool | None
    started_after: Fraction | None = None
    comes_again: bool | None = None
    solved_first_time: bool | None = None
    is_thing_known: bool = False
    repaired_again: str = ""
    is_problem_known: bool = False
    asked_again: str = ""
    first: str = ""
    is_warranty: bool = False
    is_resent: bool = False
    is_signed: bool | None = None
    is_reviewed: bool | None = None
    has_false_contact: bool = False
    has_complaint: bool = False
    at: Mapping[str, datetime] = field(default_factory=dict)


class VisitCount(Value):
    """How many closings have the same keys and went alike, by the fields of `VisitFact` that are wanted.

    Of a length of time there are all that are known, in microseconds, in any order.
    """

    keys: Mapping[str, str]
    n: int
    replied_after: Sequence[int] = ()
    onsite_after: Sequence[int] = ()
    done_after: Sequence[int] = ()
    started_after: Sequence[int] = ()
    on_time: bool | None = None
    comes_again: bool | None = None
    solved_first_time: bool | None = None
    is_thing_known: bool = False
    repaired_again: bool = False
    is_problem_known: bool = False
    asked_again: bool = False
    is_warranty: bool = False
    is_resent: bool = False
    is_signed: bool | None = None
    is_reviewed: bool | None = None
    has_false_contact: bool = False
    has_complaint: bool = False


class EnteredFact(Value):
    """What was entered of a metric of the source `entered`, by the keys of its cut; a count has no denominator."""

    metric: str
    keys: Mapping[str, str]
    numerator: Fraction
    denominator: Fraction | None = None


class Facts(Value, weakref=True):
    """All that was counted in a period; `weighed` are ratings of surveys that ask for importance, by that as well.

    `visits` are closings one by one; where no more than their figures is wanted, they are in `counted` instead.
    `sampled` are the rules by which customers were drawn. `repeated` are those of `ratings` that count and came from
    people with several responses in the period, each with the person.
    """

    ratings: tuple[RatingCount, ...] = ()
    asks: tuple[AskCount, ...] = ()
    issues: tuple[IssueFact, ...] = ()
    visits: tuple[VisitFact, ...] = ()
    entered: tuple[EnteredFact, ...] = ()
    weighed: tuple[RatingCount, ...] = ()
    sampled: tuple[SampledRule, ...] = ()
    repeated: tuple[RatingCount, ...] = ()
    counted: tuple[VisitCount, ...] = ()

    def about(self, only: Mapping[str, str]) -> "Facts":
        """Return those with these values of their keys, such as an agent's; all where `only` is empty."""
        return Facts(
            _about(self.ratings, only),
            _about(self.asks, only),
            _about(self.issues, only),
            _about(self.visits, only),
            _about(self.entered, only),
            _about(self.weighed, only),
            self.sampled,
            _about(self.repeated, only),
            _about(self.counted, only),
        )


Keyed = TypeVar("Keyed", RatingCount, AskCount, IssueFact, VisitFact, EnteredFact, VisitCount)


def _about(facts: tuple[Keyed, ...], only: Mapping[str, str]) -> tuple[Keyed, ...]:
    return tuple(fact for fact in facts if all(fact.keys.get(key) == value for key, value in only.items()))


def grouped(facts: Iterable[Keyed], by: tuple[str, ...]) -> dict[tuple[str, ...], list[Keyed]]:
    """Return the facts by the values of their keys `by`, sorted by these; all in one group where there are none."""
    groups: dict[tuple[str, ...], list[Keyed]] = {} if by else {(): []}
    cell_of = cell_by(by)
    for fact in facts:
        groups.setdefault(cell_of(fact.keys), []).append(fact)
    return dict(sorted(groups.items()))


def cell_by(by: Sequence[str]) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
    """Return what gives the values of these keys."""
    if len(by) > 1:
        return itemgetter(*by)
    return lambda keys: tuple([keys[key] for key in by])


class RatingCells:
    """Ratings by the cells of any cut, in each of which those are added up that no figure of a cell tells apart.

    Such differ only in who was served; without that there are some hundred, however many ratings there are.
    """

    def __init__(self, ratings: Iterable[RatingCount]) -> None:
        self._ratings = [*ratings]
        known: dict[tuple[object, ...], int] = {}
        rated = cell_by(("survey", "question", "dimension", "channel"))
        self._kinds = [
            known.setdefault(
                (*rated(one.keys), one.scale.lowest, one.scale.highest, one.value, one.excluded), len(known)
            )
            for one in self._ratings
        ]
        self._found = dict[tuple[str, ...], dict[tuple[str, ...], list[RatingCount]]]()

    def by(self, keys: tuple[str, ...]) -> Mapping[tuple[str, ...], list[RatingCount]]:
        """Return the ratings in each cell of the cut by these keys, sorted by their values."""
        if keys not in self._found:
            cell_of, found = cell_by(keys), dict[tuple[str, ...], dict[int, list[RatingCount]]]()
            for one, kind in zip(self._ratings, self._kinds, strict=True):
                found.setdefault(cell_of(one.keys), {}).setdefault(kind, []).append(one)
            self._found[keys] = {
                cell: [replace(several[0], n=sum(one.n for one in several)) for several in kinds.values()]
                for cell, kinds in sorted(found.items())
            } or ({} if keys else {(): []})
        return self._found[keys]
