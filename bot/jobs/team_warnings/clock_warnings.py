"""Looks every minute which tickets have nearly used the time of a target, and has the team warned of each once."""

from bot.handlers.clocks import TOLD_LATE, needs, tell_clocks
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.running_clocks import clocks_of, has_clocks
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.issue.model import TicketKey
from scoring.values import Value
from storage.model.note_keys import clock_key
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Decision

__all__ = ["ClockWarningJob"]

_LOOKS_EVERY = 60.0
"""Seconds."""
_TOGETHER = 20
"""Tickets in one commit."""


class ClockWarningJob(Value, eq=False):
    """Warns of tickets by the targets of the policy."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every minute until cancelled; while no target limits a time nothing is read."""
        why = "tickets that come close to a target wait for the next minute"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="clocks", why=why)

    async def look(self) -> None:
        """Write the messages that are due, none while the time is not corroborated. Raises what the writer raises."""
        if not has_clocks(self.receiver.policy) or self.clock.doubt() is not None:
            return
        due = await self._due()
        for start in range(0, len(due), _TOGETHER):
            some = due[start : start + _TOGETHER]

            def decide(context: DecisionContext, some: list[tuple[TicketKey, str]] = some) -> Decision[None]:
                return Decision(tell_clocks(context, some), None)

            await self.receiver.do(needs(some), decide)

    async def _due(self) -> list[tuple[TicketKey, str]]:
        """Return the clocks that are to be warned of, or late, and not known to be told; the first to end first."""
        policy, now = self.receiver.policy, self.clock.now()
        running = [
            (clock.due_at, (ticket.source, ticket.id), clock.target.metric)
            for ticket, tier in await self.reader.open_tickets()
            for clock in clocks_of(policy, ticket, tier)
            if clock.warn_at <= now
        ]
        notes = await self.reader.notes([clock_key(*ticket, metric) for _, ticket, metric in running])
        told = {note.key: note.value for note in notes}
        return [
            (ticket, metric)
            for due_at, ticket, metric in sorted(running)
            if (known := told.get(clock_key(*ticket, metric))) != TOLD_LATE and (due_at <= now) == (known is not None)
        ]
