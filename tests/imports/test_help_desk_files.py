"""Files as help desks, survey tools and shops write them are taken as they are: head by head and cell by cell."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.imports.cell_values import CellTerms
from bot.imports.imported_table import opened_table
from bot.imports.table_columns import ImportKind
from bot.imports.table_head import HeadGuess
from bot.jobs.imports.import_run import own_headers
from config.import_words import import_words
from tests.support.stage.scene import POLICY

Cells = list[tuple[str, str, str, object]]
"""What stands at the head and below it, the column that it means, empty where it is not read, and the value."""


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


FILES: dict[str, tuple[ImportKind, Cells]] = {
    "a ticket system of agents and groups": (
        ImportKind.TICKETS,
        [
            ("Ticket ID", "4711", "ticket", "4711"),
            ("Subject", "AC does not cool", "subject", "AC does not cool"),
            ("Status", "Solved", "status", "Solved"),
            ("Priority", "High", "", None),
            ("Source of request", "Phone", "source_channel", "Phone"),
            ("Ticket type", "Repair", "category", "Repair"),
            ("Assignee", "Li", "agent.name", "Li"),
            ("Assignee ID", "17", "agent.id", "17"),
            ("Group", "North", "team", "North"),
            ("Created time", "2026-03-01 09:00:00", "opened_at", at(3, 1, 1)),
            ("Initial response time", "2026-03-01 09:12:30", "first_replied_at", at(3, 1, 1, 12, 30)),
            ("Closed time", "2026-03-02 10:30:00", "closed_at", at(3, 2, 2, 30)),
            ("Last update time", "2026-03-02 11:00:00", "updated_at", at(3, 2, 3)),
            ("Tags", "vip;second", "tags", ("vip", "second")),
            ("Product", "AC-300", "product", "AC-300"),
            ("Full name", "Wang Mei", "customer.name", "Wang Mei"),
            ("Email", "mei@example.com", "customer.email", "mei@example.com"),
            ("Work phone", "+86 138 0013 8000", "customer.phone", "+86 138 0013 8000"),
            ("Contact ID", "90001", "customer", "90001"),
        ],
    ),
    "an issue tracker": (
        ImportKind.TICKETS,
        [
            ("Issue key", "SUP-9", "ticket", "SUP-9"),
            ("Issue summary", "No heat", "subject", "No heat"),
            ("Issue Type", "Incident", "category", "Incident"),
            ("Status", "Done", "status", "Done"),
            ("Reporter", "Mei", "customer.name", "Mei"),
            ("Requester ID", "u-7", "customer", "u-7"),
            ("Created", "2026-03-01T09:00:00+08:00", "opened_at", at(3, 1, 1)),
            ("Resolved", "2026-03-02T02:30:00.000Z", "closed_at", at(3, 2, 2, 30)),
            ("Updated at", "2026-03-02T03:00:00Z", "updated_at", at(3, 2, 3)),
            ("Labels", "heating", "tags", ("heating",)),
            ("Root cause", "valve", "cause", "valve"),
            ("Votes", "3", "", None),
        ],
    ),
    "a field service": (
        ImportKind.TICKETS,
        [
            ("Work order", "WO-1", "ticket", "WO-1"),
            ("Client ID", "c-1", "customer", "c-1"),
            ("Contact name", "Mei", "customer.name", "Mei"),
            ("Service station", "East", "station", "East"),
            ("Region", "Suburb", "area", "Suburb"),
            ("Technician ID", "t-5", "agent.id", "t-5"),
            ("Technician", "Zhao", "agent.name", "Zhao"),
            ("Reported at", "2026/03/01 08:00", "requested_at", at(3, 1)),
            ("Dispatched", "2026/03/01 09:00", "assigned_at", at(3, 1, 1)),
            ("Appointment", "2026/03/01 14:00", "appointment_at", at(3, 1, 6)),
            ("Arrival time", "2026/03/01 13:50", "onsite_at", at(3, 1, 5, 50)),
            ("Repaired at", "2026/03/01 15:00", "solved_at", at(3, 1, 7)),
            ("Finished at", "2026/03/01 16:00", "closed_at", at(3, 1, 8)),
            ("Serial no", "SN-0001", "device", "SN-0001"),
            ("Fault description", "leaks", "fault", "leaks"),
            ("Action taken", "sealed", "measure", "sealed"),
            ("In warranty", "yes", "warranty", True),
            ("Customer signature", "no", "customer_signed", False),
            ("First time fix", "1", "solved_first_time", True),
            ("Service report no", "R-77", "repair_form_no", "R-77"),
            ("Mileage", "12", "", None),
        ],
    ),
    "客服系统的工单": (
        ImportKind.TICKETS,
        [
            ("服务编号", "FW20260301001", "ticket", "FW20260301001"),
            ("会员编号", "VIP0007", "customer", "VIP0007"),
            ("联系人", "王女士", "customer.name", "王女士"),
            ("联系人电话", "１３８００１３８０００", "customer.phone", "13800138000"),
            ("工单类型", "维修", "category", "维修"),
            ("诉求内容", "空调不制冷", "subject", "空调不制冷"),
            ("商品名称", "AC-300", "product", "AC-300"),
            ("设备序列号", "SN-1", "device", "SN-1"),
            ("处理部门", "北区", "team", "北区"),
            ("处理人", "李工", "agent.name", "李工"),
            ("处理人工号", "A017", "agent.id", "A017"),
            ("工单来源", "电话", "source_channel", "电话"),
            ("登记时间", "2026年3月1日 9:00", "opened_at", at(3, 1, 1)),
            ("派工时间", "2026年3月1日 9:30", "assigned_at", at(3, 1, 1, 30)),
            ("上门时间", "2026年3月1日 14时00分", "onsite_at", at(3, 1, 6)),
            ("处理完成时间", "2026年3月2日 10:30", "closed_at", at(3, 2, 2, 30)),
            ("用户签字", "已签", "customer_signed", True),
            ("是否补发", "否", "resent", False),
            ("满意度", "5", "", None),
        ],
    ),
    "網店的售後單": (
        ImportKind.TICKETS,
        [
            ("單號", "S1", "ticket", "S1"),
            ("客戶id", "u1", "customer", "u1"),
            ("客戶姓名", "陳小姐", "customer.name", "陳小姐"),
            ("訂單號", "O-1", "order_no", "O-1"),
            ("問題類型", "缺件", "category", "缺件"),
            ("補發", "是", "resent", True),
            ("受理時間", "2026/3/1 09:00", "opened_at", at(3, 1, 1)),
            ("完成時間", "2026/3/1 18:00", "closed_at", at(3, 1, 10)),
        ],
    ),
    "a survey tool": (
        ImportKind.RESPONSES,
        [
            ("Response no", "17", "number", "17"),
            ("Customer ID", "c-1", "customer", "c-1"),
            ("End time", "2026-03-05 12:00", "given_at", at(3, 5, 4)),
            ("Response channel", "web", "channel", "web"),
            ("attitude", "4", "answers.attitude", "4"),
            ("attitude comment", "kind", "answers.attitude.text", "kind"),
            ("convenience", "5", "answers.convenience", "5"),
            ("Additional comments", "thanks", "comment", "thanks"),
            ("Duration", "33", "", None),
        ],
    ),
    "问卷工具的答卷": (
        ImportKind.RESPONSES,
        [
            ("答卷序号", "17", "number", "17"),
            ("工单", "desk/G1", "ticket", ("desk", "G1")),
            ("提交答卷时间", "2026/3/5 12:00:00", "given_at", at(3, 5, 4)),
            ("回访渠道", "phone", "channel", "phone"),
            ("登记人", "李工", "by", "李工"),
            ("响应速度", "4", "answers.response_speed", "4"),
            ("服务态度", "5", "answers.attitude", "5"),
            ("服务态度意见", "很和气", "answers.attitude.text", "很和气"),
            ("您的建议", "希望快一点", "comment", "希望快一点"),
            ("所用时间", "33秒", "", None),
        ],
    ),
    "店铺的评价": (
        ImportKind.REVIEWS,
        [
            ("来源平台", "jd", "platform", "jd"),
            ("评论编号", "R1", "number", "R1"),
            ("评分", "2", "stars", 2),
            ("评价内容", "等了两天\n才有人来", "text", "等了两天\n才有人来"),
            ("评价时间", "2026-03-05 12:00", "given_at", at(3, 5, 4)),
            ("会员等级", "金牌", "", None),
        ],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_taken_as_it_is(name: str, tmp_path: Path) -> None:
    kind, cells = FILES[name]
    path = tmp_path / "file.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([[header for header, *_ in cells], [cell for _, cell, *_ in cells]])
    guess = HeadGuess(kind, import_words(), own=own_headers(kind, POLICY))
    with opened_table(path, path.name, guess, CellTerms(ZoneInfo("Asia/Shanghai"), import_words().cells)) as table:
        meanings = {one.header: one.column.name if one.column is not None else "" for one in table.head.columns}
        (row,) = table.rows()
    assert meanings == {header: column for header, _, column, _ in cells}
    assert row.problems == ()
    assert row.values == {column: value for _, _, column, value in cells if column}
