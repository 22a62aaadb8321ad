"""How FreeScout's conversations are written to (api-docs.freescout.net: Conversations, Threads, Tags).

The module API & Webhooks asks who writes: the user of the settings, else the one to whom the conversation is assigned.
Texts are HTML. A reply keeps the conversation closed; without a status FreeScout would open it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket, as_html, one_of_many
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["FREESCOUT_CALLS"]


class _FreescoutCalls(DeskApi):
    address_form = "https://desk.example.com"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return {"x-freescout-api-key": account.token}

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/api/mailboxes?pageSize=1")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", f"/api/conversations?number={ticket}")

    def seen(
        self,
        ticket: str,
        step: DeskStep,
        told: Payload,
        account: DeskAccount,
    ) -> SeenTicket | NotWritable | None:
        found = one_of_many(told, "number", ticket, "_embedded.conversations")
        if found is None:
            return None
        user = account.user or found.text("assignee.id")
        if not user and step is not DeskStep.TAG:
            return NotWritable("nobody has the conversation: set hooks.freescout.api_user, the user as whom is written")
        return SeenTicket(found.text("id"), found, user)

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (all are told)
        return DeskCall("GET", f"/api/conversations/{ticket.id}?embed=threads")

    def listed(self, told: Payload) -> Iterator[str]:
        for thread in told.parts("_embedded.threads"):
            yield str(thread.get("body"))

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _thread(ticket, text, {"type": "message", "status": ticket.told.text("status") or "closed"})

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _thread(ticket, text, {"type": "note"})

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        tags = list(dict.fromkeys((*ticket.told.words("_embedded.tags"), tag)))
        return DeskCall("PUT", f"/api/conversations/{ticket.id}/tags", {"tags": tags})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return DeskCall("PUT", f"/api/conversations/{ticket.id}", {"byUser": _user(ticket), "status": "active"})


def _thread(ticket: SeenTicket, text: str, how: Mapping[str, object]) -> DeskCall:
    body = {"text": as_html(text), "user": _user(ticket), **how}
    return DeskCall("POST", f"/api/conversations/{ticket.id}/threads", body)


def _user(ticket: SeenTicket) -> int | str:
    return int(ticket.user) if ticket.user.isdecimal() else ticket.user


FREESCOUT_CALLS = _FreescoutCalls()
