"""The customer can follow progress at any time: their own open issues, and nothing of the team's."""

import pytest

from bot.handlers.common.results import IssueOutcome
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, NewIssue, Resolution
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from storage.model.records import TicketStatus
from tests.support.stage.company import Company


def _open() -> Company:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for words in ("1", "慢", "5", "5", "5", "5", "跳过"):
        company.says(words)
    return company


@pytest.mark.parametrize("words", ["/status", "进度", "查询进度", "進度", "Status"])
@pytest.mark.row("S4-09")
def test_a_word_tells_what_since_when_and_how_it_stands(words: str) -> None:
    (shown,) = _open().says(words)
    assert shown.splitlines() == ["我们正在为您处理 1 件事：", "", "「空调不制冷」", "2026年11月23日起 · 等同事接手"]


def test_nothing_open_is_said_and_a_stranger_learns_nothing() -> None:
    company = Company()
    assert company.says("进度") == company.says("你好")
    company.closes()
    assert "没有在办的事" in company.says("进度")[0]


@pytest.mark.row("S4-09")
def test_who_has_it_and_the_last_note_are_told() -> None:
    company = _open()
    company.desk(lambda context, issue: commands.report_progress(context, issue, Actor("李工"), "零件周三到。"))
    (shown,) = company.says("进度")
    assert "处理中（李工）" in shown
    assert "最近进展：零件周三到。" in shown


@pytest.mark.row("S4-09")
def test_an_outcome_waits_for_the_customers_word_and_is_then_over() -> None:
    company = _open()
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("李工"), Resolution("换好了")))
    assert "已处理，等您确认" in company.says("进度")[0]
    company.says("解决了")
    assert "没有在办的事" in company.says("进度")[0]


def test_nothing_that_the_team_wrote_for_itself_is_shown() -> None:
    company = _open()
    company.desk(lambda context, issue: commands.draft_note(context, issue, Actor("李工"), "草稿不给客户看"))
    company.desk(
        lambda context, issue: commands.resolve_issue(context, issue, Actor("李工"), Resolution("换好了", "师傅偷懒"))
    )
    company.desk(lambda context, issue: commands.reopen_issue(context, issue, Actor("李工"), "客户难缠"))
    (shown,) = company.says("进度")
    assert not any(secret in shown for secret in ("草稿", "偷懒", "难缠", "response_speed", "换好了"))


def _opened(company: Company, new: NewIssue) -> str:
    made = company.stage.desk(lambda context: commands.create_issue(context, new))
    assert isinstance(made, IssueOutcome)
    return made.issue.id


def test_of_an_issue_about_several_people_each_sees_their_own_part() -> None:
    company = Company()
    company.closes()
    theirs = CustomerEvent("c-2", name="赵先生", contacts=(("sandbox", "another"),))
    company.stage.ticket(TicketEvent("zendesk", "43", TicketStatus.OPEN, theirs, subject="发票开错"))
    first = _opened(company, NewIssue("a", "内部标题甲", ticket=("zendesk", "43")))
    second = _opened(company, NewIssue("b", "内部标题乙", ticket=("zendesk", "42")))
    company.stage.desk(lambda context: commands.merge_issue(context, first, second, "李工"))
    (shown,) = company.says("进度")
    assert "空调不制冷" in shown
    assert not any(secret in shown for secret in ("发票", "内部标题", "赵"))


def test_feedback_without_a_ticket_is_called_that() -> None:
    company = Company()
    company.closes()
    for words in ("意见反馈", "1", "前台没人", "跳过"):
        company.says(words)
    assert "您的反馈\n" in company.says("进度")[0]
