"""Answers that are kept for a while, so that a repeated request gets the same one: inbox rows, one per window of time.

An inbox row is written once and never changed, so its key names the window; reading looks at this window and the last.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from scoring.values import Value
from storage.model.records import InboxRow
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["AnswerCache", "answer_cache"]


class AnswerCache(Value):
    """Where the answer to one request is kept for `lasts`; `current` is the key of the row that is written now."""

    current: str
    previous: str
    lasts: timedelta
    door: str

    @property
    def needs(self) -> Needs:
        """Return the rows of both windows."""
        return Needs(inbox=frozenset({self.current, self.previous}))

    def found(self, context: DecisionContext) -> str | None:
        """Return the kept answer, None where there is none."""
        rows = filter(None, (context.snapshot.inbox_row(self.current), context.snapshot.inbox_row(self.previous)))
        return next((row.answer for row in rows if row.received_at > context.now - self.lasts), None)

    def answered(self, context: DecisionContext, decide: Callable[[DecisionContext], Decision[str]]) -> Decision[str]:
        """Return the kept answer, else decide and keep the answer."""
        kept = self.found(context)
        if kept is not None:
            return Decision(Changes(), kept)
        decision = decide(context)
        row = InboxRow(self.current, self.door, b"", context.now, answer=decision.answer)
        return Decision(decision.changes + Changes((row,)), decision.answer)


def answer_cache(name: str, lasts: timedelta, now: datetime, door: str) -> AnswerCache:
    """Return where the answer under this name is kept."""
    window = int(now.timestamp() // lasts.total_seconds())
    return AnswerCache(f"{name}:{window}", f"{name}:{window - 1}", lasts, door)
