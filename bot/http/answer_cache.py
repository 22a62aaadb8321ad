"""What is answered once is answered alike for a while: rows that remember an answer, a window of time each.

A row of the inbox is written once and for ever, so its key names the window; a look sees this window and the last.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from scoring.values import Value
from storage.model.records import InboxRow
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["Memory", "memory"]


class Memory(Value):
    """Where the answer to something is remembered for `lasts`; `current` is the row that is written now."""

    current: str
    previous: str
    lasts: timedelta
    door: str

    @property
    def needs(self) -> Needs:
        """Look at both windows."""
        return Needs(inbox=frozenset({self.current, self.previous}))

    def answered(self, context: DecisionContext, decide: Callable[[DecisionContext], Decision[str]]) -> Decision[str]:
        """Return the answer remembered, else decide and remember."""
        for row in filter(None, (context.snapshot.heard(self.current), context.snapshot.heard(self.previous))):
            if row.received_at > context.now - self.lasts:
                return Decision(Changes(), row.answer)
        decision = decide(context)
        row = InboxRow(self.current, self.door, b"", context.now, answer=decision.answer)
        return Decision(decision.changes + Changes((row,)), decision.answer)


def memory(name: str, lasts: timedelta, now: datetime, door: str) -> Memory:
    """Return the place where the answer under this name is remembered."""
    window = int(now.timestamp() // lasts.total_seconds())
    return Memory(f"{name}:{window}", f"{name}:{window - 1}", lasts, door)
