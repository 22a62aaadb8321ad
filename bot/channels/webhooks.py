"""A platform's calls to us, without a web framework: what is asked, what is answered, and how the API describes it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from scoring.values import Value, field

__all__ = [
    "CallParameter",
    "MalformedDelivery",
    "Operation",
    "UnreadableDelivery",
    "Webhook",
    "WebhookAddress",
    "WebhookAnswer",
    "WebhookCall",
]


class MalformedDelivery(ValueError):  # noqa: N818 (the name says what the delivery is)
    """A delivery that cannot be read, or that the platform never sends; the text says why, without quoting it."""


class UnreadableDelivery(MalformedDelivery):
    """A delivery that is the platform's and cannot be read; it is kept under `key`, or by its content."""

    def __init__(self, why: str, key: str = "") -> None:
        super().__init__(why)
        self.key = key


class WebhookCall(Protocol):
    """One HTTP request of a platform's."""

    @property
    def method(self) -> str:
        """The method, in capitals."""

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters behind `?`; of one that stands twice the last."""

    def header(self, name: str) -> str:
        """Return a header, whose name is in small letters; empty where it is missing."""

    async def body(self) -> bytes:
        """Return the whole body, at most 64 KiB; a larger one ends the call with 413."""


class WebhookAnswer(Value):
    """What is answered: an HTTP status, a body, its media type, headers. From 400 up the body is one sentence."""

    status: int
    body: bytes = b""
    media_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


Webhook = Callable[[WebhookCall], Awaitable[WebhookAnswer]]


class CallParameter(Value):
    """A header or a query parameter that the platform sends; `place` is `header` or `query`."""

    place: str
    name: str
    description: str


class Operation(Value):
    """One method at an address: what it is for, what comes, what is answered, which problems there may be."""

    summary: str
    parameters: tuple[CallParameter, ...]
    answer: str
    problems: tuple[int, ...]
    takes: str = ""
    """The media type of the body; empty for none."""
    gives: tuple[str, ...] = ()
    """The media types of the answer."""


class WebhookAddress(Value):
    """Where a platform calls, by method in small letters; `off` says what to set to switch the channel on."""

    path: str
    operations: Mapping[str, Operation]
    off: str = ""
