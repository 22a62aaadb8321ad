"""Makes a backup of either kind of database, and restores one."""

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path

from scoring.values import Value
from storage.backups.backup_file import (
    PRODUCT,
    BackupHeader,
    check_content,
    read_header,
    sync_folder,
    writing_backup,
)
from storage.backups.restore_mark import RestoreMark
from storage.backups.sqlite_backup import copy_sqlite, lay_sqlite, leave_to_owner, settle_sqlite
from storage.connection.migrate import revisions
from storage.dialects import Database, database
from storage.model.errors import SchemaMismatch, Unavailable
from storage.schema.column_types import instant_text

__all__ = ["RestoreOrder", "backup_folder", "make_backup", "restore_backup"]

_OF_SQLITE = ("", "-wal", "-shm")


def backup_folder(url: str, home: Path) -> Path:
    """Return where backups go by themselves: `backups` beside an SQLite file, else `var/backups` of `home`."""
    file = database(url).file
    return file.parent / "backups" if file is not None else home / "var" / "backups"


async def make_backup(url: str, target: Path, now: datetime, version: str) -> BackupHeader:
    """Write the database of `database.url` as it is at one moment into a file, while a service may go on writing.

    What was written is read again before it has its name. Raises Unavailable where the database or a program cannot be
    used, ValueError where it is none of huifang's, BackupDamagedError where the disk gives back something else, and
    OSError.
    """
    opened = database(url)
    try:
        kind = opened.dialect.name
        with writing_backup(target) as writer:
            if opened.file is not None:
                beside = target.with_name(f".{target.name}.copy")
                if not opened.file.exists():
                    raise Unavailable(f"there is no database at {opened.file}: look at database.url")
                revision, rows = await asyncio.to_thread(copy_sqlite, opened.file, writer, beside)
            else:
                from storage.backups.postgres_backup import copy_postgres  # noqa: PLC0415 (only for its own kind)

                revision, rows = await copy_postgres(url, writer)
            header = writer.finish(BackupHeader(PRODUCT, version, revision, kind, instant_text(now), rows))
            await asyncio.to_thread(check_content, writer.path)
        return header
    finally:
        await opened.close()


class RestoreOrder(Value):
    """What is restored at the moment `now`, by this `version` of the product.

    `until` is the moment up to which the database that was backed up may have gone on serving. What is there already
    goes to `copy`; without one nothing may be there.
    """

    backup: Path
    now: datetime
    until: datetime
    version: str
    copy: Path | None = None


async def restore_backup(url: str, order: RestoreOrder) -> BackupHeader:
    """Restore a backup into the database of `database.url`, all of it or nothing.

    Nothing is touched before the backup is found to be whole and of this product. Raises BackupDamagedError,
    SchemaMismatch for tables that this version does not know, InUse while the database is used, ValueError where it is
    not empty and there is no `copy`, Unavailable, OSError.
    """
    header = read_header(order.backup)
    opened = database(url)
    try:
        _refuse(order.backup, header, opened)
        await asyncio.to_thread(check_content, order.backup)
        mark = RestoreMark(datetime.fromisoformat(header.at), order.now, order.until)
        if opened.file is not None:
            with opened.exclusive():
                await asyncio.to_thread(_restore_file, order, header, opened.file, mark)
        else:
            await _restore_on_server(url, order, header, mark)
        return header
    finally:
        await opened.close()


async def _restore_on_server(url: str, order: RestoreOrder, header: BackupHeader, mark: RestoreMark) -> None:
    from storage.backups.postgres_backup import (  # noqa: PLC0415 (only the driver of the database that is used)
        lay_postgres,
        present_in_postgres,
    )

    present = await present_in_postgres(url)
    if present:
        await make_backup(url, _room(order.copy), order.now, order.version)
    await lay_postgres(url, order.backup, header, mark, present)


def _refuse(backup: Path, header: BackupHeader, opened: Database) -> None:
    if header.database != opened.dialect.name:
        raise ValueError(f"{backup} is of {header.database}, and database.url names {opened.dialect.name}")
    if header.schema not in revisions():
        raise SchemaMismatch(
            f"{backup} was made by a newer huifang (version {header.version}, tables {header.schema}):"
            " install that version"
        )


def _restore_file(order: RestoreOrder, header: BackupHeader, file: Path, mark: RestoreMark) -> None:
    """Restore a backup into a file, and keep what was there.

    Killed at any moment it leaves either the database that was there or the restored one: its write-ahead log is
    written back first, so that one rename makes the difference. What is damaged is kept as it is; its log, which would
    be taken for one of the restored file, goes before that rename, and the file itself by it.
    """
    if not _present(file):
        lay_sqlite(order.backup, header, file, mark)
        return
    away = _room(order.copy)
    draft = file.with_name(f".{file.name}.restored")
    try:
        lay_sqlite(order.backup, header, draft, mark)
        is_sound = settle_sqlite(file)
        away.mkdir(mode=0o700)
        leave_to_owner(away)
        there = [file] if is_sound else _present(file)
        for path in there:
            _keep(path, away / path.name)
        sync_folder(away)
        for path in there:
            if path != file:
                path.unlink()
        draft.replace(file)
        sync_folder(file.parent)
    finally:
        draft.unlink(missing_ok=True)


def _present(file: Path) -> list[Path]:
    """Return the files of a database that hold something."""
    paths = [Path(f"{file}{name}") for name in _OF_SQLITE]
    return [path for path in paths if path.exists() and os.stat(path).st_size > 0]  # noqa: PTH116 (as short)


def _keep(file: Path, away: Path) -> None:
    """Link a file to another name; copy it where the folder is on another disk, or knows no such links."""
    try:
        away.hardlink_to(file)
    except OSError:
        with file.open("rb") as source, away.open("xb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        away.chmod(0o600)
        leave_to_owner(away)


def _room(copy: Path | None) -> Path:
    if copy is None:
        raise ValueError(
            "there is a database already, and nothing was changed: --replace puts the backup in its place, after a copy"
        )
    if not copy.parent.exists():
        copy.parent.mkdir(parents=True, mode=0o700)
        leave_to_owner(copy.parent)
    return copy
