"""How Jira's issues are written to (developer.atlassian.com: platform REST API v2, Service Management REST API).

Comments go through Service Management, which alone knows whether the customer sees them. The token is
`agent@example.com:…`, which goes as Basic, or a personal access token. To open an issue again is a transition.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket, basic_or_bearer
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["JIRA_CALLS"]

_DONE = "done"


class _JiraCalls(DeskApi):
    address_form = "https://example.atlassian.net"

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return basic_or_bearer(account.token)

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/rest/api/2/myself")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:
        match step:
            case DeskStep.REPLY | DeskStep.NOTE:
                return DeskCall("GET", f"/rest/servicedeskapi/request/{ticket}")
            case DeskStep.TAG:
                return DeskCall("GET", f"/rest/api/2/issue/{ticket}?fields=labels")
            case DeskStep.REOPEN:
                return DeskCall("GET", f"/rest/api/2/issue/{ticket}/transitions")

    def seen(self, ticket: str, step: DeskStep, told: Payload, account: DeskAccount) -> SeenTicket | NotWritable | None:
        if step is DeskStep.REOPEN and not _way_back(told):
            return NotWritable("the issue's workflow has no transition that leads out of what is done")
        return SeenTicket(ticket, told, account.user)

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:  # noqa: ARG002 (the last hundred are told)
        return DeskCall("GET", f"/rest/api/2/issue/{ticket.id}/comment?orderBy=-created&maxResults=100")

    def listed(self, told: Payload) -> Iterator[str]:
        for comment in told.parts("comments"):
            yield str(comment.get("body"))

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _comment(ticket, text, is_public=True)

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        return _comment(ticket, text, is_public=False)

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        body = {"update": {"labels": [{"add": tag}]}}
        return DeskCall("PUT", f"/rest/api/2/issue/{ticket.id}", body)

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        body = {"transition": {"id": _way_back(ticket.told)}}
        return DeskCall("POST", f"/rest/api/2/issue/{ticket.id}/transitions", body)


def _comment(ticket: SeenTicket, text: str, *, is_public: bool) -> DeskCall:
    return DeskCall("POST", f"/rest/servicedeskapi/request/{ticket.id}/comment", {"body": text, "public": is_public})


def _way_back(told: Payload) -> str:
    """Return the first transition out of what is done, empty where there is none."""
    ways = (way for way in told.parts("transitions") if way.text("to.statusCategory.key") not in ("", _DONE))
    return next((way.text("id") for way in ways), "")


JIRA_CALLS = _JiraCalls()
