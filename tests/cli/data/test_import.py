"""`huifang import …` where no service runs: what is understood, what is wrong, what is stored, and the way back."""

import asyncio
import csv
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from storage.connection.store import Store
from tests.cli.conftest import Type
from tests.support.database.dumped import dumped
from tests.support.database.ledger import Ledger

HEAD = (
    "工单编号",
    "客户编号",
    "客户姓名",
    "手机",
    "工号",
    "工程师",
    "团队",
    "受理时间",
    "完成时间",
    "维修单号",
    "用户签名",
)
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English where a test says nothing else."""
    monkeypatch.setenv("HUIFANG_LOCALE", "en")


@pytest.fixture
def writes(desk: Path) -> Write:
    """Return what writes a table into the folder."""

    def write(name: str, rows: Iterable[Iterable[object]], encoding: str = "utf-8") -> Path:
        path = desk / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


def ticket_row(number: int, closed: str = "2026-03-02 10:30", **other: str) -> tuple[object, ...]:
    signed = other.get("signed", "是")
    who = (f"C{number % 40}", f"王{number % 40}", "13800138000", f"a{number % 9}", "李工", "北区")
    return (f"G{number}", *who, "2026/3/1 8:00", closed, f"R{number}", signed)


def tickets(count: int, bad: Iterable[int] = ()) -> list[Iterable[object]]:
    wrong = {*bad}
    return [HEAD, *(ticket_row(n, "昨天" if n in wrong else "2026-03-02 10:30") for n in range(1, count + 1))]


def import_id(out: str) -> str:
    found = re.search(r"imp_\w+", out)
    assert found is not None
    return found[0]


async def everything(desk: Path) -> dict[str, list[tuple[object, ...]]]:
    async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
        return await dumped(store)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_of_any_usual_encoding_is_taken(types: Type, writes: Write, encoding: str) -> None:
    path = writes("t.csv", tickets(3), encoding)
    said = types("import", "tickets", str(path))
    assert (said.code, said.err) == (0, "")
    assert re.fullmatch(r"Import imp_\w{16}: 3 added, 0 there already\.\n", said.out)


def test_a_trial_shows_what_is_understood_and_stores_nothing(types: Type, writes: Write) -> None:
    path = writes("t.csv", tickets(3))
    said = types("import", "tickets", str(path), "--dry-run")
    assert said.code == 0
    assert "完成时间 -> closed_at\n维修单号 -> repair_form_no\n用户签名 -> customer_signed\n" in said.out
    assert "row 2: ticket=G1, customer=C1, customer.name=王1, customer.phone=13800138000, agent.id=a1" in said.out
    assert said.out.endswith("Nothing is stored. Of 3 rows: 3 would be added, 0 there already, 0 wrong.\n")
    assert types("import", "list").out == ""


def test_imports_are_listed_at_the_time_on_the_clocks_of_the_owner(desk: Path, types: Type, writes: Write) -> None:
    types("import", "tickets", str(writes("t.csv", tickets(3))))
    (line,) = types("import", "list").out.splitlines()
    told = re.fullmatch(r"imp_\w{16}  (\S+ \S+)  tickets  t\.csv  done: 3 added, 0 there already, 0 wrong", line)
    assert told is not None
    ((begun,),) = Ledger(desk / "var" / "huifang.db").rows("SELECT started_at FROM imports")
    assert told[1] == f"{datetime.fromisoformat(begun).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("every", [25, pytest.param(250, marks=pytest.mark.proof)])
def test_of_thousands_of_rows_37_are_wrong_and_each_is_named(types: Type, writes: Write, every: int) -> None:
    wrong, rows = range(100, 100 + 37 * every, every), 40 * every
    path = writes("t.csv", tickets(rows, wrong))
    said = types("import", "tickets", str(path))
    assert (said.code, said.out) == (1, "")
    first, *_, count, none = said.err.splitlines()
    assert (
        first == "row 101, closed_at '昨天': is no date and time; write it as 2026-11-22 10:30 or 2026-11-22T02:30:00Z"
    )
    assert count == f"37 of {rows} rows are wrong; {path}.errors.csv says which and why."
    assert none == "None is taken. Mend them, or add --take-good to take the others."
    with Path(f"{path}.errors.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [int(one["row"]) for one in listed] == [number + 1 for number in wrong]
    assert {(one["column"], one["value"], one["problem"]) for one in listed} == {
        ("closed_at", "昨天", "is no date and time")
    }
    taken = types("import", "tickets", str(path), "--take-good")
    assert taken.code == 0
    assert taken.out.endswith(f": {rows - 37} added, 0 there already.\n")
    again = types("import", "tickets", str(path), "--take-good")
    assert again.out.endswith(f": 0 added, {rows - 37} there already.\n")


@pytest.mark.parametrize(
    ("locale", "head", "told", "end"),
    [
        (
            "zh-Hans",
            ["行", "列", "值", "哪里不对", "怎么改"],
            ("不是日期和时间", "请写成 2026-11-22 10:30 or 2026-11-22T02:30:00Z"),
            "一行都没有导入。请改好再来，或者加 --take-good，只导入没错的。",
        ),
        (
            "zh-Hant",
            ["列", "欄", "值", "哪裡不對", "怎麼改"],
            ("不是日期和時間", "請寫成 2026-11-22 10:30 or 2026-11-22T02:30:00Z"),
            "一列都沒有匯入。請改好再來，或者加 --take-good，只匯入沒錯的。",
        ),
    ],
)
def test_whoever_imports_is_told_in_the_language_of_the_settings(  # noqa: PLR0913, PLR0917 (what is told in which)
    types: Type,
    writes: Write,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    head: list[str],
    told: tuple[str, str],
    end: str,
) -> None:
    monkeypatch.setenv("HUIFANG_LOCALE", locale)
    path = writes("t.csv", tickets(3, [1]))
    said = types("import", "tickets", str(path))
    first, *_, last = said.err.splitlines()
    assert (said.code, first, last) == (1, f"第 2 {head[0]}，closed_at '昨天'：{'；'.join(told)}", end)
    with Path(f"{path}.errors.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [head, ["2", "closed_at", "昨天", *told]]
    assert types("import", "tickets", str(writes("e.csv", []))).err == "huifang: e.csv 是空的\n"


def test_in_chinese_an_import_is_counted_listed_and_taken_back(
    types: Type, writes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIFANG_LOCALE", "zh-Hans")
    path = writes("t.csv", tickets(3))
    tried = types("import", "tickets", str(path), "--dry-run")
    assert tried.out.endswith("只是试看，没有存。共 3 行：会新增 3 行，已有 0 行，不对 0 行。\n")
    taken = types("import", "tickets", str(path))
    assert taken.out == f"导入 {import_id(taken.out)}：新增 3 行，已有 0 行。\n"
    assert types("import", "list").out.endswith("  tickets  t.csv  已导入：新增 3 行，已有 0 行，不对 0 行\n")
    undone = types("import", "undo", import_id(taken.out))
    assert undone.out == f"导入 {import_id(taken.out)} 已撤销。\n"


async def test_the_same_rows_again_change_nothing_in_whatever_file(types: Type, writes: Write, desk: Path) -> None:
    await asyncio.to_thread(types, "import", "tickets", str(writes("t.csv", tickets(30))))
    before = await everything(desk)
    more = writes("more.csv", [*tickets(30), ticket_row(31)][:-1])
    said = await asyncio.to_thread(types, "import", "tickets", str(more), "--by", "李工")
    assert said.out.endswith("30 there already.\n")
    assert await everything(desk) == before


def test_a_ticket_that_is_stored_otherwise_is_told(types: Type, writes: Write) -> None:
    types("import", "tickets", str(writes("t.csv", tickets(1))))
    other = writes("o.csv", [HEAD, ticket_row(1, "2026-03-03 10:30", signed="否")])
    said = types("import", "tickets", str(other))
    assert said.code == 1
    assert said.err.startswith(
        "row 2, closed_at '2026-03-03 10:30:00': this ticket is stored with 2026-03-02 10:30:00 there; "
        "leave it out, or undo the import that brought it\n"
        "row 2, customer_signed 'false': this ticket is stored with true there"
    )


@pytest.mark.row("S4-12")
def test_answers_count_in_figures_with_their_source_and_can_be_taken_back(types: Type, writes: Write) -> None:
    types("import", "tickets", str(writes("t.csv", tickets(40))))
    answers = [(f"import/G{n}", "paper", "2026-03-05 12:00", n % 5 + 1, 5, "很好") for n in range(1, 41)]
    path = writes("r.csv", [("ticket", "channel", "date", "响应速度", "attitude", "意见"), *answers])
    said = types("import", "responses", str(path))
    assert (said.code, said.err) == (0, "")
    types("rollups", "rebuild")
    report = types("report", "--period", "2026-03", "--locale", "en").out
    assert re.search(r"mean.* 4 .*n = 80", report, re.IGNORECASE)
    assert "40 entered" in report
    assert "40 imported" in report
    assert types("rollups", "check").out == "No differences found.\n"
    verified = types("doctor", "--verify")
    assert verified.out.startswith("No violations found.")
    assert types("import", "undo", import_id(said.out)).out == f"Import {import_id(said.out)} is taken back.\n"
    assert types("rollups", "check").out == "No differences found.\n"
    assert "n = 80" not in types("report", "--period", "2026-03", "--locale", "en").out


def test_what_cannot_be_imported_is_one_line(types: Type, writes: Write, desk: Path) -> None:
    missing = types("import", "tickets", "none.csv")
    assert (missing.code, missing.err) == (1, "huifang: none.csv is no file\n")
    empty = types("import", "tickets", str(writes("e.csv", [])))
    assert (empty.code, empty.err) == (1, "huifang: e.csv is empty\n")
    odd = types("import", "tickets", str(writes("odd.csv", [("a", "b"), (1, 2)])))
    assert odd.err == (
        "huifang: odd.csv: no row tells what the columns mean; name them as docs/data.md does, or add --map FILE\n"
    )
    assert types("import", "undo", "imp_none").err == (
        "huifang: there is no import imp_none; huifang import list shows them\n"
    )
    (desk / "map.toml").write_text('[columns]\nx = "colour"\n')
    wrong = types("import", "tickets", str(writes("t.csv", tickets(1))), "--map", str(desk / "map.toml"))
    assert wrong.err == "huifang: map.toml: tickets have no column 'colour'; docs/data.md lists them\n"


def test_the_owner_says_what_columns_mean(types: Type, writes: Write, desk: Path) -> None:
    rows = [("我们的单", "谁", "办完"), ("T1", "C1", "2026-03-02"), ("T2", "C1", "2026-03-03")]
    (desk / "map.json").write_text(
        '{"columns": {"我们的单": "ticket", "谁": "customer", "办完": "closed_at"}, "constants": {"team": "north"}}'
    )
    said = types("import", "tickets", str(writes("t.csv", rows)), "--map", str(desk / "map.json"), "--dry-run")
    assert "row 3: team=north, ticket=T2, customer=C1, closed_at=2026-03-03 00:00:00" in said.out


def test_customers_come_with_addresses_chats_and_opt_outs(types: Type, writes: Write, desk: Path) -> None:
    head = ("会员编号", "会员姓名", "手机号", "邮箱", "语言", "时区", "渠道", "聊天账号", "是否退订")
    rows = [
        ("C1", "王女士", "'13800138000", "w@example.com", "zh-Hans", "Asia/Shanghai", "telegram", "10001", "是"),
        ("C2", "李女士", "1.38E+10", "", "", "", "", "", ""),
        ("C3", "赵女士", "", "", "", "", "fax", "1", "不知道"),
    ]
    said = types("import", "contacts", str(writes("c.csv", [head, *rows])), "--take-good")
    assert said.out.endswith(": 1 added, 0 there already.\n")
    assert said.err.startswith(
        "row 3, phone '1.38E+10': has lost digits: a spreadsheet took it for a number; "
        "format the column as text and enter it again\n"
        "row 4, opted_out '不知道': is neither yes nor no; write true or false\n"
    )
    assert types("customer", "export", "C1", "-o", str(desk / "c1.json")).code == 0
    kept = json.loads((desk / "c1.json").read_text())["customer"]
    assert (kept["name"], kept["phone"], kept["locale"]) == ("王女士", "13800138000", "zh-Hans")
    assert types("import", "undo", import_id(said.out)).code == 0
    assert types("customer", "export", "C1").code == 1


def test_sheets_are_entered_by_the_hundred(types: Type, writes: Write) -> None:
    head = ("表单", "被考核人", "周期", "角色", "评分人", "岗位", "实际操作", "维修案例分析", "values.theory")
    assert "skills" in types("assess").out
    shown = types("import", "assessments", str(writes("s.csv", [head, ()])), "--dry-run")
    assert "岗位 -> words.position\n" in shown.out
    assert "实际操作 -> values.practice\n" in shown.out
    rows: list[tuple[object, ...]] = [
        ("skills", f"a{n}", "2026-H1", "质检员", "张工", "维修工", 30 + n, 20) for n in range(5)
    ]
    rows += [("skills", "a9", "2026-H1", "质检员", "张工", "", 41, 20), ("skils", "a9", "2026-H1", "质检员", "张工")]
    said = types("import", "assessments", str(writes("a.csv", [head[:-1], *rows])), "--take-good")
    assert said.out.endswith(": 5 added, 0 there already.\n")
    assert said.err.startswith(
        "row 7, values.practice '41': is not between 0 and 40; correct it\n"
        "row 7, words.position: is missing; correct it\n"
        "row 8, form 'skils': is no form; write one of appraisal_360"
    )
    asked = ("assess", "skills", "--subject", "a3", "--period", "2026-H1", "--results")
    assert "incomplete sheets, which count for nothing: 1" in types(*asked).out
    assert types("import", "undo", import_id(said.out)).code == 0
    assert "incomplete" not in types(*asked).out


# -- workbooks -------------------------------------------------------------------------------------------------------


def workbook(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def test_a_workbook_is_taken_as_a_csv_file_is(types: Type, desk: Path) -> None:
    closed = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001 (as workbooks hold it)
    rows = [
        ("三月工单",),
        ("工单编号", "客户编号", "手机", "完成时间", "用户签名"),
        (1001, 77, 13800138000, closed, True),
        (1002, 78, 13800138001, "三月二日", False),
    ]
    path = workbook(desk / "t.xlsx", rows)
    said = types("import", "tickets", str(path))
    assert said.err.startswith("row 4, closed_at '三月二日': is no date and time")
    assert f"1 of 2 rows are wrong; {path}.errors.csv says which and why." in said.err
    taken = types("import", "tickets", str(path), "--take-good")
    assert taken.out.endswith(": 1 added, 0 there already.\n")
    shown = types("customer", "export", "77", "-o", str(desk / "77.json"))
    assert shown.code == 0
    kept = json.loads((desk / "77.json").read_text())
    assert kept["customer"]["phone"] == "13800138000"
    assert [(one["id"], one["closed_at"]) for one in kept["tickets"]] == [("1001", "2026-03-02T02:30:00Z")]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is protected by a password, or of Excel before 2007"),
        ("t.xlsx", b"PK\x03\x04nothing", "is damaged: it begins as a workbook and is none; save it anew"),
        ("t.csv", b"\x89PNG\r\n\x1a\n\0\0", "is no text; save it as CSV in UTF-8, or as an .xlsx workbook"),
        ("t.csv", b'ticket,customer\nG1,"' + b"x" * 2_000_000, "is a quotation mark opened there and not closed?"),
    ],
    ids=["password", "damaged", "picture", "quotation mark"],
)
def test_what_is_no_table_is_one_sentence(types: Type, desk: Path, name: str, content: bytes, sentence: str) -> None:
    (desk / name).write_bytes(content)
    said = types("import", "tickets", str(desk / name))
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"huifang: {name}")
    assert sentence in said.err
    assert said.err.count("\n") == 1


@pytest.mark.row("S1-33")
def test_reviews_are_entered_with_their_source(types: Type, writes: Write) -> None:
    rows = [("jd", "R1", 5, "很好", "2026-03-05"), ("jd", "R2", 6, "太好了", "2026-03-05")]
    path = writes("v.csv", [("平台", "评论编号", "星级", "评论内容", "评论时间"), *rows])
    said = types("import", "reviews", str(path))
    assert said.err.startswith("row 3, answers.overall '6': is no point of the scale")
    assert types("import", "reviews", str(path), "--take-good").code == 0
    types("rollups", "rebuild")
    by_channel = types("report", "--period", "2026-03", "--by", "channel", "--locale", "en").out
    assert "platform" in by_channel


def test_a_file_of_columns_that_is_not_utf_8_is_named(types: Type, writes: Write, desk: Path) -> None:
    columns = desk / "columns.toml"
    columns.write_bytes('[columns]\n"单号" = "ticket"\n'.encode("gb18030"))
    said = types("import", "tickets", str(writes("t.csv", tickets(1))), "--map", str(columns))
    assert (said.code, said.err) == (1, f"huifang: {columns} is not UTF-8: save it so\n")
