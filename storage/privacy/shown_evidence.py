"""Deletes the files of sheets: with what a customer wrote, and when the period of the sheets is over."""

from collections.abc import Sequence

from sqlalchemy import Column, Text, delete, select
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.session import Session, Write
from storage.dialects import InputRows, among
from storage.schema import tables as t
from storage.unit_of_work.selects import FILE_IN_NOTHING

__all__ = ["DROP_SHEET_FILES", "erase_sheet_files"]

_file = t.assessment_files.c
DROP_SHEET_FILES = Write(
    t.assessment_files,
    (Column("assessment", Text),),
    lambda rows: delete(t.assessment_files).where(_file.assessment == rows.c["assessment"]),
)
"""Of what they held goes by housekeeping what nothing else has."""
_HASHES = select(_file.hash).where(among("sheets", _file.assessment)).distinct()


def _unused(rows: InputRows) -> UpdateBase:
    return delete(t.files).where(t.files.c.hash == rows.c["hash"], *FILE_IN_NOTHING)


_DELETE_CONTENT = Write(t.files, (Column("hash", Text),), _unused)


async def erase_sheet_files(session: Session, sheets: Sequence[str]) -> None:
    """Delete the files of these sheets, and at once what they held, unless something else has the same."""
    hashes = await session.fetch(_HASHES, sheets=sheets) if sheets else []
    await session.write(DROP_SHEET_FILES, [(sheet,) for sheet in sheets])
    await session.write(_DELETE_CONTENT, hashes)
