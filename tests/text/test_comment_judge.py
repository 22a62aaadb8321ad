"""Whole comments: what the words and the shipped weights say together."""

from functools import cache

import pytest

from config.text.load import load_lexicons
from scoring.text.comment_judge import CommentJudge
from scoring.text.text_reader import TextReader
from scoring.text.weights import PieceTable, Weights, packed
from scoring.values import replace
from tests.text.readers import shipped_reader
from tests.text.test_plain_comments import BOTH, PLAIN


@cache
def shipped_judge() -> CommentJudge:
    return CommentJudge(shipped_reader())


def test_plain_comments_are_judged_as_meant() -> None:
    wrong = [text for text, polarity, _ in PLAIN if shipped_judge().judge(text).polarity != polarity]
    assert len(wrong) <= 3, wrong


def test_what_a_plain_comment_is_about_is_found() -> None:
    missed = [text for text, _, about in PLAIN if about and about not in shipped_judge().judge(text).dimensions]
    assert missed == []


@pytest.mark.parametrize("text", BOTH)
def test_praise_beside_blame_is_neither(text: str) -> None:
    assert shipped_judge().judge(text).polarity == 0


@pytest.mark.parametrize("text", ["房间干净，床很舒服", "质量太差了", "Great sound, easy to use", "It broke again"])
def test_between_praise_and_blame_the_score_decides_as_the_polarity_does(text: str) -> None:
    verdict = shipped_judge().judge(text)
    assert verdict.polarity * verdict.score > 0


@pytest.mark.parametrize("text", ["", "  ", "/", "---", "，，，", "10086", "1,2,3", "," * 5000, "7" * 5000])
def test_what_has_no_letter_only_fills_a_field(text: str) -> None:
    verdict = shipped_judge().judge(text)
    assert (verdict.polarity, verdict.dimensions, verdict.sums) == (0, frozenset(), {})


@pytest.mark.parametrize(("text", "polarity"), [("👍", 1), ("👎", -1), ("666", 1)])
def test_a_sign_that_tells_something_is_judged(text: str, polarity: int) -> None:
    assert shipped_judge().judge(text).polarity == polarity


def test_without_weights_the_words_decide_alone() -> None:
    judge = CommentJudge(TextReader(load_lexicons()))
    verdict = judge.judge("态度很好，就是太慢")
    assert (verdict.polarity, verdict.score) == (verdict.reading.polarity, verdict.reading.score)
    assert verdict.sums == {}
    assert judge.reasons(verdict, "态度很好，就是太慢") == {}


def test_a_verdict_tells_its_reasons_in_order() -> None:
    text = "等了三天没人来"
    reasons = shipped_judge().reasons(shipped_judge().judge(text), text)
    assert {"bad", "good", "response_speed"} <= set(reasons)
    sizes = [abs(one) for _, one in reasons["bad"]]
    assert sizes == sorted(sizes, reverse=True)


OUTPUTS = ("bad", "good", "fee", "parts", "safety")
ABOUT = [
    ((-50, -60, -300), {"fee"}),  # the likeliest one alone is told where each is doubtful
    ((-71, -90, -300), set()),
    ((20, -50, 5), {"fee", "safety"}),
    ((-300, -300, -300), set()),
]


@pytest.mark.parametrize(("sums", "told"), ABOUT)
def test_the_likeliest_dimension_is_told_also_where_it_is_doubtful(sums: tuple[int, ...], told: set[str]) -> None:
    weights = Weights(OUTPUTS, PieceTable(len(OUTPUTS), {"z": packed((0, 0, *sums))}), packed((0,) * len(OUTPUTS)))
    judge = CommentJudge(TextReader(replace(load_lexicons(), weights=weights)))
    verdict = judge.judge("z")
    assert verdict.dimensions == told
    assert set(judge.reasons(verdict, "z")) == {"bad", "good", *told}


FILLERS = ["无", "没有", "沒有", "暂无", "没意见", "n/a", "no comment", "Nothing to add.", "..."]


@pytest.mark.parametrize("text", FILLERS)
def test_what_only_fills_a_field_judges_nothing(text: str) -> None:
    assert shipped_judge().judge(text).polarity == 0


@pytest.mark.parametrize("text", ["", " ", "\0\ud800", "a" * 100_000, "好" * 100_000, "\u202eabc\u202d", "😀" * 3000])
def test_any_text_is_judged(text: str) -> None:
    assert shipped_judge().judge(text).polarity in (-1, 0, 1)
