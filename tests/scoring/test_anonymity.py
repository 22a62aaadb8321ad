from hypothesis import given
from hypothesis import strategies as st

from scoring.anonymity import MINIMUM_GROUP, AnonymousResponse, anonymous_months
from scoring.values import replace

NOW = "2026-12-01"
VALUES = (1, 2, 3)


def said(value: int = 3, month: str = "2026-11-01", version: int = 1) -> AnonymousResponse:
    return AnonymousResponse(version, month, {"trust": value})


def test_a_month_that_is_over_is_shown_with_how_often_each_value_was_given() -> None:
    (month,) = anonymous_months([said(1), said(3), said(3), said(2), said(3)], NOW, VALUES)
    assert (month.version, month.month, month.n) == (1, "2026-11-01", 5)
    assert [(one.question, one.n, one.ratings) for one in month.questions] == [("trust", 5, {1: 1, 2: 1, 3: 3})]


def test_the_month_that_is_still_going_on_is_not_shown_so_that_nobody_sees_it_grow_by_one() -> None:
    assert anonymous_months([said(month="2026-12-01")] * 9, NOW, VALUES) == []


def test_four_people_are_not_shown_nor_can_they_be_had_by_difference() -> None:
    few = [said(version=2)] * 4
    assert anonymous_months(few, NOW, VALUES) == []
    shown = anonymous_months([*few, *[said(1)] * 5], NOW, VALUES)
    assert [(month.version, month.n) for month in shown] == [(1, 5)]  # and no sum over both versions


def test_a_question_that_few_answered_is_left_out_with_its_remarks() -> None:
    many = [said()] * 4 + [
        AnonymousResponse(1, "2026-11-01", {"trust": 3, "again": 1}, (("again", "never"), ("trust", "yes")))
    ]
    (month,) = anonymous_months(many, NOW, VALUES)
    assert [one.question for one in month.questions] == ["trust"]
    assert month.remarks == (("trust", "yes"),)


def test_how_important_a_question_is_is_told_where_five_people_said_so() -> None:
    weighed = [replace(said(3), importances={"trust": importance}) for importance in (5, 5, 4, 1)]
    (month,) = anonymous_months([*weighed, said(3)], NOW, VALUES)
    assert month.questions[0].importances is None
    (month,) = anonymous_months([*weighed, replace(said(3), importances={"trust": 5})], NOW, VALUES)
    assert month.questions[0].importances == {5: 3, 4: 1, 1: 1}


def test_comments_stand_in_an_order_that_tells_nothing() -> None:
    comments = ["z", "b", "a", "d", "c"]
    (month,) = anonymous_months(
        [AnonymousResponse(1, "2026-11-01", {"trust": 1}, (), text) for text in comments], NOW, VALUES
    )
    assert month.comments == ("a", "b", "c", "d", "z")


@given(
    people=st.lists(
        st.tuples(st.integers(1, 2), st.sampled_from(["2026-10-01", "2026-11-01", "2026-12-01"]), st.integers(1, 3))
    )
)
def test_whoever_answers_nothing_is_shown_of_fewer_than_five(people: list[tuple[int, str, int]]) -> None:
    shown = anonymous_months([said(value, month, version) for version, month, value in people], NOW, VALUES)
    counted = [(version, month) for version, month, _ in people]
    for month in shown:
        assert month.n == counted.count((month.version, month.month)) >= MINIMUM_GROUP
        assert all(question.n >= MINIMUM_GROUP for question in month.questions)
        assert month.month < NOW
    hidden = {key for key in counted if counted.count(key) >= MINIMUM_GROUP and key[1] < NOW}
    assert {(month.version, month.month) for month in shown} == hidden
