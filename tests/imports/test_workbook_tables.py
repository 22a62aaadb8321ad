"""Workbooks as Excel writes them; what is no table, has a password or macros, or is too much is told in a sentence."""

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from bot.imports.cell_values import CellTerms
from bot.imports.imported_table import opened_table
from bot.imports.table_columns import ImportKind
from bot.imports.table_head import HeadGuess
from bot.imports.unreadable import UnreadableFile
from bot.imports.workbook_tables import workbook_rows
from config.import_words import import_words

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GUESS = HeadGuess(ImportKind.TICKETS, import_words())
TERMS = CellTerms(ZoneInfo("Asia/Shanghai"), import_words().cells)
CLOSED = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001 (as workbooks hold it)


def written(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def rows_of(path: Path) -> list[list[object]]:
    with workbook_rows(path, path.name) as rows:
        return list(rows)


def values_of(path: Path) -> list[tuple[int, dict[str, object]]]:
    with opened_table(path, path.name, GUESS, TERMS) as table:
        return [(row.number, row.values) for row in table.rows()]


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as raised:
        rows_of(path)
    return str(raised.value)


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_numbers_dates_and_truth_values_are_what_they_are(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.xlsx",
        [
            ("工单编号", "客户编号", "手机", "完成时间", "用户签名"),
            (1001, 77, 13800138000, CLOSED, True),
            ("G2", "c-2", "13800138001", "2026-03-02 10:30", "否"),
            (1003.0, "c-3", None, 46083.4375, None),
        ],
    )
    closed_at = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    assert values_of(path) == [
        (
            2,
            {
                "ticket": "1001",
                "customer": "77",
                "customer.phone": "13800138000",
                "closed_at": closed_at,
                "customer_signed": True,
            },
        ),
        (
            3,
            {
                "ticket": "G2",
                "customer": "c-2",
                "customer.phone": "13800138001",
                "closed_at": closed_at,
                "customer_signed": False,
            },
        ),
        (4, {"ticket": "1003", "customer": "c-3", "closed_at": closed_at}),
    ]


def test_titles_above_and_merged_heads_of_two_rows_are_understood(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.xlsx",
        [
            ("2026年3月售后服务工单",),
            ("制表：客服部",),
            (),
            ("工单", None, "客户", None, None, "服务"),
            ("编号", "状态", "编号", "姓名", "电话", "完成时间"),
            ("G1", "完工", "c-1", "王女士", "13800138000", CLOSED),
            (None, None, None, None, None, None),
            ("G2", "待料", "c-2", "李先生", "13800138001", None),
        ],
        ["A1:F1", "A4:B4", "C4:E4"],
    )
    found = values_of(path)
    assert [number for number, _ in found] == [6, 8]
    assert found[0][1] == {
        "ticket": "G1",
        "status": "完工",
        "customer": "c-1",
        "customer.name": "王女士",
        "customer.phone": "13800138000",
        "closed_at": datetime(2026, 3, 2, 2, 30, tzinfo=UTC),
    }
    assert found[1][1]["status"] == "待料"


def test_rows_are_numbered_as_the_spreadsheet_shows_them_also_below_empty_ones(tmp_path: Path) -> None:
    path = written(tmp_path / "t.xlsx", [(), (), ("ticket", "customer"), ("G1", "c-1"), (), ("G2", "c-2")])
    assert [number for number, _ in values_of(path)] == [4, 6]


def test_only_the_first_sheet_is_read(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["ticket", "customer"])
    first.append(["G1", "c-1"])
    book.create_sheet("other").append(["x"])
    book.save(tmp_path / "t.xlsx")
    assert rows_of(tmp_path / "t.xlsx") == [["ticket", "customer"], ["G1", "c-1"]]


def test_a_formula_is_read_as_what_it_shows_and_never_computed(tmp_path: Path) -> None:
    path = written(tmp_path / "t.xlsx", [("ticket", "customer"), ("G1", "=1+1")])
    assert values_of(path) == [(2, {"ticket": "G1"})]  # nobody has computed it, so it shows nothing


def test_a_password_or_a_workbook_of_before_2007_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(OLE + b"\0" * 600)
    assert refusal(tmp_path / "t.xlsx") == (
        "t.xlsx is protected by a password, or of Excel before 2007; save it as .xlsx without one"
    )


def test_macros_are_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "t.xlsm", {"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"})
    assert refusal(path) == "t.xlsm has macros, and is not opened; save it as .xlsx without them"


def test_an_archive_of_something_else_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "t.zip", {"tickets.csv": b"a,b"})
    assert refusal(path) == "t.zip is an archive and no workbook; unpack it, and import the table in it"
    document = packed(tmp_path / "t.docx", {"word/document.xml": b"<x/>"})
    assert refusal(document).startswith("t.docx is an archive and no workbook")


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    whole = written(tmp_path / "t.xlsx", [("ticket", "customer")]).read_bytes()
    (tmp_path / "t.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "t.xlsx") == "t.xlsx is damaged: it begins as a workbook and is none; save it anew"
    broken = packed(tmp_path / "b.xlsx", {"xl/workbook.xml": b"<not closed"})
    assert refusal(broken).startswith("b.xlsx cannot be read as a workbook: ")


def test_what_unpacks_to_too_much_is_told_before_it_is_unpacked(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "t.xlsx", {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"\0" * (65 * 1024 * 1024)}
    )
    assert path.stat().st_size < 100_000
    assert refusal(path) == "t.xlsx unpacks to more than 64 MB; save the sheet as CSV, which has no limit"


@pytest.mark.proof
def test_many_parts_that_are_too_much_together_are_told(tmp_path: Path) -> None:
    parts = {f"xl/worksheets/sheet{n}.xml": b"\0" * (50 * 1024 * 1024) for n in range(3)}
    path = packed(tmp_path / "t.xlsx", {"xl/workbook.xml": b"<x/>", **parts})
    assert refusal(path).startswith("t.xlsx unpacks to more than 64 MB")
