"""What the process remembers across restarts, by key."""

from datetime import datetime

from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import Note
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["MOVED", "moved_key", "moved_note"]

MOVED = "moved:"


def moved_key(place: Address) -> str:
    """Name the note that remembers where a group went when it was upgraded."""
    return f"{MOVED}{place.channel}:{place.chat}"


def moved_note(snapshot: Snapshot, place: Address, to: str, now: datetime) -> Note:
    """Return the note that a group is now `to`; the snapshot has to hold the note of before, if there is one.

    Telegram tells of one move several times: in the old group, in the new one, and in answer to each message.
    """
    known = snapshot.note(moved_key(place))
    return Note(moved_key(place), to, now) if known is None else replace(known, value=to, at=now)
