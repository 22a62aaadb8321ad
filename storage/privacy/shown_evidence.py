"""Finds and deletes the files of sheets: with what a customer wrote, and when the period of the sheets is over."""

from collections.abc import Sequence

from sqlalchemy import Column, Text, bindparam, delete
from sqlalchemy.sql.dml import UpdateBase

from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.model.filled_forms import AssessmentFile
from storage.schema import tables as t
from storage.unit_of_work.selects import FILE_IN_NOTHING, FILES_OF_SHEETS, all_of

__all__ = ["DROP_SHEET_FILES", "FILES_OF_CUSTOMER", "erase_sheet_files", "load_customers_files"]

_file = t.assessment_files.c
DROP_SHEET_FILES = Write(
    t.assessment_files,
    (Column("assessment", Text),),
    lambda rows: delete(t.assessment_files).where(_file.assessment == rows.c["assessment"]),
)
"""Of what they held goes by housekeeping what nothing else has."""
FILES_OF_CUSTOMER = all_of(AssessmentFile, _file.customer == bindparam("customer", type_=Text()))
_DELETE_FILES = Write(
    t.assessment_files, (_file.id,), lambda rows: delete(t.assessment_files).where(_file.id == rows.c["id"])
)


def _unused(rows: InputRows) -> UpdateBase:
    return delete(t.files).where(t.files.c.hash == rows.c["hash"], *FILE_IN_NOTHING)


_DELETE_CONTENT = Write(t.files, (Column("hash", Text),), _unused)


async def load_customers_files(session: Session, customer: str, sheets: Sequence[str]) -> list[AssessmentFile]:
    """Return the files of a customer's sheets, and those that they have uploaded for a sheet which was never sent."""
    found = await session.records(AssessmentFile, FILES_OF_CUSTOMER, customer=customer)
    found += await session.records(AssessmentFile, FILES_OF_SHEETS, sheets=sheets) if sheets else []
    return list({one.id: one for one in found}.values())


async def erase_sheet_files(session: Session, files: Sequence[AssessmentFile]) -> None:
    """Delete files, and at once what they held, unless something else has the same."""
    await session.write(_DELETE_FILES, [(one.id,) for one in files])
    await session.write(_DELETE_CONTENT, [(hash_,) for hash_ in {one.hash for one in files}])
