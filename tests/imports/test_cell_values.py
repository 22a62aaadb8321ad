"""What cells say, as people, help desks and spreadsheets write it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.imports.cell_values import CellProblem, CellTerms, cell_reader, plain_text
from bot.imports.table_columns import CellKind
from config.import_words import import_words
from storage.model.service_details import Rework

TERMS = CellTerms(ZoneInfo("Asia/Shanghai"), import_words().cells)
NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
SECOND = datetime(2026, 3, 5, 4, 0, 30, tzinfo=UTC)


def read(kind: CellKind, cell: object) -> object:
    return cell_reader(kind)(cell, TERMS)


def problem(kind: CellKind, cell: object) -> tuple[str, str]:
    with pytest.raises(CellProblem) as raised:
        read(kind, cell)
    return raised.value.problem, raised.value.fix


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-05 12:00", NOON),
        ("2026-03-05 12:00:00", NOON),
        ("2026-03-05 12:00:30", SECOND),
        ("2026-3-5 12:00", NOON),
        ("2026/3/5 12:00", NOON),
        ("2026/03/05 12:00:00", NOON),
        ("2026.03.05 12:00", NOON),
        ("2026年3月5日 12:00", NOON),
        ("2026年03月05日12:00", NOON),
        ("2026年3月5日 12时00分", NOON),
        ("2026年3月5日12时00分30秒", SECOND),
        ("２０２６－０３－０５　１２：００", NOON),
        ("  2026-03-05 12:00  ", NOON),
        ("2026-03-05T12:00", NOON),
        ("2026-03-05T12:00:00", NOON),
        ("2026-03-05T04:00:00Z", NOON),
        ("2026-03-05T04:00:00.000Z", NOON),
        ("2026-03-05T12:00:00+08:00", NOON),
        ("2026-03-05 04:00:00+00:00", NOON),
        ("2026-03-04T20:00:00-08:00", NOON),
        ("2026-03-05T04:00:30.000000Z", SECOND),
        ("2026-03-05", MIDNIGHT),
        ("2026/3/5", MIDNIGHT),
        ("2026年3月5日", MIDNIGHT),
        ("46086.5", NOON),
        ("46086", MIDNIGHT),
        (46086.5, NOON),
        (46086, MIDNIGHT),
        (46086.50034722222, SECOND),
        (datetime(2026, 3, 5, 12, 0), NOON),  # noqa: DTZ001 (as workbooks hold it)
        (datetime(2026, 3, 5, 4, 0, tzinfo=UTC), NOON),
        (date(2026, 3, 5), MIDNIGHT),
    ],
    ids=repr,
)
def test_a_moment_is_read_however_it_is_written(cell: object, moment: datetime) -> None:
    assert read(CellKind.MOMENT, cell) == moment


@pytest.mark.parametrize(
    "cell",
    [
        "昨天",
        "tomorrow",
        "05/03/2026",
        "3/5/2026 12:00",
        "05.03.2026",
        "2026-13-05",
        "2026-02-30",
        "2026-03-05 25:00",
        "2026-03-05 12:61",
        "2026-03-05 noon",
        "12:00",
        "26-03-05",
        "1.5",
        "99999999",
        "-1",
        -1,
        0.25,
        1e12,
        float("inf"),
        "2026-03-05T12:00:00+99:00",
        "2026/03/05 04:00Z",
        "2026/3/5 4:00p",
        "十二月",
    ],
    ids=repr,
)
def test_what_is_no_moment_or_may_be_two_is_told(cell: object) -> None:
    assert problem(CellKind.MOMENT, cell) == (
        "is no date and time",
        "write it as 2026-11-22 10:30 or 2026-11-22T02:30:00Z",
    )


def test_a_moment_of_another_century_is_told() -> None:
    assert problem(CellKind.MOMENT, "1899-01-01")[0] == "lies outside of the years 1970 to 2199"
    assert problem(CellKind.MOMENT, "9026-03-05 12:00")[0] == "lies outside of the years 1970 to 2199"


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("13800138000", "13800138000"),
        ("'13800138000", "13800138000"),
        ("'+8613800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+86 138 0013 8000"),
        ("138-0013-8000", "138-0013-8000"),
        ("１３８００１３８０００", "13800138000"),
        ("（010）6655 4433", "(010)6655 4433"),
        ("13800138000.0", "13800138000"),
        (13800138000.0, "13800138000"),
        (13800138000, "13800138000"),
        ("1.3800138000E+10", "13800138000"),
        ("1.38001380000e10", "13800138000"),
        ("138****8000", "138****8000"),
        ("021-66554433 转 12", "021-66554433 转 12"),
    ],
    ids=repr,
)
def test_a_telephone_number_keeps_its_digits(cell: object, phone: str) -> None:
    assert read(CellKind.PHONE, cell) == phone


@pytest.mark.parametrize("cell", ["123", "110", "１２３", "+86", "none", "8-12", 123, 123.0], ids=repr)
def test_what_has_too_few_digits_is_no_telephone_number(cell: object) -> None:
    assert problem(CellKind.PHONE, cell) == ("is no telephone number", "write the whole number, or leave it empty")


@pytest.mark.parametrize("cell", ["12345", "138****8000", "400-800-1234 转 9", "(010) 6666 8888", "+49 30 123456"])
def test_a_number_stays_as_it_is_written(cell: str) -> None:
    assert read(CellKind.PHONE, cell) == cell


@pytest.mark.parametrize("cell", ["1.38E+10", "1.38001E+10", "1E+10", "1.380013800E10"], ids=repr)
def test_a_telephone_number_that_has_lost_its_digits_is_told(cell: str) -> None:
    lost = ("has lost digits: a spreadsheet took it for a number", "format the column as text and enter it again")
    assert problem(CellKind.PHONE, cell) == lost
    assert problem(CellKind.ID, cell) == lost


@pytest.mark.parametrize(
    ("cell", "id_"),
    [
        ("G-1", "G-1"),
        (" G-1 ", "G-1"),
        (1001.0, "1001"),
        (1001, "1001"),
        ("001", "001"),
        ("'001", "001"),
        ("'=1+1", "=1+1"),
        ("''x", "'x"),
        ("'x", "'x"),
        ("工单 7", "工单 7"),
        (True, "true"),
        (1.5, "1.5"),
        ("a/b", "a/b"),
    ],
    ids=repr,
)
def test_an_id_is_the_text_that_is_seen(cell: object, id_: str) -> None:
    assert read(CellKind.ID, cell) == id_


def test_an_id_of_two_lines_or_too_many_characters_is_told() -> None:
    assert problem(CellKind.ID, "a\nb") == ("holds a line break or an invisible character", "take it out")
    assert problem(CellKind.ID, "a\u200bb")[1] == "take it out"
    assert problem(CellKind.ID, "x" * 201) == ("has 201 characters", "write at most 200")
    assert problem(CellKind.SOURCE, "x" * 65) == ("has 65 characters", "write at most 64")
    assert problem(CellKind.SOURCE, "a/b") == ("holds a slash", "name the help desk without one")


@pytest.mark.parametrize(
    "cell",
    [
        "是",
        "有",
        "已签",
        "已簽",
        "yes",
        "Yes",
        "YES",
        "y",
        "true",
        "TRUE",
        "1",
        "1.0",
        1,
        1.0,
        True,
        "√",
        "✓",
        "ｙｅｓ",
        " 是 ",
        "x",
    ],
    ids=repr,
)
def test_yes_is_said_in_many_ways(cell: object) -> None:
    assert read(CellKind.FLAG, cell) is True
    assert read(CellKind.SIGNED, cell) is True
    assert read(CellKind.WARRANTY, cell) is True


@pytest.mark.parametrize(
    "cell",
    ["否", "无", "無", "未签", "no", "No", "n", "false", "FALSE", "0", "0.0", 0, 0.0, False, "×"],
    ids=repr,
)
def test_no_is_said_in_many_ways(cell: object) -> None:
    assert read(CellKind.FLAG, cell) is False
    assert read(CellKind.SIGNED, cell) is False
    assert read(CellKind.WARRANTY, cell) is False


def test_what_is_neither_yes_nor_no_is_told_or_taken_as_words() -> None:
    assert problem(CellKind.FLAG, "maybe") == ("is neither yes nor no", "write true or false")
    assert read(CellKind.SIGNED, "2026-03-05 12:00") == NOON
    assert problem(CellKind.SIGNED, "maybe")[0] == "is no date and time"
    assert read(CellKind.WARRANTY, "整机两年") == "整机两年"


@pytest.mark.parametrize(
    ("cell", "number"),
    [("5", 5), ("５", 5), (" 5 ", 5), (5.0, 5), (5, 5), ("5.0", 5), ("-3", -3), ("007", 7)],
    ids=repr,
)
def test_a_whole_number_is_read(cell: object, number: int) -> None:
    assert read(CellKind.NUMBER, cell) == number


@pytest.mark.parametrize("cell", ["five", "4.5", 4.5, "五", "1,000", ""], ids=repr)
def test_what_is_no_whole_number_is_told(cell: object) -> None:
    assert problem(CellKind.NUMBER, cell) == ("is no whole number", "write digits only")


@pytest.mark.parametrize("cell", ["2147483648", "-2147483648", "9" * 30])
def test_a_number_that_no_database_holds_is_told(cell: str) -> None:
    assert problem(CellKind.NUMBER, cell) == ("is beyond 2147483647", "correct it")
    assert read(CellKind.NUMBER, "2147483647") == 2147483647


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("vip", ("vip",)),
        ("vip;new", ("vip", "new")),
        ("vip; new ;vip;", ("vip", "new")),
        ("会员；老客户", ("会员", "老客户")),
        ('["a;b", "c"]', ("a;b", "c")),
        (";", ()),
    ],
    ids=repr,
)
def test_a_list_is_separated_by_semicolons_of_either_width(cell: str, items: tuple[str, ...]) -> None:
    assert read(CellKind.LIST, cell) == items


def test_a_list_has_as_many_entries_as_a_ticket_has_tags() -> None:
    assert read(CellKind.LIST, ";".join(map(str, range(100)))) == tuple(map(str, range(100)))
    assert problem(CellKind.LIST, ";".join(map(str, range(101)))) == ("has 101 entries", "write at most 100")
    assert problem(CellKind.LIST, f"new;{'x' * 101}") == ("has 101 characters", "write at most 100")
    assert read(CellKind.CHATS, f"sandbox:{'1' * 200}") == (("sandbox", "1" * 200),)


def test_what_is_no_list_is_told() -> None:
    assert problem(CellKind.LIST, '["a",' + "[" * 100_000)[0] == "is no list"
    assert problem(CellKind.LIST, '["a;b"') == ("is no list", "separate the values by ;")
    assert problem(CellKind.LIST, '["a", 1]')[0] == "is no list"


def test_chats_are_pairs_of_channel_and_address() -> None:
    assert read(CellKind.CHATS, "sandbox:1; wechat:oAbc") == (("sandbox", "1"), ("wechat", "oAbc"))
    assert read(CellKind.CHATS, "x:a:b") == (("x", "a:b"),)
    for wrong in ("1001", ":1", "sandbox:"):
        assert problem(CellKind.CHATS, wrong)[0] == "names no chats"


def test_a_ticket_is_source_and_id() -> None:
    assert read(CellKind.TICKET, "zendesk/42") == ("zendesk", "42")
    assert read(CellKind.TICKET, "desk/a/b") == ("desk", "a/b")
    for wrong in ("42", "/42", "desk/", "desk"):
        assert problem(CellKind.TICKET, wrong) == ("is no ticket", "write source/id, such as zendesk/42")


@pytest.mark.parametrize("cell", ["zh-Hans", "zh-Hant", "en", "zh_CN", "de-AT"], ids=repr)
def test_a_language_is_a_tag(cell: str) -> None:
    assert read(CellKind.LANGUAGE, cell) == cell


def test_what_is_no_language_zone_or_address_is_told() -> None:
    assert problem(CellKind.LANGUAGE, "中文")[0] == "is no language tag"
    assert read(CellKind.ZONE, "Europe/Vienna") == "Europe/Vienna"
    assert problem(CellKind.ZONE, "北京时间") == ("is no time zone", "write it as Asia/Shanghai")
    assert read(CellKind.ADDRESS, "https://desk.example.com/42") == "https://desk.example.com/42"
    for wrong in ("desk.example.com", "javascript:alert(1)", "https://a b", "https://me:pw@desk.example.com/"):
        assert problem(CellKind.ADDRESS, wrong)[0] == "is no web address"


@pytest.mark.row("S3-32")
@pytest.mark.parametrize(
    ("cell", "found"),
    [("内部", Rework.INTERNAL), ("外部返修", Rework.EXTERNAL), ("external", Rework.EXTERNAL)],
    ids=repr,
)
def test_who_found_that_something_is_to_be_repaired_again(cell: str, found: Rework) -> None:
    assert read(CellKind.REWORK, cell) is found
    assert problem(CellKind.REWORK, "somebody") == ("does not say who found it", "write internal or external")


@pytest.mark.parametrize(
    ("cell", "ending"),
    [
        ("完成", "completed"),
        ("Completed", "completed"),
        ("未回复", "expired"),
        ("拒绝", "declined"),
        ("partial", "partial"),
    ],
    ids=repr,
)
def test_how_a_response_ended(cell: str, ending: str) -> None:
    assert read(CellKind.ENDING, cell) == ending


def test_an_odd_ending_is_told() -> None:
    assert problem(CellKind.ENDING, "odd")[1] == "write completed, partial, expired, declined or withdrawn"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("7", "7"), (7.0, 7), (7.5, 7.5), (True, True), ("x" * 500, "x" * 500), ("'=a", "=a")],
    ids=repr,
)
def test_an_own_field_keeps_what_it_is(cell: object, value: object) -> None:
    assert read(CellKind.SCALAR, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        *((kind, "a\0b") for kind in (CellKind.LINE, CellKind.TEXT, CellKind.PHONE, CellKind.LIST, CellKind.CHATS)),
        (CellKind.SCALAR, "\0"),
        (CellKind.WARRANTY, "\0"),
        (CellKind.LIST, r'["a\u0000"]'),
        (CellKind.LIST, r'["\ud800", "b"]'),
        (CellKind.CHATS, r'["sandbox:\udfff"]'),
    ],
    ids=repr,
)
def test_a_character_that_no_database_stores_is_told(kind: CellKind, cell: str) -> None:
    assert problem(kind, cell) == ("holds a NUL character or half a surrogate pair", "take it out")


def test_texts_have_their_limits() -> None:
    assert read(CellKind.LINE, "x" * 500) == "x" * 500
    assert problem(CellKind.LINE, "x" * 501) == ("has 501 characters", "write at most 500")
    assert read(CellKind.TEXT, "第一行\n第二行") == "第一行\n第二行"
    assert problem(CellKind.TEXT, "x" * 4001) == ("has 4001 characters", "write at most 4000")
    assert problem(CellKind.PHONE, "1" * 501) == ("has 501 characters", "write at most 500")
    assert problem(CellKind.ADDRESS, "https://x.example/" + "y" * 1000)[1] == "write at most 1000"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (3.0, "3"),
        (3.25, "3.25"),
        (7, "7"),
        (date(2026, 3, 5), "2026-03-05"),
        (datetime(2026, 3, 5, 12, 0), "2026-03-05 12:00:00"),  # noqa: DTZ001 (as workbooks hold it)
        ("'@a", "@a"),
        ("'＝a", "＝a"),
        ("'\ta", "a"),
        ("'", "'"),
        ("it's", "it's"),
    ],
    ids=repr,
)
def test_a_cell_shows_what_a_spreadsheet_shows(cell: object, shown: str) -> None:
    assert plain_text(cell) == shown
