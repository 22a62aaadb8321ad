"""The JSON that `huifang connect` prints is read by the connector itself, once its places are filled."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import TicketReport
from storage.model.records import TicketStatus

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FILLED = {
    "id": "17",
    "status": "Resolved",
    "title": "空调不制冷",
    "subject": "空调不制冷",
    "tags": "vip",
    "name": "李工",
    "email": "li@desk.example",
    "phone": "+8613800138000",
    "created_at_with_timestamp": "2026-11-21T08:00:00Z",
    "updated_at_with_timestamp": "2026-11-22T02:30:00Z",
    "url": "https://shop.example/17",
    "link": "shop.example/17",
    "ticket_type": "Problem",
    "triggered_event": "{status:{from:2,to:4}}",
    "telegram_id": "10001",
}


def printed(name: str) -> str:
    steps = "\n".join(CONNECTORS[name].steps("https://ask.example.com/x", "s"))
    (body,) = re.findall(r"^\{\n.*?^\}$", steps, re.MULTILINE | re.DOTALL)
    return str(body)


def filled(body: str) -> Any:  # noqa: ANN401 (JSON is anything)
    return json.loads(re.sub(r"\{\{([a-z_.]+)\}\}", lambda place: FILLED[place[1].rpartition(".")[2]], body))


@pytest.mark.parametrize("name", ["zendesk", "freshdesk"])
def test_what_is_printed_is_read(name: str) -> None:
    options = ConnectorOptions(chat_fields=(("telegram", "telegram_id"),))
    report = CONNECTORS[name].read(DeskDelivery({}, b"", AT), Payload(filled(printed(name))), options)
    assert isinstance(report, TicketReport)
    assert (report.id, report.status, report.subject) == ("17", TicketStatus.CLOSED, "空调不制冷")
    assert (report.tags, report.agent_name, report.customer_name) == (("vip",), "李工", "李工")
    assert (report.email, report.phone) == ("li@desk.example", "+8613800138000")
    assert report.chats == (("telegram", "10001"),)
    assert report.url == "https://shop.example/17"
    assert report.customer


@pytest.mark.parametrize("name", ["zendesk", "freshdesk"])
def test_what_nobody_fills_is_left_out(name: str) -> None:
    empty = json.loads(re.sub(r"\{\{(?!ticket\.(id|status)\}\})[a-z_.]+\}\}", "", printed(name)))
    body = filled(json.dumps(empty))
    report = CONNECTORS[name].read(DeskDelivery({}, b"", AT), Payload(body), ConnectorOptions())
    assert isinstance(report, TicketReport)
    assert (report.id, report.status, report.chats) == ("17", TicketStatus.CLOSED, ())
    assert (report.email, report.phone, report.agent, report.updated_at) == ("", "", "", None)
