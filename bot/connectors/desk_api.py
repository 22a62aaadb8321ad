"""How the tickets of a help desk are written to: the calls of its API, as values; nothing is sent here.

Each connector describes its own in `desk_calls.py` of its folder; `bot/delivery/desk_writes/` makes the calls, the same
ones for all: look at the ticket, look whether the text stands there already, write.
"""

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any, ClassVar

from bot.connectors.payload import Payload
from dialogs.messages import DeskStep
from scoring.values import Value

__all__ = [
    "DeskAccount",
    "DeskApi",
    "DeskCall",
    "NotWritable",
    "SeenTicket",
    "as_html",
    "basic_or_bearer",
    "one_of_many",
]


class DeskCall(Value):
    """A call: the path below the API's address, and the JSON that goes with it, None for none."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None


class DeskAccount(Value):
    """Where the API is, and the token by which it is called; `user` is who writes, where the API asks for it."""

    url: str
    token: str
    user: str = ""


class SeenTicket(Value):
    """A ticket by the id that its API has for it, and what the API has told of it; `user` is who writes."""

    id: str
    told: Payload
    user: str = ""


class NotWritable(Value):
    """Why this is not written into this ticket, now and later."""

    why: str


class DeskApi(ABC):
    """The calls of one help desk's API. A ticket goes by the id that people see, as in `TicketReport`."""

    own_address: ClassVar[str] = ""
    """Where the vendor runs one for all."""
    address_form: ClassVar[str] = "https://…"
    """How an address of its API is written."""
    writes: ClassVar[frozenset[DeskStep]] = frozenset(DeskStep)
    """What can be done to its tickets."""

    @abstractmethod
    def headers(self, account: DeskAccount) -> Mapping[str, str]:
        """Return the headers of every call, with the token."""

    @abstractmethod
    def probe(self) -> DeskCall:
        """Return a call that changes nothing and succeeds for whoever has a token."""

    @abstractmethod
    def look(self, ticket: str, step: DeskStep) -> DeskCall:
        """Return the call that tells of a ticket what `seen` needs for this step."""

    @abstractmethod
    def seen(self, ticket: str, step: DeskStep, told: Payload, account: DeskAccount) -> SeenTicket | NotWritable | None:
        """Return the ticket as `look` was answered; None where it is not there."""

    @abstractmethod
    def texts(self, ticket: SeenTicket, since: datetime) -> DeskCall:
        """Return the call that lists what stands in a ticket, at least what was written since then."""

    @abstractmethod
    def listed(self, told: Payload) -> Iterator[str]:
        """Yield the texts that `texts` was answered with."""

    @abstractmethod
    def reply(self, ticket: SeenTicket, text: str) -> DeskCall:
        """Return the call that writes a text for the customer."""

    @abstractmethod
    def note(self, ticket: SeenTicket, text: str) -> DeskCall:
        """Return the call that writes a text for the team alone."""

    @abstractmethod
    def tag(self, ticket: SeenTicket, tag: str) -> DeskCall:
        """Return the call that adds a tag."""

    @abstractmethod
    def reopen(self, ticket: SeenTicket) -> DeskCall:
        """Return the call that opens a ticket again."""

    def write(self, ticket: SeenTicket, step: DeskStep, text: str) -> DeskCall:
        """Return the call of a step."""
        match step:
            case DeskStep.REPLY:
                return self.reply(ticket, text)
            case DeskStep.NOTE:
                return self.note(ticket, text)
            case DeskStep.TAG:
                return self.tag(ticket, text)
            case DeskStep.REOPEN:
                return self.reopen(ticket)


def as_html(text: str) -> str:
    """Return a text as HTML, for APIs that take nothing else."""
    return escape(text).replace("\n", "<br>")


def basic_or_bearer(token: str) -> Mapping[str, str]:
    """Return the header of a token: `name:token` goes as Basic, one without a colon as Bearer."""
    if ":" not in token:
        return {"authorization": f"Bearer {token}"}
    return {"authorization": f"Basic {b64encode(token.encode()).decode()}"}


def one_of_many(told: Payload, key: str, value: str, *places: str) -> Payload | None:
    """Return the entry of a list, at one of these places or the whole, whose `key` has this value."""
    entries = [entry for place in places for entry in told.parts(place)]
    entries += Payload({"all": told.value}).parts("all")
    return next((entry for entry in entries if entry.text(key) == value), None)
