"""Whatever somebody types is read without an error, in time that grows with its length."""

import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.text.findings import TextReading
from scoring.text.text_reader import TextReader
from tests.text.readers import shipped_reader

SHARDS = [
    *(
        "不",
        "没",
        "没有",
        "不是不",
        "从来没",
        "唔",
        "冇",
        "好",
        "差",
        "满意",
        "滿意",
        "态度",
        "修好",
        "太",
        "吗",
        "？",
        "！！",
        "，",
        "。",
        "…",
    ),
    *(
        "not ",
        "n't ",
        "never ",
        "good",
        "BAD",
        "very ",
        "rude",
        " but ",
        "no ",
        "'",
        "’",
        "“",
        "(",
        "）",
        "12315",
        "投诉",
        "refund",
    ),
    *(
        "👍",
        "👩‍🔧",
        "🇨🇳",
        "❤️",
        "👍🏽",
        "\u200d",
        "\ufe0f",
        "\u202e",
        "\u200f",
        "\u0301",
        "\x00",
        "\x1b",
        "\n",
        "\t",
        "\u3000",
        "\ufeff",
    ),
    *("\ud83d", "\udc4d", "\uffff", "\U0010ffff", "ﷺ", "ﬁ", "Ⅷ", "㎏", "½", "İ", "ß", "Ａ", "が", "한", "ห้", "क्ष"),
]
HOSTILE = {
    "one word": "a",
    "one Han character": "好",
    "negators": "不",
    "double negators": "不是不",
    "idioms of negation": "没有不好",
    "English negations": "not n't never ",
    "praise": "good ",
    "blame and praise": "差好，",
    "rhetorical": "难道不是吗？",
    "comparatives": "没有那么好",
    "marks": "?!",
    "commas": "，",
    "brackets": "（「(",
    "spaces": " ",
    "digits": "1",
    "emoji": "👍",
    "families of emoji": "👨‍👩‍👧‍👦",
    "zalgo": "ก็็็็e\u0301\u0317\u0329\u036f",
    "right to left": "\u202eabc\u202c",
    "half of a pair": "\ud83d",
    "what unfolds by eighteen": "ﷺ",
    "expanding ligatures": "ﬃ㍿",
}


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return shipped_reader()


def check_whole(text: str, reading: TextReading) -> None:
    assert reading.polarity in {-1, 0, 1}
    assert reading.strongly in {-1, 0, 1}
    before = 0
    for clause in reading.clauses:
        assert before <= clause.start <= clause.end <= len(text)
        before = clause.end
        for found in clause.findings:
            assert found.polarity in {-1, 0, 1}
            assert 1 <= found.strength <= 3
            assert found.phrase
    assert reading.dimensions == {found.dimension for one in reading.clauses for found in one.findings} - {""}


@given(st.text(st.characters(), max_size=300) | st.lists(st.sampled_from(SHARDS), max_size=60).map("".join))
def test_every_text_is_read_and_its_clauses_lie_in_it_in_order(text: str) -> None:
    reading = READER.read(text)
    check_whole(text, reading)
    assert READER.read(text) == reading


@given(st.lists(st.sampled_from(SHARDS), max_size=30).map("".join), st.sampled_from([" ", "\n", "\u3000", "  \t"]))
def test_blanks_around_a_text_change_nothing(text: str, blank: str) -> None:
    assert READER.read(blank + text + blank).polarity == READER.read(text).polarity


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_four_thousand_characters_of_anything_are_read(kind: str, reader: TextReader) -> None:
    text = (HOSTILE[kind] * 4000)[:4000]
    check_whole(text, reader.read(text))


@pytest.mark.proof
@pytest.mark.parametrize("kind", list(HOSTILE))
def test_ten_times_the_text_takes_about_ten_times_as_long(kind: str, reader: TextReader) -> None:
    short = (HOSTILE[kind] * 4000)[:4000]

    def seconds(text: str) -> float:
        times = []
        for _ in range(3):
            begin = process_time()
            reader.read(text)
            times.append(process_time() - begin)
        return min(times)

    assert seconds(short * 10) < 30 * seconds(short) + 0.005


def test_full_width_letters_are_read_as_the_usual_ones(reader: TextReader) -> None:
    for text in ("very good", "not fixed", "terrible service"):
        wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else "\u3000" for one in text)
        assert unicodedata.normalize("NFKC", wide) == text
        assert reader.read(wide).polarity == reader.read(text).polarity != 0


READER = shipped_reader()
