"""The customer's privacy is respected: one press ends the asking, and is confirmed with the way back."""

from bot.channels.sandbox.channel import PHONE
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.outbox.model import SendingState
from storage.model.records import Customer, OutboxMessage
from tests.support.stage.company import Company


def test_one_press_ends_the_asking_at_once_and_is_confirmed_with_the_way_back() -> None:
    company = Company("09:00", survey__quarantine="0s")
    company.closes()
    company.waits(minutes=31)
    goodbye, confirmed = company.presses("不再评价", PHONE)
    assert "这次评价就到这里" in goodbye
    assert "继续评价" in confirmed
    (customer,) = company.stage.rows.listed(Customer)
    assert customer.opted_out_at is not None


def test_afterwards_nothing_is_asked_and_nothing_is_sent() -> None:
    company = Company("09:00", survey__quarantine="0s")
    company.closes()
    company.waits(minutes=31)
    company.presses("不再评价", PHONE)
    company.closes("43", "换滤网")
    company.stage.happened.clear()
    company.waits(hours=100)
    assert company.phone() == []
    assert [one.state for one in company.stage.rows.listed(Invitation)][-1] is InvitationState.CANCELLED
    waiting = [one for one in company.stage.rows.listed(OutboxMessage) if one.status is SendingState.PENDING]
    assert waiting == []
