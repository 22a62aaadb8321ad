"""The privacy notice: the company that asks, the address of the notice, and the version that is shown."""

from datetime import timedelta

from scoring.values import Value

__all__ = ["Privacy"]


class Privacy(Value):
    """The owner's privacy notice: `url` leads to it, `contact` is who answers for it.

    Without a `url` nothing is said in the chat. `kept` says how long each kind of data is kept; None: without limit.
    """

    company: str = ""
    url: str = ""
    contact: str = ""
    version: str = ""
    kept: tuple[tuple[str, timedelta | None], ...] = ()
