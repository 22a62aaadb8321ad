"""The sheets of all help desks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.support.helpdesks.sheet import Case, Sheet, edited, mac64, mac_hex, payload

__all__ = ["GENERIC_PATHS", "SHEETS"]

GENERIC_PATHS = {
    "ticket": "data.number",
    "status": "$.data.state",
    "customer": "data.requester.id",
    "customer_name": "data.requester.name",
    "email": "data.requester.mail",
    "telegram_id": "data.requester.chat",
    "updated_at": "data.changed",
    "opened_at": "data.opened",
    "subject": "data.title",
    "team": "data.squad",
    "agent": "$.data.owners[0].login",
    "agent_name": "data.owners.0.name",
    "tags": "data.labels",
}
"""What a company sets of its own tool."""


def _tags(case: Case, name: str = "auto-closed") -> list[str]:
    return ["vip", name] if case.state == "auto_closed" else ["vip"]


def _unix(now: datetime) -> str:
    return str(int(now.timestamp()))


def _shared(secret: str, _body: bytes, _now: datetime) -> Mapping[str, str]:
    return {"x-huifang-secret": secret}


def _zammad(case: Case) -> dict[str, Any]:
    return edited(
        payload("zammad"),
        {
            "ticket.id": case.number,
            "ticket.number": str(22000 + case.number),
            "ticket.state": "closed" if case.is_closed else "open",
            "ticket.updated_at": case.stamp(),
            "ticket.last_close_at": case.stamp() if case.is_closed else None,
            "ticket.close_at": None,
            "ticket.telegram_id": case.chat,
            "ticket.updated_by": {"id": 1, "login": "-"} if case.state == "auto_closed" else {"id": 5, "login": "li"},
            "ticket.customer.id": case.customer,
            "article.id": case.number,
        },
    )


def _chatwoot(case: Case) -> dict[str, Any]:
    own = {"channel": "Channel::Telegram", "contact_inbox.source_id": case.chat} if case.chat else {}
    return edited(
        payload("chatwoot"),
        {
            "id": case.number,
            "event": "conversation_created" if case.state == "open" else "conversation_status_changed",
            "status": "resolved" if case.is_closed else "open",
            "updated_at": case.at.timestamp(),
            "labels": _tags(case),
            "meta.sender.id": case.customer,
            **own,
        },
    )


def _sign_chatwoot(secret: str, body: bytes, now: datetime) -> Mapping[str, str]:
    stamp = _unix(now)
    return {
        "x-chatwoot-timestamp": stamp,
        "x-chatwoot-signature": f"sha256={mac_hex(secret, f'{stamp}.'.encode() + body, 'sha256')}",
    }


def _zendesk(case: Case) -> dict[str, Any]:
    return edited(
        payload("zendesk"),
        {
            "ticket.id": str(case.number),
            "ticket.status": "Solved" if case.is_closed else "Open",
            "ticket.updated_at": case.stamp(),
            "ticket.tags": " ".join(_tags(case)),
            "ticket.requester.id": str(case.customer),
            "ticket.fields.telegram_id": case.chat,
        },
    )


def _sign_zendesk(secret: str, body: bytes, now: datetime) -> Mapping[str, str]:
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "x-zendesk-webhook-signature-timestamp": stamp,
        "x-zendesk-webhook-signature": mac64(secret.encode(), stamp.encode() + body, "sha256"),
    }


def _github(case: Case) -> dict[str, Any]:
    action = {"open": "opened", "reopened": "reopened"}.get(case.state, "closed")
    return edited(
        payload("github"),
        {
            "action": action,
            "issue.number": case.number,
            "issue.state": "closed" if case.is_closed else "open",
            "issue.updated_at": case.stamp(),
            "issue.closed_at": case.stamp() if case.is_closed else None,
            "issue.user.login": f"customer-{case.customer}",
            "sender.type": "Bot" if case.state == "auto_closed" else "User",
        },
    )


def _gitlab(case: Case) -> dict[str, Any]:
    action = {"open": "open", "reopened": "reopen"}.get(case.state, "close")
    return edited(
        payload("gitlab"),
        {
            "object_attributes.action": action,
            "object_attributes.iid": case.number,
            "object_attributes.state": "closed" if case.is_closed else "opened",
            "object_attributes.updated_at": case.stamp(),
            "object_attributes.closed_at": case.stamp() if case.is_closed else None,
            "object_attributes.author_id": case.customer,
            "user.username": "project_1_bot_7fa" if case.state == "auto_closed" else "li",
        },
    )


def _freshdesk(case: Case) -> dict[str, Any]:
    return edited(
        payload("freshdesk"),
        {
            "freshdesk_webhook.ticket_id": case.number,
            "freshdesk_webhook.ticket_status": "Resolved" if case.is_closed else "Open",
            "freshdesk_webhook.ticket_tags": ", ".join(_tags(case)),
            "freshdesk_webhook.ticket_contact_email": f"wang{case.customer}@mail.example",
            "freshdesk_webhook.triggered_event": f"{{status:{{{'from:2,to:4' if case.is_closed else 'from:4,to:2'}}}}}",
            "freshdesk_webhook.telegram_id": case.chat,
        },
    )


def _jira(case: Case) -> dict[str, Any]:
    return edited(
        payload("jira"),
        {
            "webhookEvent": "jira:issue_created" if case.state == "open" else "jira:issue_updated",
            "user.accountType": "app" if case.state == "auto_closed" else "atlassian",
            "issue.key": f"SUP-{case.number}",
            "issue.fields.status.statusCategory.key": "done" if case.is_closed else "indeterminate",
            "issue.fields.status.name": "已解决" if case.is_closed else "In Progress",
            "issue.fields.updated": case.stamp().replace("Z", "+0000"),
            "issue.fields.resolutiondate": case.stamp().replace("Z", "+0000") if case.is_closed else None,
            "issue.fields.reporter.accountId": f"qm:{case.customer}",
            "issue.fields.telegram_id": case.chat or None,
        },
    )


def _freescout(case: Case) -> dict[str, Any]:
    return edited(
        payload("freescout"),
        {
            "number": case.number,
            "id": 200 + case.number,
            "status": "closed" if case.is_closed else "active",
            "updatedAt": case.stamp(),
            "closedAt": case.stamp() if case.is_closed else None,
            "tags": _tags(case),
            "customer.id": case.customer,
            "customFields.0.value": case.chat,
        },
    )


def _osticket(case: Case) -> dict[str, Any]:
    return edited(
        payload("osticket"),
        {
            "ticket.number": str(100000 + case.number),
            "ticket.status": "Resolved" if case.is_closed else "Open",
            "ticket.state": "closed" if case.is_closed else "open",
            "ticket.updated": case.stamp().removesuffix("Z").replace("T", " "),
            "ticket.closed": case.stamp().removesuffix("Z").replace("T", " ") if case.is_closed else None,
            "ticket.tags": _tags(case),
            "ticket.user.id": case.customer,
            "ticket.fields.telegram_id": case.chat,
        },
    )


def _generic(case: Case) -> dict[str, Any]:
    return edited(
        payload("generic"),
        {
            "event_id": case.event,
            "data.number": f"C-{case.number}",
            "data.state": "closed" if case.is_closed else "open",
            "data.changed": case.stamp(),
            "data.labels": _tags(case),
            "data.requester.id": case.customer,
            "data.requester.chat": case.chat,
        },
    )


_ALL = (
    Sheet(
        "zammad",
        "hmac-token-of-zammad-0815",
        _zammad,
        lambda secret, body, _now: {"x-hub-signature": f"sha1={mac_hex(secret, body, 'sha1')}"},
        lambda number: str(22000 + number),
        lambda case: {"x-zammad-delivery": case.event, "x-zammad-trigger": "huifang closed"},
    ),
    Sheet(
        "chatwoot",
        "chatwoots-own-4Jd8s2LqPz",
        _chatwoot,
        _sign_chatwoot,
        str,
        lambda case: {"x-chatwoot-delivery": case.event},
    ),
    Sheet(
        "zendesk",
        "dGhpc19zZWNyZXRfaXNfemVuZGVza3M=",
        _zendesk,
        _sign_zendesk,
        str,
        lambda case: {"x-zendesk-webhook-id": "01F", "x-zendesk-webhook-invocation-id": case.event},
    ),
    Sheet(
        "github",
        "octocats-whiskers-4711",
        _github,
        lambda secret, body, _now: {"x-hub-signature-256": f"sha256={mac_hex(secret, body, 'sha256')}"},
        lambda number: f"octo/shop#{number}",
        lambda case: {"x-github-event": "issues", "x-github-delivery": case.event},
        has_chat_fields=False,
    ),
    Sheet(
        "gitlab",
        "tanuki-of-the-night-0815",
        _gitlab,
        lambda secret, _body, _now: {"x-gitlab-token": secret},
        lambda number: f"octo/shop#{number}",
        lambda case: {"x-gitlab-event": "Issue Hook", "x-gitlab-event-uuid": case.event, "idempotency-key": case.event},
        has_chat_fields=False,
        signs=False,
    ),
    Sheet(
        "freshdesk",
        "fresh-as-the-morning-31",
        _freshdesk,
        _shared,
        str,
        has_updated_at=False,
        signs=False,
    ),
    Sheet(
        "jira",
        "jira-of-the-north-2026",
        _jira,
        lambda secret, body, _now: {"x-hub-signature": f"sha256={mac_hex(secret, body, 'sha256')}"},
        lambda number: f"SUP-{number}",
        lambda case: {"x-atlassian-webhook-identifier": case.event, "x-atlassian-webhook-flow": "Primary"},
    ),
    Sheet(
        "freescout",
        "9b1f1e0c5a7d4c0f8e2a6b3d9c8f7a10",
        _freescout,
        lambda secret, body, _now: {"x-freescout-signature": mac64(secret.encode(), body, "sha1")},
        str,
        lambda case: {"x-freescout-event": "convo.created" if case.state == "open" else "convo.status"},
    ),
    Sheet("osticket", "osticket-plugin-8f7a10", _osticket, _shared, lambda number: str(100000 + number), signs=False),
    Sheet("generic", "generic-as-can-be-8f7a", _generic, _shared, lambda number: f"C-{number}", signs=False),
)
SHEETS: Mapping[str, Sheet] = {sheet.name: sheet for sheet in _ALL}
"""By the connector's name."""
