"""Anonymous mode: answers without a link to the customer; what becomes of alerts and closures is told."""

import pytest

from bot.channels.sandbox.channel import PHONE
from dialogs.interview.model import Interview, InterviewState
from storage.model.records import AnswerLog
from tests.support.stage.company import Company


def answered() -> Company:
    company = Company("09:00", survey__default="anonymous_pulse")
    company.closes()
    company.waits(minutes=31)
    return company


@pytest.mark.row("S2-21")
def test_the_consequences_are_told_before_the_first_question_and_after_the_last() -> None:
    company = answered()
    (first,) = company.phone()
    assert first.index("这次评价不记名") < first.index("没法找您跟进") < first.index("意见反馈") < first.index("1/3")
    for label in ("5", "5", "5"):
        company.presses(label, PHONE)
    (thanks,) = company.says("都挺好")
    assert "谁也查不出是您答的" in thanks
    assert "★" not in thanks


@pytest.mark.row("S2-21")
def test_when_it_ends_nothing_of_it_is_left_with_the_customer() -> None:
    company = answered()
    company.presses("1", PHONE)
    company.says("我要投诉，退款！")
    company.presses("2", PHONE)
    company.presses("1", PHONE)
    assert [answer.value for answer in company.stage.rows.listed(Interview)[0].answers] == [1, 2, 1]
    company.says("再也不来了")
    (interview,) = company.stage.rows.listed(Interview)
    assert (interview.state, interview.answers, interview.texts, interview.score) == (
        InterviewState.COMPLETED,
        (),
        (),
        None,
    )
    assert (interview.completed_at, interview.message, interview.logged) == (None, "", 0)
    assert company.stage.rows.listed(AnswerLog) == []


@pytest.mark.row("S2-21")
def test_no_issue_is_opened_and_no_team_told_whatever_is_said() -> None:
    company = answered()
    company.presses("1", PHONE)
    company.says("我要投诉，退款！")
    company.waits(hours=80)
    assert company.issues == []
    assert company.team() == []


def test_words_that_are_no_answer_are_explained_and_never_handed_on() -> None:
    company = answered()
    for words in ("这个嘛", "说不上来", "嗯"):
        (said,) = company.says(words)
        assert "记下了" in said
        assert "转给我们的同事" not in said
    assert company.issues == []
