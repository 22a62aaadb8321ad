"""Whether the files of an SQLite database are still those that were opened.

A deleted or replaced file stays open and takes every commit, and all of that is lost with the process: SQLite does not
notice (https://sqlite.org/howtocorrupt.html, 2.4 and 2.5). The same holds for the write-ahead log beside it.
"""

import os
from pathlib import Path

from storage.model.errors import Unavailable

__all__ = ["OpenedFiles"]


class OpenedFiles:
    """The database's file and its write-ahead log, known by device and inode from the first check on."""

    def __init__(self, database: Path) -> None:
        self._paths = (str(database), f"{database}-wal")
        self._known: dict[str, tuple[int, int]] = {}

    def check(self) -> None:
        """Raise Unavailable where a file that was opened is gone, or another one stands in its place."""
        for path in self._paths:
            known, now = self._known.get(path), _identity(path)
            if known is None and now is not None:
                self._known[path] = now
            elif known != now:
                raise Unavailable(_told(path, is_gone=now is None))


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 (half as long as Path.stat, and done for every commit)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _told(path: str, *, is_gone: bool) -> str:
    what = "is gone" if is_gone else "is another file than the one that was opened"
    return (
        f"{path} {what}, and nothing is accepted: put it back, or restore a backup and start the service again; what"
        f" was saved until now is still open under /proc/{os.getpid()}/fd"
    )
