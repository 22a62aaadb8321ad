"""How people go through a survey: medians from five people on, and where they leave."""

import pytest

from scoring.survey_course import CourseEnd, QuestionCourse, SurveyCourse, Walk, survey_course

QUESTIONS = ("speed", "result", "care")


def through(*seconds: float, ends: float) -> Walk:
    """Return the way of somebody who rated every question at these moments."""
    return Walk(dict(zip(QUESTIONS, seconds, strict=True)), "care", CourseEnd.COMPLETED, completed=ends)


FIVE = [through(10, 10 + fast, 30, ends=40) for fast in (2, 3, 4, 5, 19)]


def test_five_people_give_medians_and_the_first_question_has_none() -> None:
    course = survey_course(QUESTIONS, FIVE)
    assert (course.asked, course.started, course.completed, course.left, course.seconds) == (5, 5, 5, 0, 30.0)
    assert [(one.question, one.seconds) for one in course.questions] == [
        ("speed", None),
        ("result", 4.0),
        ("care", 16.0),
    ]


def test_fewer_than_five_give_counts_only() -> None:
    course = survey_course(QUESTIONS, FIVE[:4])
    assert (course.completed, course.seconds) == (4, None)
    assert {one.seconds for one in course.questions} == {None}
    assert {one.rated for one in course.questions} == {4}


@pytest.mark.parametrize(
    ("walk", "question", "expected"),
    [
        (Walk({}, "speed", CourseEnd.LEFT), 0, QuestionCourse("speed", 1, 0, 0, 1, None)),
        (Walk({}, "speed", CourseEnd.OPEN), 0, QuestionCourse("speed", 1, 0, 0, 0, None)),
        (Walk({"speed": 9}, "result", CourseEnd.LEFT), 0, QuestionCourse("speed", 1, 1, 0, 0, None)),
        (Walk({"speed": 9}, "result", CourseEnd.LEFT), 1, QuestionCourse("result", 1, 0, 0, 1, None)),
        (Walk({"speed": 9}, "result", CourseEnd.LEFT), 2, QuestionCourse("care", 0, 0, 0, 0, None)),
        (
            Walk({"speed": 9}, "care", CourseEnd.OPEN, frozenset({"result"})),
            1,
            QuestionCourse("result", 1, 0, 1, 0, None),
        ),
    ],
)
def test_whoever_leaves_is_counted_at_the_question_that_was_shown(
    walk: Walk, question: int, expected: QuestionCourse
) -> None:
    assert survey_course(QUESTIONS, [walk]).questions[question] == expected


def test_a_correction_that_came_later_is_not_timed() -> None:
    corrected = [through(60, 20, 30, ends=70) for _ in range(5)]
    assert [one.seconds for one in survey_course(QUESTIONS, corrected).questions] == [None, None, 10.0]


def test_nobody_asked_is_no_mistake() -> None:
    assert survey_course((), []) == SurveyCourse(0, 0, 0, 0, None)
