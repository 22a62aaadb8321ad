"""Zammad's API, as docs.zammad.org has it: tickets are found by a search, articles are written, tags added."""

from collections.abc import Mapping
from typing import Any

from dialogs.messages import DeskStep
from tests.support.helpdesks.vendors.fake_desk import Answer, ApiTicket, FakeDesk, Put, parts_of

__all__ = ["FakeZammad"]


class FakeZammad(FakeDesk):
    """Zammad with a few tickets."""

    name = "zammad"
    token = "zammads-token-51fa0c"
    auth = {"authorization": f"Token token={token}"}

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Answer:  # noqa: ANN401 (JSON)
        if (method, path) == ("GET", "/api/v1/users/me"):
            return Answer(body={"id": 3, "login": "huifang"})
        if (method, path) == ("GET", "/api/v1/tickets/search"):
            kind, _, number = query["query"].partition(":")
            assert (kind, query["expand"]) == ("number", "true")
            return Answer(body=[_ticket(one) for one in self.tickets.values() if one.number == number])
        if method == "GET" and (found := parts_of("/api/v1/ticket_articles/by_ticket/{id}", path)):
            return Answer(body=[{"id": 1, "body": text} for text in self.by_id(found[0]).texts])
        if (method, path) == ("POST", "/api/v1/ticket_articles"):
            ticket = self.by_id(str(body["ticket_id"]))
            step = DeskStep.NOTE if body["internal"] else DeskStep.REPLY
            ticket.puts.append(Put(step, body["body"], {"type": body["type"], "to": body.get("to")}))
            return Answer(201, {"id": 900 + len(ticket.puts)})
        if (method, path) == ("POST", "/api/v1/tags/add"):
            assert body["object"] == "Ticket"
            self.by_id(str(body["o_id"])).tags.append(body["item"])
            return Answer(201, body=True)
        if method == "PUT" and (found := parts_of("/api/v1/tickets/{id}", path)):
            self.by_id(found[0]).state = body["state"]
            return Answer(body=_ticket(self.by_id(found[0])))
        return self.nothing_like(method, path)


def _ticket(ticket: ApiTicket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "number": ticket.number,
        "title": "Leaking pipe",
        "state": ticket.state,
        "customer": ticket.address,
    }
