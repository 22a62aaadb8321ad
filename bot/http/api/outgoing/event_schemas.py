"""What events say, as `/openapi.json` describes them under `webhooks` (`bot/handlers/outgoing/event_payloads.py`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dialogs.campaign.model import CampaignKind
from dialogs.issue.model import IssueKind, IssueState
from scoring.rules import Severity
from storage.model.outgoing.hook_records import HookEventType

__all__ = ["EVENT_BODIES", "with_events"]


class EventData(BaseModel):
    """What is said of one thing; no field is ever taken away, and more may come."""

    model_config = ConfigDict(extra="forbid")


class EventAnswer(EventData):
    """One rating with the customer's remark to it."""

    question: str
    value: int
    text: str | None = Field(description="the customer's own words")
    at: datetime


class ResponseEventData(EventData):
    """A response that has ended; there is none of anonymous surveys."""

    id: str
    ticket: str | None = Field(description="`source/id`")
    customer: str
    survey: str
    status: Literal["completed", "partial"]
    channel: str
    team: str | None
    agent: str | None
    score: float | None = Field(description="the mean of the ratings in the scale's units")
    answers: tuple[EventAnswer, ...]
    comment: str | None = Field(description="the customer's own words")
    started_at: datetime | None
    completed_at: datetime | None
    flags: tuple[str, ...]


class IssueEventData(EventData):
    """An issue as it stands after what happened; its timeline is at `GET /api/v1/issues/{id}`."""

    id: str
    kind: IssueKind
    status: IssueState
    severity: Severity
    title: str | None
    text: str | None = Field(description="what was written of it, by customers as well")
    reasons: tuple[str, ...]
    tickets: tuple[str, ...]
    customers: tuple[str, ...]
    responses: tuple[str, ...]
    claimed_by: str | None
    note: str | None
    root_cause: str | None
    resolution: int
    merged_into: str | None
    opened_at: datetime
    due_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None


class OptOutEventData(EventData):
    """A customer who wants no more messages."""

    customer: str
    opted_out_at: datetime


class InvitationEventData(EventData):
    """An invitation that reached nobody."""

    id: str
    ticket: str | None
    customer: str
    survey: str
    status: Literal["unreachable"]
    reason: str | None = Field(description="`no_contact` `blocked` `window_closed`")
    channel: str | None
    deadline_at: datetime


class CampaignEventData(EventData):
    """A campaign that has ended; its figures are at `GET /api/v1/campaigns/{id}`."""

    id: str
    name: str
    kind: CampaignKind
    status: Literal["finished"]
    created_at: datetime


class TestEventData(EventData):
    """Nothing: somebody tests whether an endpoint receives."""

    __test__ = False

    endpoint: str
    name: str


_RESPONSE, _ISSUE = ResponseEventData, IssueEventData
_SAID: Mapping[HookEventType, tuple[type[EventData], str]] = {
    HookEventType.RESPONSE_COMPLETED: (_RESPONSE, "A customer answered everything"),
    HookEventType.RESPONSE_PARTIAL: (_RESPONSE, "A survey lapsed with at least one answer"),
    HookEventType.ISSUE_OPENED: (_ISSUE, "An issue was opened, by a low score, an alert word or a person"),
    HookEventType.ISSUE_CLAIMED: (_ISSUE, "Somebody took an issue, or was given it"),
    HookEventType.ISSUE_RESOLVED: (_ISSUE, "An issue was resolved"),
    HookEventType.ISSUE_REOPENED: (_ISSUE, "An issue is open again"),
    HookEventType.ISSUE_CLOSED: (_ISSUE, "An issue was closed"),
    HookEventType.CUSTOMER_OPTED_OUT: (OptOutEventData, "A customer wants no more messages"),
    HookEventType.INVITATION_UNDELIVERABLE: (InvitationEventData, "An invitation could not reach its customer"),
    HookEventType.CAMPAIGN_FINISHED: (CampaignEventData, "A campaign has ended"),
    HookEventType.TEST: (TestEventData, "`huifang webhooks test`, or the API's"),
}
EVENT_BODIES: Mapping[str, type[EventData]] = {kind.value: model for kind, (model, _) in _SAID.items()}
"""The model of `data`, by the type of the event."""


def with_events(document: dict[str, Any]) -> dict[str, Any]:
    """Add the `webhooks` to a description, with the schemas that they refer to, and return it."""
    schemas = document["components"]["schemas"]
    for model in dict.fromkeys(EVENT_BODIES.values()):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        schemas.update({name: one for name, one in schema.pop("$defs", {}).items() if name not in schemas})
        schemas[model.__name__] = schema | {"additionalProperties": True}
    document["webhooks"] = {kind.value: {"post": _event(kind, *said)} for kind, said in _SAID.items()}
    return document


def _event(kind: HookEventType, model: type[EventData], summary: str) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": kind.value},
            "timestamp": {"type": "string", "format": "date-time", "description": "when it happened"},
            "data": {"$ref": f"#/components/schemas/{model.__name__}"},
        },
    }
    return {
        "tags": ["Webhooks"],
        "summary": summary,
        "security": [],
        "parameters": [
            _header("webhook-id", "The event's id, the same at each attempt: take each once."),
            _header("webhook-timestamp", "Seconds since 1970, of this attempt."),
            _header("webhook-signature", "As Standard Webhooks has it; two while a secret is being changed."),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "Taken"},
            "410": {"description": "The endpoint is disabled at once"},
            "default": {"description": "It is tried again, for 24 hours"},
        },
    }


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": {"type": "string"}}
