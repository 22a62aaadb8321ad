"""A form's total is exact, a grade begins at its lower bound, and an incomplete sheet has neither."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scoring.forms.sheet import Grade, SheetItem, SheetSection, grade_of, score_sheet

FIVE = Fraction(5)
WORK = SheetSection("work", Fraction(60), tuple(SheetItem(f"w{number}", FIVE) for number in range(8)))
CARE = SheetSection("care", Fraction(40), tuple(SheetItem(f"c{number}", FIVE) for number in range(4)))
SHEET = (WORK, CARE)
WORDS = ((0, "不合格"), (40, "一般"), (60, "良好"), (80, "优秀"))
GRADES = tuple(Grade(Fraction(bound), {"zh-Hans": word}) for bound, word in WORDS)
ITEMS = tuple(item.id for section in SHEET for item in section.items)
filled = some.lists(some.integers(1, 5), min_size=len(ITEMS), max_size=len(ITEMS))


def values(ratings: list[int]) -> dict[str, int]:
    """Return ratings in the order of the items, by item."""
    return dict(zip(ITEMS, ratings, strict=True))


def test_eight_and_four_items_of_sixty_and_forty_percent_add_up_to_78_5() -> None:
    score = score_sheet(SHEET, GRADES, values([4, 4, 3, 5, 4, 4, 3, 4, 5, 4, 4, 3]))
    assert [section.score for section in score.sections] == [Fraction(93, 2), 32]
    assert score.total == Fraction(157, 2)
    assert score.grade is not None
    assert score.grade.name["zh-Hans"] == "良好"


@pytest.mark.parametrize(("rating", "total"), [(5, 100), (1, 20), (3, 60)])
def test_the_same_rating_everywhere_gives_its_share_of_a_hundred(rating: int, total: int) -> None:
    assert score_sheet(SHEET, GRADES, values([rating] * 12)).total == total


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        *(("80", "优秀"), ("79.99", "良好"), ("79.5", "良好"), ("60", "良好"), ("59.99", "一般"), ("40", "一般")),
        *(("39.99", "不合格"), ("0", "不合格"), ("100", "优秀")),
    ],
)
def test_a_grade_begins_at_its_lower_bound_and_nothing_is_rounded_before(total: str, grade: str) -> None:
    found = grade_of(GRADES, Fraction(total))
    assert found is not None
    assert found.name["zh-Hans"] == grade


def test_below_the_lowest_bound_there_is_no_grade() -> None:
    assert grade_of(GRADES[1:], Fraction(39)) is None


def test_the_importance_of_an_item_is_its_weight() -> None:
    important = tuple(SheetItem(f"i{place}", FIVE, Fraction(weight)) for place, weight in enumerate((5, 5, 3, 2)))
    rated = {item.id: rating for item, rating in zip(important, (5, 3, 4, 4), strict=True)}
    assert score_sheet((SheetSection("", Fraction(100), important),), (), rated).total == 80


def test_an_incomplete_sheet_has_no_total_and_says_how_many_were_answered() -> None:
    rated = values([5] * 12)
    del rated["c3"]
    score = score_sheet(SHEET, GRADES, rated)
    assert (score.total, score.grade, score.answered, score.asked) == (None, None, 11, 12)
    assert [section.score for section in score.sections] == [Fraction(60), None]
    assert score_sheet(SHEET, GRADES, rated, leaves_out=True).total == 100


def test_a_section_without_any_answer_is_never_left_out() -> None:
    rated = {item.id: 5 for item in WORK.items}
    assert score_sheet(SHEET, GRADES, rated, leaves_out=True).total is None


def test_what_does_not_apply_leaves_both_sums() -> None:
    clauses = tuple(SheetItem(name, Fraction(most)) for name, most in (("a", 6), ("b", 4), ("c", 10)))
    one = (SheetSection("", Fraction(100), clauses),)
    assert score_sheet(one, (), {"a": 3, "b": 4}, not_applicable={"c"}).total == 70
    score = score_sheet(SHEET, (), {item.id: 4 for item in WORK.items}, not_applicable={item.id for item in CARE.items})
    assert (score.total, score.asked, score.sections[1].weight) == (Fraction(80), 8, Fraction(0))
    assert score_sheet(SHEET, (), {}, not_applicable=ITEMS).total is None


@given(filled, some.permutations(range(8)))
def test_the_order_of_the_items_in_a_section_changes_nothing(ratings: list[int], order: list[int]) -> None:
    moved = [ratings[place] for place in order] + ratings[8:]
    assert score_sheet(SHEET, (), values(moved)).total == score_sheet(SHEET, (), values(ratings)).total


@given(filled, some.integers(0, 11))
def test_a_better_item_never_makes_the_total_worse(ratings: list[int], place: int) -> None:
    better = [*ratings[:place], min(5, ratings[place] + 1), *ratings[place + 1 :]]
    before, after = (score_sheet(SHEET, (), values(each)).total for each in (ratings, better))
    assert before is not None
    assert after is not None
    assert 20 <= before <= after <= 100
    assert (after > before) == (better != ratings)
