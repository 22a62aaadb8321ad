"""One process per SQLite file: two writing connections can destroy it (reliability, H11: the WAL-reset bug)."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import InUse

__all__ = ["hold_file"]


@contextmanager
def hold_file(database: Path) -> Iterator[None]:
    """Hold the lock file beside a database; raise InUse if another process does. The kernel frees it at our death."""
    beside = Path(f"{database}.lock")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, database)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        # The file stays: removing it would let two processes lock two different files of the same name.
        os.close(descriptor)


def _lock(descriptor: int, database: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace") or "unknown"
        raise InUse(f"{database} is in use by another huifang, process {holder}: stop that one first") from None
