"""How a connector describes itself: how its deliveries are proved and read, and how it is plugged in.

The rest of the product reads descriptors, and no help desk's name. Formats: docs/connect/.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any, ClassVar

from bot.connectors.desk_api import DeskApi
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskReading
from scoring.values import Value, field

__all__ = ["ConnectorDescriptor", "ConnectorOptions"]


class ConnectorOptions(Value):
    """What the owner has set for one connector.

    `chat_fields` are the help desk's own fields that hold a chat, with their channel; `closed_states` further words for
    closed tickets; `region` is the country of numbers without its code, in two letters; `paths` say where a connector
    without a format of its own finds what.
    """

    secrets: tuple[str, ...] = ()
    chat_fields: tuple[tuple[str, str], ...] = ()
    closed_states: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)
    region: str = ""

    def chats(self, *holders: object) -> tuple[tuple[str, str], ...]:
        """Return the chats that stand in a ticket's or a person's own fields.

        Own fields are an object by name, or a list of entries with `id`, `name` or `title`, and `value` or `text`.
        """
        own = [entry for holder in holders for entry in _own_fields(holder)]
        found = ((channel, text) for channel, name in self.chat_fields for key, text in own if key == name and text)
        return tuple(dict.fromkeys(found))


class ConnectorDescriptor(ABC):
    """One help desk. What has a default here is left as it is by those that have no such thing."""

    name: ClassVar[str]
    """The last part of its address, and the source of its tickets."""
    title: ClassVar[str]
    """What people call it."""
    event_headers: ClassVar[tuple[str, ...]] = ()
    """Headers that hold the delivery's id, the best first."""
    read_headers: ClassVar[tuple[str, ...]] = ()
    """Headers without which the body is not understood."""
    sample_paths: ClassVar[Mapping[str, str]] = {}
    """The paths of its sample, where it has no format of its own."""
    is_stamped: ClassVar[bool] = False
    """Each delivery says when it was signed."""
    api: ClassVar[DeskApi | None] = None
    """How its tickets are written to, where they can be."""
    placeholder: ClassVar[str] = ""
    """What stands for a ticket's number in its own templates and macros, empty where it has none."""

    @property
    def address(self) -> str:
        """Where it delivers."""
        return f"/hooks/tickets/{self.name}"

    def refusal(self, delivery: DeskDelivery, secrets: Sequence[str]) -> str:
        """Return why a delivery is not believed, empty where it is; the time taken does not tell which secret fits."""
        if self.is_stamped and not delivery.is_fresh(self.signed_at(delivery)):
            return "its time stamp is missing, or more than 300 s off"
        proofs = [proof for each in secrets for proof in self.proofs(delivery, each).items()]
        pairs = [(given, right) for name, right in proofs for given in _given(delivery.header(name))]
        proved = [compare_digest(given.encode(), right.encode()) for given, right in pairs]
        return "" if any(proved) else "no signature or secret fits"

    @abstractmethod
    def proofs(self, delivery: DeskDelivery, secret: str) -> Mapping[str, str]:
        """Return the headers of which each proves a delivery, with what has to stand there."""

    def signed_at(self, delivery: DeskDelivery) -> datetime | None:  # noqa: ARG002 (for those that are stamped)
        """Return when a delivery says that it was signed."""
        return None

    def event(self, delivery: DeskDelivery, payload: Payload) -> str:  # noqa: ARG002 (for ids that stand in the body)
        """Return the delivery's id, empty where the help desk sends none."""
        return next(filter(None, map(delivery.header, self.event_headers)), "")

    @abstractmethod
    def read(self, delivery: DeskDelivery, payload: Payload, options: ConnectorOptions) -> DeskReading:
        """Return what a proved delivery is."""

    @abstractmethod
    def steps(self, url: str, secret: str) -> Iterator[str]:
        """Yield the clicks and texts by which the help desk is set up."""

    def token_steps(self) -> Iterator[str]:
        """Yield the clicks by which a token is made that can write to tickets, and do little else."""
        yield from ()

    @abstractmethod
    def sample(self, at: datetime) -> tuple[Mapping[str, str], Any]:
        """Return headers and JSON of a closed ticket as the help desk would deliver it at that time, not yet signed."""


def _given(header: str) -> tuple[str, ...]:
    """Return a header as a whole, and in parts where several signatures stand in it with blanks between."""
    return (header, *(header.split(" ") if " " in header else ()))


def _own_fields(holder: object) -> Iterator[tuple[str, str]]:
    if isinstance(holder, dict):
        for name in holder:
            yield str(name), Payload(holder[name]).text("value", "text") or Payload(holder).text(str(name))
    for entry in Payload({"own": holder}).parts("own"):
        for name in ("id", "name", "title", "key"):
            yield entry.text(name), entry.text("value", "text")
