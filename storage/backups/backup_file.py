"""The file of a backup: a header that says what it is, and behind it what the database's own tools wrote.

The header is JSON in the first 8192 bytes; `tail -c +8193 FILE` is an SQLite file, or what `pg_restore` reads.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import msgspec

from scoring.values import Value, replace

__all__ = [
    "PRODUCT",
    "BackupDamagedError",
    "BackupHeader",
    "BackupWriter",
    "backup_content",
    "check_content",
    "read_header",
    "sync_folder",
    "writing_backup",
]

PRODUCT = "huifang"
_MAGIC = b"huifang backup 1\n"
_HEADER = 8192
_CHUNK = 1 << 20


class BackupDamagedError(ValueError):
    """The file is no backup of huifang, or not all of it is as it was written."""


class BackupHeader(Value):
    """What a backup is of: the `database` (`sqlite` or `postgresql`) with tables of the revision `schema`.

    `at` is the moment that it holds, `rows` the rows of each table; `bytes` and `sha256` are those of its content.
    """

    product: str
    version: str
    schema: str
    database: str
    at: str
    rows: dict[str, int]
    bytes: int = 0
    sha256: str = ""

    @property
    def total(self) -> int:
        """Return how many rows it has."""
        return sum(self.rows.values())


class BackupWriter:
    """Takes the content of a backup, piece by piece."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.path = path
        self._file, self._hash, self._bytes = file, sha256(), 0

    def write(self, content: bytes) -> None:
        """Write a piece; raises OSError."""
        self._file.write(content)
        self._hash.update(content)
        self._bytes += len(content)

    def copy(self, source: Path) -> None:
        """Write the content of a file; raises OSError."""
        with source.open("rb") as file:
            while piece := file.read(_CHUNK):
                self.write(piece)

    def finish(self, header: BackupHeader) -> BackupHeader:
        """Write the header of what was written, and return it as it is now; raises OSError, ValueError."""
        known = replace(header, bytes=self._bytes, sha256=self._hash.hexdigest())
        text = _MAGIC + msgspec.json.encode(known)
        if len(text) >= _HEADER:
            raise ValueError("the header of the backup is too long")
        self._file.seek(0)
        self._file.write(text.ljust(_HEADER - 1) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return known


@contextmanager
def writing_backup(target: Path) -> Iterator[BackupWriter]:
    """Write a backup for its owner only, whole or not at all: it has its name once it is complete. Raises OSError."""
    draft = target.with_name(f".{target.name}.part")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            file.write(b"\0" * _HEADER)
            yield BackupWriter(file, draft)
        draft.replace(target)
        sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def read_header(backup: Path) -> BackupHeader:
    """Return the header of a backup; raises BackupDamagedError for any other file, OSError where it cannot be read."""
    with backup.open("rb") as file:
        text = file.read(_HEADER)
    if not text.startswith(_MAGIC):
        raise BackupDamagedError(f"{backup} is no backup that huifang has made")
    with suppress(msgspec.DecodeError, ValueError):
        header = msgspec.json.decode(text[len(_MAGIC) :].strip(), type=BackupHeader)
        if header.product == PRODUCT:
            return header
    raise BackupDamagedError(f"{backup} is damaged: its header cannot be read; take another copy of it")


def backup_content(backup: Path) -> Iterator[bytes]:
    """Yield the content of a backup, piece by piece.

    Raises BackupDamagedError at its end where it is not what was written, OSError where it cannot be read.
    """
    header, found, length = read_header(backup), sha256(), 0
    with backup.open("rb") as file:
        file.seek(_HEADER)
        while piece := file.read(_CHUNK):
            found.update(piece)
            length += len(piece)
            yield piece
    if (length, found.hexdigest()) != (header.bytes, header.sha256):
        what = "has another length" if length != header.bytes else "is not what was written"
        raise BackupDamagedError(f"{backup} is damaged: its content {what}; take another copy of it")


def check_content(backup: Path) -> None:
    """Read all of a backup; raises BackupDamagedError where it is not what was written."""
    for _ in backup_content(backup):
        pass


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
