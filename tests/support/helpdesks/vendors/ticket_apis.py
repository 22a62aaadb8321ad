"""The APIs of help desks whose tickets have numbers, as their vendors document them."""

import html
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from dialogs.messages import DeskStep
from tests.support.helpdesks.vendors.fake_desk import Answer, ApiCallMade, ApiTicket, FakeDesk, Put

__all__ = ["FakeChatwoot", "FakeFreescout", "FakeFreshdesk", "FakeZammad", "FakeZendesk"]

Routes = Mapping[str, Callable[[ApiCallMade], Answer]]
_OPEN = 2
"""Freshdesk's number of the status."""


def _kind(*, is_public: bool) -> DeskStep:
    return DeskStep.REPLY if is_public else DeskStep.NOTE


def _plain(body: str) -> str:
    return html.unescape(body.replace("<br>", "\n"))


class FakeZammad(FakeDesk):
    """Zammad: tickets are found by a search, articles are written, tags added."""

    name = "zammad"
    token = "zammads-token-51fa0c"
    auth: ClassVar = {"authorization": f"Token token={token}"}

    def routes(self) -> Routes:
        return {
            "GET /api/v1/users/me": lambda _: Answer(body={"id": 3}),
            "GET /api/v1/tickets/search": self._search,
            "GET /api/v1/ticket_articles/by_ticket/{id}": lambda made: Answer(
                body=[{"id": 1, "body": text} for text in self.by_id(made.parts[0]).texts]
            ),
            "POST /api/v1/ticket_articles": self._article,
            "POST /api/v1/tags/add": self._tag,
            "PUT /api/v1/tickets/{id}": self._change,
        }

    def _search(self, made: ApiCallMade) -> Answer:
        kind, _, number = made.query["query"].partition(":")
        assert (kind, made.query["expand"]) == ("number", "true")
        return Answer(body=[self._told(one) for one in self.tickets.values() if one.number == number])

    def _article(self, made: ApiCallMade) -> Answer:
        body = made.body
        ticket = self.by_id(str(body["ticket_id"]))
        put = Put(_kind(is_public=not body["internal"]), body["body"], {"type": body["type"], "to": body.get("to")})
        ticket.puts.append(put)
        return Answer(201, {"id": 900 + len(ticket.puts)})

    def _tag(self, made: ApiCallMade) -> Answer:
        assert made.body["object"] == "Ticket"
        self.by_id(str(made.body["o_id"])).tags.append(made.body["item"])
        return Answer(201, body=True)

    def _change(self, made: ApiCallMade) -> Answer:
        ticket = self.by_id(made.parts[0])
        ticket.state = made.body["state"]
        return Answer(body=self._told(ticket))

    def _told(self, ticket: ApiTicket) -> dict[str, Any]:
        seen = {"title": "Leaking pipe", "state": ticket.state, "customer": ticket.address}
        return {"id": ticket.id, "number": ticket.number, **seen}


class FakeChatwoot(FakeDesk):
    """Chatwoot: a conversation's number is its id, and its labels are set as a whole."""

    name = "chatwoot"
    token = "chatwoots-token-88ab12"
    auth: ClassVar = {"api_access_token": token}
    mount = "/api/v1/accounts/1"

    def routes(self) -> Routes:
        return {
            "GET /conversations/meta": lambda _: Answer(body={"meta": {}}),
            "GET /conversations/{id}": lambda made: Answer(
                body={
                    "id": int(self.by_number(made.parts[0]).number),
                    "labels": list(self.by_number(made.parts[0]).tags),
                }
            ),
            "GET /conversations/{id}/messages": lambda made: Answer(
                body={"payload": [{"content": text} for text in self.by_number(made.parts[0]).texts]}
            ),
            "POST /conversations/{id}/messages": self._message,
            "POST /conversations/{id}/labels": self._labels,
            "POST /conversations/{id}/toggle_status": self._toggle,
        }

    def _message(self, made: ApiCallMade) -> Answer:
        assert made.body["message_type"] == "outgoing"
        put = Put(_kind(is_public=not made.body["private"]), made.body["content"])
        self.by_number(made.parts[0]).puts.append(put)
        return Answer(body={"id": 41})

    def _labels(self, made: ApiCallMade) -> Answer:
        self.by_number(made.parts[0]).tags = made.body["labels"]
        return Answer(body={"payload": made.body["labels"]})

    def _toggle(self, made: ApiCallMade) -> Answer:
        self.by_number(made.parts[0]).state = made.body["status"]
        return Answer(body={"payload": {"success": True}})


class FakeZendesk(FakeDesk):
    """Zendesk: a ticket is updated, with a comment or without; tags are added."""

    name = "zendesk"
    token = "li@help.example/token:zendesks-31f"
    auth: ClassVar = {"authorization": f"Basic {b64encode(token.encode()).decode()}"}

    def routes(self) -> Routes:
        return {
            "GET /api/v2/users/me.json": lambda _: Answer(body={"user": {"id": 1}}),
            "GET /api/v2/tickets/{id}.json": lambda made: Answer(
                body={"ticket": {"id": int(made.parts[0]), "status": self.by_number(made.parts[0]).state}}
            ),
            "GET /api/v2/tickets/{id}/comments.json": lambda made: Answer(
                body={"comments": [{"body": text, "plain_body": text} for text in self.by_number(made.parts[0]).texts]}
            ),
            "PUT /api/v2/tickets/{id}.json": self._update,
            "PUT /api/v2/tickets/{id}/tags.json": self._tags,
        }

    def _update(self, made: ApiCallMade) -> Answer:
        ticket, change = self.by_number(made.parts[0]), made.body["ticket"]
        if "comment" in change:
            comment = change["comment"]
            ticket.puts.append(Put(_kind(is_public=comment["public"]), comment["body"]))
        ticket.state = change.get("status", ticket.state)
        return Answer(body={"ticket": {"id": int(ticket.number)}})

    def _tags(self, made: ApiCallMade) -> Answer:
        self.by_number(made.parts[0]).tags += made.body["tags"]
        return Answer(body={"tags": self.by_number(made.parts[0]).tags})


class FakeFreshdesk(FakeDesk):
    """Freshdesk: texts are HTML, and tags are set as a whole."""

    name = "freshdesk"
    token = "freshdesks-key-7c21"
    auth: ClassVar = {"authorization": f"Basic {b64encode(f'{token}:X'.encode()).decode()}"}

    def routes(self) -> Routes:
        return {
            "GET /api/v2/agents/me": lambda _: Answer(body={"id": 1}),
            "GET /api/v2/tickets/{id}": lambda made: Answer(
                body={"id": int(made.parts[0]), "tags": list(self.by_number(made.parts[0]).tags)}
            ),
            "GET /api/v2/tickets/{id}/conversations": lambda made: Answer(
                body=[{"body": text, "body_text": text} for text in self.by_number(made.parts[0]).texts]
            ),
            "POST /api/v2/tickets/{id}/reply": lambda made: self._put(made, DeskStep.REPLY),
            "POST /api/v2/tickets/{id}/notes": lambda made: self._put(made, _kind(is_public=not made.body["private"])),
            "PUT /api/v2/tickets/{id}": self._update,
        }

    def _put(self, made: ApiCallMade, step: DeskStep) -> Answer:
        self.by_number(made.parts[0]).puts.append(Put(step, _plain(made.body["body"])))
        return Answer(201, {"id": 51})

    def _update(self, made: ApiCallMade) -> Answer:
        ticket = self.by_number(made.parts[0])
        ticket.tags = made.body.get("tags", ticket.tags)
        ticket.state = "open" if made.body.get("status") == _OPEN else ticket.state
        return Answer(body={"id": int(ticket.number)})


class FakeFreescout(FakeDesk):
    """FreeScout: conversations are found by their number, and whoever writes is named."""

    name = "freescout"
    token = "freescouts-key-90ee"
    auth: ClassVar = {"x-freescout-api-key": token}
    settings: ClassVar = {"api_user": "33"}

    def routes(self) -> Routes:
        return {
            "GET /api/mailboxes": lambda _: Answer(body={"_embedded": {"mailboxes": []}}),
            "GET /api/conversations": lambda made: Answer(
                body={
                    "_embedded": {"conversations": [self._told(one) for one in self.tickets.values()][:50]},
                    "asked": made.query["number"],
                }
            ),
            "GET /api/conversations/{id}": lambda made: Answer(
                body={"_embedded": {"threads": [{"body": text} for text in self.by_id(made.parts[0]).texts]}}
            ),
            "POST /api/conversations/{id}/threads": self._thread,
            "PUT /api/conversations/{id}/tags": self._tags,
            "PUT /api/conversations/{id}": self._update,
        }

    def _thread(self, made: ApiCallMade) -> Answer:
        assert str(made.body["user"]) == self.settings["api_user"]
        ticket, is_public = self.by_id(made.parts[0]), made.body["type"] == "message"
        ticket.puts.append(Put(_kind(is_public=is_public), _plain(made.body["text"])))
        if is_public:
            ticket.state = made.body.get("status", "active")
        return Answer(201, None)

    def _tags(self, made: ApiCallMade) -> Answer:
        self.by_id(made.parts[0]).tags = made.body["tags"]
        return Answer(204)

    def _update(self, made: ApiCallMade) -> Answer:
        assert str(made.body["byUser"]) == self.settings["api_user"]
        self.by_id(made.parts[0]).state = {"active": "open"}.get(made.body["status"], made.body["status"])
        return Answer(204)

    def _told(self, ticket: ApiTicket) -> dict[str, Any]:
        tags = [{"id": 1, "name": tag} for tag in ticket.tags]
        return {"id": ticket.id, "number": int(ticket.number), "status": ticket.state, "_embedded": {"tags": tags}}
