"""How Freshdesk's tickets are written to (developers.freshdesk.com/api: Tickets, Conversations).

The key goes as the name of Basic. Texts are HTML. A ticket's tags are set as a whole.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket, as_html
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["FRESHDESK_CALLS"]

_OPEN = 2
"""The number of the status Open."""


class _FreshdeskCalls(DeskApi):
    address_form = "https://example.freshdesk.com"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return {"authorization": f"Basic {b64encode(f'{account.token}:X'.encode()).decode()}"}

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/api/v2/agents/me")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", f"/api/v2/tickets/{ticket}")

    def seen(
        self,
        ticket: str,
        step: DeskStep,  # noqa: ARG002 (the same for all)
        told: Payload,
        account: DeskAccount,
    ) -> SeenTicket | NotWritable | None:
        is_there = told.text("id") == ticket and not told.get("deleted")
        return SeenTicket(ticket, told, account.user) if is_there else None

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (the first hundred are told)
        return DeskCall("GET", f"/api/v2/tickets/{ticket.id}/conversations?per_page=100")

    def listed(self, told: Payload) -> Iterator[str]:
        for one in Payload({"all": told.value}).parts("all"):
            yield f"{one.get('body_text')} {one.get('body')}"

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return DeskCall("POST", f"/api/v2/tickets/{ticket.id}/reply", {"body": as_html(text)})

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return DeskCall("POST", f"/api/v2/tickets/{ticket.id}/notes", {"body": as_html(text), "private": True})

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        tags = list(dict.fromkeys((*ticket.told.words("tags"), tag)))
        return DeskCall("PUT", f"/api/v2/tickets/{ticket.id}", {"tags": tags})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return DeskCall("PUT", f"/api/v2/tickets/{ticket.id}", {"status": _OPEN})


FRESHDESK_CALLS = _FreshdeskCalls()
