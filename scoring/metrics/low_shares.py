"""How many people rated a dimension low, by team: what the charts of early warning are drawn from."""

from collections.abc import Iterable
from math import floor

from scoring.metrics.facts import RatingCount, grouped
from scoring.metrics.ratings import people_of, rating_parts

__all__ = ["low_shares"]


def low_shares(
    ratings: Iterable[RatingCount], repeated: Iterable[RatingCount] = ()
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return by team and dimension how many people rated it, and how many of them low.

    Low as in `bad_review_rate`. Where somebody rated several questions of a dimension their answers count as one,
    by the share that is low, rounded down. `repeated` are the ratings of people with several responses, who count once.
    """
    found, by = dict[tuple[str, str], tuple[int, int]](), ("team", "dimension")
    of_them = grouped(repeated, by)
    for (team, dimension), counts in grouped(ratings, by).items():
        parts = [(each, part) for each in counts if (part := rating_parts("bad_review_rate", each)) is not None]
        people = people_of((each for each, _ in parts), of_them.get((team, dimension), ()))
        every = sum(n for _, (_, n) in parts)
        if people:
            found[team, dimension] = people, floor(people * sum(low for _, (low, _) in parts) / every)
    return found
