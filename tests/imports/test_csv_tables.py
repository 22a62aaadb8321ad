"""CSV files of every usual encoding and separator; what is none of them is told in a sentence."""

import csv
import re
from pathlib import Path

import pytest

from bot.imports.csv_tables import csv_rows
from bot.imports.unreadable import UnreadableFile

ROWS = [
    ["工单编号", "客户", "意见"],
    ["G1", "王女士", "师傅很准时，讲解也很清楚"],
    ["G2", "李先生", "空调还是不制冷；等了两天"],
    ["G3", "陳小姐", "服務態度很好"],
]
SIMPLE = [row for row in ROWS if "陳" not in row[1]]
BIG5 = [
    ["工單編號", "客戶", "意見"],
    ["G3", "陳小姐", "服務態度很好，謝謝師傅的說明"],
    ["G4", "林先生", "等了很久才有人來修理冷氣"],
]


def written(path: Path, rows: list[list[str]], encoding: str, delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path) -> list[list[str]]:
    with csv_rows(path, path.name) as rows:
        return list(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_is_read_in_its_encoding_and_with_its_separator(tmp_path: Path, encoding: str, delimiter: str) -> None:
    assert read(written(tmp_path / "t.csv", ROWS, encoding, delimiter)) == ROWS


def test_simplified_chinese_of_older_programs_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path / "t.csv", SIMPLE, "gbk")) == SIMPLE


def test_traditional_chinese_of_older_programs_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path / "t.csv", BIG5 * 20, "big5")) == BIG5 * 20


def test_a_character_of_another_encoding_far_down_is_seen(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", [["ticket", "comment"], *(["G1", "plain"] for _ in range(20_000))], "utf-8")
    with path.open("ab") as file:
        file.write("G2,空调不制冷\n".encode("gb18030"))
    assert read(path)[-1] == ["G2", "空调不制冷"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("cell", [b"\xe5\xae", b"\xff", b"\xe5,\xae", "客".encode("gb18030")], ids=repr)
@pytest.mark.parametrize("many", [1, 40_000])
def test_one_broken_character_makes_no_other_encoding_of_a_file(
    tmp_path: Path, encoding: str, cell: bytes, many: int
) -> None:
    path = written(
        tmp_path / "t.csv", [["ticket", "comment"], *([f"G{n}", "空调不制冷"] for n in range(many))], encoding
    )
    with path.open("ab") as file:
        file.write(b"G0," + cell + b"\n" + "G1,谢谢\n".encode())
    with pytest.raises(UnreadableFile, match=rf"^t\.csv is UTF-8, but its line {many + 2} is broken: correct it"):
        read(path)


def test_a_file_that_was_cut_in_a_character_is_told_with_its_last_line(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", ROWS, "utf-8")
    path.write_bytes(path.read_bytes().rstrip()[:-1])
    with pytest.raises(UnreadableFile, match="its line 4 is broken"):
        read(path)


def test_cells_of_several_lines_and_with_quotation_marks_are_one_cell(tmp_path: Path) -> None:
    rows = [["ticket", "comment"], ["G1", 'he said "no",\nthen left'], ["G2", "a;b\tc"]]
    assert read(written(tmp_path / "t.csv", rows, "utf-8")) == rows


def test_a_separator_inside_of_cells_separates_nothing(tmp_path: Path) -> None:
    rows = [["ticket", "comment"], *([f"G{n}", "one, two, three, four"] for n in range(5))]
    assert read(written(tmp_path / "t.csv", rows, "utf-8", ";")) == rows


def test_lines_end_as_on_any_system(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for end in ("\n", "\r\n", "\r"):
        path.write_bytes(end.join(["a,b", "1,2", ""]).encode())
        assert read(path) == [["a", "b"], ["1", "2"]]


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"")
    assert read(tmp_path / "t.csv") == []


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"a,b\n1,\0\n", b"\x7fELF\0\0\0"])
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=re.escape("t.csv is no text; save it as CSV in UTF-8, or as an .xlsx")):
        read(path)


def test_text_of_no_known_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"ticket,comment\n" + bytes([0xFF, 0x80, 0x81]) * 50 + b"\n")
    with pytest.raises(UnreadableFile, match="its encoding cannot be told; save it as CSV in UTF-8"):
        read(path)


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('ticket,comment\nG1,"' + "x" * 2_000_000)
    with pytest.raises(UnreadableFile, match=r"t\.csv, line 2: .*is a quotation mark opened there and not closed\?"):
        read(path)
