"""What each help desk's own delivery is read as: whole, with its states, its reasons, and what it tells besides."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, DeskTest, IgnoredDelivery, TicketReport
from storage.model.records import TicketStatus
from tests.support.helpdesks.sheet import edited, mac64, payload
from tests.support.helpdesks.sheets import GENERIC_PATHS

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOLVED = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
OPENED = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CHATS = (("telegram", "telegram_id"),)
HEADERS: Mapping[str, Mapping[str, str]] = {
    "github": {"x-github-event": "issues"},
    "freescout": {"x-freescout-event": "convo.status"},
}


def reading(
    name: str,
    changes: Mapping[str, Any] | None = None,
    *,
    body: str = "closed",
    headers: Mapping[str, str] | None = None,
) -> DeskReading:
    told = edited(payload(name, body), changes or {})
    options = ConnectorOptions(chat_fields=CHATS, paths=GENERIC_PATHS if name == "generic" else {})
    given = HEADERS.get(name, {}) if headers is None else headers
    return CONNECTORS[name].read(DeskDelivery(given, b"", AT), Payload(told), options)


def read(name: str, changes: Mapping[str, Any] | None = None, **more: Any) -> TicketReport:  # noqa: ANN401 (of `reading`)
    found = reading(name, changes, **more)
    assert isinstance(found, TicketReport)
    return found


def ignored(name: str, changes: Mapping[str, Any], **more: Any) -> str:  # noqa: ANN401 (as above)
    found = reading(name, changes, **more)
    assert isinstance(found, IgnoredDelivery)
    return found.why


WHOLE: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "chatwoot": ("17", "31", "5", "李工", "售后一组", "repair"),
    "zendesk": ("17", "31", "5", "李工", "售后一组", "Incident"),
    "github": ("octo/shop#17", "wang-lady", "li-gong", "", "", "Bug"),
    "gitlab": ("octo/shop#17", "31", "li", "李工", "", "Issue"),
    "jira": ("SUP-17", "qm:31:wang", "5b10a2844c20165700ede21g", "李工", "售后一组", "Service Request"),
    "freescout": ("17", "31", "li@desk.example", "李工", "1", "email"),
    "osticket": ("100017", "31", "li", "李工", "售后一组", "repair"),
    "generic": ("C-17", "31", "li", "李工", "售后一组", ""),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_closed_ticket_is_read_whole(name: str) -> None:
    report = read(name)
    told = (report.id, report.customer, report.agent, report.agent_name, report.team, report.category)
    assert told == WHOLE[name]
    assert (report.status, report.excluded, report.subject) == (TicketStatus.CLOSED, "", "空调不制冷")
    assert (report.tags or ())[:1] == ("vip",)
    assert report.updated_at is not None
    assert report.updated_at.replace(microsecond=0) == SOLVED
    assert report.opened_at in {OPENED, datetime(2026, 11, 21, 8, 20, tzinfo=UTC)}


def test_of_freshdesk_only_the_rule_says_what_is_told() -> None:
    report = read("freshdesk")
    assert (report.id, report.status, report.team) == ("17", TicketStatus.CLOSED, "售后一组")
    assert (report.agent, report.agent_name) == ("li@desk.example", "李工")
    assert (report.customer_name, report.email, report.phone) == ("王女士", "wang@mail.example", "+8613800138000")
    assert (report.tags, report.updated_at) == (("vip", "repair"), None)
    assert report.url.endswith("/helpdesk/tickets/17")


def test_who_has_no_id_is_known_by_a_key_that_tells_no_address() -> None:
    report = read("freshdesk")
    assert len(report.customer) == 24
    assert "wang" not in report.customer
    same = read("freshdesk", {"freshdesk_webhook.ticket_contact_email": " WANG@mail.example "})
    assert same.customer == report.customer
    assert read("freshdesk", {"freshdesk_webhook.ticket_contact_id": 31}).customer == "31"
    nobody = {"freshdesk_webhook.ticket_contact_email": None, "freshdesk_webhook.ticket_contact_phone": None}
    assert read("freshdesk", nobody).customer == ""


STATES: list[tuple[str, dict[str, Any], TicketStatus]] = [
    ("chatwoot", {"status": "open"}, TicketStatus.OPEN),
    ("chatwoot", {"status": "pending"}, TicketStatus.PENDING),
    ("chatwoot", {"status": "snoozed"}, TicketStatus.PENDING),
    ("zendesk", {"ticket.status": "Open"}, TicketStatus.OPEN),
    ("zendesk", {"ticket.status": "On-hold"}, TicketStatus.PENDING),
    ("zendesk", {"ticket.status": "CLOSED"}, TicketStatus.CLOSED),
    ("zendesk", {"ticket.status": "ARCHIVED"}, TicketStatus.CLOSED),
    ("github", {"action": "reopened"}, TicketStatus.REOPENED),
    ("github", {"action": "opened"}, TicketStatus.OPEN),
    ("gitlab", {"object_attributes.action": "reopen"}, TicketStatus.REOPENED),
    ("gitlab", {"object_attributes.action": "open"}, TicketStatus.OPEN),
    ("freshdesk", {"freshdesk_webhook.ticket_status": 4}, TicketStatus.CLOSED),
    ("freshdesk", {"freshdesk_webhook.ticket_status": "5"}, TicketStatus.CLOSED),
    ("freshdesk", {"freshdesk_webhook.ticket_status": 2}, TicketStatus.OPEN),
    ("freshdesk", {"freshdesk_webhook.ticket_status": "Pending"}, TicketStatus.PENDING),
    ("jira", {"issue.fields.status.statusCategory.key": "new"}, TicketStatus.OPEN),
    ("jira", {"issue.fields.status": {"name": "Done"}}, TicketStatus.CLOSED),
    ("freescout", {"status": "active"}, TicketStatus.OPEN),
    ("freescout", {"status": "pending"}, TicketStatus.PENDING),
    ("osticket", {"ticket.state": "open", "ticket.status": "Open"}, TicketStatus.OPEN),
    ("osticket", {"ticket.state": None, "ticket.status": {"name": "Resolved"}}, TicketStatus.CLOSED),
    ("generic", {"data.state": "hold"}, TicketStatus.PENDING),
]


@pytest.mark.parametrize(("name", "changes", "status"), STATES, ids=lambda one: str(one)[:60])
def test_each_state_has_its_status(name: str, changes: dict[str, Any], status: TicketStatus) -> None:
    report = read(name, changes)
    assert (report.status, report.excluded) == (status, "")


EXCLUDED: list[tuple[str, dict[str, Any], str]] = [
    ("chatwoot", {"labels": ["vip", "auto-resolved"]}, "auto-closed"),
    ("zendesk", {"ticket.tags": "vip closed_by_merge"}, "merged"),
    ("zendesk", {"ticket.status": "deleted"}, "deleted"),
    ("zendesk", {"ticket.status": "SCRUBBED"}, "deleted"),
    ("github", {"issue.state_reason": "duplicate"}, "merged"),
    ("github", {"sender.type": "Bot"}, "auto-closed"),
    ("github", {"issue.labels": [{"name": "stale"}]}, "auto-closed"),
    ("github", {"action": "deleted"}, "deleted"),
    ("github", {"action": "transferred"}, "merged"),
    ("gitlab", {"object_attributes.duplicated_to_id": 9}, "merged"),
    ("gitlab", {"object_attributes.moved_to_id": 9}, "merged"),
    ("gitlab", {"user.username": "support-bot"}, "auto-closed"),
    ("gitlab", {"labels": [{"title": "spam"}]}, "spam"),
    ("freshdesk", {"freshdesk_webhook.ticket_tags": "spam"}, "spam"),
    ("jira", {"issue.fields.resolution": {"name": "Duplicate"}}, "merged"),
    ("jira", {"user.accountType": "app"}, "auto-closed"),
    ("jira", {"webhookEvent": "jira:issue_deleted"}, "deleted"),
    ("freescout", {"status": "spam"}, "spam"),
    ("freescout", {"state": "deleted"}, "deleted"),
    ("osticket", {"ticket.state": "deleted"}, "deleted"),
    ("generic", {"data.labels": ["merged"]}, "merged"),
]


@pytest.mark.parametrize(("name", "changes", "why"), EXCLUDED, ids=lambda one: str(one)[:60])
def test_each_reason_to_ask_nobody_is_found(name: str, changes: dict[str, Any], why: str) -> None:
    report = read(name, changes)
    assert (report.excluded, report.status) == (why, TicketStatus.CLOSED)


@pytest.mark.parametrize("name", ["robotnik", "botanist", "abbot"])
def test_a_person_whose_name_holds_a_bot_is_none(name: str) -> None:
    assert read("gitlab", {"user.username": name}).excluded == ""


IGNORED: list[tuple[str, dict[str, Any], str]] = [
    ("chatwoot", {"event": "message_created"}, "message_created"),
    ("chatwoot", {"event": "conversation_updated"}, "conversation_updated"),
    ("github", {"action": "labeled"}, "labeled"),
    ("github", {"action": "assigned"}, "assigned"),
    ("gitlab", {"object_attributes.action": "update"}, "update"),
    ("gitlab", {"object_kind": "merge_request"}, "merge_request"),
    ("jira", {"webhookEvent": "comment_created"}, "comment_created"),
    ("jira", {"changelog": {"items": [{"field": "labels"}]}}, "jira:issue_updated"),
    ("jira", {"changelog": None}, "jira:issue_updated"),
    ("freshdesk", {"freshdesk_webhook.ticket_status": None}, "ticket_status"),
    ("generic", {"data.state": None}, "data.number and data.state"),
    ("zendesk", {"type": "zen:event-type:ticket.comment_added"}, "comment_added"),
    ("zendesk", {"type": "zen:event-type:user.created"}, "user.created"),
]


@pytest.mark.parametrize(("name", "changes", "named"), IGNORED, ids=lambda one: str(one)[:60])
def test_what_changes_no_status_is_ignored_and_named(name: str, changes: dict[str, Any], named: str) -> None:
    assert named in ignored(name, changes)


def test_tests_of_help_desks_are_known() -> None:
    assert isinstance(reading("github", headers={"x-github-event": "ping"}), DeskTest)
    assert isinstance(reading("gitlab", {"object_attributes.action": None}), DeskTest)


def test_other_events_of_a_repository_are_ignored() -> None:
    assert "issue_comment" in ignored("github", {}, headers={"x-github-event": "issue_comment"})
    assert "convo.note.created" in ignored("freescout", {}, headers={"x-freescout-event": "convo.note.created"})


def test_an_event_of_zendesk_tells_less_than_its_trigger() -> None:
    report = read("zendesk", body="status_changed")
    assert (report.id, report.status, report.customer, report.agent) == ("17", TicketStatus.CLOSED, "31", "5")
    assert report.updated_at == datetime(2026, 11, 22, 2, 30, 0, 123456, UTC)
    assert (report.tags, report.customer_name) == (("vip",), "")
    again = read("zendesk", {"event.current": "OPEN", "event.previous": "SOLVED"}, body="status_changed")
    assert again.status is TicketStatus.OPEN


@pytest.mark.parametrize(
    ("event", "why"), [("merged", "merged"), ("marked_as_spam", "spam"), ("soft_deleted", "deleted")]
)
def test_events_of_zendesk_say_why_nobody_is_asked(event: str, why: str) -> None:
    report = read("zendesk", {"type": f"zen:event-type:ticket.{event}", "event": {}}, body="status_changed")
    assert (report.excluded, report.status) == (why, TicketStatus.CLOSED)


def test_the_chat_of_a_telegram_inbox_is_the_customers_own() -> None:
    own = {"channel": "Channel::Telegram", "contact_inbox.source_id": "10001"}
    assert read("chatwoot", own).chats == (("telegram", "10001"),)
    assert read("chatwoot", {**own, "channel": "Channel::WebWidget"}).chats == ()
    assert read("chatwoot", {"meta.sender.custom_attributes": {"telegram_id": 10001}}).chats == (("telegram", "10001"),)


def test_a_page_of_jira_is_made_of_its_address() -> None:
    assert read("jira").url == "https://shop.atlassian.example/browse/SUP-17"
    assert read("jira", {"issue.self": None}).url == ""
    assert read("jira", {"issue.self": "http://[x"}).url == ""


def test_an_automation_rule_of_jira_names_no_event() -> None:
    body = payload("jira")
    found = CONNECTORS["jira"].read(DeskDelivery({}, b"", AT), Payload({"issue": body["issue"]}), ConnectorOptions())
    assert isinstance(found, TicketReport)
    assert found.status is TicketStatus.CLOSED


def test_a_signature_of_gitlab_stands_among_others() -> None:
    key, raw = b"0123456789abcdef0123456789abcdef", json.dumps(payload("gitlab")).encode()
    stamp, secret = str(int(AT.timestamp())), "whsec_" + base64.b64encode(key).decode()
    proof = mac64(key, f"evt-1.{stamp}.".encode() + raw, "sha256")
    headers = {"webhook-id": "evt-1", "webhook-timestamp": stamp, "webhook-signature": f"v1,AAAA v1,{proof}"}
    gitlab = CONNECTORS["gitlab"]
    assert gitlab.refusal(DeskDelivery(headers, raw, AT), (secret,)) == ""
    assert gitlab.refusal(DeskDelivery(headers, raw + b" ", AT), (secret,)) != ""
    assert gitlab.refusal(DeskDelivery(headers, raw, datetime(2026, 11, 22, 3, 6, tzinfo=UTC)), (secret,)) != ""
    assert gitlab.refusal(DeskDelivery({**headers, "webhook-id": "evt-2"}, raw, AT), (secret,)) != ""
    assert gitlab.refusal(DeskDelivery(headers, raw, AT), ("whsec_!",)) != ""


def test_a_delivery_of_chatwoot_without_an_id_is_known_by_what_it_says() -> None:
    chatwoot, body = CONNECTORS["chatwoot"], Payload(payload("chatwoot"))
    assert chatwoot.event(DeskDelivery({"x-chatwoot-delivery": "d-1"}, b"", AT), body) == "d-1"
    assert chatwoot.event(DeskDelivery({}, b"", AT), body) == "conversation_status_changed:17:resolved:1795314600.123"
    assert chatwoot.event(DeskDelivery({}, b"", AT), Payload({"event": "x"})) == ""


def test_where_no_path_is_set_the_ticket_stands_as_put_has_it() -> None:
    told = {"ticket": {"id": 5, "status": "closed", "customer": {"id": "c-1"}, "team": "north", "telegram_id": 10001}}
    found = CONNECTORS["generic"].read(DeskDelivery({}, b"", AT), Payload(told), ConnectorOptions(chat_fields=CHATS))
    assert isinstance(found, TicketReport)
    assert (found.id, found.customer, found.team) == ("5", "c-1", "north")
    assert found.chats == (("telegram", "10001"),)
