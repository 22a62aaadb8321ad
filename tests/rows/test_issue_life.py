"""A complaint from the chat through the team's hands and back: opened, judged, taken, resolved, confirmed."""

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, Resolution
from config.locale.phrases import load_phrases
from config.surveys.load import read_surveys
from config.values.urls_and_zones import LOCALES
from dialogs.issue.model import IssueKind, IssueState
from scoring.rules import Severity
from storage.model.records import OutboxMessage, Purpose
from tests.support.stage.company import Company
from tests.support.web.service import Service

NOTE = "已经换了新的压缩机，三个月内免费复查。"


def low(remark: str = "修了两次，还是不制冷", **settings: str) -> Company:
    """Return a company whose customer rated the second question 1 and said why."""
    company = Company(**settings)
    company.closes()
    company.waits(minutes=30)
    for words in ("5", "1", remark, "5", "4", "4", "跳过"):
        company.says(words)
    company.waits(minutes=2)
    return company


def resolves(company: Company) -> None:
    """Let a colleague tell the customer what was done."""
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution(NOTE)))


@pytest.mark.row("S0-32")
def test_a_complaint_in_words_ends_with_we_fixed_it_too() -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    company.says("我要投诉，修了三次都没好")
    (issue,) = company.issues
    assert issue.kind is IssueKind.COMPLAINT
    resolves(company)
    (shown,) = company.phone()
    assert "处理好了" in shown
    assert NOTE in shown


@pytest.mark.row("S2-18")
def test_whoever_raised_an_issue_is_told_once_in_the_chat_they_used() -> None:
    company = low()
    for _ in range(2):
        resolves(company)
    told = [one for one in company.stage.rows.listed(OutboxMessage) if one.purpose is Purpose.CLOSURE]
    assert [one.address for one in told] == [PHONE]
    assert NOTE in told[0].prompt.text


@pytest.mark.row("S1-02")
def test_an_issue_is_judged_taken_worked_on_resolved_and_asked_about_again() -> None:
    company = low()
    (issue,) = company.issues
    assert (issue.state, issue.severity) == (IssueState.OPEN, Severity.HIGH)
    company.presses("认领")
    states = [company.issues[0].state]
    company.presses("进展")
    company.writes("零件周三到。")
    company.presses("发送")
    company.presses("处理完成")
    company.writes(NOTE)
    (asked,) = company.presses("发送")
    states.append(company.issues[0].state)
    assert "现在解决了吗" in asked
    company.presses("解决了", PHONE)
    states.append(company.issues[0].state)
    assert states == [IssueState.CLAIMED, IssueState.RESOLVED, IssueState.CLOSED]
    lines = [event for event, _ in company.events if event != "drafted"]
    assert lines == ["opened", "claimed", "progress", "resolved", "confirmed"]


@pytest.mark.row("S1-02")
async def test_the_survey_is_the_last_step_of_a_ticket(service: Service) -> None:
    assert await service.closes("1", status="open") is None
    assert (await service.closes("1", status="closed"))["status"] == "scheduled"


@pytest.mark.row("S1-21")
def test_an_issue_that_nobody_takes_is_escalated_once() -> None:
    company = low()
    company.waits(hours=1)
    assert "overdue" not in [event for event, _ in company.events]
    company.stage.happened.clear()
    company.waits(hours=12)
    assert [event for event, _ in company.events].count("overdue") == 1
    assert any(text.endswith("超时了，还没有人认领。哪位来看一下？") for text in company.team())


@pytest.mark.row("S1-42")
def test_the_card_tells_ticket_ratings_comment_time_and_the_masked_customer() -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for words in ("5", "1", "修了两次，还是不制冷", "5", "4", "4", "下次早点来"):
        company.says(words)
    card = next(text for text in company.team() if "评分偏低" in text)
    assert "zendesk/42「空调不制冷」" in card
    assert "响应速度 5/5 · 问题解决得怎么样 1/5 · 服务态度 5/5 · 方便程度 4/5 · 后续关怀 4/5" in card
    assert "修了两次，还是不制冷" in card
    assert "下次早点来" in card
    assert "王**" in card
    assert "王女士" not in card
    assert "11月23日" in card


@pytest.mark.row("S2-10")
@pytest.mark.parametrize(
    ("ratings", "question"),
    [
        ("1 - - - -", "请问您大约等了多久？"),
        ("- 1 - - -", "请问现在还有哪里没有解决？"),
        ("- - 1 - -", "请问是哪句话、哪件事让您觉得不舒服？"),
        ("- - - 1 -", "请问是哪一步让您觉得麻烦？"),
        ("- - - - 1", "请问您还希望我们在事后做些什么？"),
    ],
)
def test_a_vague_complaint_has_a_ready_question_for_each_dimension(ratings: str, question: str) -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for rating in ratings.split():
        company.says("5" if rating == "-" else rating)
        if rating != "-":
            company.says("差")
    company.says("跳过")
    company.waits(minutes=2)
    company.presses("认领")
    company.presses("提问")
    assert question in company.team()[-1]


@pytest.mark.row("S2-10")
def test_every_question_of_a_shipped_survey_has_a_ready_question_in_each_language() -> None:
    phrases = load_phrases()
    surveys = [survey for survey in read_surveys().values() if not survey.anonymous]
    keys = {f"clarify.{question.id}" for survey in surveys for question in survey.questions}
    assert {locale: sorted(keys - phrases.texts[locale].keys()) for locale in LOCALES} == {
        locale: [] for locale in LOCALES
    }
