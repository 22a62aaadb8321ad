"""Which new messages are leased in the commit that writes them: the writer asks here, the sender knows."""

from collections.abc import Collection, Sequence
from datetime import datetime

from storage.model.records import OutboxMessage
from storage.unit_of_work.leases import DepartureGate

__all__ = ["Gate"]


class Gate:
    """Admit nothing until a sender is connected, then what that sender admits.

    A writer is made before the sender, which needs it: it knows only the gate.
    """

    def __init__(self) -> None:
        self._sender: DepartureGate | None = None

    def connect(self, sender: DepartureGate) -> None:
        """Set the sender that decides from now on."""
        self._sender = sender

    def admit(self, messages: Sequence[OutboxMessage], now: datetime) -> Collection[str]:
        """Return the ids of the messages that this process may lease."""
        return self._sender.admit(messages, now) if self._sender is not None else ()

    def withdraw(self, messages: Collection[str]) -> None:
        """Take back what was admitted and then not saved."""
        if self._sender is not None:
            self._sender.withdraw(messages)
