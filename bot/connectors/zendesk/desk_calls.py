"""How Zendesk's tickets are written to (developer.zendesk.com, Ticketing API: Tickets, Ticket Comments, Tags).

The token is `agent@example.com/token:…`, which goes as Basic, or one of OAuth. A closed ticket takes nothing any more.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket, basic_or_bearer
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["ZENDESK_CALLS"]


class _ZendeskCalls(DeskApi):
    address_form = "https://example.zendesk.com"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return basic_or_bearer(account.token)

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/api/v2/users/me.json")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", f"/api/v2/tickets/{ticket}.json")

    def seen(
        self,
        ticket: str,
        step: DeskStep,  # noqa: ARG002 (the same for all)
        told: Payload,
        account: DeskAccount,
    ) -> SeenTicket | NotWritable | None:
        found = told.part("ticket")
        if found.text("status") in ("closed", "deleted"):
            return NotWritable(f"the ticket is {found.text('status')}, and Zendesk lets nobody write to it any more")
        return SeenTicket(ticket, found, account.user) if found.text("id") == ticket else None

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (the last hundred are told)
        return DeskCall("GET", f"/api/v2/tickets/{ticket.id}/comments.json?sort=-created_at&page[size]=100")

    def listed(self, told: Payload) -> Iterator[str]:
        for comment in told.parts("comments"):
            yield f"{comment.get('plain_body')} {comment.get('body')}"

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _changed(ticket, {"comment": {"body": text, "public": True}})

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _changed(ticket, {"comment": {"body": text, "public": False}})

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        return DeskCall("PUT", f"/api/v2/tickets/{ticket.id}/tags.json", {"tags": [tag]})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return _changed(ticket, {"status": "open"})


def _changed(ticket: SeenTicket, change: Mapping[str, object]) -> DeskCall:
    return DeskCall("PUT", f"/api/v2/tickets/{ticket.id}.json", {"ticket": change})


ZENDESK_CALLS = _ZendeskCalls()
