"""What is added to a result, and the customers' part of it: exact, in any order, and never silent."""

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from config.forms.load import read_forms
from dialogs.forms.joined_result import (
    AddedPoints,
    CustomersScore,
    GivenTotal,
    PeriodResult,
    ResultPart,
    join_parts,
    join_sheets,
    with_added,
    with_customers,
)
from dialogs.forms.model import RaterRole
from scoring.forms.raters import join_shares

NOW = datetime(2026, 11, 30, tzinfo=UTC)
FORM = read_forms()["appraisal_360"]
NOBODY = join_sheets(FORM, [])
points = st.fractions(-100, 100, max_denominator=10)
scores = st.fractions(0, 100, max_denominator=10)


def superior(total: Fraction | int) -> PeriodResult:
    """Return the result of one superior."""
    return join_sheets(FORM, [GivenTotal(RaterRole.SUPERIOR, Fraction(total))])


def line(worth: Fraction | int | None, reason: str = "表彰") -> AddedPoints:
    """Return a line of 王经理."""
    return AddedPoints(None if worth is None else Fraction(worth), reason, "王经理", NOW)


def theirs(score: Fraction | int | None, share: int = 30) -> CustomersScore:
    """Return the part of five customers."""
    return CustomersScore(Fraction(share), None if score is None else Fraction(score), 5, 5, "small")


@given(scores, st.lists(points, max_size=5))
def test_the_total_has_each_line_once_in_whatever_order_they_came(total: Fraction, worth: list[Fraction]) -> None:
    lines = [line(one) for one in worth]
    found = with_added(FORM, superior(total), lines)
    assert found.total == total + sum(worth)
    assert with_added(FORM, superior(total), lines[::-1]).total == found.total
    assert sorted(one.points or 0 for one in found.added) == sorted(worth)


@given(scores, st.lists(points, max_size=3))
def test_a_line_without_points_leaves_the_subject_out_whatever_else_there_is(
    total: Fraction, worth: list[Fraction]
) -> None:
    found = with_added(FORM, superior(total), [*map(line, worth), line(None, "试用期")])
    assert (found.total, found.grade, found.formula, found.left_out) == (None, None, "", True)
    assert found.joined == superior(total).joined, "what the sheets say stays as it is"


def test_a_grade_follows_the_total_with_its_lines() -> None:
    below, above = (with_added(FORM, superior(88), [line(worth)]) for worth in (Fraction(19, 10), 2))
    assert [one.grade.name["zh-Hans"] if one.grade else "" for one in (below, above)] == ["良", "优"]


def test_lines_make_no_result_of_nothing_and_are_told() -> None:
    found = with_added(FORM, NOBODY, [line(5)])
    assert (found.total, found.joined.missing, len(found.added)) == (None, ("superior",), 1)


def test_no_line_is_no_change() -> None:
    assert with_added(FORM, superior(88), []) == superior(88)
    assert not with_added(FORM, superior(88), []).left_out


def test_the_formula_tells_each_line_with_its_sign() -> None:
    found = with_added(FORM, superior(80), [line(5), line(Fraction(-5, 2))])
    assert found.formula == "superior 80 × 100 % + 5 - 2.5"
    year = with_added(FORM, join_parts(FORM, [ResultPart("2026-Q1", Fraction(80), None)]), [line(1)])
    assert (year.total, year.formula) == (Fraction(81), "mean of 1: 2026-Q1 80 + 1")


@given(scores, scores, st.integers(1, 99))
def test_the_customers_part_lies_between_the_two_and_moves_with_each(
    inside: Fraction, outside: Fraction, share: int
) -> None:
    total = join_shares(inside, outside, Fraction(share))
    assert min(inside, outside) <= total <= max(inside, outside)
    assert join_shares(inside, inside, Fraction(share)) == inside
    assert join_shares(inside + 1, outside, Fraction(share)) - total == Fraction(100 - share, 100)
    assert join_shares(inside, outside + 1, Fraction(share)) - total == Fraction(share, 100)


def test_without_a_score_of_the_customers_the_sheets_decide_alone() -> None:
    found = with_customers(FORM, superior(88), theirs(None))
    assert (found.total, found.inside, found.formula) == (Fraction(88), Fraction(88), "superior 88 × 100 %")
    assert found.customers == theirs(None)


def test_customers_make_no_result_where_the_sheets_come_to_none() -> None:
    found = with_customers(FORM, NOBODY, theirs(100))
    assert (found.total, found.inside, found.formula) == (None, None, "")
    assert found.customers == theirs(100)


def test_both_parts_and_the_lines_stand_in_the_formula() -> None:
    found = with_added(FORM, with_customers(FORM, superior(88), theirs(96)), [line(5)])
    assert found.total == Fraction(88 * 70 + 96 * 30, 100) + 5
    assert found.formula == "(superior 88 × 100 %) × 70 % + customers' ratings 96 × 30 % + 5"
    assert found.grade is not None
    assert found.grade.name["zh-Hans"] == "优"
