"""Notes that hold what somebody of the team types, and in which a customer may be named or quoted.

A note is emptied, never deleted: its version numbers the buttons that were shown, and no number may come again.
"""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from sqlalchemy import or_, select, update

from scoring.values import replace
from storage.connection.session import Session, Write
from storage.connection.slices import KeyOrder
from storage.connection.store import Store
from storage.model.note_keys import TYPED_WORDS
from storage.model.records import Note
from storage.privacy.redaction import PersonRedactor
from storage.schema import tables as t
from storage.schema.literals import EMPTY, ONE, text_literal
from storage.unit_of_work.selects import NOTES

__all__ = ["HOLDS_WORDS", "NOTE_ORDER", "TYPED_NOTES", "emptied_note", "empty_notes_about", "find_typed_notes"]

HOLDS_WORDS = or_(*(t.notes.c.key.like(text_literal(f"{beginning}%")) for beginning in TYPED_WORDS))
NOTE_ORDER = KeyOrder(t.notes.c.key)
TYPED_NOTES = select(t.notes.c.key).where(HOLDS_WORDS)
"""Also those that are empty: what they will hold a moment later is looked at, too."""

_EMPTY = Write(  # whatever its version: another process may have written in between
    t.notes,
    (t.notes.c.key,),
    lambda rows: (
        update(t.notes).where(t.notes.c.key == rows.c["key"]).values(value=EMPTY, version=t.notes.c.version + ONE)
    ),
)


async def find_typed_notes(store: Store) -> list[str]:
    """Return the keys of all such notes; read slice by slice."""
    found = list[str]()
    async for part in NOTE_ORDER.slices(store):
        async with store.reading() as session:
            rows = await session.fetch(NOTE_ORDER.within(TYPED_NOTES, part), **part.parameters)
        found += [key for (key,) in rows]
    return found


async def empty_notes_about(session: Session, keys: Collection[str], redactor: PersonRedactor) -> list[str]:
    """Empty those of these notes that name or quote the person; return the findings that they are about."""
    notes = await session.records(Note, NOTES, keys=keys) if keys else []
    held = [(note, msgspec.json.decode(note.value)) for note in notes if note.value]
    theirs = [(note, value) for note, value in held if any(map(redactor.is_in, _texts(value)))]
    await session.write(_EMPTY, [(note.key,) for note, _ in theirs])
    return sorted({value["finding"] for _, value in theirs})


def emptied_note(note: Note) -> Note:
    """Return a note that holds nothing any more."""
    return replace(note, value="")


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 (decoded JSON)
    """Yield every text in what a note holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
