"""Degree, negation and contrast order what is said: each of these says more than the next."""

from itertools import pairwise

import pytest

from config.text.load import load_lexicons
from scoring.text.text_reader import TextReader

READER = TextReader(load_lexicons())

FALLING = [
    ("非常热情", "热情", "有点热情", "不热情"),
    ("不慢", "有点慢", "慢", "非常慢"),
    ("慢了点", "慢死了"),
    ("满意得不得了", "满意", "不满意"),
    ("贵了点", "贵", "贵得要命"),
    ("便宜，但是慢", "慢"),
    ("服务很好，虽然等了很久", "等了很久"),
    ("以前很差，现在很好", "以前很好，现在很差"),
    ("very polite", "polite", "slightly polite", "not polite"),
    ("not slow", "a bit slow", "slow", "extremely slow"),
    ("helpful", "not very helpful"),
    ("slow but friendly", "friendly but slow"),
    ("although slow, friendly", "slow"),
    ("热情", "希望热情", "一点也不热情，还骂人"),
    ("polite", "should be polite", "rude"),
    ("满意", "满意吗？"),
    ("挺好", "呵呵，挺好"),
]


@pytest.mark.parametrize("sentences", FALLING)
def test_each_says_more_than_the_next(sentences: tuple[str, ...]) -> None:
    scores = [READER.read(text).score for text in sentences]
    assert all(more > less for more, less in pairwise(scores)), dict(zip(sentences, scores, strict=True))


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ("師傅態度很好", "师傅态度很好"),
        ("收費不透明，亂收費", "收费不透明，乱收费"),
        ("ＶＥＲＹ　ＧＯＯＤ", "very　good"),
        ("VERY GOOD", "very good"),
        ("isn’t good", "isn't good"),
        ("isnt good", "isn't good"),
        ("没修好！！！", "没修好!!!"),
    ],
)
def test_script_width_case_and_apostrophes_make_no_difference(text: str, twin: str) -> None:
    one, other = READER.read(text), READER.read(twin)
    assert (one.score, one.dimensions, len(one.clauses)) == (other.score, other.dimensions, len(other.clauses))
    assert one.score


def test_what_was_asked_denied_wished_or_mocked_is_in_doubt() -> None:
    for text in ("好吗？", "不优秀", "希望更好", "呵呵，好", "好，但是慢", "如果好"):
        assert READER.read(text).is_doubtful, text
    for text in ("很好", "太差了", "good"):
        assert not READER.read(text).is_doubtful, text


def test_what_stands_before_several_contrasts_counts_less_only_once() -> None:
    once, twice, thrice = (READER.read("准时" + "，但准时" * count).score for count in (1, 2, 3))
    assert 0 < twice - once == thrice - twice
