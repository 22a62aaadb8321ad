"""What a help desk changes after a closing: the customer, the agent, the time of the first closing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, Resolution
from bot.handlers.surveys.ticket_event import CustomerEvent
from bot.handlers.surveys.tickets import put
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import OutboxMessage, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company
from tests.support.stage.opening import event_of

OTHER = Address("sandbox", "another")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def reported(company: Company, status: TicketStatus = TicketStatus.CLOSED, **said: Any) -> Ticket:  # noqa: ANN401 (any field)
    """Let the help desk say something of ticket 42, and return it as it is kept."""
    event = replace(event_of(company.header, status), id="42", **said)
    return company.stage.decide(lambda context: put(context, event)).ticket


def for_another(company: Company) -> None:
    customer = CustomerEvent("c-2", name="赵先生", contacts=((OTHER.channel, OTHER.chat),))
    reported(company, customer=customer, subject="赵先生的洗衣机")


def got(company: Company, place: Address) -> list[str]:
    return [m.prompt.text for m in company.stage.rows.listed(OutboxMessage) if m.address == place]


def ends(company: Company) -> list[tuple[str, str, str | None]]:
    listed = company.stage.rows.listed(Invitation)
    return [(one.customer, one.state.value, one.reason.value if one.reason else None) for one in listed]


# -- another customer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [timedelta(0), 29 * MINUTE])
def test_a_closing_that_turns_out_to_be_anothers_asks_them_alone(later: timedelta) -> None:
    company = Company()
    closed_at = company.stage.now
    reported(company, closed_at=closed_at)
    company.stage.wait(later)
    for_another(company)
    company.stage.wait(DAY)
    assert got(company, PHONE) == []
    (asked, *_), asks = got(company, OTHER), company.stage.rows.listed(Invitation)
    assert "赵先生的洗衣机" in asked
    assert asks[-1].asked_at == closed_at + 30 * MINUTE, "the delay counts from the closing, not from the correction"
    assert ends(company) == [("c-1001", "cancelled", "reopened"), ("c-2", "asked", None)]


def test_whoever_has_been_asked_goes_on_and_the_other_hears_nothing_nor_reads_of_whom() -> None:
    company = Company()
    reported(company, subject="空调不制冷")
    company.waits(minutes=30)
    for_another(company)
    company.says("2")
    company.waits(hours=24)
    assert got(company, OTHER) == []
    assert not any("洗衣机" in text for text in got(company, PHONE))
    assert ends(company) == [("c-1001", "asked", None)]
    assert [issue.customers for issue in company.issues] == [("c-1001",)]


def test_a_reason_against_asking_one_customer_is_none_against_asking_another() -> None:
    company = Company()
    reported(company, TicketStatus.OPEN)
    company.says("退订")
    reported(company)
    assert ends(company) == [("c-1001", "cancelled", "opted_out")]
    for_another(company)
    company.waits(hours=1)
    assert ends(company)[-1] == ("c-2", "asked", None)


def test_a_question_that_was_refused_by_the_one_chat_goes_to_the_other() -> None:
    company = Company()
    company.stage.shut.add(PHONE)
    reported(company)
    company.waits(minutes=31)
    assert ends(company) == [("c-1001", "scheduled", "blocked")]
    for_another(company)
    company.waits(minutes=1)
    assert ends(company)[-1] == ("c-2", "asked", None)


def test_naming_another_customer_days_later_or_repeating_it_asks_nobody_again() -> None:
    company = Company()
    company.stage.shut.add(PHONE)
    reported(company)
    company.waits(hours=25)
    for _ in range(2):
        for_another(company)
    company.waits(hours=25)
    assert got(company, OTHER) == []
    assert ends(company)[1:] == [("c-2", "suppressed", "deadline")]


# -- another agent --------------------------------------------------------------------------------------------------


def test_a_card_each_redraw_and_the_closure_name_who_served_until_the_closing() -> None:
    company = Company()
    at_closing: dict[str, Any] = {"agent_id": "a17", "agent_name": "李工", "team": "north"}
    later: dict[str, Any] = {"agent_id": "a99", "agent_name": "周工", "team": "south"}
    reported(company, **at_closing)
    reported(company, **later)
    company.waits(minutes=30)
    for words in ("1", "修得太差", "5"):
        company.says(words)
    company.waits(minutes=2)
    reported(company, **later, tags=("again",))
    company.desk(lambda context, issue: commands.claim_issue(context, issue, Actor("陈工")))
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution("修好了")))
    everything = [m.prompt.text for m in company.stage.rows.listed(OutboxMessage)]
    cards = [text for text in everything if "north" in text]
    assert len(cards) >= 3, "the card, claimed, resolved"
    assert all("李工" in text for text in cards)
    assert not any("周工" in text or "south" in text for text in everything)
    assert {(one.agent_id, one.team) for one in company.stage.rows.listed(Invitation)} == {("a17", "north")}


def test_an_issue_without_a_response_names_who_served_until_the_closing_before_it() -> None:
    company = Company()
    reported(company, agent_name="李工", team="north")
    company.waits(minutes=5)
    said = commands.NewIssue("k", "电话投诉", ticket=("zendesk", "42"), by="前台")
    company.stage.desk(lambda context: commands.create_issue(context, said))
    reported(company, agent_name="周工", team="south")
    company.desk(lambda context, issue: commands.claim_issue(context, issue, Actor("陈工")))
    assert all("李工" in text and "周工" not in text for text in company.team())


# -- the first closing time -----------------------------------------------------------------------------------------


def closed_again(company: Company, told: datetime | None) -> Invitation:
    reported(company, closed_at=told)
    return company.stage.rows.listed(Invitation)[-1]


@pytest.mark.parametrize("ago", [3 * DAY, 26 * timedelta(hours=1), timedelta(0)])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_help_desk_that_keeps_the_first_closing_time_is_asked_about_from_now(
    ago: timedelta, *, is_named: bool
) -> None:
    company = Company()
    first = company.stage.now - ago
    reported(company, closed_at=first if is_named else None)
    reported(company, TicketStatus.REOPENED)
    company.stage.now += timedelta(seconds=30)
    again = closed_again(company, first)
    assert (again.closing, again.state, again.reason) == (2, InvitationState.SCHEDULED, None)
    assert again.closed_at == company.stage.now
    before = company.stage.rows.listed(Ticket)
    closed_again(company, first)
    assert company.stage.rows.listed(Ticket) == before, "a repetition changes nothing"


@pytest.mark.parametrize("status", [TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.REOPENED])
def test_a_ticket_seen_open_was_not_closed_before(status: TicketStatus) -> None:
    company = Company()
    reported(company, status)
    company.stage.now += MINUTE
    assert closed_again(company, company.stage.now - 3 * DAY).closed_at == company.stage.now


@pytest.mark.parametrize("status", [TicketStatus.OPEN, TicketStatus.REOPENED])
def test_what_was_open_before_that_was_stored_is_closed_once(status: TicketStatus) -> None:
    company = Company()
    first = company.stage.now - 3 * DAY
    reported(company, closed_at=first)
    reported(company, status)
    (old,) = company.stage.rows.listed(Ticket)
    company.stage.rows.write(Changes((replace(old, open_since=None),)))
    company.stage.now += MINUTE
    closed_again(company, first)
    kept = company.stage.rows.listed(Ticket)
    closed_again(company, first)
    assert company.stage.rows.listed(Ticket) == kept


def test_a_closing_that_is_heard_of_late_keeps_its_time() -> None:
    company = Company()
    reported(company, TicketStatus.OPEN)
    company.stage.wait(5 * DAY)
    late = closed_again(company, company.stage.now - 3 * DAY)
    assert (late.state, late.reason) == (InvitationState.SUPPRESSED, InvitationReason.DEADLINE)


def test_reports_in_a_queue_are_measured_by_the_help_desks_own_time() -> None:
    company = Company()
    now = company.stage.now
    reported(company, TicketStatus.REOPENED, updated_at=now - 2 * timedelta(hours=1))
    assert closed_again(company, now - timedelta(hours=1)).closed_at == now - timedelta(hours=1)


def test_a_first_report_that_is_a_closing_keeps_its_time() -> None:
    company = Company()
    assert closed_again(company, company.stage.now - 3 * DAY).reason is InvitationReason.DEADLINE


# -- a time of the future that is kept from before ------------------------------------------------------------------


def test_a_report_of_the_future_that_is_stored_silences_no_later_one() -> None:
    company = Company()
    kept = reported(company, TicketStatus.OPEN, updated_at=company.stage.now + 5 * 365 * DAY)
    assert kept.updated_at is not None
    assert reported(company, updated_at=company.stage.now).status is TicketStatus.CLOSED
    kept = reported(company, TicketStatus.OPEN, updated_at=company.stage.now + 30 * MINUTE)
    assert reported(company, updated_at=company.stage.now + MINUTE).status is TicketStatus.CLOSED
