"""How GitLab's issues are written to (docs.gitlab.com/api: Issues, Notes). A ticket is `group/project#7`.

A link for one customer stands in no project that everybody reads.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["GITLAB_CALLS"]


class _GitlabCalls(DeskApi):
    own_address = "https://gitlab.com"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return {"private-token": account.token}

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/api/v4/user")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", _project(ticket))

    def seen(self, ticket: str, step: DeskStep, told: Payload, account: DeskAccount) -> SeenTicket | NotWritable | None:
        if step is DeskStep.REPLY and told.text("visibility") not in ("private", "internal"):
            return NotWritable("the project is public: whoever reads the link could take the customer's place")
        return SeenTicket(ticket, told, account.user)

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (the last hundred are told)
        return DeskCall("GET", f"{_issue(ticket)}/notes?sort=desc&order_by=created_at&per_page=100")

    def listed(self, told: Payload) -> Iterator[str]:
        for note in Payload({"all": told.value}).parts("all"):
            yield str(note.get("body"))

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return DeskCall("POST", f"{_issue(ticket)}/notes", {"body": text})

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return DeskCall("POST", f"{_issue(ticket)}/notes", {"body": text, "internal": True})

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        return DeskCall("PUT", _issue(ticket), {"add_labels": tag})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return DeskCall("PUT", _issue(ticket), {"state_event": "reopen"})


def _project(ticket: str) -> str:
    return f"/api/v4/projects/{quote(ticket.rpartition('#')[0], safe='')}"


def _issue(ticket: SeenTicket) -> str:
    return f"{_project(ticket.id)}/issues/{ticket.id.rpartition('#')[2]}"


GITLAB_CALLS = _GitlabCalls()
