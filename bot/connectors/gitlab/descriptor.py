"""GitLab as the registry of connectors lists it: issues of a project (GitLab, webhook events, "Work item events").

The secret comes as it is in `X-Gitlab-Token`, or as the key of a Standard Webhooks signature. What the
settings page sends as a test is an issue without an action.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, base64_mac
from bot.connectors.gitlab.desk_calls import GITLAB_CALLS
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, DeskTest, IgnoredDelivery, TicketReport, exclusion_by
from storage.model.records import TicketStatus

__all__ = ["GITLAB"]

_STATUS = {"open": TicketStatus.OPEN, "reopen": TicketStatus.REOPENED, "close": TicketStatus.CLOSED}
_BOT = re.compile(r"(^|[_-])bot([_-]|$)")
"""Users of GitLab's own, of projects and groups: `support-bot`, `project_7_bot_1a2b`."""
_SIGNED = "v1,"
_WHSEC = "whsec_"


class _GitLab(ConnectorDescriptor):
    name = "gitlab"
    title = "GitLab"
    api = GITLAB_CALLS
    event_headers = ("idempotency-key", "webhook-id", "x-gitlab-event-uuid")

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        key, stamp = _key(secret), delivery.header("webhook-timestamp")
        token = {"x-gitlab-token": secret}
        if not key or not delivery.is_fresh(Payload({"at": stamp}).moment("at")):
            return token
        signed = f"{delivery.header('webhook-id')}.{stamp}.".encode() + delivery.body
        return token | {"webhook-signature": f"{_SIGNED}{base64_mac(key, signed)}"}

    def read(self, _delivery: DeskDelivery, payload: Payload, _options: ConnectorOptions) -> DeskReading:
        kind, issue = payload.text("object_kind"), payload.part("object_attributes")
        project, number, action = payload.text("project.path_with_namespace"), issue.text("iid"), issue.text("action")
        if kind not in {"issue", "work_item"} or not (project and number):
            return IgnoredDelivery(f"what it is about, {kind!r}, is no issue")
        if not action:
            return DeskTest()
        if action not in _STATUS:
            return IgnoredDelivery(f"the action {action!r} opens and closes no issue")
        status, labels = _STATUS[action], payload.words("labels")
        is_author = payload.text("user.id") == issue.text("author_id")
        return TicketReport(
            id=f"{project}#{number}",
            status=status,
            customer=issue.text("author_id"),
            updated_at=issue.moment("updated_at"),
            opened_at=issue.moment("created_at"),
            closed_at=issue.moment("closed_at"),
            subject=issue.text("title"),
            category=issue.text("type"),
            product=payload.text("project.name"),
            agent=payload.text("assignees.0.username"),
            agent_name=payload.text("assignees.0.name"),
            tags=labels if payload.get("labels") is not None else None,
            url=issue.text("url"),
            customer_name=payload.text("user.name") if is_author else "",
            excluded=_excluded(payload, labels) if status is TicketStatus.CLOSED else "",
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield f"In GitLab: the project's Settings > Webhooks > Add new webhook. URL: {url}"
        yield f"Secret token: {secret}"
        yield "Trigger: Issues events (and Confidential issues events, if you want them); no other. Add webhook."
        yield "Test > Issues events says that huifang is connected; nothing is stored."
        yield "Whom to ask: GitLab tells no chat. Each customer binds theirs once, by a link that you send them."

    def token_steps(self) -> Iterator[str]:
        yield (
            "The project's Settings > Access tokens > Add: huifang, role Reporter (Planner, where there is one),"
            " scope `api`; it reads and writes this project alone."
        )

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        issue = {"id": 1, "iid": 1, "title": "Sample", "state": "closed", "action": "close", "author_id": 17}
        times = {"created_at": moment, "updated_at": moment, "closed_at": moment}
        project = {"id": 1, "name": "shop", "path_with_namespace": "octo/shop"}
        about = {"object_kind": "issue", "user": {"id": 5, "username": "li"}, "project": project, "labels": []}
        return {"x-gitlab-event": "Issue Hook"}, {**about, "object_attributes": issue | times}


def _key(secret: str) -> bytes:
    """Return the key of a signature, empty where the secret is none."""
    try:
        return base64.b64decode(secret.removeprefix(_WHSEC)) if secret.startswith(_WHSEC) else b""
    except (binascii.Error, ValueError):
        return b""


def _excluded(payload: Payload, labels: tuple[str, ...]) -> str:
    is_moved = payload.text("object_attributes.moved_to_id", "object_attributes.duplicated_to_id")
    is_bot = _BOT.search(payload.text("user.username")) is not None
    return exclusion_by(labels) or ("merged" if is_moved else "auto-closed" if is_bot else "")


GITLAB = _GitLab()
