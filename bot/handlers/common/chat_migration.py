"""A group chat that the platform has given another id: what is written down about it."""

from datetime import datetime

from dialogs.messages import Address
from scoring.values import replace
from storage.model.note_keys import migration_key
from storage.model.records import Note
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["migration_note"]


def migration_note(snapshot: Snapshot, place: Address, to: str, now: datetime) -> Note:
    """Return the note that a group is now `to`; the snapshot has to hold the note of before, if there is one.

    Telegram tells of one migration several times: in the old group, in the new one, and in answer to each message.
    """
    known = snapshot.note(migration_key(place))
    return Note(migration_key(place), to, now) if known is None else replace(known, value=to, at=now)
