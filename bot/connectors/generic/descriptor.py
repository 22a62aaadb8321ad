"""Any tool with a webhook, as the registry of connectors lists it: `hooks.generic.paths` say where what stands."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery, secret_headers
from bot.connectors.payload import Payload, address_key
from bot.connectors.ticket_report import DeskReading, IgnoredDelivery, TicketReport, exclusion_by, status_named
from storage.model.records import TicketStatus

__all__ = ["GENERIC"]

_USUAL = {
    "ticket": "ticket.id",
    "status": "ticket.status",
    "customer": "ticket.customer.id",
    "updated_at": "ticket.updated_at",
    "subject": "ticket.subject",
    "tags": "ticket.tags",
}
"""Where things stand unless the owner says otherwise."""


class _Generic(ConnectorDescriptor):
    name = "generic"
    title = "Any tool with a webhook"
    placeholder = "TICKET"
    sample_paths = _USUAL

    def proofs(self, _delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        return secret_headers(secret)

    def event(self, delivery: DeskDelivery, payload: Payload) -> str:
        return delivery.header("webhook-id") or delivery.header("idempotency-key") or payload.text("event_id")

    def read(self, _delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        found = _Found(payload, options)
        number, state = found.text("ticket"), found.text("status")
        if not (number and state):
            where = " and ".join(found.path(name) for name in ("ticket", "status"))
            return IgnoredDelivery(f"it holds no ticket: nothing stands at {where} (hooks.generic.paths)")
        email, phone, tags = found.text("email"), found.text("phone"), found.words("tags")
        excluded = exclusion_by((*(tags or ()), state, found.text("excluded")))
        status = status_named(state, options.closed_states)
        return TicketReport(
            id=number,
            status=TicketStatus.CLOSED if excluded in {"merged", "deleted", "spam"} else status,
            customer=found.text("customer") or address_key(email or phone),
            updated_at=found.moment("updated_at"),
            opened_at=found.moment("opened_at"),
            first_replied_at=found.moment("first_replied_at"),
            closed_at=found.moment("closed_at"),
            subject=found.text("subject"),
            category=found.text("category"),
            product=found.text("product"),
            team=found.text("team"),
            agent=found.text("agent"),
            agent_name=found.text("agent_name"),
            tags=tags,
            url=found.text("url"),
            customer_name=found.text("customer_name"),
            phone=phone,
            email=email,
            locale=found.text("locale"),
            chats=found.chats(),
            excluded=excluded,
        )

    def steps(self, url: str, secret: str) -> Iterator[str]:
        yield f"In your tool: a webhook that posts JSON to {url} when a ticket's status changes."
        yield f"With this header:\n\n    X-Huifang-Secret: {secret}\n"
        yield (
            "Say in huifang.toml where in its JSON what stands, by names and places in lists with dots between:\n\n"
            '    [hooks.generic.paths]\n    ticket = "data.number"\n    status = "data.state"\n'
            '    customer = "data.requester.id"\n    updated_at = "data.changed"\n'
        )
        yield "docs/connect/generic.md has every name; where none is set, the ticket stands at `ticket`, as PUT has it."

    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        ticket = {"id": "1", "status": "closed", "customer": {"id": "17"}, "updated_at": at.isoformat()}
        return {}, {"ticket": {**ticket, "subject": "Sample", "tags": []}}


class _Found:
    """What stands at the owner's paths."""

    def __init__(self, payload: Payload, options: ConnectorOptions) -> None:
        self._payload = payload
        self._options = options

    def path(self, name: str) -> str:
        """Return where something stands; `$.a[0].b` is read as `a.0.b`."""
        written = self._options.paths.get(name) or _USUAL.get(name) or f"ticket.{name}"
        return written.removeprefix("$.").replace("[", ".").replace("]", "")

    def text(self, name: str) -> str:
        return self._payload.text(self.path(name))

    def moment(self, name: str) -> datetime | None:
        return self._payload.moment(self.path(name))

    def words(self, name: str) -> tuple[str, ...] | None:
        told = self._payload.get(self.path(name))
        return self._payload.words(self.path(name)) if told is not None else None

    def chats(self) -> tuple[tuple[str, str], ...]:
        """Return the chats at the paths named after their fields, and in the ticket's own fields."""
        named = {field: self.text(field) for _, field in self._options.chat_fields}
        own = ("ticket", "ticket.fields", "ticket.customer")
        return self._options.chats(named, *map(self._payload.get, own))


GENERIC = _Generic()
