import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.interview.events import (
    Back,
    Commented,
    Complained,
    Declined,
    Ended,
    Hint,
    NotUnderstood,
    Rated,
    RatedAll,
    Remarked,
    Skipped,
    Spoke,
    WantedPerson,
    Wordless,
)
from dialogs.interview.model import InterviewState
from dialogs.interview.understand import understand
from dialogs.survey import Survey
from dialogs.understanding.commands import LONGEST_TEXT, Command, command, storable
from tests.dialogs.samples import FIVE_POINT, LEXICON, TEN_POINT, asked, rated

_EVENTS = (
    *(Rated, RatedAll, Remarked, Commented, Skipped, Back, Declined, NotUnderstood, Wordless),
    *(Ended, WantedPerson, Spoke, Complained),
)
_SURVEYS = st.sampled_from([FIVE_POINT, TEN_POINT])
_DECIMAL_DIGITS = [*filter(str.isdecimal, map(chr, range(0x110000)))]


@pytest.mark.parametrize(
    "text",
    [
        *("4", "４", "④", "❹", "⑷", "4️⃣", "٤", "४", "四", "肆", "four", "FOUR", " 4 ", "4。", "4！", "「4」"),
        *("4分", "４分", "4 分", "四分", "4星", "四星", "四颗星", "四個星", "打4分", "给4分", "我给你打4分吧"),
        *("4 stars", "four stars", "4/5", "4分/5分", "4 out of 5", "4分，谢谢", "4, thanks!", "4 👍"),
        *("⭐⭐⭐⭐", "⭐️⭐️⭐️⭐️", "⭐ ⭐ ⭐ ⭐", "🌟🌟🌟🌟", "★★★★", "★★★★☆"),
        *(
            "较好",
            "較好",
            "good",
            "Good!",
            "较好。",
            "较好的",
            "较好，谢谢您",
            "4 较好",
            "较好（4分）",
            "4-good",
            "4: 较好",
        ),
    ],
)
def test_every_usual_way_to_write_four_is_a_four(text: str) -> None:
    assert understand(text, asked(), FIVE_POINT, LEXICON) == Rated("speed", 4)


@pytest.mark.parametrize(
    "text",
    [
        *("4.5", "4,5", "4½", "4²", "4-5", "4~5", "4到5", "44", "-4", "+4", "四五", "四点五", "4?"),
        *(
            "不是4分",
            "4分以下",
            "第4次了",
            "4个人",
            "4/10",
            "4 很差",
            "4 较好 5",
            "0",
            "6",
            "零分",
            "十分",
            "10",
            "40%",
        ),
        *(
            "★★★☆",
            "⭐⭐⭐⭐⭐⭐",
            "还没修好",
            "very",
            "?",
            "。",
            "IV",
            "较好吗",
            "四分之三",
        ),
    ],
)
def test_what_leaves_a_doubt_is_asked_again(text: str) -> None:
    event = understand(text, asked(), FIVE_POINT, LEXICON, "7")
    assert isinstance(event, NotUnderstood)
    assert (event.text, event.source) == (text, "7")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("6", NotUnderstood("6", "7", Hint.OFF_SCALE)),
        ("5分👎", NotUnderstood("5分👎", "7", Hint.CONTRARY)),
        ("4 5", RatedAll((4, 5), source="7")),
        ("都是5分", RatedAll((5,), source="7")),
        ("4分，来得晚", Rated("speed", 4, "来得晚", "7")),
        ("谢谢", Spoke("谢谢", "7", Hint.THANKED)),
        ("你们谁啊", Spoke("你们谁啊", "7", Hint.WHO)),
        ("人工", WantedPerson("人工", "7")),
        ("算了", Ended("算了", "7")),
        ("我要退订", Declined()),
        ("你们师傅姓什么来着", NotUnderstood("你们师傅姓什么来着", "7")),
    ],
)
def test_what_is_read_at_a_rating_step_becomes_the_event_that_carries_it_on(text: str, event: object) -> None:
    assert understand(text, asked(), FIVE_POINT, LEXICON, "7") == event


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("10", 10),
            ("１０", 10),
            ("十", 10),
            ("十分", 10),
            ("拾", 10),
            ("🔟", 10),
            ("⑩", 10),
            ("1️⃣0️⃣", 10),
            ("ten", 10),
        ),
        *(("九分", 9), ("7/10", 7), ("满分", 10), ("滿分", 10), ("两分", 2), ("兩", 2), ("貳", 2), ("★★★★★★★", 7)),
    ],
)
def test_on_a_scale_of_ten_ten_is_a_rating(text: str, value: int) -> None:
    assert understand(text, asked(), TEN_POINT, LEXICON) == Rated("speed", value)


@pytest.mark.parametrize(("text", "value"), [("一般般", 3), ("一般般吧", 3), ("还行！", 3), ("差评", 1), ("满分", 5)])
def test_the_surveys_further_words_are_read_like_its_labels(text: str, value: int) -> None:
    assert understand(text, asked(), FIVE_POINT, LEXICON) == Rated("speed", value)


@pytest.mark.parametrize(
    ("text", "value"), [("👍", 5), ("👎", 1), ("好", 4), ("不太好", 2), ("not good at all", 1), ("不差", 4)]
)
def test_emoji_and_negation_state_a_rating(text: str, value: int) -> None:
    assert understand(text, asked(), FIVE_POINT, LEXICON) == Rated("speed", value)


@pytest.mark.parametrize("text", ["⭐⭐⭐⭐⭐", "五星", "5 stars"])
def test_full_stars_are_the_top_of_a_scale_of_stars_only(text: str) -> None:
    assert understand(text, asked(), FIVE_POINT, LEXICON) == Rated("speed", 5)
    assert isinstance(understand(text, asked(), TEN_POINT, LEXICON), NotUnderstood)


@pytest.mark.parametrize("digit", range(10))
def test_digits_of_every_script_mean_the_same(digit: int) -> None:
    plain = understand(str(digit), asked(), TEN_POINT, LEXICON)
    same = [c for c in _DECIMAL_DIGITS if unicodedata.decimal(c) == digit]
    assert len(same) > 50
    for character in same:
        heard = understand(character, asked(), TEN_POINT, LEXICON)
        assert heard == plain if isinstance(plain, Rated) else isinstance(heard, NotUnderstood)


@pytest.mark.parametrize("text", ["skip", "Skip!", "/skip", "跳过", "跳過", "略过", "略過", "pass", "不想说"])
@pytest.mark.parametrize(
    ("state", "step"),
    [
        (InterviewState.INVITED, "speed"),
        (InterviewState.RATING, "speed"),
        (InterviewState.REMARKING, "remark:speed"),
        (InterviewState.COMMENTING, "comment"),
    ],
)
def test_skip_is_a_word_at_every_step_and_names_it(text: str, state: InterviewState, step: str) -> None:
    assert understand(text, asked(state), FIVE_POINT, LEXICON) == Skipped(step)


@pytest.mark.parametrize("text", ["back", "Back", "上一步", "返回", "「上一步」"])
def test_back_is_a_word_and_names_its_step(text: str) -> None:
    assert understand(text, asked(InterviewState.COMMENTING), FIVE_POINT, LEXICON) == Back("comment")


@pytest.mark.parametrize(
    "text",
    ["/stop", "/stop@OurBot", "stop", "STOP.", "Unsubscribe", "退订", "退訂！", "「退订」", "不再评价", "TD", "ｔｄ"],
)
@pytest.mark.parametrize("state", list(InterviewState))
def test_an_opt_out_wins_at_every_step(text: str, state: InterviewState) -> None:
    assert understand(text, asked(state), FIVE_POINT, LEXICON) == Declined()


@pytest.mark.parametrize("text", ["please stop calling me at night", "我没有退订", "stop it", "怎么退订？"])
def test_an_opt_out_word_inside_a_sentence_is_part_of_the_sentence(text: str) -> None:
    assert understand(text, asked(InterviewState.COMMENTING), FIVE_POINT, LEXICON) == Commented(text)


def test_a_remark_is_kept_as_written_with_the_message_it_came_in() -> None:
    heard = understand("  师傅来晚了，\n等了两小时 ", asked(InterviewState.REMARKING), FIVE_POINT, LEXICON, source="77")
    assert heard == Remarked("师傅来晚了，\n等了两小时", "77")


def test_a_number_typed_as_comment_is_a_comment() -> None:
    assert understand("5", asked(InterviewState.COMMENTING), FIVE_POINT, LEXICON, "78") == Commented("5", "78")


def test_a_very_long_comment_keeps_its_first_4096_characters() -> None:
    assert understand("好" * 5000, asked(InterviewState.COMMENTING), FIVE_POINT, LEXICON) == Commented(
        "好" * LONGEST_TEXT
    )


@pytest.mark.parametrize("state", list(InterviewState))
def test_a_sticker_says_nothing(state: InterviewState) -> None:
    assert understand("", asked(state), FIVE_POINT, LEXICON) == Wordless()
    assert understand(" \n", asked(state), FIVE_POINT, LEXICON) == Wordless()


@pytest.mark.parametrize(
    "state", [InterviewState.COMPLETED, InterviewState.DECLINED, InterviewState.EXPIRED, InterviewState.WITHDRAWN]
)
def test_words_to_a_finished_interview_are_no_answer(state: InterviewState) -> None:
    assert isinstance(understand("4", asked(state), FIVE_POINT, LEXICON), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/start", Command.RESUME),
        ("/start AbC_123-x", Command.RESUME),
        ("继续评价", Command.RESUME),
        ("繼續評價。", Command.RESUME),
        ("resume", Command.RESUME),
        ("/stop@OurBot", Command.STOP),
        ("退订", Command.STOP),
        ("/help", Command.HELP),
        ("帮助", Command.HELP),
        ("/language", Command.LANGUAGE),
        ("语言", Command.LANGUAGE),
        ("/nonsense", None),
        ("/", None),
        ("", None),
        ("帮助我们的师傅很好", None),
    ],
)
def test_commands_are_whole_messages(text: str, wanted: Command | None) -> None:
    assert command(text) == wanted


def test_text_is_kept_without_what_no_database_holds() -> None:
    assert storable(" a\x00b\ud800c ") == "abc"


@given(text=st.text(), state=st.sampled_from(InterviewState), survey=_SURVEYS)
def test_any_text_is_some_event(text: str, state: InterviewState, survey: Survey) -> None:
    heard = understand(text, asked(state), survey, LEXICON)
    assert isinstance(heard, _EVENTS)
    assert command(text) is not Command.STOP or heard == Declined()


_PIECES = st.sampled_from(
    [*"0123456789４④四两十拾零分星/.~- ,，。！吗⭐★☆👍", "较好", "good", "out of", "打", "不", "谢谢", "½"]
)


@given(text=st.lists(_PIECES, max_size=6).map("".join), survey=_SURVEYS)
def test_no_text_gives_a_value_off_the_scale(text: str, survey: Survey) -> None:
    heard = understand(text, rated(InterviewState.RATING, {"speed": 4}), survey, LEXICON)
    if isinstance(heard, Rated):
        assert heard.question == "care"
        assert heard.value in survey.scale
    else:
        assert isinstance(heard, _EVENTS)


@given(
    value=st.integers(min_value=-20, max_value=200), form=st.sampled_from(["{}", "{}分", "给{}分", "{} stars", "{}。"])
)
def test_a_plain_number_is_taken_exactly_when_the_scale_has_it(value: int, form: str) -> None:
    text = form.format(value)
    is_of_ten = value in TEN_POINT.scale and (value > 5 or "star" not in form)
    event = understand(text, asked(), TEN_POINT, LEXICON)
    assert event == Rated("speed", value) if is_of_ten else isinstance(event, NotUnderstood)
