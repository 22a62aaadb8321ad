"""The words on a card: the customer's in the order in which they were said, and nobody else's under their name."""

from datetime import timedelta

import pytest

from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor
from dialogs.issue import cards
from dialogs.issue.card_summary import issue_summary
from dialogs.issue.card_text import WrittenWords
from dialogs.issue.cards import CardFacts
from dialogs.issue.model import IssueKind, Quote
from scoring.values import replace
from storage.model.records import TicketStatus
from tests.dialogs.samples import ISSUE, PHRASES, SHANGHAI
from tests.support.stage.company import Company
from tests.support.stage.opening import event_of

AT, MINUTE = ISSUE.opened_at, timedelta(minutes=1)
LABELS = ("客户说", "的说明：")


def words(text: str) -> list[str]:
    """Return what a card quotes of the customer, in its order."""
    lines = (line for line in text.splitlines() if any(label in line for label in LABELS))
    return [line.partition("“")[2].rstrip("”") for line in lines]


def test_remarks_comments_and_what_was_written_since_stand_in_the_order_of_their_times() -> None:
    facts = CardFacts(
        said=(
            WrittenWords(AT + 4 * MINUTE, "第四", "态度"),
            WrittenWords(AT + MINUTE, "第一", "速度"),
            WrittenWords(AT + 3 * MINUTE, "第三"),
        )
    )
    quotes = (Quote(AT + 2 * MINUTE, "第二"), Quote(AT + 5 * MINUTE, "第五"), Quote(AT + 6 * MINUTE, "第一"))
    issue = replace(ISSUE, quotes=quotes)
    in_order = ["第一", "第二", "第三", "第四", "第五"]
    assert words(cards.card(issue, facts, PHRASES, "zh-Hans", SHANGHAI).text) == in_order
    assert issue_summary(issue, facts, PHRASES, "zh-Hans", SHANGHAI).quote == " / ".join(in_order)


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
def test_what_a_person_noted_is_no_word_of_the_customers(locale: str) -> None:
    issue = replace(ISSUE, text="客户来电说漏水", quotes=(Quote(AT, "还在漏"),))
    text = cards.card(issue, CardFacts(), PHRASES, locale, SHANGHAI).text
    label = PHRASES.say(locale, "card.note", text="客户来电说漏水")
    assert label in text.splitlines()
    summary = issue_summary(issue, CardFacts(), PHRASES, locale, SHANGHAI)
    assert (summary.quote, label in summary.notes) == ("还在漏", True)


def test_in_a_whole_course_each_word_is_whose_it_was_and_stands_where_it_was_said() -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for said in ("1", "约的上午，下午才来", "5", "5", "5", "5", "师傅人挺好"):
        company.says(said)
        company.waits(minutes=1)
    company.desk(lambda context, issue: commands.ask_customer(context, issue, Actor("陈工"), "您什么时候在家？"))
    company.says("晚上七点以后")
    assert words(company.team()[0]) == ["约的上午，下午才来", "师傅人挺好", "晚上七点以后"]


def test_the_teams_own_sentence_that_did_not_arrive_is_not_put_into_the_customers_mouth() -> None:
    company = Company()
    event = event_of(company.header, TicketStatus.CLOSED)
    company.stage.ticket(replace(event, customer=replace(event.customer, contacts=())))
    made = commands.NewIssue("k", "电话投诉", text="前台记的", ticket=("zendesk", "42"), by="前台")
    company.stage.desk(lambda context: commands.create_issue(context, made))
    assert words(company.team()[0]) == []
    assert "备注：“前台记的”" in company.team()[0]
    issue = company.issues[0].id
    resolve = commands.resolve_issue
    company.stage.desk(lambda context: resolve(context, issue, Actor("陈工"), commands.Resolution("修好了，请试试")))
    (call,) = [one for one in company.issues if one.kind is IssueKind.CALL]
    assert (call.quotes, call.text) == ((), "修好了，请试试")
