"""Rows of a table: what is empty is no row, what is missing is told, and mistakes stand beside what can be read."""

import csv
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.imports.cell_values import CellTerms
from bot.imports.imported_table import TableRow, opened_table
from bot.imports.mapping_file import ColumnMap
from bot.imports.table_columns import ImportKind
from bot.imports.table_head import HeadGuess
from bot.imports.unreadable import UnreadableFile
from config.import_words import import_words
from storage.model.import_records import RowMistake

TERMS = CellTerms(ZoneInfo("Asia/Shanghai"), import_words().cells)
HEAD = ("ticket", "customer", "closed_at", "resent")


def rows(folder: Path, *lines: Sequence[str], told: ColumnMap | None = None) -> list[TableRow]:
    path = folder / "t.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    guess = HeadGuess(ImportKind.TICKETS, import_words(), told or ColumnMap())
    with opened_table(path, "t.csv", guess, TERMS) as table:
        return list(table.rows())


def test_rows_without_anything_are_passed_over_and_counted(tmp_path: Path) -> None:
    found = rows(tmp_path, HEAD, ("G1", "c-1"), (), ("", "  ", ""), ("G2", "c-2", "", ""))
    assert [(row.number, row.values) for row in found] == [
        (2, {"ticket": "G1", "customer": "c-1"}),
        (5, {"ticket": "G2", "customer": "c-2"}),
    ]


def test_a_short_row_is_filled_up_and_a_long_one_cut(tmp_path: Path) -> None:
    found = rows(tmp_path, HEAD, ("G1", "c-1"), ("G2", "c-2", "", "yes", "what", "is", "this"))
    assert [row.values for row in found] == [
        {"ticket": "G1", "customer": "c-1"},
        {"ticket": "G2", "customer": "c-2", "resent": True},
    ]


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, HEAD, ("", "c-1"))
    assert row.problems == (RowMistake("ticket", "", "is empty", "fill it in"),)


def test_every_mistake_of_a_row_is_told_beside_what_can_be_read(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, HEAD, ("G1\nG2", "c-1", "soon", "maybe"))
    assert row.values == {"customer": "c-1"}
    assert [(one.column, one.value) for one in row.problems] == [
        ("ticket", "G1\nG2"),
        ("closed_at", "soon"),
        ("resent", "maybe"),
    ]


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, HEAD, ("x" * 300, "c-1"))
    assert row.problems[0].value == "x" * 80


def test_what_every_row_has_gives_way_to_what_a_row_says(tmp_path: Path) -> None:
    told = ColumnMap(constants={"source": "desk", "resent": "no", "team": "north"})
    found = rows(tmp_path, HEAD, ("G1", "c-1", "", "yes"), ("G2", "c-2"), told=told)
    assert [(row.values["source"], row.values["team"], row.values["resent"]) for row in found] == [
        ("desk", "north", True),
        ("desk", "north", False),
    ]


def test_a_constant_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as raised:
        rows(tmp_path, HEAD, ("G1", "c-1"), told=ColumnMap(constants={"closed_at": "soon"}))
    assert str(raised.value) == (
        "constant closed_at = 'soon' is no date and time; write it as 2026-11-22 10:30 or 2026-11-22T02:30:00Z"
    )


def test_a_table_of_nothing_but_a_head_has_no_rows(tmp_path: Path) -> None:
    assert rows(tmp_path, HEAD) == []
    with pytest.raises(UnreadableFile, match=r"t\.csv is empty"):
        rows(tmp_path)


def test_a_head_further_below_is_found_where_the_owner_says(tmp_path: Path) -> None:
    remarks = [(f"说明 {n}",) for n in range(45)]
    (row,) = rows(tmp_path, *remarks, HEAD, ("G1", "c-1"), told=ColumnMap(header_row=46))
    assert (row.number, row.values) == (47, {"ticket": "G1", "customer": "c-1"})
    with pytest.raises(UnreadableFile, match="no row tells what the columns mean"):
        rows(tmp_path, *remarks, HEAD, ("G1", "c-1"))


def test_a_text_that_comes_again_means_the_same_and_each_column_reads_it_for_itself(tmp_path: Path) -> None:
    head = ("ticket", "customer", "subject", "resent", "opened_at")
    lines = [(f"G{n}", "1", "1", "1", "2026-03-02 10:30") for n in range(3)]
    found = rows(tmp_path, head, *lines, ("'1", "'1", "'1", "?", "'"), ("1", "1", "  ", "no", "2026-03-02"))
    assert [row.values["customer"] for row in found] == ["1"] * 5
    assert [row.values.get("resent") for row in found] == [True, True, True, None, False]
    assert [row.values.get("subject") for row in found] == ["1", "1", "1", "1", None]
    assert len({row.values.get("opened_at") for row in found[:3]}) == 1
    assert [one.column for one in found[3].problems] == ["resent", "opened_at"]


def test_a_mistake_that_comes_again_is_told_again(tmp_path: Path) -> None:
    found = rows(tmp_path, HEAD, *((f"G{n}", "c-1", "soon", "") for n in range(4)))
    assert [[one.value for one in row.problems] for row in found] == [["soon"]] * 4


def test_more_different_texts_than_are_remembered_are_all_read(tmp_path: Path) -> None:
    count = 2_300
    found = rows(tmp_path, HEAD, *((f"G{n}", f"c-{n}", "2026-03-02", "no") for n in range(count)))
    assert [row.values["customer"] for row in found] == [f"c-{n}" for n in range(count)]
    again = rows(tmp_path, HEAD, *((f"G{n % 7}", f"c-{n % 5}", "", "") for n in range(50)))
    assert [row.values["ticket"] for row in again] == [f"G{n % 7}" for n in range(50)]
