"""The customer's privacy is respected: one press ends the asking, and is confirmed with the way back."""

import pytest

from bot.channels.sandbox.channel import PHONE
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.outbox.model import SendingState
from storage.model.records import Customer, OutboxMessage
from tests.support.stage.company import Company


def _asked() -> Company:
    company = Company("09:00", survey__quarantine="0s")
    company.closes()
    company.waits(minutes=31)
    return company


def _has_opted_out(company: Company) -> bool:
    (customer,) = company.stage.rows.listed(Customer)
    return customer.opted_out_at is not None


def test_one_press_asks_whether_it_is_meant_and_the_next_ends_the_asking_with_the_way_back() -> None:
    company = _asked()
    assert company.presses("不再评价", PHONE) == ["以后不再请您评价，处理结果也不发给您，确定吗？"]
    assert not _has_opted_out(company)
    goodbye, confirmed = company.presses("确定退订", PHONE)
    assert "这次评价就到这里" in goodbye
    assert "已退订" in confirmed
    assert _has_opted_out(company)
    company.presses("恢复", PHONE)
    assert not _has_opted_out(company)


def test_who_did_not_mean_it_goes_on() -> None:
    company = _asked()
    company.presses("不再评价", PHONE)
    assert company.presses("先不退", PHONE) == ["好的，照旧。"]
    assert not _has_opted_out(company)
    company.presses("5", PHONE)
    assert [answer.value for answer in company.stage.rows.listed(Interview)[0].answers] == [5]


@pytest.mark.parametrize("words", ["/stop", "退订", "不再评价", "TD"])
def test_words_act_at_once_and_have_one_answer_with_the_way_back(words: str) -> None:
    company = _asked()
    before = len(company.stage.chats[PHONE].messages)
    company.says(words)
    assert _has_opted_out(company)
    (confirmed,) = company.stage.chats[PHONE].messages[before:]
    assert [choice.label for row in confirmed.wordings[-1].rows for choice in row] == ["恢复"]


def test_afterwards_nothing_is_asked_and_nothing_is_sent() -> None:
    company = Company("09:00", survey__quarantine="0s")
    company.closes()
    company.waits(minutes=31)
    company.says("退订")
    company.closes("43", "换滤网")
    company.stage.happened.clear()
    company.waits(hours=100)
    assert company.phone() == []
    assert [one.state for one in company.stage.rows.listed(Invitation)][-1] is InvitationState.CANCELLED
    waiting = [one for one in company.stage.rows.listed(OutboxMessage) if one.status is SendingState.PENDING]
    assert waiting == []
