"""One way to mask a customer, wherever a group reads of them; and nothing of one whose data was deleted."""

import pytest

from bot.handlers.issues.team_messages import card_customer
from dialogs.issue import cards
from dialogs.issue.card_summary import calls_summary, issue_summary
from dialogs.issue.cards import CardFacts
from dialogs.issue.customer_card import CardCustomer, contact_lines
from dialogs.issue.model import IssueKind
from scoring.values import replace
from storage.model.records import Customer
from tests.dialogs.samples import ISSUE, PHRASES, SHANGHAI

MEI = CardCustomer("王女士", "+86 138 0013 8000", "wang@example.com", "南京路 1 号")
WAYS = (MEI.phone, MEI.email, MEI.postal_address, "desk.example.com")
ERASED = {"zh-Hans": "客户已删除资料", "zh-Hant": "客戶已刪除資料", "en": "Customer data deleted"}


def shown(facts: CardFacts, locale: str) -> list[str]:
    """Return every form in which a group reads of an issue: its card, its row among the calls, both as summaries."""
    call = replace(ISSUE, kind=IssueKind.CALL)
    summary = issue_summary(ISSUE, facts, PHRASES, locale, SHANGHAI)
    calls = calls_summary([call], {call.id: facts}, lambda _issue: "https://x", PHRASES, locale)
    return [
        cards.card(ISSUE, facts, PHRASES, locale, SHANGHAI).text,
        cards.calls([call], {call.id: facts}, PHRASES, locale).text,
        f"{summary}",
        f"{calls}",
    ]


@pytest.mark.parametrize("locale", list(ERASED))
def test_a_group_reads_a_masked_name_and_no_way_to_the_customer(locale: str) -> None:
    facts = CardFacts((("desk", "42", "空调"),), (MEI,), links=("https://desk.example.com/42",))
    for text in shown(facts, locale):
        assert "王**" in text
        assert "王女士" not in text
        assert not any(way in text for way in WAYS)


@pytest.mark.parametrize(("locale", "said"), ERASED.items())
def test_of_a_customer_whose_data_was_deleted_that_is_said_in_the_teams_language(locale: str, said: str) -> None:
    erased = card_customer(Customer("gone_" + "A" * 22, "王女士", phone="138"))
    for text in shown(CardFacts(customers=(erased,)), locale):
        assert said in text
        assert "gone_" not in text
        assert "**" not in text
    both = cards.card(ISSUE, CardFacts(customers=(MEI, erased)), PHRASES, locale, SHANGHAI).text
    assert f"王**、{said}" in both


def test_a_row_among_the_calls_tells_that_there_is_a_number_and_not_which() -> None:
    call = replace(ISSUE, kind=IssueKind.CALL)
    for customer, is_there in ((MEI, True), (replace(MEI, phone=""), False)):
        text = cards.calls([call], {call.id: CardFacts(customers=(customer,))}, PHRASES, "zh-Hans").text
        assert ("有电话，认领后可见" in text) is is_there


def test_the_holder_reads_each_way_on_a_line_and_each_name_on_one_where_there_are_several() -> None:
    assert list(contact_lines([MEI], PHRASES, "zh-Hans")) == [
        "电话 +86 138 0013 8000",
        "邮箱 wang@example.com",
        "地址 南京路 1 号",
    ]
    both = list(contact_lines([MEI, CardCustomer("李先生", "010-1")], PHRASES, "zh-Hans"))
    assert (both[0], both[-2:]) == ("客户 王女士", ["客户 李先生", "电话 010-1"])
    assert list(contact_lines([CardCustomer("李先生"), CardCustomer(is_erased=True)], PHRASES, "en")) == []
