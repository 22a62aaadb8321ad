"""Several raters of the same person: the mean of each role, joined by weights that depend on who has rated.

The 360° appraisal of the field joins superiors, peers and subordinates by 40/30/30; where one of the last two is
missing the superiors weigh 60 and the other 40, without both 100, and without a superior there is no result.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from scoring.forms.sheet import FULL
from scoring.values import Value

__all__ = ["LEAST_SHOWN", "JoinedScore", "RoleScore", "is_step", "join_roles", "join_shares", "mean_total"]

LEAST_SHOWN = 3
"""So many raters of a role whose names are not told must there be before anybody sees their mean.

The mean of one is what that one gave, and each of two knows by the mean what the other gave. For the same reason a mean
that is shown changes in steps of so many (`is_step`).
"""


class RoleScore(Value):
    """The mean total of the raters of one role, and how many there are; `weight` is its share in the joined result."""

    role: str
    mean: Fraction
    raters: int
    weight: Fraction = Fraction(0)


class JoinedScore(Value):
    """The result of all roles; None where no mix fits, and then `missing` are the roles that the last one lacks."""

    total: Fraction | None
    roles: tuple[RoleScore, ...]
    missing: tuple[str, ...] = ()


def join_roles(totals: Mapping[str, Sequence[Fraction]], mixes: Sequence[Mapping[str, Fraction]]) -> JoinedScore:
    """Return the joined result of the totals that each role gave.

    `mixes` are weights by role, each adding up to 100: the first whose roles have all rated decides, so the one with
    most roles stands first. A role that it does not name counts for nothing.
    """
    means = {role: mean_total(given) for role, given in totals.items() if given}
    fitting = next((mix for mix in mixes if means.keys() >= mix.keys()), None)
    weights = fitting or {}
    roles = tuple(
        RoleScore(role, mean, len(totals[role]), weights.get(role, Fraction(0))) for role, mean in means.items()
    )
    if fitting is None:
        lacking = tuple(role for role in mixes[-1] if role not in means) if mixes else ()
        return JoinedScore(None, roles, lacking)
    return JoinedScore(sum((one.mean * one.weight for one in roles), start=Fraction(0)) / FULL, roles)


def is_step(marks: Iterable[tuple[Fraction | None, Fraction | None]]) -> bool:
    """Return whether the mean that is shown of a role may change now.

    `marks` are what each rater gave and what of it the mean holds, None where it is not in there. It may change once
    at least three raters have given what the mean does not hold: the mean before and after the next sheet alone would
    tell that sheet, and the change of one sheet would be told likewise.
    """
    return sum(1 for given, held in marks if given != held) >= LEAST_SHOWN


def join_shares(inside: Fraction, outside: Fraction | None, share: Fraction) -> Fraction:
    """Return what a company's own score and that of its customers come to, by the declared share of the latter.

    inside × (100 - share) % + outside × share %; without a score of the customers, the company's own alone.
    """
    return inside if outside is None else (inside * (FULL - share) + outside * share) / FULL


def mean_total(totals: Sequence[Fraction]) -> Fraction:
    """Return the exact arithmetic mean; the result of a year is that of the quarters that there are."""
    return sum(totals, start=Fraction(0)) / len(totals)
