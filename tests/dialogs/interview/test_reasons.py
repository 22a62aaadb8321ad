"""A tapped reason is the remark: at the step that asks for it, after a low rating, and never instead of words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.interview.events import Rated, ReasonGiven, Remarked
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.model import Interview, InterviewState, InterviewTerms, reasons_at
from dialogs.survey import Question, RemarkRule, Survey
from scoring.scale import Scale
from scoring.values import replace

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
REASONS = {"zh-Hans": ("迟到了", "没打招呼"), "en": ("Late", "No word of it")}
SURVEY = Survey(
    "small",
    1,
    {"en": "Small"},
    Scale(1, 5),
    (
        Question("time", {"en": "On time"}, {}, reasons=REASONS),
        Question("care", {"en": "Care"}, {}),
        Question("price", {"en": "Price"}, {}, reasons={"en": ("Dear",)}),
    ),
    RemarkRule(at_or_below=2, at_most=3),
)
TERMS = InterviewTerms(SURVEY, NOW)
START = Interview(
    id="int_a",
    invitation="inv_a",
    customer="c-1",
    channel="telegram",
    chat="1",
    survey=SURVEY.key,
    locale="zh-Hans",
    asked_at=NOW,
    expires_at=NOW + timedelta(days=3),
    at="time",
)


def after(*events: object, start: Interview = START) -> Interview:
    """Return the interview after these events; one that fits no row leaves it."""
    for event in events:
        step = INTERVIEW.step(start, event, TERMS)
        start = step.thing if step else start
    return start


@pytest.mark.parametrize(
    ("locale", "number", "text"),
    [
        ("zh-Hans", 1, "迟到了"),
        ("zh-Hans", 2, "没打招呼"),
        ("en", 2, "No word of it"),
        ("zh-Hant", 1, "迟到了"),
    ],
)
def test_the_words_of_the_customers_language_are_kept(locale: str, number: int, text: str) -> None:
    start = replace(START, locale=locale)
    told = after(Rated("time", 1), ReasonGiven("remark:time", number), start=start)
    assert (told.state, told.at) == (InterviewState.RATING, "care")
    assert [(answer.question, answer.value, answer.text) for answer in told.answers] == [("time", 1, text)]


@pytest.mark.parametrize(
    "event",
    [
        ReasonGiven("remark:time", 0),
        ReasonGiven("remark:time", 3),
        ReasonGiven("remark:time", -1),
        ReasonGiven("remark:care", 1),
        ReasonGiven("time", 1),
        ReasonGiven("comment", 1),
    ],
)
def test_a_reason_that_is_not_asked_for_changes_nothing(event: ReasonGiven) -> None:
    asked = after(Rated("time", 2))
    assert asked.state is InterviewState.REMARKING
    assert after(event, start=asked) == asked


def test_after_the_last_question_the_comment_follows() -> None:
    told = after(Rated("time", 5), Rated("care", 5), Rated("price", 1), ReasonGiven("remark:price", 1))
    assert told.state is InterviewState.COMMENTING
    assert told.answers[-1].text == "Dear"


def test_a_second_tap_changes_nothing() -> None:
    once = after(Rated("time", 1), ReasonGiven("remark:time", 1))
    assert after(ReasonGiven("remark:time", 2), start=once) == once


@pytest.mark.parametrize(
    ("written", "text"),
    [("等了三小时", "等了三小时\n迟到了"), ("就是迟到了", "就是迟到了"), ("", "迟到了")],
)
def test_what_is_written_beside_it_is_kept(written: str, text: str) -> None:
    told = after(Rated("time", 1), ReasonGiven("remark:time", 1, written))
    assert told.answers[0].text == text


@pytest.mark.parametrize(
    ("events", "offered"),
    [
        ((), ()),
        ((Rated("time", 2),), ("迟到了", "没打招呼")),
        ((Rated("time", 2), Rated("time", 4)), ()),
        ((Rated("time", 2), Remarked("慢"), Rated("care", 1)), ()),
        ((Rated("time", 2), Remarked("慢"), Rated("care", 5), Rated("price", 2)), ("Dear",)),
    ],
)
def test_reasons_are_offered_for_a_low_rating_only(events: Sequence[object], offered: tuple[str, ...]) -> None:
    assert reasons_at(after(*events), SURVEY) == offered
