"""One process per SQLite file: two writing connections can destroy it (docs/reference/promises.md)."""

import fcntl
import os
from pathlib import Path

from storage.model.errors import InUse

__all__ = ["hold_file"]


def hold_file(database: Path) -> int:
    """Lock the file beside a database; raise InUse if another process has. Closing what is given unlocks it.

    The kernel does so at our death. The file stays: removing it would let two processes lock two files of one name.
    """
    descriptor = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace") or "unknown"
        os.close(descriptor)
        raise InUse(f"{database} is in use by another huifang, process {holder}: stop that one first") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
