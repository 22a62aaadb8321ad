"""Endpoints of outgoing webhooks and their deliveries in JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from bot.handlers.outgoing.delivery_outcome import HookAnswer
from bot.handlers.outgoing.endpoint_commands import EndpointChange, NewEndpoint
from bot.http.api.schemas.field_types import Name
from bot.http.api.schemas.ticket_request import RequestBody
from scoring.values import replace
from storage.model.outgoing.hook_records import HookDelivery, HookDeliveryStatus, HookEndpoint, HookEventType
from storage.reads.listings import Page

__all__ = [
    "EndpointBody",
    "EndpointChangeBody",
    "EndpointList",
    "EndpointOut",
    "HookDeliveryOut",
    "HookDeliveryPage",
    "NewEndpointOut",
    "PingOut",
    "endpoint_out",
    "hook_delivery_out",
    "hook_delivery_page",
    "listed_endpoint",
    "ping_out",
]

_LONGEST_NAME = 100
_SHOWN_OF_PATH = 6

if TYPE_CHECKING:
    EventName = str
else:
    EventName = Literal[tuple(kind.value for kind in HookEventType if kind is not HookEventType.TEST)]

EndpointUrl = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
EndpointName = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_NAME, strip_whitespace=True)]
EventNames = Annotated[tuple[EventName, ...], Field(max_length=len(HookEventType))]


class EndpointBody(RequestBody):
    """An endpoint to be added."""

    url: EndpointUrl = Field(description="`https://…`; a public address, unless `webhooks.allow_private`")
    name: EndpointName | None = Field(None, description="how people call it; its host where it is left out")
    events: EventNames = Field((), description="the types that it listens to; empty for all")
    by: Name | None = None

    def wanted(self) -> NewEndpoint:
        """Return it as the decision takes it."""
        name = self.name or (urlsplit(self.url).hostname or self.url)[:_LONGEST_NAME]
        return NewEndpoint(name, self.url, tuple(map(HookEventType, self.events)))


class EndpointChangeBody(RequestBody):
    """What is to be otherwise; what is left out stays."""

    url: EndpointUrl | None = None
    name: EndpointName | None = None
    events: EventNames | None = None
    enabled: StrictBool | None = Field(None, description="enabled again, it is sent everything that waits for it")
    by: Name | None = None

    def change(self) -> EndpointChange:
        """Return it as the decision takes it."""
        events = None if self.events is None else tuple(map(HookEventType, self.events))
        return EndpointChange(self.name, self.url, events, self.enabled)


class EndpointOut(BaseModel):
    """An endpoint."""

    id: str
    name: str
    url: str = Field(description="whole; in lists the host and how the path begins, for the rest may be a secret")
    events: tuple[str, ...] = Field(description="the types that it listens to; empty for all")
    status: Literal["active", "disabled"]
    why: str | None = Field(description="why the service disabled it by itself")
    created_at: datetime
    secret_number: int = Field(description="which of its secrets signs: the first, the second …")
    overlap_until: datetime | None = Field(description="until when the secret before signs, too")
    origin: str | None = Field(description="`rules` for one of `[[webhooks]]` in rules.toml, which changes it")


class NewEndpointOut(EndpointOut):
    """An endpoint with its secret, which is shown this once."""

    secret: str = Field(description="`whsec_…`, by which the receiver verifies (standardwebhooks.com)")


class EndpointList(BaseModel):
    """Every endpoint, in the order in which they were added."""

    items: tuple[EndpointOut, ...]


class HookDeliveryOut(BaseModel):
    """One event for one endpoint, and what the last attempt met."""

    id: str
    event: str = Field(description="the `webhook-id`")
    type: str
    subject: str = Field(description="what it happened to; of one subject events arrive in order")
    status: HookDeliveryStatus
    attempts: int
    created_at: datetime
    next_at: datetime | None = Field(description="when it is tried next; null once it has arrived, or is given up")
    attempted_at: datetime | None
    code: int | None = Field(description="the last answer's status; null where none came")
    milliseconds: int
    answer: str = Field(description="the first 1024 bytes of the last answer's body")
    problem: str | None


class HookDeliveryPage(BaseModel):
    """A page of deliveries, the newest first; `next` is the cursor of the page after it."""

    items: tuple[HookDeliveryOut, ...]
    next: str | None


class PingOut(BaseModel):
    """What a test met."""

    delivered: bool
    code: int | None
    milliseconds: int
    answer: str
    problem: str | None


def endpoint_out(endpoint: HookEndpoint) -> EndpointOut:
    """Return an endpoint as the API shows it, without its secret."""
    return EndpointOut(
        id=endpoint.id,
        name=endpoint.name,
        url=endpoint.url,
        events=endpoint.events,
        status="active" if endpoint.state == "active" else "disabled",
        why=endpoint.why or None,
        created_at=endpoint.created_at,
        secret_number=endpoint.secret_number,
        overlap_until=endpoint.overlap_until,
        origin=endpoint.origin or None,
    )


def listed_endpoint(endpoint: HookEndpoint) -> EndpointOut:
    """Return an endpoint as lists show it: the rest of its address may be a secret."""
    return endpoint_out(replace(endpoint, url=_shortened(endpoint.url)))


def _shortened(url: str) -> str:
    """Return an address by its host and how its path begins."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    is_long = len(parts.path) > _SHOWN_OF_PATH or parts.query or parts.fragment
    return f"{parts.scheme}://{host}{parts.path[:_SHOWN_OF_PATH]}{'…' if is_long else ''}"


def hook_delivery_out(delivery: HookDelivery) -> HookDeliveryOut:
    """Return a delivery as the API shows it."""
    is_over = delivery.state in {HookDeliveryStatus.DELIVERED, HookDeliveryStatus.FAILED}
    return HookDeliveryOut(
        id=str(delivery.number),
        event=delivery.event,
        type=delivery.type,
        subject=delivery.subject,
        status=delivery.state,
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        next_at=None if is_over else delivery.due_at,
        attempted_at=delivery.attempted_at,
        code=delivery.code or None,
        milliseconds=delivery.milliseconds,
        answer=delivery.answer,
        problem=delivery.why or None,
    )


def hook_delivery_page(page: Page[HookDelivery]) -> HookDeliveryPage:
    """Return a page of deliveries as the API shows it."""
    return HookDeliveryPage(items=tuple(map(hook_delivery_out, page.items)), next=page.next)


def ping_out(answer: HookAnswer) -> PingOut:
    """Return what a test met as the API shows it."""
    return PingOut(
        delivered=answer.is_success,
        code=answer.status or None,
        milliseconds=answer.milliseconds,
        answer=answer.begins,
        problem=answer.problem or None,
    )
