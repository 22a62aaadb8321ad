"""What an import has changed of records that were there: noted as it stood before, and made so again by its undoing.

Only fields are noted that were empty, and totals: a note outlives a person's erasure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import SelectBase, Table, update
from sqlalchemy.sql.dml import UpdateBase

from scoring.values import fields, replace
from storage.connection.codec import TABLES, row_of
from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.model.filled_forms import FilledForm
from storage.model.records import Customer
from storage.unit_of_work import writes as w
from storage.unit_of_work.layers import key_of
from storage.unit_of_work.selects import all_of

__all__ = ["CHANGED_KINDS", "CHANGED_NOW", "NotedChange", "note_name", "noted_change", "unchanged_since", "unmake"]

NotedChange = list[Any]
"""The key, the version that the change has written, and the fields that it has changed as they stood before."""
CHANGED_KINDS: tuple[type, ...] = (Customer, FilledForm)
_END = ".changed"


def note_name(kind: type) -> str:
    """Return the name under which changes of such records are noted."""
    return f"{TABLES[kind].name}{_END}"


def noted_change(before: Any, after: Any) -> NotedChange:  # noqa: ANN401 (two records of a kind)
    """Return the note of a change."""
    names = (one.name for one in fields(type(after)))
    changed = {name: value for name in names if (value := getattr(before, name)) != getattr(after, name)}
    return [key_of(after)[0], after.version + 1, changed]


def _now(kind: type) -> SelectBase:
    (key,) = TABLES[kind].primary_key
    return all_of(kind, among("keys", key))


CHANGED_NOW = {kind: _now(kind) for kind in CHANGED_KINDS}
"""What finds records that an import has changed, by their keys."""


def _versioned(table: Table) -> Write:
    """Return what sets the version of rows: as before a change that was taken back, nobody else having seen it."""
    (key,) = table.primary_key

    def build(rows: InputRows) -> UpdateBase:
        return update(table).where(key == rows.c[key.name]).values(version=rows.c["version"])

    return Write(table, (key, table.c.version), build)


_VERSIONED = {kind: _versioned(TABLES[kind]) for kind in CHANGED_KINDS}


async def unchanged_since(session: Session, kind: type, noted: Sequence[NotedChange]) -> list[tuple[Any, NotedChange]]:
    """Return the records that still stand as an import has changed them, each with its note."""
    by_key = {note[0]: note for note in noted}
    found: list[Any] = await session.records(kind, CHANGED_NOW[kind], keys=sorted(by_key)) if by_key else []
    pairs = [(record, by_key[key_of(record)[0]]) for record in found]
    return [(record, note) for record, note in pairs if record.version == note[1]]


async def unmake(
    session: Session,
    kind: type,
    changed: Sequence[tuple[Any, NotedChange]],
    claimed: Mapping[tuple[Any, ...], frozenset[str]],
) -> list[NotedChange]:
    """Make records what they were before an import has changed them, their versions too, and return what of it stays.

    Fields that are `claimed`, by the record's key, stay as they are, and so does then the version.
    """
    parted = [(record, _parted(note, claimed.get((note[0],), frozenset()))) for record, note in changed]
    before = [replace(record, **going[2]) for record, (going, _) in parted if going[2]]
    await session.write(w.UPDATE[kind], [row_of(kind)(record) for record in before])
    versions = [(going[0], going[1] - (0 if staying[2] else 1)) for _, (going, staying) in parted if going[2]]
    await session.write(_VERSIONED[kind], versions)
    return [staying for _, (_, staying) in parted if staying[2]]


def _parted(note: NotedChange, claimed: frozenset[str]) -> tuple[NotedChange, NotedChange]:
    """Return a note in two: of the fields that go, and of those that stay."""
    key, version, before = note
    return (
        [key, version, {name: value for name, value in before.items() if name not in claimed}],
        [key, version, {name: value for name, value in before.items() if name in claimed}],
    )
