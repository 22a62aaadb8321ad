"""What columns mean, by the words at their head: as help desks and people export them, in three languages."""

from collections.abc import Sequence

import pytest

from bot.http.api.schemas.ticket_request import CustomerBody, TicketBody
from bot.imports.mapping_file import ColumnMap, read_column_map
from bot.imports.table_columns import IMPORT_COLUMNS, ImportKind, column_of
from bot.imports.table_head import HeadGuess
from bot.imports.unreadable import UnreadableFile
from bot.jobs.imports.import_run import own_headers
from config.import_words import import_words
from scoring.values import replace
from tests.support.stage.scene import POLICY

TICKETS, RESPONSES, REVIEWS = ImportKind.TICKETS, ImportKind.RESPONSES, ImportKind.REVIEWS

HEADS: dict[str, tuple[ImportKind, dict[str, str]]] = {
    "a workshop's list, simplified": (
        TICKETS,
        {
            "来源系统": "source",
            "工单编号": "ticket",
            "工单状态": "status",
            "客户编号": "customer",
            "客户姓名": "customer.name",
            "联系电话": "customer.phone",
            "客户邮箱": "customer.email",
            "客户地址": "customer.postal_address",
            "客户等级": "customer.tier",
            "工程师工号": "agent.id",
            "服务工程师": "agent.name",
            "班组": "team",
            "创建时间": "opened_at",
            "首次响应时间": "first_replied_at",
            "报修时间": "requested_at",
            "派单时间": "assigned_at",
            "预约上门时间": "appointment_at",
            "到达时间": "onsite_at",
            "解决时间": "solved_at",
            "结单时间": "closed_at",
            "更新时间": "updated_at",
            "标题": "subject",
            "问题类型": "category",
            "产品型号": "product",
            "序列号": "device",
            "故障现象": "fault",
            "故障原因": "cause",
            "解决办法": "measure",
            "更换零件": "fields.parts",
            "服务站": "station",
            "区域": "area",
            "合同号": "contract",
            "服务类型": "service_type",
            "受理渠道": "source_channel",
            "订单号": "order_no",
            "服务报告单号": "repair_form_no",
            "是否签字": "customer_signed",
            "报告已审核": "report_reviewed",
            "是否保修": "warranty",
            "补发": "resent",
            "一次修复": "solved_first_time",
            "返修类别": "rework",
            "原工单号": "rework_of",
            "处理方式": "outcome",
            "资料不实": "contact_problem",
            "标签": "tags",
            "链接": "url",
            "最喜欢的颜色": "",
        },
    ),
    "a workshop's list, traditional": (
        TICKETS,
        {
            "來源系統": "source",
            "工單編號": "ticket",
            "工單狀態": "status",
            "客戶編號": "customer",
            "客戶姓名": "customer.name",
            "聯絡電話": "customer.phone",
            "電子郵件": "customer.email",
            "聯絡地址": "customer.postal_address",
            "工號": "agent.id",
            "工程師": "agent.name",
            "團隊": "team",
            "建立時間": "opened_at",
            "首次回應時間": "first_replied_at",
            "報修時間": "requested_at",
            "派單時間": "assigned_at",
            "預約時間": "appointment_at",
            "到場時間": "onsite_at",
            "解決時間": "solved_at",
            "結單時間": "closed_at",
            "更新時間": "updated_at",
            "標題": "subject",
            "類別": "category",
            "產品型號": "product",
            "故障現象": "fault",
            "解決辦法": "measure",
            "服務類型": "service_type",
            "維修單號": "repair_form_no",
            "客戶簽名": "customer_signed",
            "標籤": "tags",
        },
    ),
    "an English help desk": (
        TICKETS,
        {
            "Ticket ID": "ticket",
            "Status": "status",
            "Customer ID": "customer",
            "Customer name": "customer.name",
            "E-mail": "customer.email",
            "Phone": "customer.phone",
            "Language": "customer.locale",
            "Time zone": "customer.timezone",
            "Assignee": "agent.name",
            "Group": "team",
            "Created at": "opened_at",
            "First response": "first_replied_at",
            "Resolved at": "closed_at",
            "Last update": "updated_at",
            "Subject": "subject",
            "Type": "category",
            "Product": "product",
            "Tags": "tags",
            "Link": "url",
            "Satisfaction": "",
        },
    ),
    "the names of the API": (
        TICKETS,
        {
            "source": "source",
            "ticket": "ticket",
            "status": "status",
            "customer": "customer",
            "customer.name": "customer.name",
            "customer_phone": "customer.phone",
            "CUSTOMER EMAIL": "customer.email",
            "agent.id": "agent.id",
            "agent.name": "agent.name",
            "closed_at": "closed_at",
            "closedat": "",
            "fields.colour": "fields.colour",
            "fields.": "",
            "tags": "tags",
        },
    ),
    "a telephone survey": (
        RESPONSES,
        {
            "工单": "ticket",
            "回访方式": "channel",
            "问卷": "survey",
            "回访时间": "given_at",
            "回访人": "by",
            "响应速度": "answers.response_speed",
            "响应速度备注": "answers.response_speed.text",
            "服务态度": "answers.attitude",
            "服务态度原因": "answers.attitude.text",
            "意见": "comment",
        },
    ),
    "paper, in English": (
        RESPONSES,
        {
            "Paper no": "number",
            "Customer ID": "customer",
            "Date": "given_at",
            "attitude": "answers.attitude",
            "attitude remark": "answers.attitude.text",
            "attitude importance": "answers.attitude.importance",
            "answers.convenience": "answers.convenience",
            "answers.convenience.text": "answers.convenience.text",
            "answers.convenience.at": "answers.convenience.at",
            "Remarks": "comment",
            "Entered by": "by",
        },
    ),
    "reviews of a shop": (
        REVIEWS,
        {
            "平台": "platform",
            "评论编号": "number",
            "星级": "stars",
            "评论内容": "text",
            "评论时间": "given_at",
            "昵称": "",
        },
    ),
    "reviews, in English": (
        REVIEWS,
        {
            "Site": "platform",
            "Review ID": "number",
            "Rating": "stars",
            "Review": "text",
            "Reviewed at": "given_at",
        },
    ),
}


def guess(kind: ImportKind) -> HeadGuess:
    return HeadGuess(kind, import_words(), own=own_headers(kind, POLICY))


def meanings(kind: ImportKind, *rows: Sequence[object], told: ColumnMap | None = None) -> dict[str, str]:
    head = replace(guess(kind), map=told or ColumnMap()).head(rows, "t.csv")
    return {one.header: one.column.name if one.column is not None else "" for one in head.columns}


@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_a_table_is_understood(name: str) -> None:
    kind, expected = HEADS[name]
    assert meanings(kind, list(expected)) == expected


@pytest.mark.parametrize("kind", [*ImportKind])
def test_every_column_is_known_by_its_own_name(kind: ImportKind) -> None:
    names = [column.name for column in IMPORT_COLUMNS[kind]]
    assert meanings(kind, names) == {name: name for name in names}
    assert meanings(kind, [name.upper().replace("_", " ") for name in names]) == {
        name.upper().replace("_", " "): name for name in names
    }


def test_every_word_stands_for_a_column_that_there_is() -> None:
    known = {name for names in import_words().headers.values() for name in names}
    assert [name for name in known if all(column_of(kind, name) is None for kind in ImportKind)] == []


def test_everything_that_the_api_takes_of_a_ticket_has_its_column() -> None:
    told = {name for name in TicketBody.model_fields if name not in {"customer", "agent", "fields"}}
    told |= {f"customer.{name}" for name in CustomerBody.model_fields if name not in {"id", "contacts"}}
    told |= {"customer", "contacts", "agent.id", "agent.name", "fields.x"}
    assert [name for name in sorted(told) if column_of(TICKETS, name) is None] == []


def test_a_head_below_titles_is_found() -> None:
    rows = [["三月工单"], [], ["制表人", "李工"], ["工单编号", "客户编号", "完成时间"], ["G1", "c-1", "2026-03-02"]]
    head = guess(TICKETS).head(rows, "t.csv")
    assert head.row == 4
    assert [one.column.name for one in head.columns if one.column] == ["ticket", "customer", "closed_at"]


def test_merged_cells_above_say_what_the_names_below_them_mean() -> None:
    rows = [
        ["工单", "", "客户", "", "", "工程师", ""],
        ["编号", "状态", "编号", "姓名", "电话", "工号", "姓名"],
    ]
    assert list(meanings(TICKETS, *rows).values()) == [
        *("ticket", "status", "customer", "customer.name", "customer.phone"),
        *("agent.id", ""),
    ]


def test_the_same_meaning_twice_is_taken_once_and_the_other_is_not_read() -> None:
    assert meanings(TICKETS, ["ticket", "customer", "完成时间", "结单时间"]) == {
        "ticket": "ticket",
        "customer": "customer",
        "完成时间": "closed_at",
        "结单时间": "",
    }


@pytest.mark.parametrize(
    "header",
    ["工单编号", " 工单编号 ", "工单 编号", "工单编号：", "*工单编号", "「工单编号」"],
)
def test_blanks_and_punctuation_around_a_header_do_not_matter(header: str) -> None:
    assert meanings(TICKETS, [header, "客户"])[header.strip()] == "ticket"


def test_a_missing_column_is_named_with_those_that_nobody_knows() -> None:
    with pytest.raises(UnreadableFile) as raised:
        meanings(TICKETS, ["工单编号", "谁", "完成时间"])
    assert str(raised.value) == (
        "t.csv: no column is customer; nobody knows 谁; say in a file which is it, and add --map FILE"
    )
    with pytest.raises(UnreadableFile, match=r"t\.csv: no column is given_at; say in a file"):
        meanings(RESPONSES, ["ticket", "attitude"])


def test_who_did_not_answer_is_known_by_when_they_were_asked() -> None:
    assert meanings(RESPONSES, ["ticket", "asked_at"]) == {"ticket": "ticket", "asked_at": "asked_at"}


def test_the_owners_map_goes_before_what_is_guessed() -> None:
    told = ColumnMap({"谁": "customer", "完成时间": "", "备注": "fields.remark"}, {"source": "desk"})
    assert meanings(TICKETS, ["工单编号", "谁", "完成时间", "备注"], told=told) == {
        "工单编号": "ticket",
        "谁": "customer",
        "完成时间": "",
        "备注": "fields.remark",
    }


def test_what_every_row_has_need_not_be_a_column() -> None:
    told = ColumnMap(constants={"customer": "c-everybody"})
    assert meanings(TICKETS, ["工单编号"], told=told) == {"工单编号": "ticket"}


def test_the_owner_says_in_which_row_the_head_is() -> None:
    rows = [["ticket", "customer"], ["ticket", "customer"], ["G1", "c-1"]]
    assert replace(guess(TICKETS), map=ColumnMap(header_row=2)).head(rows, "t.csv").row == 2
    with pytest.raises(UnreadableFile, match="no row tells what the columns mean"):
        replace(guess(TICKETS), map=ColumnMap(header_row=9)).head(rows, "t.csv")


# -- the file of the owner -------------------------------------------------------------------------------------------


def test_a_map_is_read_from_toml_and_from_json() -> None:
    toml = 'header_row = 3\n[columns]\n"谁" = "customer"\n[constants]\nsource = "desk"\n'
    json = '{"header_row": 3, "columns": {"谁": "customer"}, "constants": {"source": "desk"}}'
    expected = ColumnMap({"谁": "customer"}, {"source": "desk"}, 3)
    assert read_column_map(toml, "map.toml", TICKETS) == expected
    assert read_column_map(json, "map.JSON", TICKETS) == expected
    assert read_column_map("", "map.toml", TICKETS) == ColumnMap()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[columns", "map.toml cannot be read: "),
        ('[colums]\nx = "ticket"', "map.toml: 'colums' is unknown; there are columns, constants and header_row"),
        ("columns = 1", 'map.toml: write [columns] and [constants] as lines of "header" = "column"'),
        ("[columns]\nx = 1", 'map.toml: write [columns] and [constants] as lines of "header" = "column"'),
        ('header_row = "3"', "map.toml: header_row must be the number of a row, 10000 at most"),
        ("header_row = -1", "map.toml: header_row must be the number of a row, 10000 at most"),
        ("header_row = 10001", "map.toml: header_row must be the number of a row, 10000 at most"),
        ('[columns]\nx = "colour"', "map.toml: tickets have no column 'colour'; docs/data.md lists them"),
        ('[constants]\ncolour = "red"', "map.toml: tickets have no column 'colour'; docs/data.md lists them"),
    ],
)
def test_what_is_wrong_in_a_map_is_one_sentence(content: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_column_map(content, "map.toml", TICKETS)
    assert str(raised.value).startswith(sentence)


def test_a_map_in_json_that_is_no_object_is_told() -> None:
    with pytest.raises(UnreadableFile, match=r"map\.json: write an object"):
        read_column_map("[]", "map.json", TICKETS)


def test_a_column_that_bears_a_name_comes_before_one_that_is_guessed() -> None:
    """An export of sheets has the form's title before the subject, and a title may be a subject elsewhere."""
    guess = HeadGuess(ImportKind.ASSESSMENTS, import_words())
    names = ("id", "form", "version", "title", "subject", "period", "role")
    head = guess.head([names], "a.csv")
    meant = {one.header: one.column.name if one.column is not None else "" for one in head.columns}
    assert (meant["title"], meant["subject"]) == ("", "subject")
    alone = guess.head([("form", "title", "period", "role")], "a.csv")
    assert [one.column.name for one in alone.columns if one.column is not None] == ["form", "subject", "period", "role"]


def test_what_the_owner_says_of_a_column_comes_before_its_name() -> None:
    map_ = ColumnMap({"No": "ticket", "ticket": ""})
    guess = HeadGuess(TICKETS, import_words(), map=map_)
    head = guess.head([("ticket", "No", "customer")], "t.csv")
    assert [one.column.name if one.column is not None else "" for one in head.columns] == ["", "ticket", "customer"]
