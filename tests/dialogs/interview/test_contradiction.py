"""Words that say the opposite of the ratings: when they do, what is asked then, and what an answer to it changes."""

from datetime import timedelta

import pytest

from config.locale.words import load_lexicon
from dialogs.interview import events as ev
from dialogs.interview.contradiction import contradicted, is_doubted
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show
from dialogs.interview.model import Interview, InterviewState, InterviewTerms
from dialogs.interview.understand import understand
from dialogs.messages import Tap, Verb
from dialogs.understanding.read import strong_side
from scoring.scale import Scale
from scoring.values import replace
from tests.dialogs.samples import FIVE_POINT, NOW, PHRASES, TEN_POINT, rated

LEXICON = load_lexicon()
LATER = NOW + timedelta(minutes=5)
COMMENTING, CLARIFYING, COMPLETED = InterviewState.COMMENTING, InterviewState.CLARIFYING, InterviewState.COMPLETED


def leaning(text: str) -> int:
    return strong_side(text, LEXICON)


TERMS = InterviewTerms(FIVE_POINT, NOW, leaning)


def commented(values: dict[str, int], comment: str = "", **remarks: str) -> Interview:
    interview = rated(COMMENTING, values)
    answers = tuple(replace(one, text=remarks.get(one.question)) for one in interview.answers)
    return replace(interview, answers=answers, comment=comment or None)


@pytest.mark.parametrize(
    ("interview", "doubted"),
    [
        (commented({"speed": 1}, "非常满意"), ("speed",)),
        (commented({"speed": 2}, "very satisfied"), ("speed",)),
        (commented({"speed": 1, "care": 1}, "非常满意"), ("speed", "care")),
        (commented({"speed": 5, "care": 4}, "太差了"), ("speed", "care")),
        (commented({"speed": 5, "care": 5}, "terrible"), ("speed", "care")),
        # the mean decides: a 3 beside is in no doubt, and a 5 beside explains the praise
        (commented({"speed": 1, "care": 3}, "非常满意"), ("speed",)),
        (commented({"speed": 1, "care": 5}, "非常满意"), ()),
        (commented({"speed": 5, "care": 1}, "太差了"), ()),
        (commented({"speed": 2, "care": 4}, "非常满意"), ()),
        (commented({"speed": 3, "care": 3}, "非常满意"), ()),
        # a remark is about its question; where the mean is on its side, about all
        (commented({"speed": 1, "care": 5}, speed="非常满意"), ("speed",)),
        (commented({"speed": 1, "care": 1}, speed="非常满意"), ("speed", "care")),
        (commented({"speed": 1, "care": 5}, speed="太差了"), ()),
        (commented({"speed": 5, "care": 5}, speed="太差了"), ("speed", "care")),
        # of both minds, weak, mocking, or nothing at all
        (commented({"speed": 1, "care": 1}, "非常满意", speed="太差了"), ()),
        (commented({"speed": 1}, "好"), ()),
        (commented({"speed": 1}, "太好了，真快啊呵呵"), ()),
        (commented({"speed": 1}, "真的是「好快」喔"), ()),
        (commented({"speed": 1}, "非常满意，就是慢了点"), ()),
        (commented({"speed": 1}, "师傅上午来的"), ()),
        (commented({"speed": 1}), ()),
        (commented({}, "非常满意"), ()),
    ],
)
def test_ratings_are_contradicted_by_strong_words_of_one_mind_on_the_other_side(
    interview: Interview, doubted: tuple[str, ...]
) -> None:
    assert tuple(one.question for one in contradicted(interview, FIVE_POINT, leaning)) == doubted


@pytest.mark.parametrize(
    ("lowest", "highest", "value", "meant"), [(1, 5, 2, 4), (1, 10, 2, 9), (0, 10, 0, 10), (1, 2, 1, 2), (1, 3, 1, 3)]
)
def test_the_rating_that_may_be_meant_is_as_far_from_the_other_end(
    lowest: int, highest: int, value: int, meant: int
) -> None:
    survey = replace(FIVE_POINT, scale=Scale(lowest, highest))
    asked = after(ev.Commented("非常满意"), start=commented({"speed": value}), terms=replace(TERMS, survey=survey))
    (answer,) = asked.answers
    assert answer.clarification is not None
    assert (answer.clarification.given, answer.clarification.meant) == (value, meant)


def after(*events: object, start: Interview, terms: InterviewTerms = TERMS) -> Interview:
    for event in events:
        step = INTERVIEW.step(start, event, terms)
        assert step is not None, event
        start = step.thing
    return start


ASKED = after(ev.Commented("非常满意", "9"), start=commented({"speed": 1, "care": 1}))
SINGLE = after(ev.Commented("", "9"), start=commented({"speed": 1, "care": 5}, speed="非常满意"))


def test_it_is_asked_before_the_thanks_and_says_when_it_was() -> None:
    assert (ASKED.state, ASKED.comment, ASKED.completed_at) == (CLARIFYING, "非常满意", None)
    assert [one.clarification and one.clarification.at for one in ASKED.answers] == [NOW, NOW]
    assert after(ev.Skipped("comment"), start=commented({"speed": 1}, speed="非常满意")).state is CLARIFYING
    assert ASKED.wake_at == ASKED.expires_at


@pytest.mark.parametrize(
    "start",
    [commented({"speed": 1, "care": 1}, "太差了"), commented({"speed": 5}, "非常满意"), commented({"speed": 1})],
)
def test_whoever_says_what_was_rated_is_through_as_ever(start: Interview) -> None:
    assert after(ev.Skipped("comment"), start=start).state is COMPLETED


def test_it_is_asked_neither_where_the_file_says_no_nor_in_an_anonymous_survey() -> None:
    for survey in (replace(FIVE_POINT, asks_contradiction=False), replace(FIVE_POINT, anonymous=True)):
        terms = replace(TERMS, survey=survey)
        assert after(ev.Commented("非常满意"), start=commented({"speed": 1}), terms=terms).state is COMPLETED


@pytest.mark.parametrize(
    ("said", "values", "confirmed"),
    [
        (ev.Clarified(is_meant=True), (5, 5), 5),
        (ev.Clarified(is_meant=False), (1, 1), 1),
        (ev.Clarified(is_meant=True, value=4), (4, 4), 4),
        (ev.Clarified(is_meant=False, value=1), (1, 1), 1),
    ],
)
def test_an_answer_sets_the_ratings_and_keeps_both(said: ev.Clarified, values: tuple[int, ...], confirmed: int) -> None:
    done = after(said, start=ASKED, terms=replace(TERMS, now=LATER))
    assert (done.state, tuple(done.ratings.values()), done.completed_at) == (COMPLETED, values, LATER)
    clarified = [one.clarification for one in done.answers]
    assert [(one.given, one.meant, one.confirmed) for one in clarified if one is not None] == [(1, 5, confirmed)] * 2
    assert not is_doubted(done, FIVE_POINT, leaning)
    assert {one.at for one in done.answers} == {NOW if values == (1, 1) else LATER}


def test_a_rating_off_the_scale_is_no_answer() -> None:
    assert INTERVIEW.step(ASKED, ev.Clarified(is_meant=True, value=6), TERMS) is None


@pytest.mark.parametrize(
    "end", [ev.Lapsed(), ev.Declined(), ev.Withdrawn(), ev.Ended("算了"), ev.Skipped("clarify")], ids=repr
)
def test_without_an_answer_it_is_complete_as_rated_and_in_doubt(end: object) -> None:
    done = after(end, start=ASKED, terms=replace(TERMS, now=LATER))
    assert (done.state, done.ratings, done.completed_at) == (COMPLETED, {"speed": 1, "care": 1}, NOW)
    assert is_doubted(done, FIVE_POINT, leaning)


def test_back_goes_to_the_comment_and_nobody_is_asked_twice() -> None:
    again = after(ev.Back("clarify"), start=ASKED)
    assert (again.state, again.comment) == (COMMENTING, "非常满意")
    done = after(ev.Commented("真的非常满意"), start=again)
    assert done.state is COMPLETED
    assert is_doubted(done, FIVE_POINT, leaning)


def test_an_older_button_answers_it_as_well_once_nothing_is_in_doubt_any_more() -> None:
    half = after(ev.Rated("speed", 4), start=ASKED)
    assert half.state is CLARIFYING
    assert "「服务态度」您打了 1 分，是想打 5 分吗？" in show(half, FIVE_POINT, PHRASES, Greeting()).text
    done = after(ev.Rated("care", 5), start=half)
    assert (done.state, done.ratings) == (COMPLETED, {"speed": 4, "care": 5})
    assert [one.clarification and one.clarification.confirmed for one in done.answers] == [4, 5]


def test_an_edit_of_a_number_answers_it_and_an_edit_of_words_leaves_it_open() -> None:
    one = replace(
        commented({"speed": 1}), answers=tuple(replace(a, source="7") for a in rated(COMMENTING, {"speed": 1}).answers)
    )
    asked = after(ev.Commented("非常满意", "9"), start=one)
    assert after(ev.Edited("非常不满意", "9"), start=asked).state is CLARIFYING
    done = after(ev.Edited("", "7", 5), start=asked)
    assert (done.state, done.ratings) == (COMPLETED, {"speed": 5})


@pytest.mark.parametrize(
    ("text", "meant", "value"),
    [
        *(
            (text, True, None)
            for text in ("是", "是的！", "對", "点错了", "是的，點錯了", "改", "yes", "Yes please", "嗯")
        ),
        *((text, False, None) for text in ("不是", "不用改", "不用了", "没打错", "no", "No, keep it", "唔係")),
        *((text, True, 5) for text in ("5", "五分", "５", "5分", "改成5分", "打错了，应该是5分", "⭐⭐⭐⭐⭐")),
        *((text, True, 4) for text in ("4", "是，4分")),
        *((text, False, 1) for text in ("1", "1分没错", "不是，就是1分")),
    ],
)
def test_what_is_typed_says_which_is_meant(text: str, meant: bool, value: int | None) -> None:  # noqa: FBT001 (a column of a table)
    assert understand(text, ASKED, FIVE_POINT, LEXICON, "9") == ev.Clarified(meant, value)


def test_what_is_said_beside_it_is_kept_and_a_complaint_goes_to_the_team() -> None:
    said = understand("是的，师傅很好", ASKED, FIVE_POINT, LEXICON, "9")
    assert said == ev.Clarified(is_meant=True, text="是的，师傅很好", source="9")
    assert after(said, start=ASKED).said[-1].text == "是的，师傅很好"
    assert understand("不是，我要投诉", ASKED, FIVE_POINT, LEXICON, "9") == ev.Complained("不是，我要投诉", "9")


@pytest.mark.parametrize("text", ["非常满意", "不是5分", "6", "是，不对", "师傅上午来的", "谢谢"])
def test_what_says_neither_is_no_answer(text: str) -> None:
    assert understand(text, ASKED, FIVE_POINT, LEXICON, "9") == ev.NotUnderstood(text, "9")


def test_several_ratings_are_named_as_a_span_and_turned_over_one_by_one() -> None:
    asked = after(ev.Commented("非常满意", "9"), start=commented({"speed": 1, "care": 2}))
    shown = show(asked, FIVE_POINT, PHRASES, Greeting())
    assert "多问一句：您打了 1–2 分，是想打 4–5 分吗？" in shown.text
    for text, values in (("是", (5, 4)), ("5", (5, 4)), ("2", (1, 2)), ("不是", (1, 2))):
        said = understand(text, asked, FIVE_POINT, LEXICON, "9")
        assert tuple(after(said, start=asked).ratings.values()) == values
    assert isinstance(understand("3", asked, FIVE_POINT, LEXICON, "9"), ev.NotUnderstood)


@pytest.mark.parametrize(
    ("locale", "asked", "buttons"),
    [
        ("zh-Hans", "多问一句：您打了 1 分，是想打 5 分吗？", ["是，改成 5 分", "不改，就是 1 分", "上一步"]),
        ("zh-Hant", "多問一句：您打了 1 分，是想打 5 分嗎？", ["是，改成 5 分", "不改，就是 1 分", "上一步"]),
        ("en", "One more thing: you rated 1. Did you mean 5?", ["Yes, make it 5", "No, it is 1", "Back"]),
    ],
)
def test_the_question_has_a_button_for_each_rating(locale: str, asked: str, buttons: list[str]) -> None:
    shown = show(replace(ASKED, locale=locale), FIVE_POINT, PHRASES, Greeting())
    assert asked in shown.text
    *rows, stop = shown.rows
    assert [choice.label for row in rows for choice in row] == buttons
    assert [choice.means for row in rows[:2] for choice in row] == [
        Tap(Verb.CLARIFY, "int_a", "clarify", value) for value in (1, 0)
    ]
    assert [choice.means.verb for choice in stop] == [Verb.STOP]


def test_one_rating_of_several_is_named_by_its_question() -> None:
    assert "多问一句：「响应速度」您打了 1 分，是想打 5 分吗？" in show(SINGLE, FIVE_POINT, PHRASES, Greeting()).text
    done = after(ev.Clarified(is_meant=True), start=SINGLE)
    assert done.ratings == {"speed": 5, "care": 5}
    assert "改好了，谢谢您告诉我们！" in show(done, FIVE_POINT, PHRASES, Greeting()).text


@pytest.mark.parametrize("hint", [ev.Hint.EXAMPLE, ev.Hint.WORDLESS, ev.Hint.SMALL_TALK])
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
def test_whatever_is_explained_says_how_to_answer(hint: ev.Hint, locale: str) -> None:
    shown = show(replace(ASKED, locale=locale), FIVE_POINT, PHRASES, Greeting(), hint)
    assert any(word in shown.text for word in ("「是」", "“yes”"))
    assert any(word in shown.typed for word in ("「是」", "“yes”"))


def test_on_another_scale_than_five_points_the_ends_are_as_far() -> None:
    high, middle = commented({"speed": 9}, "太差了"), commented({"speed": 7}, "太差了")
    assert contradicted(high, TEN_POINT, leaning) == high.answers
    assert contradicted(middle, TEN_POINT, leaning) == ()
