"""Each recorded delivery, field by field: what is read of it, and nothing besides."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import TicketReport
from storage.model.records import TicketStatus
from tests.support.helpdesks.sheet import payload
from tests.support.helpdesks.sheets import GENERIC_PATHS

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OPENED = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SOLVED = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
WITH_MILLISECONDS = SOLVED.replace(microsecond=123000)

REPORTS: Mapping[str, TicketReport] = {
    "chatwoot": TicketReport(
        id="17",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=WITH_MILLISECONDS,
        opened_at=datetime.fromtimestamp(1795249200, UTC),
        first_replied_at=datetime.fromtimestamp(1795249920, UTC),
        closed_at=WITH_MILLISECONDS,
        subject="空调不制冷",
        category="repair",
        team="售后一组",
        agent="5",
        agent_name="李工",
        tags=("vip",),
        customer_name="王女士",
        phone="+8613800138000",
        email="wang@mail.example",
        locale="zh",
    ),
    "zendesk": TicketReport(
        id="17",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=SOLVED,
        opened_at=OPENED,
        closed_at=SOLVED,
        subject="空调不制冷",
        category="Incident",
        team="售后一组",
        agent="5",
        agent_name="李工",
        tags=("vip", "repair"),
        url="https://shop.zendesk.example/agent/tickets/17",
        customer_name="王女士",
        phone="+8613800138000",
        email="wang@mail.example",
    ),
    "github": TicketReport(
        id="octo/shop#17",
        status=TicketStatus.CLOSED,
        customer="wang-lady",
        updated_at=SOLVED,
        opened_at=OPENED,
        closed_at=SOLVED,
        subject="空调不制冷",
        category="Bug",
        product="shop",
        agent="li-gong",
        tags=("vip",),
        url="https://github.com/octo/shop/issues/17",
        customer_name="wang-lady",
    ),
    "gitlab": TicketReport(
        id="octo/shop#17",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=SOLVED,
        opened_at=OPENED,
        closed_at=SOLVED,
        subject="空调不制冷",
        category="Issue",
        product="shop",
        agent="li",
        agent_name="李工",
        tags=("vip",),
        url="https://gitlab.example/octo/shop/-/issues/17",
    ),
    "jira": TicketReport(
        id="SUP-17",
        status=TicketStatus.CLOSED,
        customer="qm:31:wang",
        updated_at=WITH_MILLISECONDS,
        opened_at=OPENED,
        closed_at=SOLVED,
        subject="空调不制冷",
        category="Service Request",
        product="AC-300",
        team="售后一组",
        agent="5b10a2844c20165700ede21g",
        agent_name="李工",
        tags=("vip",),
        url="https://shop.atlassian.example/browse/SUP-17",
        customer_name="王女士",
        email="wang@mail.example",
    ),
    "freescout": TicketReport(
        id="17",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=SOLVED,
        opened_at=OPENED,
        closed_at=SOLVED,
        subject="空调不制冷",
        category="email",
        team="1",
        agent="li@desk.example",
        agent_name="李工",
        tags=("vip",),
        customer_name="王女士",
        email="wang@mail.example",
    ),
    "osticket": TicketReport(
        id="100017",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=SOLVED,
        opened_at=OPENED,
        closed_at=SOLVED,
        subject="空调不制冷",
        category="repair",
        team="售后一组",
        agent="li",
        agent_name="李工",
        tags=("vip",),
        url="https://desk.example/scp/tickets.php?id=17",
        customer_name="王女士",
        phone="+8613800138000",
        email="wang@mail.example",
    ),
    "generic": TicketReport(
        id="C-17",
        status=TicketStatus.CLOSED,
        customer="31",
        updated_at=WITH_MILLISECONDS,
        opened_at=OPENED,
        subject="空调不制冷",
        team="售后一组",
        agent="li",
        agent_name="李工",
        tags=("vip",),
        customer_name="王女士",
        email="wang@mail.example",
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_all_that_a_delivery_tells_is_read(name: str) -> None:
    options = ConnectorOptions(chat_fields=(("telegram", "telegram_id"),), paths=_paths(name))
    delivery = DeskDelivery({"x-github-event": "issues", "x-freescout-event": "convo.status"}, b"", AT)
    assert CONNECTORS[name].read(delivery, Payload(payload(name)), options) == REPORTS[name]


def _paths(name: str) -> Mapping[str, str]:
    return GENERIC_PATHS if name == "generic" else {}


MINIMAL: Mapping[str, tuple[dict[str, object], str]] = {
    "chatwoot": ({"event": "conversation_status_changed", "id": 17, "status": "resolved"}, "17"),
    "zendesk": ({"ticket": {"id": 17, "status": "solved"}}, "17"),
    "github": ({"action": "closed", "issue": {"number": 17}, "repository": {"full_name": "octo/shop"}}, "octo/shop#17"),
    "gitlab": (
        {
            "object_kind": "issue",
            "object_attributes": {"iid": 17, "action": "close"},
            "project": {"path_with_namespace": "octo/shop"},
        },
        "octo/shop#17",
    ),
    "freshdesk": ({"ticket_id": 17, "ticket_status": "Closed"}, "17"),
    "jira": ({"issue": {"key": "SUP-17", "fields": {"status": {"name": "Done"}}}}, "SUP-17"),
    "freescout": ({"number": 17, "status": "closed"}, "17"),
    "osticket": ({"ticket": {"number": 17, "state": "closed"}}, "17"),
    "zammad": ({"ticket": {"number": "17", "state": "closed"}}, "17"),
    "generic": ({"ticket": {"id": 17, "status": "closed"}}, "17"),
}


@pytest.mark.parametrize("name", CONNECTORS)
def test_nothing_else_is_needed_than_an_id_and_a_state(name: str) -> None:
    body, number = MINIMAL[name]
    delivery = DeskDelivery({"x-github-event": "issues"}, b"", AT)
    report = CONNECTORS[name].read(delivery, Payload(body), ConnectorOptions())
    assert isinstance(report, TicketReport)
    assert report == TicketReport(number, TicketStatus.CLOSED, tags=report.tags)
    assert not report.tags
