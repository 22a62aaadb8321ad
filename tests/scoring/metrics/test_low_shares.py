"""How many people rated a dimension low, by team: each person once, whatever they answered."""

from scoring.metrics.facts import RatingCount
from scoring.metrics.low_shares import low_shares
from scoring.scale import FIVE, Scale
from scoring.values import replace


def rated(value: int, n: int, question: str = "speed", excluded: str = "", **others: str) -> RatingCount:
    keys = {"team": "north", "survey": "after_service", "question": question, "dimension": "speed", **others}
    scale = Scale(1, 10) if others.get("survey") == "ten_point" else FIVE
    return RatingCount(keys, scale, value, n, excluded)


def test_one_and_two_are_low_on_a_scale_of_five() -> None:
    counts = [rated(1, 2), rated(2, 3), rated(3, 4), rated(5, 6)]
    assert low_shares(counts) == {("north", "speed"): (15, 5)}


def test_the_limit_is_mapped_to_other_scales() -> None:
    ten = [rated(value, 1, survey="ten_point") for value in range(1, 11)]
    assert low_shares(ten) == {("north", "speed"): (10, 3)}  # 2 of 1-5 is 3.25 of 1-10


def test_what_is_excluded_counts_nowhere() -> None:
    assert low_shares([rated(1, 9, excluded="test")]) == {}
    assert low_shares([rated(1, 9, excluded="unfinished"), rated(5, 2)]) == {("north", "speed"): (2, 0)}


def test_two_questions_of_a_dimension_are_one_answer_of_each_person() -> None:
    both = [rated(1, 3, "first"), rated(5, 7, "first"), rated(1, 2, "second"), rated(4, 8, "second")]
    assert low_shares(both) == {("north", "speed"): (10, 2)}  # a quarter of twenty answers is low


def test_teams_and_dimensions_are_told_apart_and_surveys_added() -> None:
    counts = [
        rated(1, 1),
        rated(1, 1, survey="ten_point"),
        rated(5, 4, team="south"),
        rated(2, 2, dimension="care"),
        rated(5, 3, team=""),
    ]
    assert low_shares(counts) == {
        ("", "speed"): (3, 0),
        ("north", "care"): (2, 2),
        ("north", "speed"): (2, 2),
        ("south", "speed"): (4, 0),
    }


def test_a_customer_with_several_tickets_counts_once() -> None:
    counts, hers = [rated(1, 6), rated(5, 4)], [replace(rated(1, 6), person="ann")]
    assert low_shares(counts, hers) == {("north", "speed"): (5, 3)}
