"""Raters of several roles are joined by the first mix whose roles have all rated."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from scoring.forms.raters import is_step, join_roles, mean_total


def mix(**weights: int) -> Mapping[str, Fraction]:
    """Return the weights of a mix."""
    return {role: Fraction(weight) for role, weight in weights.items()}


ALL_ROUND = (
    mix(superior=40, peer=30, subordinate=30),
    mix(superior=60, peer=40),
    mix(superior=60, subordinate=40),
    mix(superior=100),
)


def joined(**totals: list[int]) -> Fraction | None:
    """Return the joined result of these totals by role."""
    return join_roles({role: [Fraction(total) for total in given] for role, given in totals.items()}, ALL_ROUND).total


@pytest.mark.parametrize(
    ("totals", "result"),
    [
        ({"superior": [88], "peer": [80], "subordinate": [90]}, "86.2"),
        ({"superior": [88], "subordinate": [90]}, "88.8"),
        ({"superior": [88], "peer": [80]}, "84.8"),
        ({"superior": [88]}, "88"),
        ({"superior": [88], "peer": []}, "88"),
        ({"superior": [90, 86], "peer": [70, 80, 90]}, "84.8"),
        ({"superior": [88], "self": [100]}, "88"),
    ],
)
def test_the_mix_follows_who_has_rated(totals: dict[str, list[int]], result: str) -> None:
    assert joined(**totals) == Fraction(result)


def test_without_a_superior_there_is_no_result_and_it_says_who_is_missing() -> None:
    found = join_roles({"peer": [Fraction(80)], "subordinate": [Fraction(90)]}, ALL_ROUND)
    assert (found.total, found.missing) == (None, ("superior",))
    assert [(role.role, int(role.mean), int(role.weight)) for role in found.roles] == [
        ("peer", 80, 0),
        ("subordinate", 90, 0),
    ]


def test_the_mean_of_the_quarters_that_there_are_is_exact() -> None:
    assert mean_total([Fraction(80), Fraction(85), Fraction(87)]) == 84


GIVEN = Fraction(80)


@pytest.mark.parametrize(
    ("marks", "steps"),
    [
        ([], False),
        ([(GIVEN, None)] * 2, False),
        ([(GIVEN, None)] * 3, True),
        ([(GIVEN, GIVEN)] * 3 + [(GIVEN, None)] * 2, False),
        ([(GIVEN, GIVEN)] * 3 + [(GIVEN, None)] * 3, True),
        ([(Fraction(1), GIVEN), (GIVEN, GIVEN), (GIVEN, GIVEN)], False),
        ([(Fraction(1), GIVEN), (None, GIVEN), (GIVEN, None), (None, None)], True),
    ],
)
def test_a_mean_that_is_shown_changes_by_three_sheets_at_least(
    marks: list[tuple[Fraction | None, Fraction | None]],
    steps: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    assert is_step(marks) is steps
