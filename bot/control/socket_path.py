"""The path of the control socket: beside the database, or in a private folder where that path is too long."""

import os
import socket
import stat
import struct
import tempfile
from hashlib import sha256
from pathlib import Path

__all__ = ["peer_of", "socket_path"]

_LONGEST = 103
"""Bytes of a socket's path: 108 on Linux and 104 on the BSDs (unix(7), unix(4)), with the closing zero."""
_SQLITE = "sqlite:///"


def socket_path(database: str) -> Path | None:
    """Return the socket's path for `database.url`; None for PostgreSQL, which every process opens itself.

    Raises OSError where no path is short enough, or the private folder is not ours.
    """
    if not database.startswith(_SQLITE):
        return None
    file = Path(database.removeprefix(_SQLITE).partition("?")[0]).absolute()
    beside = file.with_name(f"{file.name}.sock")
    if len(os.fsencode(beside)) <= _LONGEST:
        return beside
    own = _own_folder() / f"{sha256(os.fsencode(file.resolve())).hexdigest()[:24]}.sock"
    if len(os.fsencode(own)) > _LONGEST:
        raise OSError(f"{own.parent} is too long a path for a socket: set XDG_RUNTIME_DIR to a shorter one")
    return own


def peer_of(connection: socket.socket) -> int:
    """Return the user id of the process at the other end."""
    size = struct.calcsize("3i")
    _pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(uid)


def _own_folder() -> Path:
    """Return a folder that only our user may enter. Raises PermissionError where another user owns it."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir(), f"huifang-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} is not a folder of our own: remove it, or let only its owner enter it")
    return folder
