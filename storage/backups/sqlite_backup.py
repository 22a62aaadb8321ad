"""Backups of an SQLite file: by SQLite's own online backup, while a service writes (https://sqlite.org/backup.html)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from storage.backups.backup_file import BackupDamagedError, BackupHeader, BackupWriter, backup_content
from storage.backups.restore_mark import RESTORED_SQL, RestoreMark
from storage.model.errors import InUse, Unavailable

__all__ = ["copy_sqlite", "lay_sqlite", "leave_to_owner", "rows_of_sqlite", "settle_sqlite"]

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_FIRST = b"SQLite format 3\0"
_REVISION = "SELECT version_num FROM alembic_version"


def copy_sqlite(database: Path, writer: BackupWriter, beside: Path) -> tuple[str, dict[str, int]]:
    """Write a copy of a database as it is at one moment; return the revision of its tables, and their rows.

    The copy is checked by SQLite before it is taken; it is made `beside` the backup. Raises Unavailable where the
    database cannot be read or is damaged, ValueError where it is none of huifang's, OSError.
    """
    beside.unlink(missing_ok=True)
    try:
        with _told(database):
            os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            with closing(_read_only(database)) as source, closing(sqlite3.connect(beside)) as copy:
                source.backup(copy)  # in one step: a reader holds up no writer, and sees one moment
                copy.execute("PRAGMA journal_mode = DELETE")
            with closing(_read_only(beside)) as copy:
                revision, rows = _checked(copy, database)
        writer.copy(beside)
        return revision, rows
    finally:
        for name in (beside.name, f"{beside.name}-wal", f"{beside.name}-shm", f"{beside.name}-journal"):
            beside.with_name(name).unlink(missing_ok=True)


def lay_sqlite(backup: Path, header: BackupHeader, database: Path, mark: RestoreMark) -> None:
    """Write the database of a backup under a name where there is none, checked and marked as restored.

    Raises BackupDamagedError where it is not what was written, OSError.
    """
    draft = database.with_name(f".{database.name}.restoring")
    draft.unlink(missing_ok=True)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(backup_content(backup))
            file.flush()
            os.fsync(file.fileno())
        try:
            with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
                _, rows = _checked(copy, backup)
                if rows != header.rows:
                    raise BackupDamagedError(f"{backup} holds other rows than its header says; take another copy of it")
                copy.execute("PRAGMA synchronous = FULL")
                copy.execute(RESTORED_SQL.format(*mark.literals()))
        except (sqlite3.DatabaseError, Unavailable) as error:
            raise BackupDamagedError(f"{backup} is damaged: {error}; take another copy of it") from error
        leave_to_owner(draft)
        draft.replace(database)
    finally:
        draft.unlink(missing_ok=True)


def _begins_as_sqlite(database: Path) -> bool:
    if not database.is_file():
        return False
    with database.open("rb") as file:
        return file.read(len(_FIRST)) == _FIRST


def leave_to_owner(made: Path) -> None:
    """Change the owner of what root has made to that of its folder: the service may run as somebody else."""
    if os.geteuid() == 0:
        folder = made.parent.stat()
        os.chown(made, folder.st_uid, folder.st_gid)


def settle_sqlite(database: Path) -> bool:
    """Write what is in the write-ahead log back into the file, which then is all of it.

    Return whether that is done; a file that is missing, or damaged, is left as it is. Raises InUse while another
    program reads it.
    """
    if not _begins_as_sqlite(database):
        return False
    try:
        with closing(_read_only(database)) as reader:
            if reader.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                return False
        with closing(sqlite3.connect(database, isolation_level=None)) as writer:
            writer.execute("PRAGMA synchronous = FULL")
            writer.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise InUse(f"{database} is in use by another program: stop that one first") from error
        return False
    return not Path(f"{database}-wal").exists()


def rows_of_sqlite(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    names = [name for (name,) in connection.execute(_TABLES)]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 (names of the schema)


def _checked(connection: sqlite3.Connection, what: Path) -> tuple[str, dict[str, int]]:
    """Return the revision and the rows of a sound database; raises Unavailable, and ValueError for another one."""
    lines = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    if lines:
        raise Unavailable(f"{what} is damaged: {lines[0]}")
    rows = rows_of_sqlite(connection)
    if "alembic_version" not in rows:
        raise ValueError(f"{what} is no database of huifang")
    ((revision,),) = connection.execute(_REVISION).fetchall()
    return str(revision), rows


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)


@contextmanager
def _told(database: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(f"{database} cannot be read: {error}") from error
