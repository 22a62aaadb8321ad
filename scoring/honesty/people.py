"""How many different people are certainly behind ratings that are only counted.

Whoever answered once in a period is one of a number; whoever answered more often is listed apart, by name, so that
however many tickets somebody had, they count as one. Of those who answered once as many are certain as rated the item
most rated, in each group: people of several groups are different ones.
"""

from collections.abc import Mapping

__all__ = ["RatedBy", "certain_people"]

RatedBy = tuple[str, str, str]
"""A group, such as the survey, what was rated in it, and by whom: empty for all who answered once."""


def certain_people(sizes: Mapping[RatedBy, int], enough: int | None = None) -> int:
    """Return how many people there are at least behind so many ratings; `enough`: not counted further from there on."""
    most: dict[str, int] = {}
    named, people = set[str](), 0
    for (group, _, person), n in sizes.items():
        if not person:
            if n > (before := most.get(group, 0)):
                most[group], people = n, people + n - before
        elif n > 0 and person not in named:
            named.add(person)
            people += 1
        if enough is not None and people >= enough:
            return enough
    return people
