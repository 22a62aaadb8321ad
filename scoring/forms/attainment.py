"""How far a planned figure was attained, as a share of the plan; exact, and capped.

A figure that should be high earns min(actual ÷ target, cap), one that should be low min(target ÷ actual, cap): the
usual rule of key figures in appraisals, with a cap of 110 % for plans that may be surpassed and of 100 % for limits.
"""

from fractions import Fraction

__all__ = ["CAP_OF_LIMITS", "CAP_OF_PLANS", "attainment"]

CAP_OF_PLANS = Fraction(11, 10)
"""What a surpassed plan earns at most, where nothing else is said."""
CAP_OF_LIMITS = Fraction(1)
"""What a limit that was kept earns at most, where nothing else is said."""


def attainment(actual: Fraction, target: Fraction, *, is_limit: bool, cap: Fraction) -> Fraction:
    """Return the share of `target` that `actual` attained, from 0 to `cap`.

    A limit of 0 is attained in full by 0 and not at all by more; every limit is attained up to its cap by 0, by which
    nothing can be divided. Raises ValueError for a plan whose target is not above 0, of which nothing is a share.
    """
    if is_limit:
        if actual <= 0:
            return cap
        return min(target / actual, cap) if target > 0 else Fraction(0)
    if target <= 0:
        raise ValueError("the target of a plan must be above 0")
    return max(Fraction(0), min(actual / target, cap))
