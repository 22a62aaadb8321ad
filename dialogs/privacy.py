"""The privacy notice: who asks, where it stands, and which version of it is shown."""

from datetime import timedelta

from scoring.values import Value

__all__ = ["Privacy"]


class Privacy(Value):
    """What the owner says of personal data: `url` leads to the notice, `contact` is who answers for it.

    Without a `url` nothing is said in the chat. `kept` says how long each kind of data is kept; None: for ever.
    """

    company: str = ""
    url: str = ""
    contact: str = ""
    version: str = ""
    kept: tuple[tuple[str, timedelta | None], ...] = ()
