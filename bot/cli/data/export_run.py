"""Writes an export: every kind from one moment of the database, a page at a time."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.cli.data.csv_rows import answer_columns, csv_lines, own_columns, spread_out
from bot.cli.data.export_folder import ExportFile, ExportFolder
from bot.cli.data.exported_kinds import EXPORTED_KINDS, ExportedKind
from bot.cli.data.exported_rows import ExportSource
from bot.cli.data.pseudonyms import Pseudonyms
from bot.process.crash_points import crash_point
from scoring.values import Value

__all__ = ["ExportWanted", "write_export"]

Json = dict[str, Any]
_MARK_EVERY = 10_000
"""Rows between two marks: each waits for the disk."""
_BOM = b"\xef\xbb\xbf"


class ExportWanted(Value):
    """What is exported: the `kinds` in order, of a time or of all, as `csv` or `jsonl`, by pseudonyms or not."""

    kinds: tuple[str, ...]
    format: str
    span: tuple[datetime, datetime] | None
    secret: bytes | None


def write_export(
    source: ExportSource, folder: ExportFolder, wanted: ExportWanted, read_at: str, tell: Callable[[str, int], None]
) -> None:
    """Write what is missing of an export; `tell` gets each file's name and rows once it is done."""
    for name in wanted.kinds:
        file = folder.file(f"{name}.{wanted.format}", name)
        if not file.is_done:
            _FileExport(source, EXPORTED_KINDS[name], wanted).write(file, folder, read_at)
        tell(f"{name}.{wanted.format}", file.rows)


class _FileExport:
    def __init__(self, source: ExportSource, kind: ExportedKind, wanted: ExportWanted) -> None:
        self._source, self._kind, self._wanted = source, kind, wanted
        self._pseudonyms = Pseudonyms(wanted.secret) if wanted.secret is not None else None

    def write(self, file: ExportFile, folder: ExportFolder, read_at: str) -> None:
        """Write what is missing of a file, and beside it the files that its rows name, unless pseudonyms are wanted."""
        is_csv = self._wanted.format == "csv"
        columns = (file.columns or self._columns()) if is_csv else ()
        with file.growing(columns, self._head(columns) if is_csv else b"", read_at):
            marked = file.rows
            for page in self._kind.pages(self._source, self._wanted.span, file.place):
                rows = self._disguised(page.rows)
                for row in page.rows if self._pseudonyms is None and self._kind.has_files else ():
                    folder.put(row["file"], self._source.content(row["sha256"]))
                file.add(len(rows), csv_lines(rows, self._kind.name, columns) if is_csv else _json_lines(rows))
                crash_point("exported")
                if file.rows - marked >= _MARK_EVERY:
                    marked = file.rows
                    file.mark(page.place)

    def _head(self, columns: Sequence[str]) -> bytes:
        return _BOM + csv_lines([dict(zip(columns, columns, strict=True))], "", columns)

    def _disguised(self, rows: list[Json]) -> list[Json]:
        if self._pseudonyms is None:
            return rows
        return [self._pseudonyms.row(row, self._kind.columns) for row in rows]

    def _columns(self) -> tuple[str, ...]:
        """Return the columns of the kind, and behind them those that only some rows have."""
        spread = spread_out(self._kind.name)
        names = tuple(name for name in self._kind.columns.names if name not in spread)
        own: dict[str, None] = {}
        if self._kind.name == "responses":  # the questions are known: no row has to be looked at
            own |= dict.fromkeys(name for question in self._source.questions() for name in answer_columns(question))
            return (*names, *own)
        for page in self._kind.pages(self._source, self._wanted.span, None) if spread else ():
            for row in self._disguised(page.rows):
                own |= dict.fromkeys(own_columns(self._kind.name, row))
        return (*names, *sorted(own))


def _json_lines(rows: Sequence[Json]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
