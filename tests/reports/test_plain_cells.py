"""A text in a CSV stays the text it is, in a spreadsheet and when it is read again."""

import csv
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.reports.plain_tables import cell_text, plain_cell

FORMULAS = ["=1+1", "+86 138", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠x", "\x7f=1"]
PLAIN = ["没问题", "5", "a=b", " =1", "", "x'y", "2026-11-22T02:30:00Z", "https://example.com"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute_begins_with_an_apostrophe(text: str) -> None:
    assert plain_cell(text) == f"'{text}"
    assert cell_text(plain_cell(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_is_left_alone(text: str) -> None:
    assert plain_cell(text) == text
    assert cell_text(text) == text


@pytest.mark.parametrize(("cell", "text"), [("'=1", "=1"), ("''=1", "'=1"), ("'quoted", "'quoted"), ("'", "'")])
def test_an_apostrophe_is_taken_away_only_where_one_was_put(cell: str, text: str) -> None:
    assert cell_text(cell) == text


@given(st.text())
@example("'")
@example("''")
@example("'=1")
@example("'没问题'")
def test_every_text_comes_back_as_it_was(text: str) -> None:
    cell = plain_cell(text)
    assert cell_text(cell) == text
    assert cell[:1] not in {*"=+-@＝＋－＠", *map(chr, range(32)), "\x7f"}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_every_row_of_texts_comes_back_through_a_file(texts: list[str]) -> None:
    written = StringIO(newline="")
    csv.writer(written).writerow([plain_cell(text) for text in texts])
    (row,) = csv.reader(StringIO(written.getvalue(), newline=""))
    assert [cell_text(cell) for cell in row] == texts
