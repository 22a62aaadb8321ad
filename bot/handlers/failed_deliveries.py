"""Decisions about deliveries that are kept as failed: what came of trying them again, and giving one up."""

from collections.abc import Iterable, Mapping

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import NotFound
from scoring.values import Value, replace
from storage.model.note_keys import retries_key
from storage.model.records import InboxOutcome, InboxRow, Note
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["DroppedDelivery", "drop_delivery", "keep_retries", "needs"]


class DroppedDelivery(Value):
    """A delivery that is done; `dropped` where it was given up just now."""

    id: str
    dropped: bool


def needs(deliveries: Iterable[str]) -> Needs:
    """Return the need for these deliveries and for how often they were tried."""
    keys = frozenset(deliveries)
    return Needs(inbox=keys, notes=frozenset(map(retries_key, keys)))


def drop_delivery(context: DecisionContext, key: str, by: str) -> Decision[DroppedDelivery | NotFound]:
    """Empty a failed delivery and take it for done: its key stays known, and it is never tried again.

    One that is done already is left as it is.
    """
    row = context.snapshot.inbox_row(key)
    if row is None:
        return Decision(Changes(), NotFound(f"failed delivery {key}"))
    if row.outcome is not InboxOutcome.FAILED:
        return Decision(Changes(), DroppedDelivery(key, dropped=False))
    entry = audit_entry(context, by, "inbox.dropped", key, context.now.isoformat(), why=row.why)
    changes = Changes((replace(row, raw=b"", outcome=InboxOutcome.DONE), entry))
    return Decision(changes, DroppedDelivery(key, dropped=True))


def keep_retries(context: DecisionContext, reasons: Mapping[str, str], by: str) -> Changes:
    """Write down what came of trying deliveries again: empty for those that are done, else why they failed.

    What was stored under another key when it was decided is emptied. `by` is who asked for it, empty for nobody.
    """
    changes = Changes()
    for key, why in reasons.items():
        row = context.snapshot.inbox_row(key)
        if row is None:
            continue
        if row.outcome is InboxOutcome.FAILED:
            changes += _done(row) if not why else _failed_again(context, row, why)
        if by:
            cause = context.now.isoformat()
            changes += Changes((audit_entry(context, by, "inbox.retried", key, cause, why=why),))
    return changes


def _done(row: InboxRow) -> Changes:
    return Changes((replace(row, raw=b"", outcome=InboxOutcome.DONE, why=""),))


def _failed_again(context: DecisionContext, row: InboxRow, why: str) -> Changes:
    key = retries_key(row.key)
    note = context.snapshot.note(key) or Note(key, "0", context.now)
    return Changes((replace(row, why=why), replace(note, value=str(int(note.value) + 1), at=context.now)))
