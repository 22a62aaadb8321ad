"""Peers and subordinates are shown from three on, and nothing lets anybody work out what fewer gave."""

from fractions import Fraction

from config.forms.load import read_forms
from dialogs.forms.joined_result import GivenTotal, ResultPart, join_parts, join_sheets, seen_by_company, seen_by_rated
from dialogs.forms.model import RaterRole

FORM = read_forms()["appraisal_360"]
SUPERIOR = GivenTotal(RaterRole.SUPERIOR, Fraction(88))


def peers(*totals: int) -> list[GivenTotal]:
    """Return what peers gave."""
    return [GivenTotal(RaterRole.PEER, Fraction(total)) for total in totals]


def test_two_peers_stay_hidden_and_so_does_the_total_that_would_tell_their_mean() -> None:
    result = join_sheets(FORM, [SUPERIOR, *peers(70, 80)])
    assert result.total == Fraction(60 * 88 + 40 * 75, 100)
    shown = seen_by_rated(result)
    assert (shown.total, shown.grade, shown.withheld, shown.formula) == (None, None, True, "")
    assert [role.role for role in shown.joined.roles] == ["superior"]


def test_three_peers_are_shown_by_their_mean() -> None:
    shown = seen_by_rated(join_sheets(FORM, [SUPERIOR, *peers(70, 80, 90)]))
    assert (shown.total, shown.withheld) == (Fraction(60 * 88 + 40 * 80, 100), False)
    assert [(role.role, int(role.mean), role.raters) for role in shown.joined.roles] == [
        ("superior", 88, 1),
        ("peer", 80, 3),
    ]


def test_what_a_single_peer_gave_is_shown_to_nobody() -> None:
    alone = seen_by_company(join_sheets(FORM, [SUPERIOR, *peers(20)]))
    assert (alone.total, alone.grade, alone.withheld, alone.formula) == (None, None, True, "")
    assert [role.role for role in alone.joined.roles] == ["superior"]
    two = seen_by_company(join_sheets(FORM, [SUPERIOR, *peers(20, 40)]))
    assert (two.total, two.withheld) == (Fraction(60 * 88 + 40 * 30, 100), False)


def part(name: str, *given: int) -> ResultPart:
    """Return the result of a superior and of what peers gave."""
    result = join_sheets(FORM, [SUPERIOR, *peers(*given)])
    return ResultPart(name, result.total, result.grade, result.fewest)


def test_no_longer_period_tells_what_a_shorter_one_hides() -> None:
    year = join_parts(FORM, [part("2026-Q1"), part("2026-Q2", 20), part("2026-Q3", 20, 40), part("2026-Q4", 1, 2, 3)])
    half = join_parts(FORM, [ResultPart("2026-H1", year.total, year.grade, year.fewest)])
    for see, hidden in ((seen_by_rated, {"2026-Q2", "2026-Q3"}), (seen_by_company, {"2026-Q2"})):
        shown = see(year)
        assert (shown.total, shown.grade, shown.withheld, shown.formula) == (None, None, True, "")
        assert {one.period for one in shown.parts if one.total is None and one.grade is None} == hidden
        assert (see(half).total, see(half).parts[0].total) == (None, None)
    open_year = join_parts(FORM, [part("2026-Q1"), part("2026-Q4", 1, 2, 3)])
    assert seen_by_rated(open_year) == open_year


def test_hidden_raters_who_count_for_nothing_hide_no_total() -> None:
    form = read_forms()["performance_60_40"]
    given = [SUPERIOR, GivenTotal(RaterRole.SELF, Fraction(100))]
    assert seen_by_rated(join_sheets(form, given)).total == 88


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
