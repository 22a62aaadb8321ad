"""Messages of which nobody knows, after a restore, whether they were sent since the backup was made.

They are leased by somebody who has died, which is what a service finds whose process was killed while it sent: at its
start it repeats what is harmless, cards of the team and edits, and leaves everything else in doubt.
"""

from dialogs.outbox.model import SendingState
from storage.backups.restore_mark import RestoreMark
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.records import OutboxMessage
from storage.schema import tables as t
from storage.schema.literals import text_literal
from storage.unit_of_work.outbox_writes import MARK
from storage.unit_of_work.selects import all_of

__all__ = ["doubt_waiting"]

_out = t.outbox.c
_PENDING, _HELD = (
    all_of(OutboxMessage, _out.status == text_literal(state)).with_for_update()
    for state in (SendingState.PENDING, SendingState.HELD)
)


async def doubt_waiting(store: Store, mark: RestoreMark) -> int:
    """Lease what may have been sent between the backup and the restore; return how many messages that are."""

    async def lease(session: Session) -> int:
        found = [*await session.records(OutboxMessage, _PENDING), *await session.records(OutboxMessage, _HELD)]
        waiting = [message for message in found if _may_have_gone(message, mark)]
        rows = [(one.id, SendingState.LEASED, one.why, mark.in_doubt_until, 0) for one in waiting]
        await session.write(MARK, rows)
        return len(rows)

    return await store.transaction(lease)


def _may_have_gone(message: OutboxMessage, mark: RestoreMark) -> bool:
    """Return whether it could go until then, or was held for something that may have happened.

    What had expired before is dropped as ever, and what may be doubled goes.
    """
    could_go = message.status is SendingState.HELD or message.not_before <= mark.in_doubt_until
    had_expired = message.expires_at is not None and message.expires_at <= mark.taken_at
    return could_go and not had_expired and not message.may_repeat
