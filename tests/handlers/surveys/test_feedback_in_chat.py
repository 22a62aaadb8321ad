"""Feedback at any time, without a ticket: by command, by word, by link or QR."""

import pytest

from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import IssueKind
from tests.support.stage.company import Company


@pytest.mark.parametrize("words", ["/feedback", "意见反馈", "意見回饋", "Feedback", "/feedback@OurBot"])
@pytest.mark.row("S1-32")
def test_a_word_opens_feedback_at_once_even_at_night(words: str) -> None:
    company = Company("23:30")
    company.closes()
    (shown,) = company.says(words)
    assert "整体感受" in shown
    feedback = company.stage.rows.listed(Invitation)[-1]
    assert (feedback.state, feedback.about, feedback.survey) == (InvitationState.ASKED, None, "feedback")
    assert feedback.occasion.startswith("feedback:")


@pytest.mark.row("S1-32")
def test_the_link_of_a_qr_code_opens_it_too() -> None:
    company = Company()
    company.closes()
    (shown,) = company.opens("feedback")
    assert "整体感受" in shown


def test_somebody_nobody_knows_is_told_how_to_be_known() -> None:
    assert Company().says("意见反馈") == Company().says("你好")


@pytest.mark.row("S1-32")
def test_bad_feedback_is_one_issue_without_a_ticket() -> None:
    company = Company()
    company.closes()
    for words in ("意见反馈", "1", "前台没人接电话", "我要投诉"):
        company.says(words)
    (issue,) = company.issues
    assert (issue.tickets, issue.customers, issue.title) == ((), ("c-1001",), "意见反馈")
    assert set(map(str, issue.reasons)) == {"word 投诉", "overall 1 ≤ 2"}


def test_an_alert_word_in_feedback_is_found_at_once() -> None:
    company = Company()
    company.closes()
    company.says("意见反馈")
    company.says("我要退款")
    (issue,) = company.issues
    assert (issue.kind, issue.tickets) == (IssueKind.COMPLAINT, ())


def test_feedback_neither_obeys_nor_counts_for_the_quarantine() -> None:
    company = Company(survey__quarantine="30d")
    company.closes()
    for words in ("意见反馈", "5", "跳过", "意见反馈", "5", "跳过"):
        company.says(words)
    company.waits(minutes=30)
    assert [i.state for i in company.stage.rows.listed(Invitation) if not i.occasion] == [InvitationState.ASKED]


def test_feedback_waits_for_what_is_being_asked_in_this_chat() -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    told, again, above = company.says("意见反馈")
    assert "有一份评价还没答完" in told
    assert "1/5" in again
    assert "1/5" not in above
    assert len(company.stage.rows.listed(Invitation)) == 1


def test_who_has_opted_out_may_still_speak_and_is_not_followed_up() -> None:
    company = Company()
    company.closes()
    company.says("退订")
    assert "整体感受" in company.says("意见反馈")[0]
    company.stage.happened.clear()
    company.waits(hours=80)
    assert company.phone() == []
