"""How GitHub's issues are written to (docs.github.com/rest: Issues, Comments, Labels). A ticket is `owner/repo#7`.

GitHub has no comment that only the team reads, so there are no notes; and a link for one customer stands in no
repository that everybody reads.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket
from bot.connectors.payload import Payload
from dialogs.messages import DeskStep

__all__ = ["GITHUB_CALLS"]


class _GithubCalls(DeskApi):
    own_address = "https://api.github.com"
    writes = frozenset(DeskStep) - {DeskStep.NOTE}

    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        return {
            "authorization": f"Bearer {account.token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }

    def probe(self) -> DeskCall:
        return DeskCall("GET", "/rate_limit")

    def look(self, ticket: str, step: DeskStep) -> DeskCall:  # noqa: ARG002 (the same for all)
        return DeskCall("GET", f"/repos/{_repository(ticket)}")

    def seen(self, ticket: str, step: DeskStep, told: Payload, account: DeskAccount) -> SeenTicket | NotWritable | None:
        if step is DeskStep.NOTE:
            return NotWritable("GitHub has no comments that only the team reads")
        if step is DeskStep.REPLY and told.get("private") is not True:
            return NotWritable("the repository is public: whoever reads the link could take the customer's place")
        return SeenTicket(ticket, told, account.user)

    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return DeskCall("GET", f"{_issue(ticket)}/comments?since={moment}&per_page=100")

    def listed(self, told: Payload) -> Iterator[str]:
        for comment in Payload({"all": told.value}).parts("all"):
            yield str(comment.get("body"))

    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        return DeskCall("POST", f"{_issue(ticket)}/comments", {"body": text})

    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        """Return the call for a comment; `seen` lets none through."""
        return self.reply(ticket, text)

    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        return DeskCall("POST", f"{_issue(ticket)}/labels", {"labels": [tag]})

    def reopen(self, ticket: SeenTicket) -> DeskCall:
        return DeskCall("PATCH", _issue(ticket), {"state": "open"})


def _repository(ticket: str) -> str:
    return quote(ticket.rpartition("#")[0])


def _issue(ticket: SeenTicket) -> str:
    return f"/repos/{_repository(ticket.id)}/issues/{ticket.id.rpartition('#')[2]}"


GITHUB_CALLS = _GithubCalls()
