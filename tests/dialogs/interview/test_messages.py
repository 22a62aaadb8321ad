import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.surveys.load import read_surveys
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Hint
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import language_menu, show
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.issue.closure_message import closure, closure_answered
from dialogs.messages import Link, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE, columns
from dialogs.survey import Survey
from scoring.values import replace
from tests.dialogs.interview.laws import SURVEY, whole_walk
from tests.dialogs.samples import FIVE_POINT, LOCALES, PHRASES, TEN_POINT, asked, rated

MEI = Greeting("王女士", "空调不制冷", "李工")
TOLD = replace(MEI, policy="https://care.example/privacy")
STOP = ["不再评价"]
_PHONE = 42
"""Columns of a line in a chat on a phone: 18 to 21 Chinese characters."""
_LINES = 6
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2b50\u2705\u274c\u26a0\u2764]")


def _labels(prompt: Prompt) -> list[list[str]]:
    return [[choice.label for choice in row] for row in prompt.rows]


def test_the_first_message_greets_says_what_it_is_about_and_asks() -> None:
    assert show(asked(), FIVE_POINT, PHRASES, MEI).text == (
        "王女士，您好！「空调不制冷」，李工处理完了，想听听您的感受。\n"
        "2 道小题，点一下就好，大约一分钟\n"
        "\n"
        "1/2 响应速度：多久有人联系您\n"
        "1 很差 · 2 较差 · 3 一般 · 4 较好 · 5 很好\n"
        "\n"
        "不想收到，回复「退订」"
    )


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("hint", [Hint.NONE, Hint.REMINDER])
@pytest.mark.parametrize("subject", ["", "空调不制冷"])
@pytest.mark.parametrize("agent", ["", "李工"])
@pytest.mark.parametrize("name", ["", "王女士"])
def test_the_greeting_reads_well_whatever_is_known(
    locale: str, hint: Hint, subject: str, agent: str, name: str
) -> None:
    text = show(asked(locale=locale), FIVE_POINT, PHRASES, Greeting(name, subject, agent), hint).text
    assert all(known in text for known in (name, subject, agent))
    assert not re.search("[「“][」”]|^[，,]|  |\\{", text)


def test_the_reminder_is_worded_differently_and_asks_the_same() -> None:
    first = show(asked(), FIVE_POINT, PHRASES, MEI)
    again = show(asked(), FIVE_POINT, PHRASES, MEI, Hint.REMINDER)
    assert again.text != first.text
    assert again.rows == first.rows
    assert "我们不会再催您" in again.text


def test_the_first_message_names_the_company_and_has_the_notice_and_the_way_out_on_one_line() -> None:
    first, *_, last = show(asked(), FIVE_POINT, PHRASES, replace(TOLD, company="清风空调")).text.splitlines()
    assert first == "王女士，您好！这里是清风空调。「空调不制冷」，李工处理完了，想听听您的感受。"
    assert last == "隐私说明 · 不想收到，回复「退订」"
    told = show(asked(), FIVE_POINT, PHRASES, TOLD)
    assert told.text_link == Link("隐私说明", "https://care.example/privacy")
    assert told.written_out.splitlines()[-1] == "隐私说明 https://care.example/privacy · 不想收到，回复「退订」"


@pytest.mark.parametrize("survey", read_surveys().values(), ids=lambda survey: survey.id)
@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_message_of_a_shipped_survey_fits_six_lines_of_a_phone(survey: Survey, locale: str) -> None:
    about = {"en": Greeting("Mei", "Air conditioner does not cool", "Tom")}.get(locale, MEI)
    plain = replace(survey, anonymous=False)  # an anonymous one says one thing more
    first = replace(asked(locale=locale), at=survey.questions[0].id)
    message = show(first, plain, PHRASES, replace(about, policy="https://care.example/privacy")).text
    *lines, foot = (line for line in message.splitlines() if line)
    assert columns(foot) <= _PHONE
    assert sum(-(-columns(line) // _PHONE) for line in lines) <= _LINES


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("questions", [1, 5, 8, 40])
def test_the_length_announced_is_true(locale: str, questions: int) -> None:
    asks = tuple(replace(FIVE_POINT.questions[0], id=f"q{n}") for n in range(questions))
    text = show(replace(asked(locale=locale), at="q0"), replace(FIVE_POINT, questions=asks), PHRASES, MEI).text
    assert any(words in text for words in ("一分钟", "一分鐘", "a minute", "One question")) == (questions < 8)
    assert (f"1/{questions}" in text) == (questions > 1)


@pytest.mark.parametrize("locale", LOCALES)
def test_feedback_announces_a_rating_and_a_word_not_a_number_of_questions(locale: str) -> None:
    one = replace(FIVE_POINT, questions=FIVE_POINT.questions[:1])
    text = show(asked(locale=locale), one, PHRASES, replace(TOLD, is_feedback=True)).text
    assert text.splitlines()[1] == PHRASES.say(locale, "feedback.length")
    assert text.splitlines()[-1] == PHRASES.say(locale, "privacy.link")
    assert "1" not in "".join(text.splitlines()[:4])


@pytest.mark.parametrize(
    ("words", "legend"),
    [
        ({1: "很差", 2: "较差", 3: "一般", 4: "较好", 5: "很好"}, "1 很差 · 2 较差 · 3 一般 · 4 较好 · 5 很好"),
        ({1: "很不满意", 2: "不太满意", 3: "一般", 4: "满意", 5: "非常满意"}, "1 很不满意 … 5 非常满意"),
        ({1: "差", 5: "好"}, "1 差 … 5 好"),
        ({1: "差", 3: "一般", 5: "好"}, "1 差 · 3 一般 · 5 好"),
    ],
)
def test_the_scale_stands_on_one_line_with_all_its_words_or_its_ends(words: dict[int, str], legend: str) -> None:
    survey = replace(FIVE_POINT, scale=replace(FIVE_POINT.scale, labels={"zh-Hans": words}))
    assert show(asked(), survey, PHRASES, MEI).text.splitlines()[4] == legend


def test_linked_words_that_a_subject_holds_too_are_linked_where_they_stand_last() -> None:
    prompt = show(asked(), FIVE_POINT, PHRASES, replace(TOLD, subject="隐私说明"))
    assert prompt.written_out.count(TOLD.policy) == 1
    assert prompt.text.splitlines()[-1].index("隐私说明") == 0
    assert prompt.text[prompt.linked_from :].startswith("隐私说明 · ")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_notice_is_given_once_not_at_every_step_and_not_with_the_reminder(locale: str) -> None:
    def says(interview: Interview, hint: Hint = Hint.NONE) -> bool:
        return TOLD.policy in show(interview, FIVE_POINT, PHRASES, TOLD, hint).written_out

    assert says(asked(locale=locale))
    assert not says(asked(locale=locale), Hint.EXAMPLE)  # it stands below the first message
    assert not says(asked(locale=locale), Hint.REMINDER)
    assert not says(rated(InterviewState.RATING, {"speed": 4}, locale))
    assert not says(rated(InterviewState.COMPLETED, {"speed": 4}, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_who_answers_an_anonymous_survey_is_told_what_follows_from_that(locale: str) -> None:
    nameless = replace(FIVE_POINT, anonymous=True)
    told = show(asked(locale=locale), nameless, PHRASES, TOLD).text
    assert PHRASES.say(locale, "privacy.anonymous") in told
    assert any(word in told for word in ("意见反馈", "意見回饋", "/feedback"))
    assert PHRASES.say(locale, "privacy.anonymous") not in show(asked(locale=locale), FIVE_POINT, PHRASES, TOLD).text


@pytest.mark.proof
@pytest.mark.parametrize("locale", LOCALES)
def test_stop_stands_alone_in_the_last_row_of_every_step(locale: str) -> None:
    for interview in whole_walk().moves:
        rows = show(replace(interview, locale=locale), SURVEY, PHRASES, MEI).rows
        assert not rows or [choice.means for choice in rows[-1]] == [Tap(Verb.STOP, "")]
        assert all(choice.means.verb is not Verb.STOP for row in rows[:-1] for choice in row)


def test_five_ratings_stand_in_one_row_that_begins_with_digits_and_skip_below() -> None:
    prompt = show(asked(), FIVE_POINT, PHRASES, MEI)
    assert _labels(prompt) == [["1", "2", "3", "4", "5"], ["跳过"], STOP]
    assert prompt.rows[0][3].means == Tap(Verb.RATE, "int_a", "speed", 4)
    assert prompt.rows[1][0].means == Tap(Verb.SKIP, "int_a", "speed")


def test_ten_ratings_stand_in_two_rows_of_five() -> None:
    labels = _labels(show(rated(InterviewState.RATING, {"speed": 9}), TEN_POINT, PHRASES, MEI))
    assert labels == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"], ["跳过", "上一步"], STOP]


def test_a_scale_without_words_says_which_end_is_which() -> None:
    assert "1 分最低，10 分最高" in show(asked(), TEN_POINT, PHRASES, MEI).text


def test_the_next_question_shows_what_was_answered_so_far() -> None:
    prompt = show(rated(InterviewState.RATING, {"speed": 4}), FIVE_POINT, PHRASES, MEI)
    assert prompt.text.startswith("响应速度 ★★★★☆\n\n2/2 服务态度：说话是否和气\n")
    assert prompt.rows[1][1].means == Tap(Verb.BACK, "int_a", "care")
    assert show(rated(InterviewState.RATING, {"speed": 9}), TEN_POINT, PHRASES, MEI).text.startswith("响应速度 9/10")


def test_a_question_shown_again_marks_the_rating_it_has() -> None:
    prompt = show(rated(InterviewState.RATING, {"speed": 4}, at="speed"), FIVE_POINT, PHRASES, MEI)
    assert _labels(prompt) == [["1", "2", "3", "4 ✓", "5"], ["跳过"], STOP]


def test_a_low_rating_is_followed_by_what_went_wrong() -> None:
    prompt = show(rated(InterviewState.REMARKING, {"speed": 2}, at="speed"), FIVE_POINT, PHRASES, MEI)
    assert "「响应速度」您打了 2 分。哪里让您不满意？一句话就好，不想写可以跳过。" in prompt.text
    assert _labels(prompt) == [["跳过", "上一步"], STOP]


REASONS = {"zh-Hans": ("迟到了", "没人接电话", "改了时间"), "en": ("Late", "Nobody answered", "Time changed")}
WITH_REASONS = replace(
    FIVE_POINT, questions=(replace(FIVE_POINT.questions[0], reasons=REASONS), *FIVE_POINT.questions[1:])
)


def test_the_reasons_for_a_low_rating_stand_two_to_a_row_and_can_be_typed() -> None:
    prompt = show(rated(InterviewState.REMARKING, {"speed": 2}, at="speed"), WITH_REASONS, PHRASES, MEI)
    assert _labels(prompt) == [["迟到了", "没人接电话"], ["改了时间"], ["跳过", "上一步"], STOP]
    assert [choice.means for choice in prompt.rows[0]] == [
        Tap(Verb.REASON, "int_a", "remark:speed", 1),
        Tap(Verb.REASON, "int_a", "remark:speed", 2),
    ]
    assert prompt.typed == "可以直接回：迟到了、没人接电话、改了时间；也可以自己说一句，不想说就回「跳过」。"


def test_no_reason_is_offered_for_a_good_rating_nor_where_there_is_none() -> None:
    good = show(rated(InterviewState.REMARKING, {"speed": 5}, at="speed"), WITH_REASONS, PHRASES, MEI)
    other = show(rated(InterviewState.REMARKING, {"speed": 5, "care": 1}, at="care"), WITH_REASONS, PHRASES, MEI)
    assert [_labels(prompt) for prompt in (good, other)] == [[["跳过", "上一步"], STOP]] * 2


def test_a_rating_corrected_upwards_is_not_asked_what_went_wrong() -> None:
    text = show(rated(InterviewState.REMARKING, {"speed": 5}, at="speed"), FIVE_POINT, PHRASES, MEI).text
    assert "不满意" not in text
    assert "有什么想补充的" in text


def test_the_comment_comes_last_and_can_be_skipped() -> None:
    prompt = show(rated(InterviewState.COMMENTING, {"speed": 4, "care": 5}), FIVE_POINT, PHRASES, MEI)
    assert "最后，还有什么想对我们说的吗" in prompt.text
    assert [choice.means for choice in prompt.rows[0]] == [
        Tap(Verb.SKIP, "int_a", "comment"),
        Tap(Verb.BACK, "int_a", "comment"),
    ]


def test_the_thanks_repeat_what_was_answered() -> None:
    prompt = show(rated(InterviewState.COMPLETED, {"speed": 4, "care": 5}), FIVE_POINT, PHRASES, MEI)
    assert prompt.text == (
        "谢谢您，王女士！您的评价收到了。\n\n响应速度 ★★★★☆\n服务态度 ★★★★★\n\n您说的每一条，我们都会看。"
    )


def test_who_let_it_lapse_half_way_is_told_that_the_answers_count() -> None:
    partial = show(rated(InterviewState.EXPIRED, {"speed": 4}), FIVE_POINT, PHRASES, MEI).text
    assert "您答过的都收到了" in partial
    assert partial != show(asked(InterviewState.EXPIRED), FIVE_POINT, PHRASES, MEI).text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("state", [InterviewState.DECLINED, InterviewState.EXPIRED, InterviewState.WITHDRAWN])
def test_a_farewell_is_one_kind_line_without_buttons(state: InterviewState, locale: str) -> None:
    prompt = show(asked(state, locale), FIVE_POINT, PHRASES, MEI)
    assert prompt.rows == ()
    assert len(prompt.text.splitlines()) == 1


def test_a_text_not_understood_is_answered_with_an_example_from_the_scale() -> None:
    text = show(asked(), TEN_POINT, PHRASES, MEI, Hint.EXAMPLE).text
    assert "您的话我们记下了。这一题麻烦打个分：1 到 10，10 分最好；不想答就回「跳过」。" in text
    assert "1/2 响应速度" in text


def test_a_sticker_instead_of_a_comment_is_answered_with_an_example() -> None:
    text = show(rated(InterviewState.COMMENTING, {"care": 5}), FIVE_POINT, PHRASES, MEI, Hint.EXAMPLE).text
    assert "只能看懂文字" in text


def test_after_the_second_time_the_customer_hears_that_a_person_reads_it_and_the_question_stays() -> None:
    prompt = show(rated(InterviewState.RATING, {"speed": 4}), FIVE_POINT, PHRASES, MEI, Hint.PASSED_ON)
    assert "已转给同事，会尽快跟进" in prompt.text
    assert len(prompt.rows) == 3


def test_a_survey_without_the_customers_language_is_asked_in_its_own() -> None:
    text = show(asked(locale="zh-Hant"), FIVE_POINT, PHRASES, MEI).text
    assert "1/2 响应速度" in text
    assert "2 題，點一下就好" in text


@pytest.mark.proof
@pytest.mark.some(1)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_reachable_interview_can_be_shown_in_every_language(locale: str) -> None:
    for interview in whole_walk().moves:
        spoken = replace(interview, locale=locale)
        for hint in (Hint.NONE, Hint.EXAMPLE, Hint.WORDLESS, Hint.PASSED_ON, Hint.REMINDER):
            prompt = show(spoken, SURVEY, PHRASES, MEI, hint)
            assert prompt.text.strip() == prompt.text != ""
            assert len(prompt.text) <= LONGEST_MESSAGE
            assert "\n\n\n" not in prompt.text
            assert len(_EMOJI.findall(prompt.text)) <= 1
            assert (interview.state in FINAL) == (not prompt.rows)


@given(name=st.text(), subject=st.text(), agent=st.text(), locale=st.text())
def test_any_name_and_subject_fit_the_first_message(name: str, subject: str, agent: str, locale: str) -> None:
    text = show(asked(locale=locale), FIVE_POINT, PHRASES, Greeting(name, subject, agent)).text
    assert len(text) <= LONGEST_MESSAGE
    assert len(text.splitlines()) == 7


def test_a_very_long_survey_still_fits_one_message() -> None:
    many = tuple(replace(FIVE_POINT.questions[0], id=f"q{n}", definition={"zh-Hans": "长" * 9000}) for n in range(40))
    survey = replace(FIVE_POINT, questions=many)
    interview = rated(InterviewState.RATING, {f"q{n}": 4 for n in range(39)}, at="q39")
    assert len(show(interview, survey, PHRASES, MEI).text) <= LONGEST_MESSAGE


@given(note=st.text(min_size=1, max_size=2000))
def test_the_closure_carries_the_note_whole_and_as_it_was_written(note: str) -> None:
    prompt = closure(note, "空调不制冷", "iss_a", 1, PHRASES, "zh-Hans")
    assert f"\n\n{note}\n\n" in prompt.text
    assert len(prompt.text) <= LONGEST_MESSAGE
    assert f"\n\n{note}\n\n" in closure_answered(note, "空调不制冷", PHRASES, "zh-Hans", solved=True).text


def test_the_closure_asks_whether_it_is_true() -> None:
    prompt = closure("已换压缩机。", "空调不制冷", "iss_a", 1, PHRASES, "zh-Hans")
    assert prompt.text == "您好，您说的「空调不制冷」，我们处理好了：\n\n已换压缩机。\n\n现在解决了吗？"
    assert _labels(prompt) == [["解决了", "还没解决"], ["退订"]]
    assert [choice.means for choice in prompt.rows[0]] == [
        Tap(Verb.SOLVED, "iss_a", "1"),
        Tap(Verb.NOT_SOLVED, "iss_a", "1"),
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_an_answered_closure_says_what_was_answered_and_has_no_buttons(locale: str) -> None:
    solved, not_solved = (closure_answered("x", "", PHRASES, locale, solved=answer) for answer in (True, False))
    assert solved.text != not_solved.text
    assert solved.rows == not_solved.rows == ()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("said", FixedReply)
def test_every_fixed_sentence_is_there_in_every_language(said: FixedReply, locale: str) -> None:
    prompt = Prompt(PHRASES.say(locale, said))
    assert prompt.text.strip() == prompt.text != ""
    assert prompt.rows == ()


def test_languages_are_offered_by_their_own_names() -> None:
    prompt = language_menu(PHRASES, "en")
    assert _labels(prompt) == [["简体中文"], ["繁體中文"], ["English"]]
    assert prompt.rows[2][0].means == Tap(Verb.LANGUAGE, "", "en")
