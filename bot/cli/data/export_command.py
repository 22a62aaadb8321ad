"""`huifang export`: everything that is stored, as files, while the service runs."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cli.common import Commands, Options, add_command, call_command, settings_of

__all__ = ["add_to"]

Json = dict[str, Any]
LEFT_OUT = (
    "Left out: names, addresses, telephone numbers, every free text. Customers, colleagues, tickets and ids have"
    " pseudonyms that are the same in all files of this export, and cannot be computed again."
)


def add_to(commands: Commands) -> None:
    """Add the command `export`."""
    export = add_command(commands, "export", "write everything that is stored into files", _export)
    export.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or that of an unfinished export")
    export.add_argument("kinds", metavar="KIND", nargs="*", help="such as tickets responses; every kind by default")
    export.add_argument("--format", choices=("csv", "jsonl"), default="csv", help="one file of it for each kind")
    export.add_argument("--period", metavar="PERIOD", default="", help="only what belongs to it, such as 2026-Q4")
    export.add_argument(
        "--anonymised", action="store_true", help="pseudonyms for people, tickets and ids; no free text, no address"
    )
    export.add_argument("--resume", action="store_true", help="go on with an unfinished export, or refuse")


def _export(options: Options) -> None:
    from bot.cli.data.export_folder import ExportFolder  # noqa: PLC0415 (slow, see the package)
    from bot.process.system import SystemSecrets  # noqa: PLC0415 (as above)

    kinds = _kinds(options.kinds)
    asked = {"kinds": list(kinds), "format": options.format, "anonymised": options.anonymised, "period": options.period}
    secret = SystemSecrets().token() if options.anonymised else ""
    with ExportFolder.open(options.folder, asked, {"secret": secret}, resumes=options.resume) as folder:
        told = {**asked, "resumed": folder.is_resumed, "folder": str(options.folder.resolve())}
        begun = call_command(options, "export begin", **told)
        folder.start()
        manifest = _write(options, folder, kinds, begun)
    rows = sum(file["rows"] for file in manifest["files"])
    print(f"{options.folder}: {rows} rows in {len(manifest['files'])} files; manifest.json has their SHA-256.")


def _kinds(named: list[str]) -> tuple[str, ...]:
    """Return the kinds that are named, in the order in which they are written. Raises CommandProblem."""
    from bot.cli.data.exported_kinds import EXPORTED_KINDS  # noqa: PLC0415 (slow, see the package)
    from bot.control.protocol import CommandProblem  # noqa: PLC0415 (as above)

    unknown = [name for name in named if name not in EXPORTED_KINDS]
    if unknown:
        raise CommandProblem(f"there is nothing called {unknown[0]!r} to export: {', '.join(EXPORTED_KINDS)}")
    return tuple(name for name in EXPORTED_KINDS if not named or name in named)


def _write(options: Options, folder: Any, kinds: tuple[str, ...], begun: Json) -> Json:  # noqa: ANN401 (loaded later)
    from bot.cli.data.export_run import ExportWanted, write_export  # noqa: PLC0415 (slow, see the package)
    from bot.cli.data.exported_rows import ExportSource  # noqa: PLC0415 (as above)
    from bot.process.system import SystemClock  # noqa: PLC0415 (as above)
    from storage.bulk.snapshot_session import SnapshotSession, read_snapshot  # noqa: PLC0415 (as above)

    since, until = begun["since"], begun["until"]
    span = (datetime.fromisoformat(since), datetime.fromisoformat(until)) if since else None
    secret = folder.begin["secret"].encode() if options.anonymised else None
    wanted = ExportWanted(kinds, options.format, span, secret)

    def work(session: SnapshotSession) -> None:
        read_at = SystemClock().now().isoformat()
        write_export(ExportSource(session, begun["locale"]), folder, wanted, read_at, _tell)

    url = settings_of(options).database.url.get_secret_value()
    asyncio.run(read_snapshot(url, work))  # it blocks: the first signal is to end it where it is
    about = {"product": "huifang", "format": options.format, "anonymised": LEFT_OUT if options.anonymised else ""}
    return dict(folder.finish(about | {"period": options.period, "since": since, "until": until}))


def _tell(name: str, rows: int) -> None:
    print(f"{name}: {rows} rows", flush=True)
