"""The last deliveries that were refused at help desks' addresses, with the reason: in memory, being unproved.

What is not proved may come from anybody, so nothing of it is stored: not its body, nor a row that it could fill a disk
with. A few are remembered until the process ends, so that whoever plugs a help desk in sees why nothing arrives.
"""

from collections import deque
from datetime import datetime

from scoring.values import Value

__all__ = ["RefusedDeliveries", "RefusedDelivery"]

_REMEMBERED = 20
"""Of each connector."""


class RefusedDelivery(Value):
    """A delivery that was answered with an error: `sender` is the address it came from."""

    connector: str
    at: datetime
    status: int
    reason: str
    sender: str


class RefusedDeliveries:
    """Remembers the last of each connector."""

    def __init__(self) -> None:
        self._of: dict[str, deque[RefusedDelivery]] = {}

    def note(self, refused: RefusedDelivery) -> None:
        """Add one, in place of the oldest of too many."""
        self._of.setdefault(refused.connector, deque(maxlen=_REMEMBERED)).append(refused)

    def last(self, connector: str = "") -> list[RefusedDelivery]:
        """Return those of a connector, or of all, the latest first."""
        chosen = [self._of.get(connector, ())] if connector else self._of.values()
        return sorted((one for some in chosen for one in some), key=lambda one: one.at, reverse=True)
