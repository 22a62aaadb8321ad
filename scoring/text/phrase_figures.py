"""What a phrase goes with: how many people use it, more or fewer than before, and what they rate beside the others.

How often a phrase is used says little: many people praise in passing what they would not miss. Its impact is the
difference between the mean of those who use it and of those who write, but do not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from scoring.honesty.intervals import wilson
from scoring.metrics.figure import FEWEST_FOR_A_VALUE
from scoring.scale import FIVE
from scoring.values import Value, field

__all__ = [
    "CommentFact",
    "HiddenFigures",
    "Impact",
    "Mention",
    "PhraseFigure",
    "Trend",
    "difference_interval",
    "phrase_figures",
]

_Total = tuple[Fraction, int]
"""The sum of values from 0 to 1, and how many they are."""


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
    """A phrase in a period; means are on 1 to 5, None of fewer than five people; `responses` in the order given."""

    mention: Mention
    customers: int
    before: int
    trend: Trend
    mean: Fraction | None
    dimension_mean: Fraction | None
    impact: Impact | None
    responses: tuple[str, ...]


class HiddenFigures(Value):
    """The phrases that are left out, and those whose mean and impact, or whose mean of the dimension, is not told."""

    phrases: frozenset[Mention] = frozenset()
    means: frozenset[Mention] = frozenset()
    dimension_means: frozenset[Mention] = frozenset()


_NOTHING = HiddenFigures()


def difference_interval(one: Sequence[Fraction], other: Sequence[Fraction]) -> tuple[float, float]:
    """Return the interval of 95 % of the difference of the means of two groups of values from 0 to 1.

    Newcombe 1998, Statistics in Medicine 17, 873-890, method 10: from the Wilson intervals of both, which for means of
    such values are too wide rather than too narrow, also where all values of a group are the same.
    """
    return _interval(_total(one), _total(other))


def _total(values: Collection[Fraction]) -> _Total:
    return sum(values, Fraction(0)), len(values)


def _interval(one: _Total, other: _Total) -> tuple[float, float]:
    ends = [(float(total / n), *wilson(total, n)) for total, n in (one, other)]
    (first, first_low, first_high), (second, second_low, second_high) = ends
    between = first - second
    low = between - sqrt((first - first_low) ** 2 + (second_high - second) ** 2)
    high = between + sqrt((first_high - first) ** 2 + (second - second_low) ** 2)
    return low, high


def phrase_figures(
    now: Sequence[CommentFact], before: Sequence[CommentFact], hidden: HiddenFigures = _NOTHING
) -> list[PhraseFigure]:
    """Return the figure of each phrase of a period beside the one before, the costliest for the mean first.

    The work is linear in the mentions: no phrase goes through the people who do not use it.
    """
    using, used = _users(now, hidden.phrases), _users(before, hidden.phrases)
    everybody, earlier = len({one.customer for one in now}), len({one.customer for one in before})
    scores = _scores(now)
    total = _total(scores.values())
    found = []
    for mention, responses in using.items():
        people = {one.customer for one in responses}
        then = len({one.customer for one in used.get(mention, ())})
        is_told, is_dimension_told = mention not in hidden.means, mention not in hidden.dimension_means
        found.append(
            PhraseFigure(
                mention,
                len(people),
                then,
                _trend((len(people), everybody), (then, earlier)),
                _mean((one.customer, one.score) for one in responses) if is_told else None,
                _dimension_mean(mention.dimension, responses) if is_dimension_told else None,
                _impact(people, scores, total) if is_told else None,
                tuple(one.response for one in responses),
            )
        )
    return sorted(found, key=_place)


def _place(figure: PhraseFigure) -> tuple[Fraction, int, str, str, int]:
    cost = figure.impact.on_mean if figure.impact is not None else Fraction(0)
    mention = figure.mention
    return cost, -figure.customers, mention.phrase, mention.dimension, mention.polarity


def _users(facts: Iterable[CommentFact], hidden: AbstractSet[Mention]) -> dict[Mention, list[CommentFact]]:
    found: defaultdict[Mention, list[CommentFact]] = defaultdict(list)
    for one in facts:
        for mention in one.mentions - hidden:
            found[mention].append(one)
    return found


def _scores(facts: Iterable[CommentFact]) -> dict[str, Fraction]:
    """Return the mean of each person's responses: several of one person are not several people."""
    given: defaultdict[str, list[Fraction]] = defaultdict(list)
    for one in facts:
        if one.score is not None:
            given[one.customer].append(one.score)
    return {customer: sum(scores, Fraction(0)) / len(scores) for customer, scores in given.items()}


def _impact(people: Iterable[str], scores: Mapping[str, Fraction], total: _Total) -> Impact | None:
    """Return the impact by the total of all scores, None with fewer than five rated people on either side."""
    own = _total([scores[customer] for customer in people if customer in scores])
    others = total[0] - own[0], total[1] - own[1]
    if min(own[1], others[1]) < FEWEST_FOR_A_VALUE:
        return None
    length = FIVE.highest - FIVE.lowest
    difference = own[0] / own[1] - others[0] / others[1]
    low, high = _interval(own, others)
    return Impact(difference * length, low * length, high * length, own[1], others[1])


def _trend(now: tuple[int, int], before: tuple[int, int]) -> Trend:
    if min(now[1], before[1]) < FEWEST_FOR_A_VALUE:
        return Trend.TOO_FEW
    low, high = _interval((Fraction(now[0]), now[1]), (Fraction(before[0]), before[1]))
    return Trend.MORE if low > 0 else Trend.FEWER if high < 0 else Trend.NOT_CLEAR


def _dimension_mean(dimension: str, responses: Iterable[CommentFact]) -> Fraction | None:
    return _mean((one.customer, one.by_dimension.get(dimension)) for one in responses)


def _mean(positions: Iterable[tuple[str, Fraction | None]]) -> Fraction | None:
    """Return the mean on 1 to 5 of positions from 0 to 1 with who gave them, None of fewer than five people."""
    given = [(customer, position) for customer, position in positions if position is not None]
    if len({customer for customer, _ in given}) < FEWEST_FOR_A_VALUE:
        return None
    return FIVE.lowest + (FIVE.highest - FIVE.lowest) * sum((one for _, one in given), Fraction(0)) / len(given)
