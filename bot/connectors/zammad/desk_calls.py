"""How Zammad's tickets are written to (docs.zammad.org, REST API: Ticket, Articles, Tags)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket, one_of_many
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["ZAMMAD_CALLS"]


class _ZammadCalls(DeskApi):
    address_form = "https://zammad.example.com"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return {"authorization": f"Token token={account.token}"}

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/api/v1/users/me")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", f"/api/v1/tickets/search?query={quote(f'number:{ticket}')}&expand=true&limit=10")

    def seen(
        self,
        ticket: str,
        step: DeskStep,  # noqa: ARG002 (the same for all)
        told: Payload,
        account: DeskAccount,
    ) -> SeenTicket | NotWritable | None:
        found = one_of_many(told, "number", ticket)
        return SeenTicket(found.text("id"), found, account.user) if found is not None else None

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (all are told)
        return DeskCall("GET", f"/api/v1/ticket_articles/by_ticket/{ticket.id}")

    def listed(self, told: Payload) -> Iterator[str]:
        for article in Payload({"all": told.value}).parts("all"):
            yield str(article.get("body"))

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        """Return the call for an e-mail where the customer has an address, else for a note that they see."""
        address = ticket.told.text("customer")
        by_mail = {"type": "email", "to": address, "subject": ticket.told.text("title")}
        return _article(ticket, text, {"internal": False, **(by_mail if "@" in address else {"type": "note"})})

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _article(ticket, text, {"internal": True, "type": "note"})

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        return DeskCall("POST", "/api/v1/tags/add", {"object": "Ticket", "o_id": _number(ticket), "item": tag})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return DeskCall("PUT", f"/api/v1/tickets/{ticket.id}", {"state": "open"})


def _article(ticket: SeenTicket, text: str, how: Mapping[str, object]) -> DeskCall:
    body = {"ticket_id": _number(ticket), "body": text, "content_type": "text/plain", "sender": "Agent", **how}
    return DeskCall("POST", "/api/v1/ticket_articles", body)


def _number(ticket: SeenTicket) -> int | str:
    return int(ticket.id) if ticket.id.isdecimal() else ticket.id


ZAMMAD_CALLS = _ZammadCalls()
