"""Reads the first sheet of a workbook (.xlsx), after a look at what would open as no table, or as too much."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from bot.imports.unreadable import UnreadableFile

__all__ = ["is_workbook", "workbook_rows"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST = 64 * 1024 * 1024
"""Bytes of a sheet when it is unpacked: some 150,000 rows of twenty columns; all of it is held in memory."""
_MACROS = ("xl/vbaProject.bin", "xl/vbaProjectSignature.bin")


def is_workbook(head: bytes) -> bool:
    """Return whether a file that begins so is a workbook, of whatever kind, and no text."""
    return head.startswith((_ZIP, _OLE))


@contextmanager
def workbook_rows(path: Path, name: str) -> Iterator[Iterator[list[object]]]:
    """Yield the rows of the first sheet of a file called `name`. Raises UnreadableFile, then OSError."""
    _examine(path, name)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            yield ([None if cell == "" else cell for cell in row] for row in sheet.iter_rows())
    except (CalamineError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(f"{name} cannot be read as a workbook: {error}; save it anew as .xlsx or CSV") from None


def _examine(path: Path, name: str) -> None:
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head.startswith(_OLE):
        raise UnreadableFile(
            f"{name} is protected by a password, or of Excel before 2007; save it as .xlsx without one"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            packed = archive.infolist()
            names = {one.filename for one in packed}
    except (zipfile.BadZipFile, RuntimeError):
        raise UnreadableFile(f"{name} is damaged: it begins as a workbook and is none; save it anew") from None
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(f"{name} is an archive and no workbook; unpack it, and import the table in it")
    if names & set(_MACROS):
        raise UnreadableFile(f"{name} has macros, and is not opened; save it as .xlsx without them")
    if any(one.file_size > _LARGEST for one in packed) or sum(one.file_size for one in packed) > 2 * _LARGEST:
        raise UnreadableFile(
            f"{name} unpacks to more than {_LARGEST // 1024 // 1024} MB; save the sheet as CSV, which has no limit"
        )
