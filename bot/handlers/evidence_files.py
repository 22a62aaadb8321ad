"""Files as evidence on a sheet: which ones are taken, told by what they hold and not by their names."""

import zipfile
from collections.abc import Sequence
from io import BytesIO

from dialogs.sanitize import one_line
from scoring.values import Value

__all__ = [
    "LARGEST_FILE",
    "MOST_FILES",
    "TAKEN_FILES",
    "EvidenceType",
    "evidence_type",
    "file_problem",
    "is_evidence_file",
    "safe_file_name",
]

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a file."""
MOST_FILES = 20
"""Files of a sheet, with those that are uploaded for it and not sent yet."""
TAKEN_FILES = "PDF, JPEG, PNG, HEIC, DOCX, XLSX"
_MARK = "file_"
_LONGEST_NAME = 100
_IN_NO_NAME = frozenset('/\\:*?"<>|')


class EvidenceType(Value):
    """A kind of file that is taken: how its name ends, the first ending that it gets otherwise, and its media type."""

    endings: tuple[str, ...]
    media_type: str


_PDF = EvidenceType(("pdf",), "application/pdf")
_JPEG = EvidenceType(("jpg", "jpeg"), "image/jpeg")
_PNG = EvidenceType(("png",), "image/png")
_HEIC = EvidenceType(("heic", "heif"), "image/heic")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PACKED = {
    "word/document.xml": EvidenceType(("docx",), f"{_OFFICE}.wordprocessingml.document"),
    "xl/workbook.xml": EvidenceType(("xlsx",), f"{_OFFICE}.spreadsheetml.sheet"),
}
_BEGINNINGS = ((b"%PDF-", _PDF), (b"\xff\xd8\xff", _JPEG), (b"\x89PNG\r\n\x1a\n", _PNG))
_PART = b"PK\x01\x02"
_MOST_PARTS = 5_000
"""Of a document, which has some hundred: to read the names in an archive of 200,000 takes a second."""
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
"""ISO/IEC 23008-12, annex B."""


def is_evidence_file(text: str) -> bool:
    """Return whether a piece of evidence names an uploaded file, and is no address."""
    return text.startswith(_MARK)


def evidence_type(content: bytes) -> EvidenceType | None:
    """Return what a file is, by what it holds; None for what is not taken, such as a document with macros."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return _HEIC
    return _packed(content) if content.startswith(b"PK\x03\x04") else None


def _packed(content: bytes) -> EvidenceType | None:
    """Return which document an archive is, by the names in it; nothing is unpacked."""
    if content.count(_PART) > _MOST_PARTS:
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, RuntimeError, ValueError):
        return None
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for name, kind in _PACKED.items() if name in names), None)


def file_problem(content: bytes, kind: EvidenceType | None, others: int) -> str:
    """Return why a file is not taken beside so many others: `empty`, `large`, `type` or `many`; empty where it is."""
    if not content:
        return "empty"
    if len(content) > LARGEST_FILE:
        return "large"
    if kind is None:
        return "type"
    return "many" if others >= MOST_FILES else ""


def safe_file_name(given: str, kind: EvidenceType) -> str:
    """Return the name under which a file is kept: without folders and what no system takes, ending as what it is."""
    plain = one_line(_last(given.replace("\\", "/").split("/")), _LONGEST_NAME * 4)
    plain = "".join(one for one in plain if one not in _IN_NO_NAME).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or ending.casefold() not in kind.endings:
        stem, ending = plain, kind.endings[0]
    return f"{stem[: _LONGEST_NAME - len(ending) - 1].strip() or 'file'}.{ending.casefold()}"


def _last(parts: Sequence[str]) -> str:
    return next((part for part in reversed(parts) if part.strip()), "")
