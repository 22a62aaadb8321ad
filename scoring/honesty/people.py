"""How many different people are certainly behind ratings that are only counted.

Whoever answered once in a period is one of a number; whoever answered more often is listed apart, by name, so that
however many tickets somebody had, they count as one. Of those who answered once as many are certain as rated the item
most rated, in each group: people of several groups are different ones.
"""

from collections.abc import Mapping

__all__ = ["RatedBy", "certain_people"]

RatedBy = tuple[str, str, str]
"""A group, such as the survey, what was rated in it, and by whom: empty for all who answered once."""


def certain_people(sizes: Mapping[RatedBy, int]) -> int:
    """Return how many people there are at least behind so many ratings."""
    most: dict[str, int] = {}
    named = set[str]()
    for (group, _, person), n in sizes.items():
        if not person:
            most[group] = max(most.get(group, 0), n)
        elif n > 0:
            named.add(person)
    return sum(most.values()) + len(named)
