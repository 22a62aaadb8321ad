"""osTicket as the registry of connectors lists it.

osTicket calls nobody by itself: the plugin of docs/connect/osticket.md sends this JSON on its signals, with the secret
in a header.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, secret_headers
from bot.connectors.payload import Payload, address_key
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from storage.model.records import TicketStatus

__all__ = ["OSTICKET"]

_STATES = {"closed": TicketStatus.CLOSED, "archived": TicketStatus.CLOSED, "deleted": TicketStatus.CLOSED}
"""The states of osTicket behind a status's name."""


class _OsTicket(ConnectorDescriptor):
    name = "osticket"
    title = "osTicket"
    placeholder = "%{ticket.number}"

    def proofs(self, _delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return secret_headers(secret)

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        ticket = payload.part("ticket")
        number = ticket.text("number")
        if not number:
            return IgnoredDelivery("it holds no ticket: `ticket.number` is missing")
        state, name = ticket.text("state").lower(), ticket.text("status.name", "status")
        person, agent, tags = ticket.part("user"), ticket.part("staff"), ticket.words("tags")
        return TicketReport(
            id=number,
            status=_STATES.get(state) or status_named(name, options.closed_states),
            customer=person.text("id") or address_key(person.text("email")),
            updated_at=ticket.moment("updated", "lastupdate"),
            opened_at=ticket.moment("created"),
            closed_at=ticket.moment("closed"),
            subject=ticket.text("subject"),
            category=ticket.text("topic.name", "topic"),
            team=ticket.text("department.name", "department", "team"),
            agent=agent.text("username", "id"),
            agent_name=agent.text("name"),
            tags=tags if ticket.get("tags") is not None else None,
            url=ticket.text("url"),
            customer_name=person.text("name"),
            phone=person.text("phone"),
            email=person.text("email"),
            chats=options.chats(ticket.get("fields"), person.get("fields")),
            excluded=exclusion_by((*tags, state, name)),
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield "osTicket calls nobody by itself: put the plugin of docs/connect/osticket.md into include/plugins."
        yield "Admin Panel > Manage > Plugins > Add New Plugin > huifang > Install, then enable it, with an instance."
        yield f"Its instance's configuration: Address {url}, Secret {secret}. Save."
        yield "Whom to ask: a field `telegram_id` of the ticket's or the contact's form, or a link that you send."

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        moment = at.isoformat()
        people = {"user": {"id": 17, "name": "Sample Customer"}, "staff": {"id": 5, "username": "li", "name": "Li"}}
        times = {"created": moment, "updated": moment, "closed": moment}
        ticket = {"number": "100001", "subject": "Sample", "status": "Closed", "state": "closed", **people, **times}
        return {}, {"event": "ticket.updated", "ticket": ticket}


OSTICKET = _OsTicket()
