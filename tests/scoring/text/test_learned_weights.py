"""Learned weights: numbers packed into one integer, their sums, and what tells why."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.text.findings import ClauseReading, TextFinding, TextReading
from scoring.text.lexicons import Entry, Role
from scoring.text.pieces import comment_pieces
from scoring.text.weights import MOST, PieceTable, Weights, packed, unpacked

NUMBERS = st.lists(st.integers(-MOST, MOST), min_size=4, max_size=4)
OUTPUTS = ("bad", "good", "fee")
PIECES = PieceTable(len(OUTPUTS), {"慢": packed([150, -40]), "贵": packed([60, -30, 300])})
WEIGHTS = Weights(OUTPUTS, PIECES, packed([-10, -20, -100]))
FINDING = TextFinding("fee", -1, 2, "太贵")
READING = TextReading((ClauseReading(0, 3), ClauseReading(3, 6, (FINDING,))), 0, 20, -20)


@given(st.lists(NUMBERS, max_size=50))
def test_a_sum_of_packed_numbers_holds_the_sums(rows: list[list[int]]) -> None:
    assert unpacked(sum(map(packed, rows)), 4) == [sum(column) for column in zip([0] * 4, *rows, strict=True)]


@given(st.dictionaries(st.text(max_size=5), NUMBERS, max_size=40), st.lists(st.text(max_size=5), max_size=20))
def test_a_table_of_pieces_tells_what_a_dict_tells(rows: dict[str, list[int]], others: list[str]) -> None:
    told = {piece: packed(numbers) for piece, numbers in rows.items()}
    table = PieceTable(4, told)
    assert list(table.items()) == list(told.items())
    assert len(table) == len(told)
    for piece in (*told, *others):
        assert table.get(piece) == told.get(piece)
        assert (piece in table) == (piece in told)
    assert table.found([*told, *others]) == [told[piece] for piece in (*told, *others) if piece in told]


def test_a_piece_is_taken_once() -> None:
    table = PieceTable(2)
    assert table.add("慢", packed([1, 2]))
    assert not table.add("慢", packed([3, 4]))
    assert unpacked(table["慢"], 2) == [1, 2]
    with pytest.raises(KeyError):
        _ = table["贵"]


def test_many_pieces_are_found_and_survive_being_sent_to_another_process() -> None:
    told = {f"piece {number}": packed([number - 500, 3 * number]) for number in range(3000)}
    table = pickle.loads(pickle.dumps(PieceTable(2, told)))  # noqa: S301 (our own)
    assert table == told
    assert "piece 3000" not in table


def test_what_is_not_known_adds_nothing_and_the_start_always_counts() -> None:
    assert WEIGHTS.of(["慢", "贵", "新"]) == {"bad": 200, "good": -90, "fee": 200}
    assert WEIGHTS.of([]) == {"bad": -10, "good": -20, "fee": -100}


def test_the_pieces_that_add_most_are_told_first() -> None:
    assert WEIGHTS.reasons(["贵", "慢", "新"], "bad") == [("慢", 150), ("贵", 60)]
    assert WEIGHTS.reasons(["贵", "慢"], "fee") == [("贵", 300)]


def test_a_chinese_comment_is_cut_into_characters_pairs_and_triples() -> None:
    pieces = comment_pieces("太贵,50块", TextReading())
    assert {"太", "太贵", "太贵,", "00块"} <= pieces
    assert not any("5" in piece and not piece.startswith("=") for piece in pieces)


def test_an_english_comment_is_cut_into_words_pairs_and_stems() -> None:
    pieces = comment_pieces("they're charging twice", TextReading())
    assert {"theyre", "theyre charging", "charg*", "twice"} <= pieces


def test_what_the_lexicon_read_are_pieces_of_each_language() -> None:
    chinese, english = comment_pieces("慢,太贵了", READING), comment_pieces("slow and dear", READING)
    assert {"=zh fee-", "=zh ends -", "=zh begins .", "=zh blame 20", "=zh -1!"} <= chinese
    assert {piece.replace("=zh", "=en") for piece in chinese if piece[0] == "="} <= english


def test_of_a_long_comment_only_both_ends_are_weighed() -> None:
    pieces = comment_pieces("好" * 600 + "坏" * 4000 + "慢" * 600, TextReading())
    assert {"好", "慢"} <= pieces
    assert "坏" not in pieces


def test_how_a_comment_begins_and_ends_and_how_long_it_is_are_pieces() -> None:
    assert {"^修", "^修好", "谢谢$", "谢$", "=zh long 2"} <= comment_pieces("修好了,不漏,谢谢!", TextReading())
    assert {"^what", "^what a", "it is$", "=en ?"} <= comment_pieces("what a mess it is?", TextReading())
    assert "=en long 12" in comment_pieces("word " * 100, TextReading())


def test_english_words_are_seen_across_one_word() -> None:
    assert {"not _ good", "not very good"} <= comment_pieces("not very good", TextReading())


def test_what_the_words_of_the_lexicon_do_are_pieces_alone_and_with_their_neighbours() -> None:
    bad, very = Entry(Role.OPINION, -20), Entry(Role.VERY)
    pieces = comment_pieces("not so slow", TextReading(), [(0, 3, Entry(Role.NOT)), (4, 6, very), (7, 11, bad)])
    assert {"=en does 2o", "=en does 0-", "=en does 3o 0-", "=en does 2o 3o 0-"} <= pieces


def test_of_very_many_words_only_the_first_are_pieces() -> None:
    hits = [(place, place + 1, Entry(Role.VERY)) for place in range(150)]
    late = (200, 201, Entry(Role.OPINION, 20))
    assert "=en does 0+" not in comment_pieces("very " * 200, TextReading(), [*hits, late])
    assert "=en does 0+" in comment_pieces("very " * 200, TextReading(), [late, *hits])
