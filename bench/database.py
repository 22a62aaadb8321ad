"""What a run leaves in the product's SQLite file, read beside it: commits, bytes in use, surveys completed."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

__all__ = ["commits", "kept"]

_CHANGES_AT = 8
"""Where the header of the WAL index has the counter of its transactions (https://sqlite.org/walformat.html, 2.1)."""


def commits(database: Path) -> int:
    """Return how many transactions have been committed since the database was opened."""
    header = Path(f"{database}-shm").read_bytes()[: _CHANGES_AT + 4]
    count: int = struct.unpack_from("=I", header, _CHANGES_AT)[0]
    return count


def kept(database: Path) -> tuple[int, int]:
    """Return the bytes in use, free pages not counted, and the surveys completed."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
        pages, free, size = (file.execute(f"PRAGMA {each}").fetchone()[0] for each in _SIZES)
        (completed,) = file.execute("SELECT count(*) FROM interviews WHERE state = 'completed'").fetchone()
        return (pages - free) * size, completed


_SIZES = ("page_count", "freelist_count", "page_size")
