"""The network that reads whole sentences, on a small one and on the shipped one."""

import math
from functools import cache

import numpy as np
import pytest

from config.text.encoder_file import built_encoder, load_encoder, load_judge
from scoring.text.comment_judge import SENTENCE, CommentJudge
from scoring.text.sentence_encoder import SentenceEncoder, expanded, shortened
from scoring.text.unigram_pieces import UnigramPieces
from tests.text.readers import shipped_reader
from tests.text.small_encoder import OUTPUTS, PIECES, SCORES, small_tables
from tests.text.test_plain_comments import BOTH, PLAIN

HOSTILE = ["", " ", "\0\ud800", "a" * 100_000, "好" * 100_000, "\u202eabc\u202d", "😀" * 3000, "\n" * 5000, "ﷺ" * 999]


@cache
def small() -> SentenceEncoder:
    return built_encoder(OUTPUTS, small_tables())


@cache
def whole_judge() -> CommentJudge:
    return load_judge()


def test_sums_are_whole_numbers_for_each_output() -> None:
    sums = small().sums("good 慢")
    assert list(sums) == OUTPUTS
    assert all(type(one) is int for one in sums.values())


def test_the_same_text_is_read_alike_each_time() -> None:
    assert small().sums("很慢") == small().sums("很慢") == built_encoder(OUTPUTS, small_tables()).sums("很慢")


def test_the_order_of_words_counts() -> None:
    assert small().sums("good 慢") != small().sums("慢 good")


def test_each_layer_counts() -> None:
    texts = [built_encoder(OUTPUTS, small_tables(layers)).sums("good 慢") for layers in (1, 2, 3)]
    assert len({tuple(one.values()) for one in texts}) == 3


def test_with_no_weight_behind_it_only_the_start_is_told() -> None:
    tables = small_tables() | {"out": np.zeros((48, 3), np.float32)}
    assert built_encoder(OUTPUTS, tables).sums("good") == {"bad": 10, "good": -20, "fee": 30}


def plainly(tables: dict[str, np.ndarray], numbers: list[int]) -> list[float]:
    """Return the outputs for pieces, computed number by number."""
    words, sizes = tables["words"], tables["words+"]
    rows = [
        [float(words[one][c]) * float(sizes[one][c // 12]) + float(tables["places"][at][c]) for c in range(24)]
        for at, one in enumerate(numbers)
    ]
    rows = [levelled(row) for row in rows]
    for layer in range(2):
        rows = layered(tables, layer, rows)
    seen = [sum(row[c] for row in rows) / len(rows) for c in range(24)] + rows[0]
    out, shift = tables["out"], tables["out_shift"]
    return [sum(one * float(out[at][c]) for at, one in enumerate(seen)) + float(shift[c]) for c in range(3)]


def levelled(row: list[float]) -> list[float]:
    mean = sum(row) / len(row)
    size = math.sqrt(sum((one - mean) ** 2 for one in row) / len(row) + 1e-12)
    return [(one - mean) / size for one in row]


def times(tables: dict[str, np.ndarray], name: str, row: list[float]) -> list[float]:
    matrix, shift = tables[name], tables[f"{name}b"]
    return [
        sum(float(one) / 32 * row[at] for at, one in enumerate(line)) + float(shift[place])
        for place, line in enumerate(matrix)
    ]


def layered(tables: dict[str, np.ndarray], layer: int, rows: list[list[float]]) -> list[list[float]]:
    asked, named, told = ([times(tables, f"{layer}.{name}", row) for row in rows] for name in "qkv")
    found = []
    for place, row in enumerate(rows):
        seen: list[float] = []
        for head in range(0, 24, 2):
            near = [sum(asked[place][head + i] * other[head + i] for i in (0, 1)) / math.sqrt(2) for other in named]
            shares = [math.exp(one - max(near)) for one in near]
            seen += [
                sum(share * other[head + i] for share, other in zip(shares, told, strict=True)) / sum(shares)
                for i in (0, 1)
            ]
        first = levelled([a + b for a, b in zip(row, times(tables, f"{layer}.ao", seen), strict=True)])
        wide = [
            0.5 * one * (1 + math.tanh(math.sqrt(2 / math.pi) * (one + 0.044715 * one**3)))
            for one in times(tables, f"{layer}.fi", first)
        ]
        found.append(levelled([a + b for a, b in zip(first, times(tables, f"{layer}.fo", wide), strict=True)]))
    return found


@pytest.mark.parametrize("text", ["good", "很慢 good", "好好慢慢 x"])
def test_the_network_computes_what_it_says(text: str) -> None:
    tables = small_tables()
    numbers = shortened(UnigramPieces(PIECES, SCORES), text)
    plain = [100 * one for one in plainly(tables, numbers)]
    assert list(small().sums(text).values()) == pytest.approx(plain, abs=1)


def test_small_numbers_are_resized_by_group() -> None:
    sizes = np.array([[0.5, 2.0]], np.float16)
    assert expanded(np.array([[1, -2, 3, 4]], np.int8), sizes).tolist() == [[0.5, -1.0, 6.0, 8.0]]


def test_of_a_long_text_both_ends_are_read() -> None:
    pieces = UnigramPieces(PIECES, SCORES)
    assert len(shortened(pieces, "慢" * 5000)) == 96
    head, middle, tail = "good " * 30, "好" * 2000, " 慢" * 30
    assert shortened(pieces, head + middle + tail) == shortened(pieces, head + middle * 3 + tail)
    assert shortened(pieces, head + middle + tail)[:3] == [0, PIECES.index("▁good"), PIECES.index("▁good")]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_read(text: str) -> None:
    assert set(small().sums(text)) == set(OUTPUTS)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_judged_with_the_shipped_encoder(text: str) -> None:
    assert whole_judge().judge(text).polarity in (-1, 0, 1)


def test_plain_comments_are_judged_as_meant() -> None:
    wrong = [text for text, polarity, _ in PLAIN if whole_judge().judge(text).polarity != polarity]
    assert len(wrong) <= 3, wrong


def test_praise_beside_blame_is_neither() -> None:
    wrong = [text for text in BOTH if whole_judge().judge(text).polarity != 0]
    assert len(wrong) <= 1, wrong


FACTS = [
    ("Took three days off work to wait in for somebody who never turned up", -1, "response_speed"),
    ("He put dust sheets down before he started", 1, "professionalism"),
    ("修完地上全是灰，也没人收拾", -1, "professionalism"),
    ("說好九點到，十二點先到", -1, "response_speed"),
    ("师傅走之前还帮我把垃圾带下楼了", 1, None),
    ("The technician came on Thursday and took the motherboard away.", 0, None),
]


@pytest.mark.parametrize(("text", "polarity", "about"), FACTS)
def test_facts_without_a_word_of_opinion_are_judged(text: str, polarity: int, about: str | None) -> None:
    verdict = whole_judge().judge(text)
    assert verdict.polarity == polarity
    assert about is None or about in verdict.dimensions


def test_the_sentence_adds_to_the_sums_and_is_told_first() -> None:
    text = "等了三天，水还是从三楼往下漏"
    verdict, alone = whole_judge().judge(text), CommentJudge(shipped_reader()).judge(text)
    encoder = load_encoder()
    assert encoder is not None
    assert {**verdict.sentence, "alert": verdict.alert} == encoder.sums(text)
    assert verdict.sums == {name: one + verdict.sentence[name] for name, one in alone.sums.items()}
    reasons = whole_judge().reasons(verdict, text)
    assert all(added[0] == (SENTENCE, verdict.sentence[name]) for name, added in reasons.items())
    assert not any(SENTENCE in dict(added) for added in CommentJudge(shipped_reader()).reasons(alone, text).values())


def test_traditional_and_simplified_are_one_text() -> None:
    one, other = whole_judge().judge("師傅態度很好"), whole_judge().judge("师傅态度很好")
    assert (one.polarity, one.sums) == (other.polarity, other.sums)


@pytest.mark.parametrize("text", ["Great service. On time.", "态度很好！", "太慢了", "不错"])
def test_where_the_words_know_all_they_and_the_weights_judge(text: str) -> None:
    verdict, alone = whole_judge().judge(text), CommentJudge(shipped_reader()).judge(text)
    assert (verdict.sentence, verdict.sums, verdict.polarity) == ({}, alone.sums, alone.polarity)


@pytest.mark.parametrize("text", ["Great service x", "x 态度很好", "态度很好 7"])
def test_where_a_letter_is_of_no_word_the_sentence_is_read(text: str) -> None:
    assert whole_judge().judge(text).sentence != {}


def test_several_texts_at_once_are_read_as_each_by_itself() -> None:
    texts = ["good 慢", "", "很慢", "x" * 3000, *["慢 good"] * 40, "好" * 500]
    assert small().sums_of(texts) == [small().sums(text) for text in texts]
    assert small().sums_of([]) == []


def test_one_that_makes_its_layers_each_time_says_the_same() -> None:
    texts = ["good 慢", "很慢" * 70, "good"]
    assert built_encoder(OUTPUTS, small_tables(3), is_small=True).sums_of(texts) == (
        built_encoder(OUTPUTS, small_tables(3)).sums_of(texts)
    )


def test_the_shipped_one_says_of_several_texts_what_it_says_of_each() -> None:
    encoder = load_encoder()
    assert encoder is not None
    texts = ["师傅周二来的", "they came on Tuesday and left", "等了三天沒人來", "ok"]
    for together, alone in zip(encoder.sums_of(texts), map(encoder.sums, texts), strict=True):
        assert all(abs(together[name] - alone[name]) <= 1 for name in alone), "the last digit may be rounded otherwise"
