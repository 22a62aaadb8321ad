"""Freshdesk as the registry of connectors lists it: the webhook of an automation rule, which is not signed.

Its simple form sends the keys that were ticked, its advanced form the JSON of `steps`; both stand below
`freshdesk_webhook`, or at the top.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, secret_headers
from bot.connectors.freshdesk.desk_calls import FRESHDESK_CALLS
from bot.connectors.payload import Payload, address_key
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from storage.model.records import TicketStatus

__all__ = ["FRESHDESK"]

_BY_NUMBER = {
    "2": TicketStatus.OPEN,
    "3": TicketStatus.PENDING,
    "4": TicketStatus.CLOSED,
    "5": TicketStatus.CLOSED,
}
"""Freshdesk API, ticket properties."""
_PEOPLE = ("ticket_contact_id", "ticket_requester_id", "requester_id")
_RULE = {
    "freshdesk_webhook": {
        "ticket_id": "{{ticket.id}}",
        "ticket_status": "{{ticket.status}}",
        "ticket_subject": "{{ticket.subject}}",
        "ticket_url": "{{ticket.url}}",
        "ticket_tags": "{{ticket.tags}}",
        "ticket_type": "{{ticket.ticket_type}}",
        "ticket_group_name": "{{ticket.group.name}}",
        "ticket_agent_name": "{{ticket.agent.name}}",
        "ticket_agent_email": "{{ticket.agent.email}}",
        "ticket_contact_name": "{{ticket.requester.name}}",
        "ticket_contact_email": "{{ticket.requester.email}}",
        "ticket_contact_phone": "{{ticket.requester.phone}}",
        "triggered_event": "{{triggered_event}}",
        "telegram_id": "{{ticket.requester.telegram_id}}",
    }
}


class _Freshdesk(ConnectorDescriptor):
    name = "freshdesk"
    title = "Freshdesk"
    placeholder = "{{ticket.id}}"
    api = FRESHDESK_CALLS

    def proofs(self, _delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return secret_headers(secret)

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        told = payload.part("freshdesk_webhook")
        told = told if told.is_object else payload
        number, state = told.text("ticket_id", "ticket.id", "id"), told.text("ticket_status", "status")
        if not (number and state):
            return IgnoredDelivery("it holds no ticket: the rule's content needs `ticket_id` and `ticket_status`")
        email = told.text("ticket_contact_email", "ticket_requester_email", "requester_email")
        phone = told.text("ticket_contact_phone", "ticket_contact_mobile", "requester_phone")
        tags, named = told.words("ticket_tags"), status_named(state, options.closed_states)
        return TicketReport(
            id=number,
            status=_BY_NUMBER.get(state, named),
            customer=told.text(*_PEOPLE) or address_key(email or phone),
            updated_at=told.moment("ticket_updated_at", "updated_at"),
            opened_at=told.moment("ticket_created_at", "created_at"),
            subject=told.text("ticket_subject", "subject"),
            category=told.text("ticket_type", "ticket_ticket_type"),
            product=told.text("ticket_product_name", "ticket_product_specific_product_name"),
            team=told.text("ticket_group_name"),
            agent=told.text("ticket_agent_email", "ticket_agent_name"),
            agent_name=told.text("ticket_agent_name"),
            tags=tags if told.get("ticket_tags") is not None else None,
            url=told.text("ticket_url"),
            customer_name=told.text("ticket_contact_name", "ticket_requester_name", "requester_name"),
            phone=phone,
            email=email,
            chats=options.chats(told.value),
            excluded=exclusion_by((*tags, state)),
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield "In Freshdesk: Admin > Workflows > Automations > Ticket updates > New rule. Name: huifang."
        yield "When an action is performed by: Agent or requester. Involves any of: Status is changed, from Any to Any."
        yield f"Perform these actions: Trigger webhook. Request type POST. URL: {url}"
        yield f"Add custom headers:\n\n    X-Huifang-Secret: {secret}\n"
        yield f"Encoding JSON, content Advanced:\n\n{json.dumps(_RULE, indent=2)}\n"
        yield "Preview and save. Freshdesk signs nothing: let the address be https."

    def token_steps(self) -> Iterator[str]:
        yield (
            "Admin > Team > Agents > New agent: huifang, with a role that may reply, add notes and edit ticket"
            " properties."
        )
        yield "Sign in as it: Profile settings > View API key."

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        told = {"ticket_id": 1, "ticket_status": "Resolved", "ticket_subject": "Sample", "updated_at": at.isoformat()}
        return {}, {"freshdesk_webhook": {**told, "ticket_contact_email": "sample@example.com"}}


FRESHDESK = _Freshdesk()
