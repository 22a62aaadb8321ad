"""What the outbox holds for this process to send: read as a whole, or by the ids that another process told."""

from collections.abc import Collection, Iterable

from bot.ports import Clock
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import OutboxMessage
from storage.reads.outbox import pending, pending_among

__all__ = ["Backlog"]

_AT_ONCE = 2000
"""Rows read at a time; the rest waits in the outbox."""


class Backlog:
    """Reads messages that wait on the channels named."""

    def __init__(self, store: Store, clock: Clock, channels: Collection[str]) -> None:
        self._store, self._clock, self._channels = store, clock, channels
        self._told: set[str] = set()

    def tell(self, messages: Iterable[str]) -> None:
        """Note the ids of messages that another process has saved."""
        self._told.update(messages)

    async def read(self) -> list[OutboxMessage]:
        """Return what may be sent now, in the order in which it was stored. Raises Unavailable.

        What was held for longer than it is good for is there, too: claiming it ends it.
        """
        self._told.clear()
        now = self._clock.now()
        found = [waiting.message for waiting in await pending(self._store, self._channels, now, _AT_ONCE)]
        return [one if one.not_before <= now else replace(one, not_before=now) for one in found]

    async def read_told(self) -> list[OutboxMessage]:
        """Return those told since the last reading that still wait, for their time, too. Raises Unavailable."""
        if not self._told:
            return []
        told, self._told = self._told, set()
        found = await pending_among(self._store, told)
        return [one for one in found if one.channel in self._channels]
