"""Messages of which nobody knows, after a restore, whether they were sent since the backup was made.

They are leased by somebody who has died, which is what a service finds whose process was killed while it sent: at its
start it repeats what is harmless, cards of the team and edits, and leaves everything else in doubt.
"""

from sqlalchemy import bindparam, or_

from dialogs.outbox.model import WAITING, SendingState
from storage.backups.restore_mark import RestoreMark
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.records import OutboxMessage
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import is_one_of, text_literal
from storage.unit_of_work.outbox_writes import MARK
from storage.unit_of_work.selects import all_of

__all__ = ["doubt_waiting"]

_out = t.outbox.c
_TAKEN, _UNTIL = bindparam("taken", type_=Instant()), bindparam("until", type_=Instant())
_IN_DOUBT = all_of(
    OutboxMessage,
    is_one_of(_out.status, *WAITING),
    or_(_out.status == text_literal(SendingState.HELD), t.NOT_BEFORE <= _UNTIL),
    or_(_out.expires_at.is_(None), _out.expires_at > _TAKEN),
).with_for_update()
"""What could go until then, or was held for something that may have happened; what had expired is dropped as ever."""


async def doubt_waiting(store: Store, mark: RestoreMark) -> int:
    """Lease what may have been sent between the backup and the restore; return how many messages that are."""

    async def lease(session: Session) -> int:
        found = await session.records(OutboxMessage, _IN_DOUBT, taken=mark.taken_at, until=mark.in_doubt_until)
        waiting = [message for message in found if not message.may_repeat]
        rows = [(one.id, SendingState.LEASED, one.why, mark.in_doubt_until, 0) for one in waiting]
        await session.write(MARK, rows)
        return len(rows)

    return await store.transaction(lease)
