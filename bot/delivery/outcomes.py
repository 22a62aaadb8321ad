"""The outcomes of sending are written down, whatever the database does: nobody else knows them."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat

from bot.handlers.deliveries import NothingToEdit, Outcome
from bot.ports import Channel, Gone
from bot.process.alarms import Alarms
from bot.process.trouble import DatabaseTrouble
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.model.records import OutboxMessage

__all__ = ["OutcomeWriter", "StoreOutcome", "sent_by"]

_WRITES_AGAIN = (0.1, 0.5, 1.0, 2.0)
"""Seconds before an outcome that could not be stored is stored again; the last one again and again."""

StoreOutcome = Callable[[OutboxMessage, Outcome, bool], Awaitable[Outcome]]
"""Stores the outcome of a message and returns it as stored; the flag says that what it edits was gone."""


async def sent_by(channel: Channel, message: OutboxMessage, edits: str) -> Outcome:
    """Return what the channel made of a message, over the one with the receipt `edits` or as a new one.

    What `only_edits` goes nowhere where there is nothing to edit (any more).
    """
    only_edits = message.prompt.only_edits
    if only_edits and not edits:
        return NothingToEdit()
    outcome = await channel.send(message, edits)
    return NothingToEdit() if only_edits and isinstance(outcome, Gone) else outcome


class OutcomeWriter:
    """Stores outcomes by `settle`; `alarms` are raised where that fails."""

    def __init__(self, settle: StoreOutcome, alarms: Alarms) -> None:
        self._settle, self._alarms, self._trouble = settle, alarms, DatabaseTrouble("outbox", alarms)

    async def write(self, message: OutboxMessage, outcome: Outcome, *, anew: bool) -> Outcome:
        """Store an outcome and return it as stored; try until it is."""
        waits = chain(_WRITES_AGAIN, repeat(_WRITES_AGAIN[-1]))
        while True:
            stored = await self.write_once(message, outcome, anew=anew)
            if stored is not None:
                return stored
            await asyncio.sleep(next(waits))

    async def write_once(self, message: OutboxMessage, outcome: Outcome, *, anew: bool) -> Outcome | None:
        """Store an outcome and return it as stored, None where it was not."""
        try:
            stored = await self._settle(message, outcome, anew)
        except NOT_SAVED as why:
            self._trouble.failed(why)
            return None
        except DecisionFailed as why:
            self._alarms.sound("delivery", f"what follows from the sending of {message.id} could not be decided: {why}")
            return outcome
        self._trouble.over()
        return stored
