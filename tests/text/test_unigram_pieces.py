"""How a text is cut into the pieces of a vocabulary: the likeliest way, whatever the text is."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.text.unigram_pieces import UNKNOWN, UnigramPieces
from tests.text.small_encoder import PIECES, SCORES

VOCABULARY = UnigramPieces(PIECES, SCORES)
RAREST = -8.0
CUTS = [
    ("good", ["▁good"]),  # one piece is likelier than two
    ("good good", ["▁good", "▁good"]),
    ("ggood", ["▁g", "<unk>", "ood"]),
    ("慢", ["▁慢"]),
    ("慢慢", ["▁慢", "慢"]),
    ("很慢", ["▁", "很慢"]),
    ("好很慢", ["▁", "好", "很慢"]),
    ("", ["▁"]),
    (" \t\n ", ["▁"]),
    ("  good\u3000good \r\n", ["▁good", "▁good"]),
    ("ｇｏｏｄ", ["▁good"]),  # wide letters are plain ones
]


@pytest.mark.parametrize(("text", "pieces"), CUTS)
def test_a_text_is_cut_the_likeliest_way(text: str, pieces: list[str]) -> None:
    assert [PIECES[number] for number in VOCABULARY.cut(text)] == pieces


@pytest.mark.parametrize(("text", "numbers"), [("x", 1), ("慢x慢", 1), ("\0\u202e", 2), ("😀", 1), ("\ud800", 1)])
def test_a_character_of_no_piece_is_unknown(text: str, numbers: int) -> None:
    assert VOCABULARY.cut(text).count(UNKNOWN) == numbers


def test_pieces_that_stand_for_no_text_are_never_cut_out_of_one() -> None:
    vocabulary = UnigramPieces(["<s>", "<pad>", "</s>", "<unk>", "▁", "s"], [0.0, 0.0, 0.0, 0.0, -1.0, -1.0])
    assert set(vocabulary.cut("<s></s><unk>")) <= {UNKNOWN, 4, 5}


def test_without_any_piece_all_is_unknown() -> None:
    assert UnigramPieces(PIECES[:4], SCORES[:4]).cut("ab") == [UNKNOWN] * 3


def all_cuts(line: str) -> list[list[int]]:
    """Return every way to cut a line into pieces and unknown characters."""
    found = []
    for ends in product((False, True), repeat=max(0, len(line) - 1)):
        marks = [0, *(place for place, ends_here in enumerate(ends, 1) if ends_here), len(line)]
        parts = [line[begin:end] for begin, end in pairwise(marks)]
        if all(part in PIECES[4:] or len(part) == 1 for part in parts):
            found.append([PIECES.index(part) if part in PIECES[4:] else UNKNOWN for part in parts])
    return found


def worth(numbers: list[int]) -> float:
    return sum(RAREST - 10 if number == UNKNOWN else SCORES[number] for number in numbers)


@given(st.text("god慢很好x", min_size=1, max_size=7))
def test_no_other_way_is_likelier(text: str) -> None:
    best = max(map(worth, all_cuts("▁" + text)))
    assert worth(VOCABULARY.cut(text)) == pytest.approx(best)


@given(st.text(max_size=60))
def test_any_text_is_cut(text: str) -> None:
    assert all(UNKNOWN <= number < len(PIECES) for number in VOCABULARY.cut(text))
