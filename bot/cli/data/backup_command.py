"""`huifang backup` and `huifang restore`: the whole database as one file, and back."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import Commands, Options, add_command, call_command, settings_of

if TYPE_CHECKING:
    from storage.backups.backup_file import BackupHeader

__all__ = ["add_to"]


def add_to(commands: Commands) -> None:
    """Add the commands `backup` and `restore`."""
    backup = add_command(commands, "backup", "write the whole database into a file, while the service runs", _backup)
    backup.add_argument("file", metavar="FILE", type=Path, help="a new file; it is for its owner only")
    restore = add_command(commands, "restore", "put a backup into an empty place, while no service runs", _restore)
    restore.add_argument("file", metavar="FILE", type=Path, help="what `huifang backup` has written")
    restore.add_argument(
        "--replace", action="store_true", help="in place of the database that is there, after a copy of it"
    )
    restore.add_argument(
        "--stopped",
        metavar="MOMENT",
        help="when the service that was backed up stopped, as 2026-11-22T02:30:00Z; now by default: what fell due"
        " between the backup and then may have been sent, and is not sent again",
    )


def _backup(options: Options) -> None:
    from bot.control.protocol import CommandProblem  # noqa: PLC0415 (slow, see the package)
    from bot.process.system import SystemClock, product_version  # noqa: PLC0415 (as above)
    from storage.backups.backup import make_backup  # noqa: PLC0415 (as above)
    from storage.connection.migrate import revisions  # noqa: PLC0415 (as above)

    target: Path = options.file
    if target.exists():
        raise CommandProblem(f"{target} is there already: name a new file")
    url = settings_of(options).database.url.get_secret_value()
    header = asyncio.run(make_backup(url, target, SystemClock().now(), product_version()))
    if header.schema == revisions()[-1]:  # an older one is not written to, nor migrated by a backup
        call_command(options, "backup note", file=str(target.resolve()), rows=header.total)
    print(f"{target}: {_told(header)}")


def _restore(options: Options) -> None:
    from bot.process.system import SystemClock, product_version  # noqa: PLC0415 (slow, see the package)
    from storage.backups.backup import RestoreOrder, backup_folder, restore_backup  # noqa: PLC0415 (as above)

    url, now = settings_of(options).database.url.get_secret_value(), SystemClock().now()
    until = _moment(options.stopped) if options.stopped else now
    copy = backup_folder(url, Path.cwd()) / f"before-restore-{now:%Y-%m-%dT%H%M%S}" if options.replace else None
    order = RestoreOrder(options.file, now, until, product_version(), copy)
    header = asyncio.run(restore_backup(url, order))
    print(f"Restored {_told(header)}.")
    if copy is not None and copy.exists():
        print(f"What was there before is in {copy}.")
    print("Run `huifang doctor --verify`, then start the service; docs/operations.md says what it sends, and what not.")


def _moment(text: str) -> datetime:
    """Return a moment with its zone, in UTC. Raises CommandProblem."""
    from bot.control.protocol import CommandProblem  # noqa: PLC0415 (slow, see the package)

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 (refused below)
    if moment.tzinfo is None:
        raise CommandProblem(f"--stopped {text!r}: write a moment with its zone, such as 2026-11-22T02:30:00Z")
    return moment.astimezone(UTC)


def _told(header: "BackupHeader") -> str:
    tables = f"{header.total} rows in {len(header.rows)} tables"
    return f"{tables}, {header.database} as of {header.at}, tables {header.schema}, SHA-256 {header.sha256}"
