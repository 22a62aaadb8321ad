"""A ticket as it is received: the body of PUT, and of the ticket webhook."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema

from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.http.api.schemas.field_types import (
    ChannelName,
    Email,
    Id,
    Language,
    Line,
    LongText,
    Moment,
    OwnFields,
    Phone,
    ReworkKind,
    Signed,
    Source,
    StatusWord,
    Tag,
    Warranty,
    WebAddress,
    Zone,
)
from dialogs.known_words import CompanyLists, folded_word
from storage.model.records import TicketStatus
from storage.model.service_details import SERVICE_DETAILS

__all__ = ["AskBody", "HookBody", "RequestBody", "TicketBody", "event_of"]


class RequestBody(BaseModel):
    """A request body. An unknown field is refused, since it is mostly a typing mistake.

    Null for a field that may be left out means that it is left out, whatever its type.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: one for name, one in value.items() if one is not None or name not in optional}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema, in which every field that may be left out may be null."""
        schema = handler(core)
        inner = handler.resolve_ref_schema(schema)
        required = inner.get("required", ())
        for name, one in inner.get("properties", {}).items():
            if name not in required:
                inner["properties"][name] = _or_null(one)
        return schema


def _or_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Return a field's schema that takes null, too."""
    kinds: list[Any] = schema.get("anyOf", [schema])
    if any(kind.get("type") == "null" for kind in kinds):
        return schema
    outside: JsonSchemaValue = {name: schema[name] for name in ("title", "description", "default") if name in schema}
    kinds = [{name: value for name, value in kind.items() if name not in outside} for kind in kinds]
    return {"anyOf": [*kinds, {"type": "null"}], **outside}


class AgentBody(RequestBody):
    """Who served the customer."""

    id: Id | None = None
    name: Line | None = None


class ContactBody(RequestBody):
    """One chat in which the customer can be reached."""

    channel: ChannelName
    address: Id


class CustomerBody(RequestBody):
    """Whose ticket it is."""

    id: Id
    name: Line | None = None
    locale: Language | None = None
    timezone: Zone | None = None
    tier: Line | None = None
    phone: Phone | None = None
    email: Email | None = None
    postal_address: Line | None = None
    contacts: tuple[ContactBody, ...] = Field(default=(), max_length=50)


class DetailsBody(RequestBody):
    """What a help desk may tell of the service visit besides; personal are device, fault, papers and own fields."""

    requested_at: Moment | None = None
    assigned_at: Moment | None = None
    onsite_at: Moment | None = None
    solved_at: Moment | None = None
    area: Line | None = None
    station: Line | None = None
    contract: Line | None = None
    device: Line | None = None
    fault: LongText | None = None
    service_type: Line | None = None
    source_channel: Line | None = None
    order_no: Line | None = None
    repair_form_no: Line | None = None
    customer_signed: Signed | None = None
    report_reviewed: Signed | None = None
    stage: Line | None = None
    outcome: Line | None = None
    contact_problem: Line | None = None
    warranty: Warranty | None = None
    cause: Line | None = None
    measure: Line | None = None
    resent: bool | None = None
    solved_first_time: bool | None = None
    rework: ReworkKind | None = None
    rework_of: Line | None = None
    fields: OwnFields | None = None


class TicketBody(DetailsBody):
    """A ticket as the help desk sees it; a field left out keeps its value."""

    status: StatusWord
    customer: CustomerBody
    opened_at: Moment | None = None
    first_replied_at: Moment | None = None
    closed_at: Moment | None = None
    appointment_at: Moment | None = None
    updated_at: Moment | None = None
    subject: Line | None = None
    category: Line | None = None
    product: Line | None = None
    team: Line | None = None
    agent: AgentBody | None = None
    tags: tuple[Tag, ...] | None = Field(default=None, max_length=100)
    url: WebAddress | None = None


class HookTicket(TicketBody):
    """A ticket with its help desk and id."""

    source: Source
    ticket: Id


class HookBody(BaseModel):
    """A delivery (Standard Webhooks, payload structure)."""

    model_config = ConfigDict(frozen=True)

    type: str
    timestamp: Moment | None = None
    data: HookTicket


class AskBody(RequestBody):
    """Which survey to ask; left out, the one planned."""

    survey: Id | None = None


def event_of(source: str, ticket: str, body: TicketBody, lists: CompanyLists) -> TicketEvent:
    """Return a ticket's body as the handler takes it. Raises ValueError for a status that is in no list."""
    status = lists.status_of(body.status)
    stage = None if folded_word(body.status) == status else body.status.strip()
    told = {name: getattr(body, name) for name in SERVICE_DETAILS}
    details = {**told, "stage": stage if body.stage is None else body.stage}
    return TicketEvent(
        source=source,
        id=ticket,
        status=TicketStatus(status),
        customer=_said_of(body.customer),
        opened_at=body.opened_at,
        first_replied_at=body.first_replied_at,
        closed_at=body.closed_at,
        appointment_at=body.appointment_at,
        updated_at=body.updated_at,
        subject=body.subject,
        category=body.category,
        product=body.product,
        team=body.team,
        agent_id=body.agent.id if body.agent else None,
        agent_name=body.agent.name if body.agent else None,
        tags=body.tags,
        url=body.url,
        details={name: value for name, value in details.items() if value is not None},
    )


def _said_of(customer: CustomerBody) -> CustomerEvent:
    contacts = tuple((contact.channel, contact.address) for contact in customer.contacts)
    return CustomerEvent(
        customer.id,
        customer.name,
        customer.locale,
        customer.timezone,
        customer.tier,
        phone=customer.phone,
        email=customer.email,
        postal_address=customer.postal_address,
        contacts=contacts,
    )
