"""A question to the customer through the issue; the answer comes back into it, and is never a rating."""

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.common.results import IssueOutcome
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueRefusal, IssueResult, Resolution
from dialogs.interview.model import Interview
from dialogs.issue.model import IssueState
from tests.support.stage.company import Company


def _low(remark: str = "慢") -> Company:
    """Return a company whose customer rated the first question low, and goes on."""
    company = Company()
    company.closes()
    company.waits(minutes=30)
    company.says("1")
    company.says(remark)
    company.waits(minutes=1)
    return company


def _asked(company: Company, text: str = "等了多久？") -> IssueResult:
    return company.desk(lambda context, issue: commands.ask_customer(context, issue, Actor("陈工"), text))


def _ratings(company: Company) -> dict[str, int]:
    return company.stage.rows.listed(Interview)[-1].ratings


@pytest.mark.row("S2-10")
def test_the_answer_threads_into_the_issue_and_the_team_hears_of_it() -> None:
    company = _low()
    _asked(company)
    (shown,) = company.phone()
    assert "空调不制冷" in shown
    company.says("一直等到下午四点")
    assert ("answered", "一直等到下午四点") in company.events
    assert any("客户回答了：“一直等到下午四点”" in text for text in company.team())
    assert company.issues[0].question is None


def test_a_number_stays_a_rating_while_one_is_asked() -> None:
    company = _low()
    _asked(company)
    company.says("4")
    assert _ratings(company)["problem_solving"] == 4
    assert company.issues[0].question == "等了多久？"


def test_a_reply_to_the_question_answers_it_even_with_a_number() -> None:
    company = _low()
    _asked(company)
    company.says("4", replies_to=company.sent[-1].receipt or company.sent[-1].id)
    assert "problem_solving" not in _ratings(company)
    assert ("answered", "4") in company.events


def test_a_remark_that_is_asked_later_is_a_remark() -> None:
    company = _low()
    _asked(company)
    company.waits(minutes=1)
    company.says("2")
    company.says("问题还在")
    assert company.stage.rows.listed(Interview)[-1].texts == ("慢", "问题还在")
    assert company.issues[0].question == "等了多久？"


def test_there_is_one_question_at_a_time() -> None:
    company = _low()
    assert isinstance(_asked(company), IssueOutcome)
    refused = _asked(company, "在家吗？")
    assert isinstance(refused, IssueRefusal)
    assert "has not answered" in refused.detail
    company.says("等了一个下午")
    assert isinstance(_asked(company, "在家吗？"), IssueOutcome)


def test_after_the_answer_further_words_are_heard_as_before() -> None:
    company = _low()
    for words in ("5", "5", "5", "5", "跳过"):
        company.says(words)
    _asked(company)
    company.says("等了一个下午")
    company.says("还淋了雨")
    assert company.events[-2:] == [("answered", "等了一个下午"), ("customer_wrote", "还淋了雨")]


def test_a_vague_complaint_comes_with_a_ready_question() -> None:
    company = _low("慢")
    company.presses("认领")
    company.presses("提问")
    assert "请问您大约等了多久？" in company.team()[-1]
    assert "请问您大约等了多久？" in company.presses("发送")[0]


@pytest.mark.parametrize(
    ("remark", "question"),
    [
        ("太慢了", "请问您大约等了多久？"),
        ("等了三个小时才有人联系", "方便说说具体是什么情况吗？"),
        ("等3天", "方便说说具体是什么情况吗？"),
        ("too slow", "请问您大约等了多久？"),
        ("nobody came", "请问您大约等了多久？"),
        ("after 4 pm", "方便说说具体是什么情况吗？"),
    ],
)
@pytest.mark.row("S2-10")
def test_nobody_is_asked_for_what_they_have_said_already(remark: str, question: str) -> None:
    company = _low(remark)
    company.presses("认领")
    company.presses("提问")
    assert question in company.team()[-1]


def test_a_clear_complaint_leaves_the_question_to_the_colleague() -> None:
    company = _low("说好上午九点，等到下午四点也没有人打电话")
    company.presses("认领")
    company.presses("提问")
    assert "写一个想问客户的问题" in company.team()[-1]


def test_a_question_that_nobody_receives_does_not_wait_for_an_answer() -> None:
    company = _low()
    company.presses("认领")
    company.stage.shut.add(PHONE)
    _asked(company)
    issue = company.issues[0]
    assert (issue.question, issue.state) == (None, IssueState.CLAIMED)
    assert ("not_delivered", "c-1001: blocked") in company.events
    assert any("没有送到：客户屏蔽了我们" in text for text in company.team())


def test_nobody_is_asked_who_has_opted_out() -> None:
    company = _low()
    company.says("退订")
    refused = _asked(company)
    assert isinstance(refused, IssueRefusal)
    assert "opted_out" in refused.detail
    assert company.phone() == []


def test_a_reply_replaces_the_question_that_was_ready() -> None:
    company = _low("慢")
    company.presses("认领")
    company.presses("提问")
    company.writes("是哪一天约的？")
    assert "是哪一天约的？" in company.presses("发送")[0]
    assert company.issues[0].question == "是哪一天约的？"


def test_the_team_reads_who_had_it_and_what_was_told_when_it_is_open_again() -> None:
    company = _low()
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution("换好了")))
    company.stage.happened.clear()
    company.presses("还没解决", PHONE)
    assert company.team()[-1].endswith(" 上次是陈工处理的，告诉客户的是：“换好了”")
