"""What a phrase goes with: how many people use it, more or fewer than before, and what they rate beside the others.

How often a phrase is used says little: many people praise in passing what they would not miss. Its impact is the
difference between the mean of those who use it and of those who write, but do not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from scoring.honesty.intervals import wilson
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from scoring.scale import FIVE
from scoring.values import Value, field

__all__ = ["CommentFact", "Impact", "Mention", "PhraseFigure", "Trend", "difference_interval", "phrase_figures"]


class Mention(Value):
    """A phrase, what it is about, and whether it praises (1), blames (-1) or neither."""

    phrase: str
    dimension: str
    polarity: int


class CommentFact(Value):
    """A response with words: who gave it, the mean of its ratings from 0 to 1, that of each dimension, its phrases."""

    response: str
    customer: str
    score: Fraction | None
    mentions: frozenset[Mention] = frozenset()
    by_dimension: Mapping[str, Fraction] = field(default_factory=dict)


class Trend(StrEnum):
    """Whether a larger share of the people who write uses a phrase than in the period before."""

    MORE = "more"
    FEWER = "fewer"
    NOT_CLEAR = "not_clear"
    TOO_FEW = "too_few"


class Impact(Value):
    """How the mean of `n_with` people who use a phrase differs from that of `n_without`, on 1 to 5, and its interval.

    `on_mean` is by how much the mean of all of them would differ if those with it rated as those without.
    """

    difference: Fraction
    low: float
    high: float
    n_with: int
    n_without: int

    @property
    def on_mean(self) -> Fraction:
        """What the phrase costs or earns in the mean of everybody who writes."""
        return self.difference * self.n_with / (self.n_with + self.n_without)


class PhraseFigure(Value):
    """A phrase in a period; means are on 1 to 5, None without ratings; `responses` in the order given."""

    mention: Mention
    customers: int
    before: int
    trend: Trend
    mean: Fraction | None
    dimension_mean: Fraction | None
    impact: Impact | None
    responses: tuple[str, ...]


def difference_interval(one: Sequence[Fraction], other: Sequence[Fraction]) -> tuple[float, float]:
    """Return the interval of 95 % of the difference of the means of two groups of values from 0 to 1.

    Newcombe 1998, Statistics in Medicine 17, 873-890, method 10: from the Wilson intervals of both, which for means of
    such values are too wide rather than too narrow, also where all values of a group are the same.
    """
    ends = [(float(sum(group) / len(group)), *wilson(sum(group, Fraction(0)), len(group))) for group in (one, other)]
    (first, first_low, first_high), (second, second_low, second_high) = ends
    between = first - second
    low = between - sqrt((first - first_low) ** 2 + (second_high - second) ** 2)
    high = between + sqrt((first_high - first) ** 2 + (second - second_low) ** 2)
    return low, high


def phrase_figures(now: Sequence[CommentFact], before: Sequence[CommentFact]) -> list[PhraseFigure]:
    """Return the figure of each phrase of a period beside the one before, the costliest for the mean first."""
    using, used = _users(now), _users(before)
    everybody, earlier = {one.customer for one in now}, {one.customer for one in before}
    scores = _scores(now)
    found = []
    for mention, responses in using.items():
        people = {one.customer for one in responses}
        then = {one.customer for one in used.get(mention, ())}
        found.append(
            PhraseFigure(
                mention,
                len(people),
                len(then),
                _trend((len(people), len(everybody)), (len(then), len(earlier))),
                _mean(one.score for one in responses),
                _mean(one.by_dimension.get(mention.dimension) for one in responses),
                _impact(people, scores),
                tuple(one.response for one in responses),
            )
        )
    return sorted(found, key=_place)


def _place(figure: PhraseFigure) -> tuple[Fraction, int, str, str, int]:
    cost = figure.impact.on_mean if figure.impact is not None else Fraction(0)
    mention = figure.mention
    return cost, -figure.customers, mention.phrase, mention.dimension, mention.polarity


def _users(facts: Iterable[CommentFact]) -> dict[Mention, list[CommentFact]]:
    found: defaultdict[Mention, list[CommentFact]] = defaultdict(list)
    for one in facts:
        for mention in one.mentions:
            found[mention].append(one)
    return found


def _scores(facts: Iterable[CommentFact]) -> dict[str, Fraction]:
    """Return the mean of each person's responses: several of one person are not several people."""
    given: defaultdict[str, list[Fraction]] = defaultdict(list)
    for one in facts:
        if one.score is not None:
            given[one.customer].append(one.score)
    return {customer: sum(scores, Fraction(0)) / len(scores) for customer, scores in given.items()}


def _impact(people: set[str], scores: Mapping[str, Fraction]) -> Impact | None:
    """Return the impact, None with fewer than five rated people on either side."""
    own = [score for customer, score in scores.items() if customer in people]
    others = [score for customer, score in scores.items() if customer not in people]
    if min(len(own), len(others)) < FEWEST_FOR_A_VALUE:
        return None
    length = FIVE.highest - FIVE.lowest
    difference = sum(own, Fraction(0)) / len(own) - sum(others, Fraction(0)) / len(others)
    low, high = difference_interval(own, others)
    return Impact(difference * length, low * length, high * length, len(own), len(others))


def _trend(now: tuple[int, int], before: tuple[int, int]) -> Trend:
    if min(now[1], before[1]) < FEWEST_FOR_A_VALUE:
        return Trend.TOO_FEW
    low, high = difference_interval(_shares(*now), _shares(*before))
    return Trend.MORE if low > 0 else Trend.FEWER if high < 0 else Trend.NOT_CLEAR


def _shares(users: int, everybody: int) -> list[Fraction]:
    return [Fraction(1)] * users + [Fraction(0)] * (everybody - users)


def _mean(positions: Iterable[Fraction | None]) -> Fraction | None:
    """Return the mean on 1 to 5 of positions from 0 to 1."""
    given = [one for one in positions if one is not None]
    return FIVE.lowest + (FIVE.highest - FIVE.lowest) * sum(given, Fraction(0)) / len(given) if given else None
