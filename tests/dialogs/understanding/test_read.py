"""Laws of reading: any text is read, soon; how it is written changes nothing; what leaves a doubt is kept."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.understanding.measure import PHRASES, phrases_in
from config.surveys.load import read_surveys
from dialogs.understanding.lexicon import Intent
from dialogs.understanding.model import AllChosen, AskedQuestion, Chosen, Contrary, OffScale, Reading, Wants, Words
from dialogs.understanding.read import complains, read, wish
from tests.dialogs.samples import LEXICON

SURVEYS = read_surveys()
READINGS = (Chosen, AllChosen, OffScale, Contrary, Wants, Words)
TEXTS = [phrase.text for path in PHRASES for phrase in phrases_in(path)]
_PIECES = st.sampled_from(
    [
        *"0123456789四④十分星/.~- ,，。！吗⭐👍👎不很太好差慢快",
        "都是",
        "很好",
        "not ",
        "very ",
        "good",
        "slow",
        "但是",
        "退订",
    ]
)
_TEXT = st.one_of(st.text(), st.sampled_from(TEXTS), st.lists(_PIECES, max_size=12).map("".join))


def _asked(survey: str = "after_service", question: str = "response_speed", left: int = 5) -> AskedQuestion:
    return AskedQuestion(SURVEYS[survey], question, "zh-Hans", left)


def _read(text: str, survey: str = "after_service", question: str = "response_speed", left: int = 5) -> Reading:
    return read(text, _asked(survey, question, left), LEXICON)


@given(text=_TEXT, survey=st.sampled_from(sorted(SURVEYS)), left=st.integers(1, 5))
def test_any_text_is_read_and_every_rating_is_on_the_scale(text: str, survey: str, left: int) -> None:
    asked = SURVEYS[survey]
    reading = _read(text, survey, asked.questions[0].id, left)
    assert isinstance(reading, READINGS)
    if isinstance(reading, Chosen):
        assert reading.value in asked.scale
    if isinstance(reading, AllChosen):
        assert len(reading.values) in (1, left)
        assert all(value in asked.scale for value in reading.values)


@given(text=_TEXT)
def test_what_stays_beside_a_number_is_verbatim(text: str) -> None:
    reading = _read(text)
    rest = reading.rest if isinstance(reading, Chosen | AllChosen) else ""
    assert rest in text


@given(text=st.sampled_from(TEXTS), ending=st.sampled_from(["。", "！", "!", ".", " ", "～", "!!", "。。"]))
def test_punctuation_at_the_end_changes_no_rating(text: str, ending: str) -> None:
    assert _rating(_read(text + ending)) == _rating(_read(text))


@given(text=st.sampled_from(TEXTS))
def test_width_and_case_change_no_rating(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c.isalnum() else c for c in text)
    plain = _rating(_read(text))
    assert [_rating(_read(written)) for written in (wide, text.upper(), text.lower(), f"  {text}\n")] == [plain] * 4


def _rating(reading: Reading) -> object:
    if isinstance(reading, Chosen):
        return reading.value
    return reading.values if isinstance(reading, AllChosen) else None


@pytest.mark.parametrize(
    "filling", ["5", "一", "好", "很", "5 ", "都是5分", "not ", "a ", "⭐", "👍", "不", "so ", "qwertyuiop ", "再给"]
)
@pytest.mark.parametrize("length", [60, 300, 4096])
def test_no_text_takes_long(filling: str, length: int) -> None:
    text = (filling * length)[:length]
    began = time.process_time()
    _read(text)
    assert time.process_time() - began < 0.1  # 5 ms on a quiet machine; what grows exponentially takes for ever


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("5，服务很好", Chosen(5, "服务很好")),
        ("3分，太慢了", Chosen(3, "太慢了")),
        ("5 great service", Chosen(5, "great service")),
        ("5（修得干净，走之前还把地扫了）", Chosen(5, "修得干净，走之前还把地扫了")),
        ("师傅人特别好，给5分", Chosen(5, "师傅人特别好")),
        ("本来想给5分，还是4分吧", Chosen(4)),
        ("本来想给5分，但迟到了，4分", Chosen(4, "但迟到了")),
        ("would be a 5 but he got lost so 4", Chosen(4, "but he got lost")),
        *((text, Words()) for text in ("本来想给5分的", "would have been a 5", "3还是4", "3 或 4")),
        ("5分5分", Chosen(5)),
        ("3 来回跑了两趟", Chosen(3, "来回跑了两趟")),
        ("1 根本没修好，还收了我80", Chosen(1, "根本没修好，还收了我80")),
        *((text, Words()) for text in ("3 个师傅一起来的", "5 楼", "我家门牌是 5")),
        ("来得不算慢 4", Chosen(4, "来得不算慢")),
        ("师傅讲得挺好的 5", Chosen(5, "师傅讲得挺好的")),
        *((text, Words()) for text in ("呵呵 真快啊", "真的是「好快」喔", "your “fast” service")),
        ("「很快」", Chosen(5)),
        ("都是5分", AllChosen((5,))),
        ("5 4 5 5 3", AllChosen((5, 4, 5, 5, 3))),
        ("54553", AllChosen((5, 4, 5, 5, 3))),
        ("5 4 5 5", Words()),
        ("555", OffScale()),
        ("5555", Chosen(5)),
        *((text, OffScale()) for text in ("8/10", "三点五", "0", "10分", "3.5", "100分")),
        *((text, Contrary()) for text in ("5分👎", "很好😡", "1分👍", "5分，太慢了", "5 我要投诉")),
        *(
            (text, Words())
            for text in ("等了3天", "5号来的", "5 days", "3楼", "要是修好了给5分", "3或4", "4?", "-1", "3~4分")
        ),
        *((text, Words()) for text in ("嗯", "呵呵", "但是", "很快就坏了", "希望快一点")),
        ("我要退款", Words(complaint=True)),
        ("不用退款", Words()),
    ],
)
def test_a_text_says(text: str, reading: Reading) -> None:
    assert _read(text) == reading


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("都是5分，服务很好", 5, "服务很好"),
        ("服务很好，都给5分", 5, "服务很好"),
        ("师傅人很好，全部满分", 5, "师傅人很好"),
        ("全部满分，师傅人很好", 5, "师傅人很好"),
        ("給全部5分，師傅人很好", 5, "師傅人很好"),
        ("后面都5分吧 师傅辛苦了", 5, "师傅辛苦了"),
        ("通通1分 等了三天", 1, "等了三天"),
        ("all 5s, the fitter was kind", 5, "the fitter was kind"),
        ("the fitter was kind, all 5s", 5, "the fitter was kind"),
        ("5s across the board, lovely man", 5, "lovely man"),
        ("all 4s because he was late", 4, "because he was late"),
        ("5 for everything, great guy", 5, "great guy"),
        ("1 star for everything, nobody came", 1, "nobody came"),
    ],
)
def test_one_number_for_all_keeps_its_reason_on_either_side(text: str, value: int, rest: str) -> None:
    assert _read(text) == AllChosen((value,), rest)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("都是5分，除了速度", Words()),
        ("都是5分，速度3分", Words()),
        ("all 5s except speed", Words()),
        ("all 5s? no way", Words()),
        ("都是5分，你们自己信吗", Words()),
        ("都是5分，太差了", Contrary()),
        ("都是8分，很好", OffScale()),
        ("普普通通，三分", Chosen(3, "普普通通")),
        ("all good, 5", Chosen(5, "all good")),
    ],
)
def test_one_number_is_not_for_all_where_a_question_is_left_out_or_the_reason_objects(
    text: str, reading: Reading
) -> None:
    assert _read(text) == reading


@pytest.mark.parametrize("text", ["⭐⭐⭐⭐⭐", "五星", "5 stars", "4星"])
def test_full_stars_are_no_rating_of_ten(text: str) -> None:
    assert _read(text, "ten_point") == OffScale()


def test_a_word_means_what_its_question_says_of_it() -> None:
    assert _read("太慢了") == Chosen(1)
    assert _read("太慢了", question="attitude") == Words()
    assert _read("不清楚", "quality_5", "process") == Chosen(2)
    assert _read("不清楚", "after_service", "attitude") == Wants(Intent.SKIP)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        *(
            (text, Intent.STOP)
            for text in ("我要退订", "不要再发了", "别再问了", "不想收到", "停", "T", "please stop texting me")
        ),
        *((text, Intent.END) for text in ("算了", "没空", "滚", "懒得评", "别烦我", "not now")),
        *((text, Intent.PERSON) for text in ("人工", "找人", "real person", "给我回个电话")),
        *((text, Intent.WHO) for text in ("你们谁啊", "who is this?", "怎么有我微信")),
        *(
            (text, None)
            for text in (
                "不",
                "停电了",
                "别停水",
                "不要再发生了",
                "stop it",
                "stop the leak",
                "怎么退订？",
                "我没有退订",
            )
        ),
    ],
)
def test_a_wish_is_a_whole_text(text: str, intent: Intent | None) -> None:
    assert wish(text, LEXICON) is intent


def test_a_complaint_is_known_by_its_words_unless_it_is_denied() -> None:
    assert [complains(text, LEXICON) for text in ("我要投诉", "I want a refund", "漏電了", "不投诉", "很好")] == [
        *(True, True, True),
        *(False, False),
    ]


def test_characters_in_both_scripts_are_read_alike() -> None:
    for simplified, traditional in (
        ("很不满意", "很不滿意"),
        ("师傅态度特别好", "師傅態度特別好"),
        ("没修好", "沒修好"),
    ):
        assert _read(traditional, question="problem_solving") == _read(simplified, question="problem_solving")
