"""A survey's total is made of its sections, and a question may have words of its own."""

from fractions import Fraction

import pytest

from dialogs.survey import Question, Survey, SurveySection
from scoring.forms.sheet import Grade
from scoring.scale import Scale
from scoring.values import replace

WORDS = {"en": {1: "bad", 5: "good"}}
OWN = {"en": {1: "dear", 5: "cheap"}}
QUESTIONS = (
    Question("speed", {"en": "Speed"}, {}),
    Question("price", {"en": "Price"}, {}, labels=OWN),
    Question("care", {"en": "Care"}, {}),
)
PLAIN = Survey("plain", 1, {"en": "Plain"}, Scale(1, 5, WORDS), QUESTIONS)
SECTIONS = (
    SurveySection("work", {"en": "Work"}, Fraction(70), ("speed", "care")),
    SurveySection("cost", {"en": "Cost"}, Fraction(30), ("price",)),
)
GRADES = (Grade(Fraction(60), {"en": "Good"}), Grade(Fraction(0), {"en": "Poor"}))
WEIGHTED = replace(PLAIN, sections=SECTIONS, grades=GRADES)
IMPORTANT = replace(PLAIN, questions=tuple(replace(one, importance=3) for one in QUESTIONS))


@pytest.mark.parametrize(
    ("survey", "has_total"),
    [
        (PLAIN, False),
        (WEIGHTED, True),
        (IMPORTANT, True),
        (replace(PLAIN, grades=GRADES), True),
        (replace(PLAIN, sections=SECTIONS), True),
    ],
)
def test_a_survey_has_a_total_where_its_file_says_what_it_is_made_of(survey: Survey, has_total: bool) -> None:  # noqa: FBT001 (a table)
    assert survey.has_total is has_total


@pytest.mark.parametrize(
    ("ratings", "total", "grade"),
    [
        ({"speed": 5, "care": 5, "price": 5}, 100, "Good"),
        ({"speed": 1, "care": 1, "price": 1}, 20, "Poor"),
        ({"speed": 4, "care": 3, "price": 2}, 61, "Good"),
        ({"speed": 3, "care": 3, "price": 2}, 54, "Poor"),
        ({"speed": 3, "care": 3}, None, None),
        ({}, None, None),
    ],
)
def test_the_total_is_the_sum_of_the_sections(ratings: dict[str, int], total: int | None, grade: str | None) -> None:
    found = WEIGHTED.total(ratings)
    assert found.total == total
    assert (found.grade.name["en"] if found.grade else None) == grade
    assert (found.answered, found.asked) == (len(ratings), 3)


def test_without_sections_all_questions_are_one() -> None:
    (only,) = replace(PLAIN, grades=GRADES).total({"speed": 5, "care": 4, "price": 3}).sections
    assert (only.id, only.weight, only.score) == ("", Fraction(100), Fraction(80))


def test_what_is_left_out_leaves_the_sums_but_for_a_whole_section() -> None:
    lenient = replace(WEIGHTED, leaves_out=True)
    assert lenient.total({"speed": 4, "price": 5}).total == 86
    assert lenient.total({"speed": 4, "care": 5}).total is None


def test_a_question_has_its_own_words_or_the_surveys() -> None:
    assert PLAIN.scale_of("price").labels == OWN
    assert PLAIN.scale_of("speed") == PLAIN.scale
    assert PLAIN.scale_of("price").values == PLAIN.scale.values
