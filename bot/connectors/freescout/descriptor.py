"""FreeScout as the registry of connectors lists it: its module API & Webhooks, a conversation in Help Scout's form."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, base64_mac
from bot.connectors.freescout.desk_calls import FREESCOUT_CALLS
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from bot.person_names import joined_name
from storage.model.records import TicketStatus

__all__ = ["FREESCOUT"]

_EVENT = "x-freescout-event"
_EXCLUDED = {"convo.deleted": "deleted", "convo.deleted_forever": "deleted", "convo.merged": "merged"}
_OF_STATUS = {"", "convo.created", "convo.status", "convo.restored", *_EXCLUDED}


class _FreeScout(ConnectorDescriptor):
    name = "freescout"
    title = "FreeScout"
    placeholder = "{%conversation.number%}"
    api = FREESCOUT_CALLS
    read_headers = (_EVENT,)

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return {"x-freescout-signature": base64_mac(secret.encode(), delivery.body, "sha1")}

    def read(self, delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        event, number, state = delivery.header(_EVENT), payload.text("number", "id"), payload.text("status")
        if event not in _OF_STATUS:
            return IgnoredDelivery(f"the event {event!r} says nothing of a conversation's status")
        if not (number and state):
            return IgnoredDelivery("it holds no conversation: `number` and `status` are missing")
        tags = payload.words("tags") or payload.words("_embedded.tags")
        excluded = _EXCLUDED.get(event, "") or exclusion_by((*tags, state, payload.text("state")))
        is_gone = excluded in {"deleted", "merged", "spam"}
        status = TicketStatus.CLOSED if is_gone else status_named(state, options.closed_states)
        person, agent = payload.part("customer"), payload.part("assignee")
        return TicketReport(
            id=number,
            status=status,
            customer=person.text("id"),
            updated_at=payload.moment("updatedAt", "userUpdatedAt"),
            opened_at=payload.moment("createdAt"),
            closed_at=payload.moment("closedAt") if status is TicketStatus.CLOSED else None,
            subject=payload.text("subject"),
            category=payload.text("type"),
            team=payload.text("mailbox.name", "mailboxId"),
            agent=agent.text("email", "id"),
            agent_name=_person_name(agent),
            tags=tags if payload.get("tags") is not None else None,
            customer_name=_person_name(person),
            phone=person.text("phone", "phones.0.value", "_embedded.phones.0.value"),
            email=person.text("email"),
            chats=options.chats(payload.get("customFields"), person.get("customFields")),
            excluded=excluded,
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield "In FreeScout: Manage > Modules: the module API & Webhooks has to be on."
        yield f"Manage > API & Webhooks > New webhook. Callback URL: {url}"
        yield "Events: convo.created, convo.status, convo.deleted, convo.merged; no other. Save."
        yield f"Secret key, on the same page: {secret} (or write the one that stands there into huifang.toml)"
        yield "Whom to ask: a custom field `telegram_id` of the conversation, or a link that you send."

    def token_steps(self) -> Iterator[str]:
        yield (
            "Manage > Users > New: huifang, a User, with the mailboxes that are asked about; its id stands in the"
            " address of its page: hooks.freescout.api_user."
        )
        yield "Manage > API & Webhooks > API Keys: create one. It is for all mailboxes; FreeScout has none with less."

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        people = {"customer": {"id": 17, "firstName": "Sample", "lastName": "Customer"}, "assignee": None}
        times = {"createdAt": moment, "updatedAt": moment, "closedAt": moment}
        told = {"id": 9, "number": 1, "subject": "Sample", "status": "closed"}
        return {_EVENT: "convo.status"}, {**told, **people, **times}


def _person_name(person: Payload) -> str:
    return joined_name(person.text("firstName"), person.text("lastName"))


FREESCOUT = _FreeScout()
