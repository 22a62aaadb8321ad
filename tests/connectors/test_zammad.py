"""Zammad's deliveries as they are read: what a trigger sends, with fields gone and states of a company's own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import IgnoredDelivery, TicketReport
from storage.model.records import TicketStatus
from tests.support.helpdesks.sheet import edited, payload

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def read(**changes: Any) -> TicketReport:  # noqa: ANN401 (JSON is anything)
    body = edited(payload("zammad"), {path.replace("__", "."): value for path, value in changes.items()})
    options = ConnectorOptions(chat_fields=(("telegram", "telegram_id"),), closed_states=("erledigt",))
    reading = CONNECTORS["zammad"].read(DeskDelivery({}, b"", AT), Payload(body), options)
    assert isinstance(reading, TicketReport)
    return reading


def test_a_closed_ticket_is_read_whole() -> None:
    assert read() == TicketReport(
        id="22017",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=datetime(2026, 11, 22, 2, 30, 1, 123000, UTC),
        opened_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC),
        first_replied_at=datetime(2026, 11, 21, 8, 12, tzinfo=UTC),
        closed_at=datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
        subject="空调不制冷",
        category="repair",
        team="售后一组",
        agent="li@desk.example",
        agent_name="李工",
        tags=("vip",),
        customer_name="王女士",
        phone="138 0013 8000",
        email="wang@mail.example",
    )


@pytest.mark.parametrize(
    ("state", "status", "excluded"),
    [
        ("open", TicketStatus.OPEN, ""),
        ("new", TicketStatus.OPEN, ""),
        ("pending reminder", TicketStatus.PENDING, ""),
        ("pending close", TicketStatus.PENDING, ""),
        ("Erledigt", TicketStatus.CLOSED, ""),
        ("merged", TicketStatus.CLOSED, "merged"),
        ({"id": 4, "name": "closed"}, TicketStatus.CLOSED, ""),
    ],
    ids=repr,
)
def test_a_state_is_read_by_its_name(state: object, status: TicketStatus, excluded: str) -> None:
    report = read(ticket__state=state)
    assert (report.status, report.excluded) == (status, excluded)


def test_what_a_scheduler_closes_has_closed_by_itself() -> None:
    assert read(ticket__updated_by={"id": 1, "login": "-"}).excluded == "auto-closed"
    assert read(ticket__updated_by=None, ticket__updated_by_id=1).excluded == "auto-closed"
    assert read(ticket__updated_by={"id": 1, "login": "-"}, ticket__state="open").excluded == ""


def test_a_ticket_of_nobody_has_no_agent() -> None:
    assert (read(ticket__owner={"id": 1, "login": "-"}).agent, read(ticket__owner={}).agent) == ("", "")


def test_a_chat_stands_in_a_field_of_the_ticket_or_of_the_person() -> None:
    assert read(ticket__telegram_id="10001").chats == (("telegram", "10001"),)
    assert read(ticket__customer__telegram_id=10001).chats == (("telegram", "10001"),)


def test_without_a_number_of_its_own_it_is_no_ticket() -> None:
    bodies: list[Any] = [{}, {"ticket": {}}, {"ticket": {"title": "x"}}, {"ticket": None}, []]
    for body in bodies:
        reading = CONNECTORS["zammad"].read(DeskDelivery({}, b"", AT), Payload(body), ConnectorOptions())
        assert isinstance(reading, IgnoredDelivery)
        assert "ticket.number" in reading.why
