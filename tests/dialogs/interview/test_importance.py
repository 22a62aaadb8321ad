"""Importance: when it is asked, what is understood as an answer to it, and what the message shows."""

from datetime import UTC, datetime, timedelta

import pytest

from config.surveys.load import read_surveys
from config.surveys.validation import lint
from dialogs.interview.anonymity import spoken
from dialogs.interview.events import (
    Back,
    Complained,
    Declined,
    Hint,
    ImportanceDeclined,
    NotUnderstood,
    Rated,
    RatedAll,
    Remarked,
    Skipped,
    Spoke,
    Undone,
    WantedPerson,
    Weighed,
)
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show
from dialogs.interview.model import Interview, InterviewState, InterviewTerms
from dialogs.interview.understand import understand
from dialogs.messages import Tap, Verb
from dialogs.survey import Question, RemarkRule, Survey
from scoring.scale import Scale
from scoring.values import replace
from tests.dialogs.samples import LEXICON, LOCALES, PHRASES

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
QUESTIONS = tuple(Question(name, {"en": name.title(), "zh-Hans": name}, {}) for name in ("time", "care", "price"))
SURVEY = Survey("small", 1, {"en": "Small"}, Scale(1, 10), QUESTIONS, RemarkRule(2, 3), asks_importance=True)
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


def after(*events: object, start: Interview = START, terms: InterviewTerms = TERMS) -> Interview:
    """Return the interview after these events; one that fits no row leaves it."""
    for event in events:
        step = INTERVIEW.step(start, event, terms)
        start = step.thing if step else start
    return start


def weights(interview: Interview) -> dict[str, int | None]:
    return {answer.question: answer.importance for answer in interview.answers}


def test_it_is_asked_after_a_rating_of_a_survey_that_asks_for_it_and_of_no_other() -> None:
    assert after(Rated("time", 9)).state is InterviewState.WEIGHING
    plain = replace(TERMS, survey=replace(SURVEY, asks_importance=False))
    assert after(Rated("time", 9), terms=plain).state is InterviewState.RATING


def test_what_went_wrong_is_asked_first_and_what_is_skipped_is_asked_nothing() -> None:
    low = after(Rated("time", 1))
    assert low.state is InterviewState.REMARKING
    for said in (Remarked("late"), Skipped("remark:time")):
        assert after(said, start=low).state is InterviewState.WEIGHING
    passed = after(Skipped("time"))
    assert (passed.state, passed.at) == (InterviewState.RATING, "care")


def test_whoever_rates_all_at_once_is_asked_for_none_of_it_and_undoes_it_as_ever() -> None:
    rated = after(Rated("time", 9), Weighed("time", 4), RatedAll((9,)))
    assert rated.state is InterviewState.COMMENTING
    assert weights(rated) == {"time": 4, "care": None, "price": None}
    assert weights(after(Undone(), start=rated)) == {"time": 4}


def test_going_back_keeps_it_until_it_is_said_anew() -> None:
    given = after(Rated("time", 9), Weighed("time", 4), Back("care"), Rated("time", 8))
    assert (given.state, given.at, weights(given)) == (InterviewState.WEIGHING, "time", {"time": 4})
    assert weights(after(Weighed("time", 2), start=given)) == {"time": 2}
    assert weights(after(Skipped("weight:time"), start=given)) == {"time": 0}
    assert weights(after(ImportanceDeclined("weight:time"), start=given)) == {"time": 0}


def test_declined_it_is_asked_no_more_unless_one_goes_back_and_says_it_after_all() -> None:
    declined = after(Rated("time", 9), ImportanceDeclined("weight:time"), Rated("care", 9))
    assert (declined.state, declined.at) == (InterviewState.RATING, "price")
    said = after(Weighed("time", 5), start=declined)
    assert weights(said) == {"time": 5, "care": None}
    assert after(Rated("price", 9), start=said).state is InterviewState.WEIGHING


def test_what_is_said_beside_it_is_kept() -> None:
    given = after(Rated("time", 9), Weighed("time", 5, "5, we waited all day", "77"))
    assert [(words.text, words.source) for words in given.said] == [("5, we waited all day", "77")]
    passed = after(Rated("time", 9), Skipped("weight:time", "跳过吧，都行", "78"))
    assert [(words.text, words.is_wish) for words in passed.said] == [("跳过吧，都行", True)]


def test_an_old_button_corrects_it_in_time_and_not_later() -> None:
    ended = after(Rated("time", 9), Weighed("time", 4), RatedAll((9,)), Skipped("comment"))
    assert weights(after(Weighed("time", 1), start=ended))["time"] == 1
    late = replace(TERMS, now=START.expires_at)
    assert after(Weighed("time", 1), start=ended, terms=late) == ended


@pytest.mark.parametrize("state", [InterviewState.DECLINED, InterviewState.EXPIRED, InterviewState.WITHDRAWN])
def test_an_interview_that_ended_otherwise_takes_none(state: InterviewState) -> None:
    ended = replace(after(Rated("time", 9)), state=state)
    assert after(Weighed("time", 1), ImportanceDeclined("weight:time"), start=ended) == ended


@pytest.mark.parametrize(
    ("text", "importance"),
    [
        *(("重要", 4), ("很重要", 5), ("非常重要。", 5), ("一般", 3), ("不太重要", 2), ("不重要", 1), ("无所谓", 1)),
        *(
            ("很重要！谢谢", 5),
            ("４", 4),
            ("④", 4),
            ("四", 4),
            ("3分", 3),
            ("⭐⭐", 2),
            ("important", 4),
            ("Very important!", 5),
        ),
        *(("not important", 1), ("so-so", 3), ("5 very important", 5), ("1 不重要", 1), ("非常重要", 5), ("沒關係", 1)),
    ],
)
def test_it_is_understood_in_numbers_and_words(text: str, importance: int) -> None:
    read = understand(text, after(Rated("time", 9)), SURVEY, LEXICON, "77")
    assert isinstance(read, Weighed)
    assert (read.question, read.value) == ("time", importance)


@pytest.mark.parametrize("text", ["都不选", "都不選", "不选了", "none of these", "skip importance", "Rather not."])
def test_that_it_shall_not_be_asked_is_understood(text: str) -> None:
    assert understand(text, after(Rated("time", 9)), SURVEY, LEXICON) == ImportanceDeclined("weight:time")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("上一步", Back("weight:time")),
        ("跳过", Skipped("weight:time")),
        ("没有", Skipped("weight:time")),
        ("退订", Declined()),
        ("找人工", WantedPerson("找人工", "77")),
        ("谢谢", Spoke("谢谢", "77", Hint.THANKED)),
        ("骗子公司", Complained("骗子公司", "77")),
        ("7", NotUnderstood("7", "77")),
        ("师傅姓张", NotUnderstood("师傅姓张", "77")),
    ],
)
def test_anything_else_means_what_it_means_elsewhere(text: str, event: object) -> None:
    assert understand(text, after(Rated("time", 9)), SURVEY, LEXICON, "77") == event


@pytest.mark.parametrize("locale", LOCALES)
def test_the_second_row_stands_in_the_same_message_and_begins_with_the_digits(locale: str) -> None:
    shown = show(replace(after(Rated("time", 9)), locale=locale), SURVEY, PHRASES, Greeting())
    points, none_and_back, stop = shown.rows
    assert [choice.label for choice in points] == list("12345")
    assert [choice.means for choice in points] == [Tap(Verb.WEIGH, "int_a", "time", value) for value in range(1, 6)]
    verbs = [choice.means.verb for choice in (*none_and_back, *stop)]
    assert verbs == [Verb.NO_IMPORTANCE, Verb.BACK, Verb.STOP]
    assert PHRASES.say(locale, "typed.importance") == shown.typed
    assert "9/10" in shown.text
    assert "1–5" in shown.text


def test_the_first_message_promises_a_minute_only_where_it_holds() -> None:
    first = show(START, SURVEY, PHRASES, Greeting()).text
    assert "大约一分钟" in first
    four = replace(SURVEY, questions=(*QUESTIONS, Question("heart", {"zh-Hans": "heart"}, {})))
    assert "大约一分钟" not in show(START, four, PHRASES, Greeting()).text
    assert "大约一分钟" in show(START, replace(four, asks_importance=False), PHRASES, Greeting()).text


def test_the_check_counts_the_taps_of_it() -> None:
    asked = read_surveys()["importance_matrix"]
    long = replace(asked, questions=tuple(replace(asked.questions[0], id=f"q{number}") for number in range(11)))
    assert any("is expected to take 2 minutes" in told for told in lint(long))
    assert not any("is expected to take" in told for told in lint(replace(long, asks_importance=False)))


def test_of_an_anonymous_survey_it_is_kept_with_the_answer() -> None:
    given = after(Rated("time", 9), Weighed("time", 4), Rated("care", 9), Skipped("weight:care"))
    assert spoken(given) == '[{"question":"time","value":9,"importance":4},{"question":"care","value":9}]'
