"""Peers and subordinates are shown from three on, and nothing lets anybody work out what fewer gave."""

from fractions import Fraction

import pytest

from config.forms.load import read_forms
from dialogs.forms.joined_result import GivenTotal, ResultPart, join_parts, join_sheets
from dialogs.forms.model import RaterRole

FORM = read_forms()["appraisal_360"]
SUPERIOR = GivenTotal(RaterRole.SUPERIOR, Fraction(88))


def peers(*totals: int, held: int = 3) -> list[GivenTotal]:
    """Return what peers gave, of whom a mean holds the first ones: none where they are fewer than three."""
    held = held if len(totals) >= held else 0
    return [GivenTotal(RaterRole.PEER, Fraction(total), place >= held) for place, total in enumerate(totals)]


@pytest.mark.parametrize("given", [(20,), (20, 40)])
def test_of_fewer_than_three_peers_nothing_is_told_nor_the_total_that_would_tell_it(given: tuple[int, ...]) -> None:
    shown = join_sheets(FORM, [SUPERIOR, *peers(*given)])
    assert (shown.total, shown.joined.total, shown.grade, shown.formula) == (None, None, None, "")
    assert (shown.withheld, shown.too_few, shown.waiting) == (True, ("peer",), 0)
    assert [role.role for role in shown.joined.roles] == ["superior"]


def test_three_peers_are_shown_by_their_mean() -> None:
    shown = join_sheets(FORM, [SUPERIOR, *peers(70, 80, 90)])
    assert (shown.total, shown.withheld, shown.too_few) == (Fraction(60 * 88 + 40 * 80, 100), False, ())
    assert [(role.role, int(role.mean), role.raters) for role in shown.joined.roles] == [
        ("superior", 88, 1),
        ("peer", 80, 3),
    ]


def test_a_fourth_and_a_fifth_peer_change_no_mean() -> None:
    three, five = (join_sheets(FORM, [SUPERIOR, *peers(*given)]) for given in ((70, 80, 90), (70, 80, 90, 0, 100)))
    assert (five.total, five.joined, five.waiting) == (three.total, three.joined, 2)
    six = join_sheets(FORM, [SUPERIOR, *peers(70, 80, 90, 0, 100, 20, held=6)])
    assert (int(six.joined.roles[1].mean), six.waiting) == (60, 0)


def part(name: str, *given: int) -> ResultPart:
    """Return the result of a superior and of what peers gave."""
    result = join_sheets(FORM, [SUPERIOR, *peers(*given)])
    return ResultPart(name, result.total, result.grade, result.withheld)


def test_no_longer_period_tells_what_a_shorter_one_hides() -> None:
    year = join_parts(FORM, [part("2026-Q1"), part("2026-Q2", 20), part("2026-Q3", 20, 40), part("2026-Q4", 1, 2, 3)])
    half = join_parts(FORM, [ResultPart("2026-H1", year.total, year.grade, year.withheld)])
    assert (year.total, year.grade, year.withheld, year.formula) == (None, None, True, "")
    hidden = {one.period for one in year.parts if one.total is None and one.grade is None}
    assert hidden == {"2026-Q2", "2026-Q3"}
    assert (half.total, half.parts[0].total, half.withheld) == (None, None, True)
    open_year = join_parts(FORM, [part("2026-Q1"), part("2026-Q4", 1, 2, 3)])
    assert (open_year.total is None, open_year.withheld) == (False, False)


def test_hidden_raters_who_count_for_nothing_hide_no_total() -> None:
    form = read_forms()["performance_60_40"]
    given = [SUPERIOR, GivenTotal(RaterRole.SELF, Fraction(100))]
    assert join_sheets(form, given).total == 88


def test_an_incomplete_sheet_counts_for_nothing_and_is_told() -> None:
    result = join_sheets(FORM, [SUPERIOR, GivenTotal(RaterRole.PEER, None)])
    assert (result.total, result.incomplete, result.formula) == (Fraction(88), 1, "superior 88 × 100 %")


def test_a_year_is_the_mean_of_the_quarters_that_have_a_result() -> None:
    parts = [ResultPart("2026-Q1", Fraction(80), None), ResultPart("2026-Q2", None, None)]
    result = join_parts(FORM, [*parts, ResultPart("2026-Q3", Fraction(91), None)])
    assert (result.total, result.formula) == (Fraction(171, 2), "mean of 2: 2026-Q1 80, 2026-Q3 91")
    assert result.grade is not None
    assert result.grade.name["zh-Hans"] == "良"
    assert join_parts(FORM, [ResultPart("2026-Q2", None, None)]).total is None
