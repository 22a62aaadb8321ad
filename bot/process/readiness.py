"""Whether the database takes writes: tested by writing, since a full disk cannot be seen in another way."""

from datetime import datetime

from scoring.values import replace
from storage.model.errors import Unavailable
from storage.model.note_keys import WRITE_PROBE
from storage.model.records import Note
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["can_write"]


async def can_write(writer: Writer) -> bool:
    """Return whether a write succeeds; called often, it writes once a minute."""
    try:
        await writer.decide(Job(Needs(notes=frozenset({WRITE_PROBE})), _noted))
    except Unavailable:
        return False
    return True


def _noted(snapshot: Snapshot, now: datetime) -> Decision[None]:
    minute, before = now.isoformat(timespec="minutes"), snapshot.note(WRITE_PROBE)
    if before is not None and before.value == minute:
        return Decision(Changes(), None)
    note = before or Note(WRITE_PROBE, minute, now)
    return Decision(Changes((replace(note, value=minute, at=now),)), None)
