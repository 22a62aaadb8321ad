"""A plan earns its share up to 110 %, a limit up to 100 %, and nothing is divided by zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scoring.forms.attainment import CAP_OF_LIMITS, CAP_OF_PLANS, attainment

amounts = some.fractions(0, 1000)


def plan(actual: Fraction | int, target: int) -> Fraction:
    """Return the attainment of a plan."""
    return attainment(Fraction(actual), Fraction(target), is_limit=False, cap=CAP_OF_PLANS)


def limit(actual: Fraction | int, target: int) -> Fraction:
    """Return the attainment of a limit."""
    return attainment(Fraction(actual), Fraction(target), is_limit=True, cap=CAP_OF_LIMITS)


@pytest.mark.parametrize(
    ("actual", "target", "share"),
    [(120, 100, "1.1"), (110, 100, "1.1"), (90, 100, "0.9"), (0, 90, "0"), (45, 90, "0.5")],
)
def test_a_plan_is_capped_at_110_percent(actual: int, target: int, share: str) -> None:
    assert plan(actual, target) == Fraction(share)


@pytest.mark.parametrize(
    ("actual", "target", "share"), [(5, 2, "0.4"), (2, 2, "1"), (1, 2, "1"), (0, 2, "1"), (0, 0, "1"), (3, 0, "0")]
)
def test_a_limit_is_capped_at_100_percent_and_zero_is_no_mistake(actual: int, target: int, share: str) -> None:
    assert limit(actual, target) == Fraction(share)


def test_nothing_is_a_share_of_a_plan_of_zero() -> None:
    with pytest.raises(ValueError, match="above 0"):
        plan(5, 0)


@given(amounts, amounts, some.integers(1, 1000))
def test_more_is_never_worse_for_a_plan_and_never_better_for_a_limit(
    one: Fraction, other: Fraction, target: int
) -> None:
    less, more = sorted((one, other))
    assert 0 <= plan(less, target) <= plan(more, target) <= CAP_OF_PLANS
    assert 0 <= limit(more, target) <= limit(less, target) <= CAP_OF_LIMITS
