"""A request to the platform's interface, written and not yet sent."""

from collections.abc import Mapping

from scoring.values import Value, field

__all__ = ["Built"]


class Built(Value):
    """A path, its query without the token, and a body of JSON; without a body it is a GET."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
