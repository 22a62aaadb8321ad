"""What columns of customers and of filled sheets mean, by the words at their head."""

import pytest

from bot.imports.table_columns import ImportKind
from tests.imports.test_table_head import meanings

HEADS: dict[str, tuple[ImportKind, dict[str, str]]] = {
    "customers, simplified": (
        ImportKind.CONTACTS,
        {
            "客户编号": "customer",
            "姓名": "name",
            "手机号码": "phone",
            "电子邮箱": "email",
            "通讯地址": "postal_address",
            "会员等级": "tier",
            "语言": "locale",
            "时区": "timezone",
            "是否退订": "opted_out",
            "退订时间": "opted_out_at",
            "渠道": "channel",
            "聊天账号": "address",
            "联系方式": "contacts",
            "绑定时间": "bound_at",
            "生日": "",
        },
    ),
    "customers of an English list": (
        ImportKind.CONTACTS,
        {
            "Customer ID": "customer",
            "Full name": "name",
            "Mobile": "phone",
            "E-mail": "email",
            "Postal address": "postal_address",
            "Preferred language": "locale",
            "Time zone": "timezone",
            "Unsubscribed": "opted_out",
            "Channel": "channel",
            "Chat ID": "address",
            "Last message at": "last_received_at",
        },
    ),
    "appraisals, simplified": (
        ImportKind.ASSESSMENTS,
        {
            "考核表": "form",
            "被考核人": "subject",
            "考核周期": "period",
            "评分人角色": "role",
            "评分人": "rater",
            "录入人": "by",
            "评分时间": "at",
            "不适用": "not_applicable",
            "表号": "sheet_no",
            "工作量和及时性": "values.amount",
        },
    ),
    "appraisals, in English": (
        ImportKind.ASSESSMENTS,
        {
            "Form": "form",
            "Person": "subject",
            "Quarter": "period",
            "Relation": "role",
            "Reviewer": "rater",
            "Filled in at": "at",
            "values.amount": "values.amount",
            "evidence.report": "evidence.report",
            "words.direction": "words.direction",
        },
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_people_are_understood_by_their_head(name: str) -> None:
    kind, expected = HEADS[name]
    assert meanings(kind, list(expected)) == expected


def test_the_same_word_means_what_the_kind_of_table_has() -> None:
    assert meanings(ImportKind.TICKETS, ["工单编号", "客户编号", "电话"])["电话"] == "customer.phone"
    assert meanings(ImportKind.CONTACTS, ["客户编号", "电话"])["电话"] == "phone"
    assert meanings(ImportKind.RESPONSES, ["工单编号", "日期", "来源"])["来源"] == ""
    assert meanings(ImportKind.ASSESSMENTS, ["表单", "被考核人", "周期", "角色", "来源"])["来源"] == "source"
