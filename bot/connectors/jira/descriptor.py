"""Jira as the registry of connectors lists it: a webhook, signed, or an automation rule's web request, which is not.

Closed is what stands in the status category *done* (Jira Cloud, Webhooks, `jira:issue_updated` and its change log).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, hex_mac, secret_headers
from bot.connectors.jira.desk_calls import JIRA_CALLS
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from storage.model.records import TicketStatus

__all__ = ["JIRA"]

_ALWAYS = {"", "jira:issue_created", "jira:issue_deleted"}
"""Events that tell of a status by themselves; an automation rule names none."""
_UPDATED = "jira:issue_updated"
_DONE = "done"


class _Jira(ConnectorDescriptor):
    name = "jira"
    title = "Jira"
    placeholder = "{{issue.key}}"
    api = JIRA_CALLS
    event_headers = ("x-atlassian-webhook-identifier",)

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return {"x-hub-signature": f"sha256={hex_mac(secret, delivery.body)}", **secret_headers(secret)}

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        event, issue = payload.text("webhookEvent"), payload.part("issue")
        key, fields = issue.text("key"), issue.part("fields")
        if not key:
            return IgnoredDelivery("it holds no issue: `issue.key` is missing")
        moved = any(item.text("field") == "status" for item in payload.parts("changelog.items"))
        if event not in _ALWAYS and not (event == _UPDATED and moved):
            return IgnoredDelivery(f"the event {event!r} changed no status")
        excluded = "deleted" if event == "jira:issue_deleted" else ""
        is_done = fields.text("status.statusCategory.key").lower() == _DONE
        named = status_named(fields.text("status.name"), options.closed_states)
        status = TicketStatus.CLOSED if excluded or is_done else named
        person, agent, tags = fields.part("reporter"), fields.part("assignee"), fields.words("labels")
        return TicketReport(
            id=key,
            status=status,
            customer=person.text("accountId", "name", "key"),
            updated_at=fields.moment("updated") or payload.moment("timestamp"),
            opened_at=fields.moment("created"),
            closed_at=fields.moment("resolutiondate") if status is TicketStatus.CLOSED else None,
            subject=fields.text("summary"),
            category=fields.text("issuetype.name"),
            product=fields.text("components.0.name"),
            team=fields.text("project.name"),
            agent=agent.text("accountId", "name", "key"),
            agent_name=agent.text("displayName"),
            tags=tags if fields.get("labels") is not None else None,
            url=_page(issue.text("self"), key),
            customer_name=person.text("displayName"),
            email=person.text("emailAddress"),
            chats=options.chats(fields.value),
            excluded=excluded or (_excluded(payload, fields, tags) if status is TicketStatus.CLOSED else ""),
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield f"In Jira: Settings > System > WebHooks > Create a WebHook. Name: huifang. URL: {url}"
        yield f"Secret: {secret}"
        yield "Events, Issue: created, updated, deleted; with a JQL of your support project. Exclude body: off. Create."
        yield (
            "Without the rights of an administrator: Project settings > Automation > Create rule. When: Issue"
            f" transitioned. Then: Send web request, POST, {url}, body Issue data (Jira format) within"
            ' {"issue": …}, with the header below.\n\n'
            f"    X-Huifang-Secret: {secret}\n"
        )
        yield 'Whom to ask: hooks.jira.chat_fields = "telegram=customfield_10050", your field, or a link that you send.'

    def token_steps(self) -> Iterator[str]:
        yield (
            "Add an account huifang to the Jira Service Management project, in the role Service Desk Team: it may"
            " comment, edit and transition."
        )
        yield (
            "Sign in as it: Account > Security > API tokens > Create. The setting is `huifang@example.com:` with"
            " the token behind it; in Jira Data Center a personal access token alone."
        )

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        status = {"id": "5", "name": "Done", "statusCategory": {"key": _DONE}}
        people = {"reporter": {"accountId": "17", "displayName": "Sample Customer"}, "assignee": None}
        fields = {"summary": "Sample", "status": status, "created": moment, "updated": moment, **people}
        changed = {"id": "1", "items": [{"field": "status", "fromString": "Open", "toString": "Done"}]}
        issue = {"id": "1", "key": "SUP-1", "fields": fields}
        return {}, {"webhookEvent": _UPDATED, "issue": issue, "changelog": changed}


def _excluded(payload: Payload, fields: Payload, tags: tuple[str, ...]) -> str:
    told = exclusion_by((*tags, fields.text("resolution.name")))
    return told or ("auto-closed" if payload.text("user.accountType") == "app" else "")


def _page(api: str, key: str) -> str:
    """Return the issue's page, from its address in the API."""
    try:
        parts = urlsplit(api)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}/browse/{key}" if parts.netloc else ""


JIRA = _Jira()
