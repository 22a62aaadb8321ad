"""GitHub as the registry of connectors lists it: issues of a repository (GitHub, webhook events, "issues")."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, hex_mac
from bot.connectors.github.desk_calls import GITHUB_CALLS
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, DeskTest, IgnoredDelivery, TicketReport, exclusion_by
from storage.model.records import TicketStatus

__all__ = ["GITHUB"]

_STATUS = {
    "opened": TicketStatus.OPEN,
    "reopened": TicketStatus.REOPENED,
    "closed": TicketStatus.CLOSED,
    "deleted": TicketStatus.CLOSED,
    "transferred": TicketStatus.CLOSED,
}
_EXCLUDED = {"deleted": "deleted", "transferred": "merged"}
_EVENT = "x-github-event"


class _GitHub(ConnectorDescriptor):
    name = "github"
    title = "GitHub"
    api = GITHUB_CALLS
    event_headers = ("x-github-delivery",)
    read_headers = (_EVENT,)

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return {"x-hub-signature-256": f"sha256={hex_mac(secret, delivery.body)}"}

    def read(self, delivery: DeskDelivery, payload: Payload, _options: ConnectorOptions) -> DeskReading:
        event, action, issue = delivery.header(_EVENT), payload.text("action"), payload.part("issue")
        if event == "ping":
            return DeskTest()
        repository, number = payload.text("repository.full_name"), issue.text("number")
        if event not in {"issues", ""} or action not in _STATUS or not (repository and number):
            return IgnoredDelivery(f"the event {event!r} with the action {action!r} opens and closes no issue")
        labels = issue.words("labels")
        return TicketReport(
            id=f"{repository}#{number}",
            status=_STATUS[action],
            customer=issue.text("user.login"),
            updated_at=issue.moment("updated_at"),
            opened_at=issue.moment("created_at"),
            closed_at=issue.moment("closed_at"),
            subject=issue.text("title"),
            category=issue.text("type.name"),
            product=payload.text("repository.name"),
            agent=issue.text("assignee.login", "assignees.0.login"),
            tags=labels if issue.get("labels") is not None else None,
            url=issue.text("html_url"),
            customer_name=issue.text("user.name", "user.login"),
            excluded=_EXCLUDED.get(action, "") or _excluded(payload, action, labels),
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield f"In GitHub: the repository's Settings > Webhooks > Add webhook. Payload URL: {url}"
        yield f"Content type: application/json. Secret: {secret}"
        yield "Which events: Let me select individual events > Issues; no other. Add webhook."
        yield "Whom to ask: GitHub tells no chat. Each customer binds theirs once, by a link that you send them."

    def token_steps(self) -> Iterator[str]:
        yield (
            "Settings > Developer settings > Fine-grained tokens > Generate: only the repositories that are asked"
            " about; permission Issues: read and write, Metadata: read."
        )

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        issue = {"number": 1, "title": "Sample", "state": "closed", "user": {"login": "sample"}, "labels": []}
        times = {"created_at": moment, "updated_at": moment, "closed_at": moment}
        repository = {"full_name": "octo/shop", "name": "shop"}
        body = {"action": "closed", "issue": issue | times, "repository": repository, "sender": {"type": "User"}}
        return {_EVENT: "issues", "x-github-delivery": "sample"}, body


def _excluded(payload: Payload, action: str, labels: tuple[str, ...]) -> str:
    if action != "closed":
        return ""
    told = exclusion_by((*labels, payload.text("issue.state_reason")))
    return told or ("auto-closed" if payload.text("sender.type").lower() == "bot" else "")


GITHUB = _GitHub()
