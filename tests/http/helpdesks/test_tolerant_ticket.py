"""What of a help desk's report is wrong is left out and told; only without an id or a customer is there no ticket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.connectors.ticket_report import TicketReport
from bot.http.helpdesks.tolerant_ticket import RefusedReport, UnderstoodTicket, understand_ticket
from scoring.values import replace
from storage.model.records import TicketStatus
from tests.support.web.house import House

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
REPORT = TicketReport(
    id="22017",
    status=TicketStatus.CLOSED,
    customer="31",
    updated_at=NOON,
    opened_at=NOON - timedelta(hours=9),
    first_replied_at=NOON - timedelta(hours=8),
    closed_at=NOON,
    subject="空调不制冷",
    category="repair",
    product="AC-300",
    team="north",
    agent="a17",
    agent_name="李工",
    tags=("vip",),
    url="https://desk.example.com/22017",
    customer_name="王女士",
    phone="+8613800138000",
    email="wang@mail.example",
    locale="zh-Hans",
    chats=(("telegram", "10001"),),
)


def understood(house: House, **changed: Any) -> UnderstoodTicket:  # noqa: ANN401 (fields of a report)
    return understand_ticket(house.web.desks, "zammad", replace(REPORT, **changed))


def left_out(ticket: UnderstoodTicket) -> list[str]:
    return [one.field for one in ticket.left_out]


async def test_a_report_is_the_ticket_that_put_would_take(house: House) -> None:
    ticket = understood(house)
    event = ticket.event
    assert ticket.left_out == ()
    assert (event.source, event.id, event.status) == ("zammad", "22017", TicketStatus.CLOSED)
    assert (event.subject, event.category, event.product, event.team) == ("空调不制冷", "repair", "AC-300", "north")
    assert (event.agent_id, event.agent_name, event.tags) == ("a17", "李工", ("vip",))
    assert (event.closed_at, event.updated_at) == (NOON, NOON)
    assert event.url == "https://desk.example.com/22017"
    person = event.customer
    assert (person.id, person.name, person.phone) == ("zammad:31", "王女士", "+8613800138000")
    assert (person.email, person.locale) == ("wang@mail.example", "zh-Hans")
    assert person.contacts == (("telegram", "10001"),)
    assert not event.excluded


async def test_what_is_not_told_keeps_what_is_stored(house: House) -> None:
    bare = understand_ticket(house.web.desks, "zammad", TicketReport("1", TicketStatus.OPEN, "31"))
    event = bare.event
    untold = (event.subject, event.team, event.agent_id, event.tags, event.url, event.closed_at, event.opened_at)
    assert untold == (None,) * 7
    assert (event.customer.name, event.customer.phone, event.customer.contacts) == (None, None, ())
    assert bare.left_out == ()


async def test_no_tags_are_other_than_tags_that_are_not_told(house: House) -> None:
    assert understood(house, tags=()).event.tags == ()
    assert understood(house, tags=None).event.tags is None


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an address of no page": ({"url": "javascript:alert(1)"}, "url"),
    "an address with a password": ({"url": "https://li:geheim@desk.example.com"}, "url"),
    "a language that is none": ({"locale": "mandarin chinese"}, "customer.locale"),
    "a group's chat": ({"chats": (("telegram", "-100"),)}, "customer.contacts.0.address"),
    "a channel that is none": ({"chats": (("fax", "7"),)}, "customer.contacts.0.channel"),
    "closed tomorrow": ({"closed_at": datetime(2027, 1, 1, tzinfo=UTC)}, "closed_at"),
    "changed tomorrow": ({"updated_at": datetime(2027, 1, 1, tzinfo=UTC)}, "updated_at"),
    "opened long ago": ({"opened_at": datetime(1901, 1, 1, tzinfo=UTC)}, "opened_at"),
    "an id of an agent without end": ({"agent": "x" * 201}, "agent.id"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_field_costs_itself_alone(name: str, house: House) -> None:
    changed, field = WRONG[name]
    ticket = understood(house, **changed)
    assert left_out(ticket) == [field]
    assert ticket.left_out[0].problem.endswith("; it was left out")
    right = understood(house)
    assert (ticket.event.id, ticket.event.subject) == (right.event.id, right.event.subject)


async def test_all_wrong_fields_are_left_out_at_once(house: House) -> None:
    wrong = {key: value for changed, _ in WRONG.values() for key, value in changed.items() if key != "chats"}
    chats = (("fax", "7"), ("telegram", "10001"), ("telegram", "-5"), ("telegram", "10002"))
    ticket = understood(house, **wrong, chats=chats)
    assert ticket.event.customer.contacts == (("telegram", "10001"), ("telegram", "10002"))
    expected = {"url", "customer.locale", "customer.contacts.0.channel", "closed_at", "updated_at", "opened_at"}
    assert expected <= set(left_out(ticket))
    assert ticket.event.url is None


async def test_long_tags_are_cut_and_too_many_are_not_kept(house: House) -> None:
    tags = understood(house, tags=tuple(f"{n}" + "长" * 200 for n in range(120))).event.tags
    assert tags is not None
    assert (len(tags), {len(tag) for tag in tags}) == (100, {100})


@pytest.mark.parametrize("id_", ["", " ", "x" * 201, "a\u2028b"], ids=repr)
async def test_without_an_id_there_is_no_ticket(id_: str, house: House) -> None:
    with pytest.raises(RefusedReport, match="the ticket's id cannot be stored"):
        understood(house, id=id_)


async def test_without_a_customer_that_can_be_kept_there_is_no_ticket(house: House) -> None:
    with pytest.raises(RefusedReport, match=r"customer\.id"):
        understood(house, customer="x" * 300)


async def test_why_nobody_shall_be_asked_goes_with_it(house: House) -> None:
    assert understood(house, excluded="merged").event.excluded
