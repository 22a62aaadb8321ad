"""Zendesk as the registry of connectors lists it.

Two forms: what a trigger sends, which is the JSON of `steps`, and the events of a subscription (Zendesk, Webhooks,
"Ticket events"). Signed is the time stamp and the body, with nothing between. *Solved* counts; *closed* comes days
later and is no step any more.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, base64_mac
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from bot.connectors.zendesk.desk_calls import ZENDESK_CALLS
from storage.model.records import TicketStatus

__all__ = ["ZENDESK"]

_STAMP = "x-zendesk-webhook-signature-timestamp"
_KIND = "zen:event-type:ticket."
_OF_STATUS = {"status_changed", "created"}
_EXCLUDED = {
    "merged": "merged",
    "marked_as_spam": "spam",
    "soft_deleted": "deleted",
    "permanently_deleted": "deleted",
}
_GONE = {"deleted": "deleted", "scrubbed": "deleted"}
_TRIGGER = {
    "ticket": {
        "id": "{{ticket.id}}",
        "status": "{{ticket.status}}",
        "subject": "{{ticket.title}}",
        "created_at": "{{ticket.created_at_with_timestamp}}",
        "updated_at": "{{ticket.updated_at_with_timestamp}}",
        "tags": "{{ticket.tags}}",
        "type": "{{ticket.ticket_type}}",
        "group": "{{ticket.group.name}}",
        "url": "https://{{ticket.link}}",
        "assignee": {"id": "{{ticket.assignee.id}}", "name": "{{ticket.assignee.name}}"},
        "requester": {
            "id": "{{ticket.requester.id}}",
            "name": "{{ticket.requester.name}}",
            "email": "{{ticket.requester.email}}",
            "phone": "{{ticket.requester.phone}}",
        },
        "fields": {"telegram_id": "{{ticket.requester.custom_fields.telegram_id}}"},
    }
}


class _Zendesk(ConnectorDescriptor):
    name = "zendesk"
    title = "Zendesk"
    placeholder = "{{ticket.id}}"
    api = ZENDESK_CALLS
    event_headers = ("x-zendesk-webhook-invocation-id",)
    is_stamped = True

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        signed = delivery.header(_STAMP).encode() + delivery.body
        return {"x-zendesk-webhook-signature": base64_mac(secret.encode(), signed)}

    def signed_at(self, delivery: DeskDelivery) -> datetime | None:
        return Payload({"at": delivery.header(_STAMP)}).moment("at")

    def event(self, delivery: DeskDelivery, payload: Payload) -> str:
        own = payload.text("id") if payload.text("type").startswith(_KIND) else ""
        return own or super().event(delivery, payload)

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        kind = payload.text("type")
        if not kind:
            return _read(payload.part("ticket"), payload, options, "")
        what = kind.removeprefix(_KIND)
        if what in _OF_STATUS | _EXCLUDED.keys():
            return _read(payload.part("detail"), payload, options, _EXCLUDED.get(what, ""))
        return IgnoredDelivery(f"the event {kind!r} says nothing of a ticket's status")

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield "In Zendesk: Admin Center > Apps and integrations > Webhooks > Create webhook."
        yield f"Connect to Trigger or automation. Endpoint: {url}"
        yield "Request method POST, request format JSON, authentication None (each delivery is signed). Create."
        yield (
            "On the webhook's page: Signing secret > Reveal. Write it into huifang.toml in place of"
            f" {secret}: Zendesk draws it."
        )
        yield "Admin Center > Objects and rules > Triggers > Create. Conditions, meet all: Ticket > Is > Updated."
        yield "Meet any: Status > Changed to > Solved; Status > Changed from > Solved. "
        yield f"Action: Notify active webhook, with the JSON body:\n\n{json.dumps(_TRIGGER, indent=2)}\n"

    def token_steps(self) -> Iterator[str]:
        yield (
            "Admin Center > People > Team > Create: huifang, an agent with a role that may comment publicly and"
            " edit tags."
        )
        yield (
            "Admin Center > Apps and integrations > APIs > API tokens > Add. The setting is"
            " `huifang@example.com/token:` with the token behind it."
        )

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        people = {"requester": {"id": 17, "name": "Sample Customer"}, "assignee": {"id": 5, "name": "Li"}}
        times = {"created_at": moment, "updated_at": moment}
        return {_STAMP: moment}, {"ticket": {"id": "1", "status": "Solved", "subject": "Sample", **people, **times}}


def _read(ticket: Payload, whole: Payload, options: ConnectorOptions, excluded: str) -> DeskReading:
    number = ticket.text("id")
    if not number:
        return IgnoredDelivery("it holds no ticket: the trigger's JSON needs `ticket.id`")
    state = whole.text("event.current") or ticket.text("status")
    excluded = excluded or _GONE.get(state.lower(), "")
    tags = _tags(ticket)
    status = TicketStatus.CLOSED if excluded else status_named(state, (*options.closed_states, "archived"))
    updated_at = whole.moment("time") or ticket.moment("updated_at")
    return TicketReport(
        id=number,
        status=status,
        customer=ticket.text("requester.id", "requester_id"),
        updated_at=updated_at,
        opened_at=ticket.moment("created_at"),
        closed_at=updated_at if status is TicketStatus.CLOSED else None,
        subject=ticket.text("subject"),
        category=ticket.text("type"),
        team=ticket.text("group.name", "group", "group_id"),
        agent=ticket.text("assignee.id", "assignee_id"),
        agent_name=ticket.text("assignee.name"),
        tags=tags,
        url=ticket.text("url"),
        customer_name=ticket.text("requester.name"),
        phone=ticket.text("requester.phone"),
        email=ticket.text("requester.email"),
        locale=ticket.text("requester.locale"),
        chats=options.chats(ticket.get("fields"), ticket.get("custom_fields"), ticket.get("requester.user_fields")),
        excluded=excluded or exclusion_by(tags or ()),
    )


def _tags(ticket: Payload) -> tuple[str, ...] | None:
    """Return the tags, in a trigger's text with blanks between."""
    told = ticket.get("tags")
    if isinstance(told, str):
        return tuple(dict.fromkeys(told.split()))
    return ticket.words("tags") if told is not None else None


ZENDESK = _Zendesk()
