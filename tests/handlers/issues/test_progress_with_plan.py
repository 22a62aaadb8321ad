"""What cannot be solved at once is explained to the customer, with the plan."""

import pytest

from bot.channels.sandbox.channel import TEAM
from bot.handlers.common.results import IssueOutcome
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueObstacle, IssueRefusal, IssueResult, NewIssue, Resolution
from dialogs.issue.model import IssueState
from dialogs.messages import Person, Text
from tests.support.stage.chats import OutOfSightError
from tests.support.stage.company import Company

PLAN = "零件周三到，会在周五前修好。"


def _open() -> Company:
    company = Company()
    company.closes()
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    return company


def _told(company: Company, by: str = "陈工") -> IssueResult:
    return company.desk(lambda context, issue: commands.report_progress(context, issue, Actor(by), PLAN))


@pytest.mark.row("S4-07")
def test_the_sentence_is_previewed_and_sent_whole() -> None:
    company = _open()
    company.presses("认领")
    company.presses("进展")
    company.writes(PLAN)
    assert PLAN in company.stage.chats[TEAM].messages[-1].wordings[-1].text
    (shown,) = company.presses("发送")
    assert PLAN in shown
    assert company.events[-1] == ("progress", PLAN)
    assert any(f"告诉客户的进展：“{PLAN}”" in text for text in company.team())


@pytest.mark.row("S4-07")
def test_there_may_be_several_notes_and_the_card_shows_the_last() -> None:
    company = _open()
    _told(company)
    company.desk(lambda context, issue: commands.report_progress(context, issue, Actor("陈工"), "零件到了，明早上门。"))
    assert len(company.sent) == 2
    assert company.issues[0].progress == "零件到了，明早上门。"


def test_whoever_tells_first_has_it_and_another_may_not() -> None:
    company = _open()
    assert isinstance(_told(company), IssueOutcome)
    assert (company.issues[0].state, company.issues[0].claimed_by) == (IssueState.CLAIMED, "陈工")
    refused = _told(company, "赵姐")
    assert refused == IssueRefusal(IssueObstacle.HELD, "陈工 has this issue")
    assert len(company.sent) == 1


def test_a_note_is_sent_at_night_too_since_somebody_has_just_written_it() -> None:
    company = _open()
    company.waits(hours=14)
    _told(company)
    assert len(company.phone()) == 1


def test_an_opt_out_is_obeyed_also_by_what_was_written_before() -> None:
    company = _open()
    company.says("退订")
    assert isinstance(_told(company), IssueRefusal)
    assert company.sent == []


def test_an_issue_that_is_resolved_takes_no_more_notes() -> None:
    company = _open()
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution("修好了")))
    assert _told(company) == IssueRefusal(IssueObstacle.OVER, "the issue is resolved")


def test_an_issue_without_a_customer_has_nobody_to_tell() -> None:
    company = Company()
    new = NewIssue("seed", "前台的灯坏了")
    company.stage.desk(lambda context: commands.create_issue(context, new))
    company.presses("认领")
    with pytest.raises(OutOfSightError):
        company.presses("进展")
    assert _told(company) == IssueRefusal(IssueObstacle.NO_CUSTOMER, "this issue is about no customer")


def test_a_reply_to_a_note_goes_to_the_team() -> None:
    company = _open()
    _told(company)
    company.says("那周五我在家等", replies_to=company.sent[-1].id)
    assert company.events[-1] == ("customer_wrote", "那周五我在家等")


def test_a_draft_of_one_kind_is_not_sent_as_another() -> None:
    company = _open()
    company.presses("认领")
    company.presses("处理完成")
    company.writes("修好了")
    stale = company.stage.chats[TEAM].messages[-1].receipt
    company.presses("进展")
    company.writes(PLAN)
    silently = next(choice for receipt, choice in company.stage.chats[TEAM].buttons() if receipt == stale)
    company.stage.happened.clear()
    company.stage.hear(TEAM, Person("u1", "陈工"), silently.means, stale)
    assert company.issues[0].state is IssueState.CLAIMED
    assert company.phone() == []
    assert company.stage.hear(TEAM, Person("u1", "陈工"), Text("闲聊")) is not None
