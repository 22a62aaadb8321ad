"""Chatwoot as the registry of connectors lists it.

`conversation_status_changed` has the conversation's fields at the top. Signed is `timestamp.body` (Chatwoot, webhook
documentation), by newer releases only; older ones cannot be told from a stranger and are refused.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.chatwoot.desk_calls import CHATWOOT_CALLS
from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, hex_mac
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from storage.model.records import TicketStatus

__all__ = ["CHATWOOT"]

_EVENTS = {"conversation_created", "conversation_status_changed", "conversation_opened", "conversation_resolved"}
_STAMP = "x-chatwoot-timestamp"
_OWN_CHANNEL = "Channel::"
"""What stands before the name of the inbox's channel: a chat of it is the customer's own."""


class _Chatwoot(ConnectorDescriptor):
    name = "chatwoot"
    title = "Chatwoot"
    placeholder = "{{conversation.id}}"
    api = CHATWOOT_CALLS
    event_headers = ("x-chatwoot-delivery",)
    is_stamped = True

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        signed = delivery.header(_STAMP).encode() + b"." + delivery.body
        return {"x-chatwoot-signature": f"sha256={hex_mac(secret, signed)}"}

    def signed_at(self, delivery: DeskDelivery) -> datetime | None:
        return Payload({"at": delivery.header(_STAMP)}).moment("at")

    def event(self, delivery: DeskDelivery, payload: Payload) -> str:
        told = (payload.text("event"), payload.text("id"), payload.text("status"), payload.text("updated_at"))
        return super().event(delivery, payload) or (":".join(told) if all(told) else "")

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        event, number = payload.text("event"), payload.text("id")
        if event not in _EVENTS or not number:
            return IgnoredDelivery(f"the event {event!r} says nothing of a conversation's status")
        status = status_named(payload.text("status"), options.closed_states)
        person, agent = payload.part("meta.sender"), payload.part("meta.assignee")
        updated_at = payload.moment("updated_at", "timestamp")
        tags = payload.words("labels")
        return TicketReport(
            id=number,
            status=status,
            customer=person.text("id") or payload.text("contact_inbox.contact_id"),
            updated_at=updated_at,
            opened_at=payload.moment("created_at"),
            first_replied_at=payload.moment("first_reply_created_at"),
            closed_at=updated_at if status is TicketStatus.CLOSED else None,
            subject=payload.text("additional_attributes.mail_subject", "custom_attributes.subject"),
            category=payload.text("custom_attributes.category"),
            team=payload.text("meta.team.name"),
            agent=agent.text("id"),
            agent_name=agent.text("available_name", "name"),
            tags=tags if payload.get("labels") is not None else None,
            customer_name=person.text("name"),
            phone=person.text("phone_number"),
            email=person.text("email"),
            locale=payload.text("additional_attributes.browser_language"),
            chats=(*_own_chat(payload, options), *_fields(payload, options)),
            excluded=exclusion_by(tags),
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield f"In Chatwoot: Settings > Integrations > Webhooks > Add new webhook. URL: {url}"
        yield "Subscribe to `Conversation Created` and `Conversation Status Changed`; no other. Create."
        yield (
            "Chatwoot draws a secret for the webhook: open the webhook again, copy it, and write it into huifang.toml"
            f" in place of {secret}. A Chatwoot that shows none does not sign, and is refused: update it."
        )
        yield (
            "Whom to ask: customers of a Telegram inbox are asked in that chat, if your bot here is the inbox's; else a"
            " custom attribute `telegram_id` of the conversation or the contact, or a link that you send them."
        )

    def token_steps(self) -> Iterator[str]:
        yield (
            "Settings > Agents > Add Agent: huifang, with the role Agent, and add it to the inboxes that are"
            " asked about."
        )
        yield (
            "Sign in as it: Profile Settings > Access Token. The address ends with the number of your account, as"
            " it stands in the browser: https://chat.example.com/api/v1/accounts/1"
        )

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        second = int(at.timestamp())
        sender = {"id": 17, "name": "Sample Customer", "email": "sample@example.com", "type": "contact"}
        body = {
            "event": "conversation_status_changed",
            "id": 1,
            "status": "resolved",
            "labels": [],
            "meta": {"sender": sender, "assignee": {"id": 5, "name": "Li"}, "team": None},
            "created_at": second,
            "updated_at": second,
            "changed_attributes": [{"status": {"previous_value": "open", "current_value": "resolved"}}],
        }
        return {_STAMP: str(second), "x-chatwoot-delivery": "sample"}, body


def _own_chat(payload: Payload, options: ConnectorOptions) -> Iterator[tuple[str, str]]:
    """Yield the chat of the inbox itself, where that is of a channel on which customers can be asked."""
    kind, chat = payload.text("channel").removeprefix(_OWN_CHANNEL).lower(), payload.text("contact_inbox.source_id")
    if chat and kind in {channel for channel, _ in options.chat_fields}:
        yield kind, chat


def _fields(payload: Payload, options: ConnectorOptions) -> tuple[tuple[str, str], ...]:
    places = ("custom_attributes", "meta.sender.custom_attributes", "additional_attributes")
    return options.chats(*map(payload.get, places))


CHATWOOT = _Chatwoot()
