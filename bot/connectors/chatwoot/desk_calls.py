"""How Chatwoot's conversations are written to (developers.chatwoot.com, Application APIs: Conversations, Messages).

The address of the API has the account in it: `https://chat.example.com/api/v1/accounts/1`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["CHATWOOT_CALLS"]


class _ChatwootCalls(DeskApi):
    address_form = "https://chat.example.com/api/v1/accounts/1"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return {"api_access_token": account.token}

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/conversations/meta")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", f"/conversations/{ticket}")

    def seen(
        self,
        ticket: str,
        step: DeskStep,  # noqa: ARG002 (the same for all)
        told: Payload,
        account: DeskAccount,
    ) -> SeenTicket | NotWritable | None:
        return SeenTicket(ticket, told, account.user) if told.text("id") == ticket else None

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (the last ones are told)
        return DeskCall("GET", f"/conversations/{ticket.id}/messages")

    def listed(self, told: Payload) -> Iterator[str]:
        for message in told.parts("payload"):
            yield str(message.get("content"))

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _message(ticket, text, is_private=False)

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _message(ticket, text, is_private=True)

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        """Return the call that sets all labels, since Chatwoot has none that adds one."""
        labels = list(dict.fromkeys((*ticket.told.words("labels"), tag)))
        return DeskCall("POST", f"/conversations/{ticket.id}/labels", {"labels": labels})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return DeskCall("POST", f"/conversations/{ticket.id}/toggle_status", {"status": "open"})


def _message(ticket: SeenTicket, text: str, *, is_private: bool) -> DeskCall:
    body = {"content": text, "message_type": "outgoing", "private": is_private}
    return DeskCall("POST", f"/conversations/{ticket.id}/messages", body)


CHATWOOT_CALLS = _ChatwootCalls()
