"""Zammad as the registry of connectors lists it.

A webhook is sent by a trigger or a scheduler (Zammad's admin documentation, Webhook): `ticket` and `article`, signed by
HMAC-SHA1 of the body. What comes of a scheduler is changed by the user `-` with the id 1.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, hex_mac, secret_headers
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from bot.connectors.zammad.desk_calls import ZAMMAD_CALLS
from bot.person_names import joined_name
from storage.model.records import TicketStatus

__all__ = ["ZAMMAD"]

_SYSTEM = "1"
"""The id of the user as whom Zammad itself acts."""


class _Zammad(ConnectorDescriptor):
    name = "zammad"
    title = "Zammad"
    placeholder = "#{ticket.number}"
    api = ZAMMAD_CALLS
    event_headers = ("x-zammad-delivery",)

    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return {"x-hub-signature": f"sha1={hex_mac(secret, delivery.body, 'sha1')}", **secret_headers(secret)}

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        ticket = payload.part("ticket")
        number = ticket.text("number", "id")
        if not number:
            return IgnoredDelivery("it holds no ticket: the trigger's payload needs `ticket.number`")
        state, owner, person = ticket.text("state.name", "state"), ticket.part("owner"), ticket.part("customer")
        tags = ticket.words("tags")
        excluded = exclusion_by((*tags, state))
        status = (
            TicketStatus.CLOSED if excluded in {"merged", "deleted"} else status_named(state, options.closed_states)
        )
        by = payload.text("ticket.updated_by.id", "ticket.updated_by_id")
        has_owner = owner.text("id") not in {"", _SYSTEM}
        return TicketReport(
            id=number,
            status=status,
            customer=person.text("id", "login") or ticket.text("customer_id"),
            updated_at=ticket.moment("updated_at"),
            opened_at=ticket.moment("created_at"),
            first_replied_at=ticket.moment("first_response_at"),
            closed_at=ticket.moment("last_close_at", "close_at"),
            subject=ticket.text("title"),
            category=ticket.text("category", "type"),
            team=ticket.text("group.name", "group"),
            agent=owner.text("login", "id") if has_owner else "",
            agent_name=_full_name(owner) if has_owner else "",
            tags=tags if ticket.get("tags") is not None else None,
            customer_name=_full_name(person),
            phone=person.text("mobile", "phone"),
            email=person.text("email"),
            locale=person.text("preferences.locale"),
            chats=options.chats(ticket.value, person.value, payload.get("ticket.preferences")),
            excluded=excluded or ("auto-closed" if status is TicketStatus.CLOSED and by == _SYSTEM else ""),
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield f"In Zammad: Admin > Manage > Webhook > New. Name: huifang. Endpoint: {url}"
        yield f"HMAC SHA1 Signature Token: {secret}"
        yield "Leave SSL verification on, and Custom payload off. Submit."
        yield "Admin > Manage > Trigger > New. Name: huifang closed. Activated by: Action."
        yield "Conditions for affected objects: State `has changed`, and Action `is updated`; no other."
        yield "Execute changes on objects: Webhook > huifang. Submit."
        yield (
            "Whom to ask: add an object `telegram_id` of type Text to User (Admin > System > Objects) for the chat's"
            " id; without it the customer is known by phone or e-mail, or by a link that you send them."
        )

    def token_steps(self) -> Iterator[str]:
        yield (
            "Admin > Manage > Roles > New: huifang, with the permission `ticket.agent` and, for the groups that"
            " are asked about, `full` access."
        )
        yield (
            "Admin > Manage > Users > New: huifang, with this role alone. Sign in as it: Profile > Token Access >"
            " Create, with the permission `ticket.agent`."
        )

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        person = {"id": 17, "login": "sample@example.com", "firstname": "Sample", "lastname": "Customer"}
        agent = {"id": 5, "login": "li", "firstname": "Li", "lastname": "Gong"}
        ticket = {
            "id": 1,
            "number": "22001",
            "title": "Sample",
            "state": "closed",
            "group": {"id": 1, "name": "Support"},
        }
        changed = {"owner": agent, "customer": person, "created_at": moment, "updated_at": moment, "close_at": moment}
        return {"x-zammad-trigger": "huifang closed"}, {
            "ticket": ticket | changed,
            "article": {"id": 1, "body": "Done."},
        }


def _full_name(person: Payload) -> str:
    return joined_name(person.text("firstname"), person.text("lastname")) or person.text("fullname")


ZAMMAD = _Zammad()
