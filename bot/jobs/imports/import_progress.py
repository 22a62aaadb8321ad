"""What an import tells while it runs: how far it has come, and in a file which rows are wrong."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from bot.imports.table_head import TableHead
from bot.imports.unreadable import UnreadableFile
from bot.reports.plain_tables import plain_cell
from dialogs.sanitize import one_line
from storage.bulk.bulk_writer import Chunk
from storage.model.import_records import ImportRecord, ImportState, RowMistake

__all__ = ["ErrorFile", "ImportProgress"]

_SHOWN, _FIRST, _SEEN = 10, 3, 500
"""Mistakes, and rows, that are told with it, and the characters of a cell: on a terminal, none acts on that."""
_GROWS_BY = 4096
"""Bytes, of which each bit is a row: a million wrong ones take no more."""


class ImportProgress:
    """Kept up as an import runs; `rows` is 0 until all are looked through, `errors` the file with all mistakes.

    `columns` are what stands at the head of each column, and what it was taken for, empty for nothing.
    """

    def __init__(self, phase: str = "checking") -> None:
        self.phase = phase
        self.done = self.rows = self.added = self.same = self.refused = 0
        self.columns: list[tuple[str, str]] = []
        self.first: list[dict[str, str]] = []
        self.mistakes: list[tuple[int, RowMistake]] = []
        self.errors = ""
        self.record: ImportRecord | None = None
        self._bad = bytearray()

    def told(self) -> dict[str, Any]:
        """Return it as JSON has it, without the import's record."""
        names = ("phase", "done", "rows", "added", "same", "refused", "errors", "columns", "first")
        mistakes = [
            {"row": row, "column": one.column, "value": one.value, "problem": one.problem, "fix": one.fix}
            for row, one in self.mistakes
        ]
        return {name: getattr(self, name) for name in names} | {"mistakes": mistakes}

    def understand(self, head: TableHead) -> None:
        """Take what the columns mean."""
        named = ((one.header, one.column.name if one.column is not None else "") for one in head.columns)
        self.columns = [(one_line(header, _SEEN), name) for header, name in named if header or name]

    @property
    def has_first(self) -> bool:
        """Whether as many rows were shown as are told with it."""
        return len(self.first) >= _FIRST

    def show(self, row: int, values: Mapping[str, str]) -> None:
        """Take a row that was understood, one of the first, with its number."""
        self.first.append({"row": str(row)} | {name: one_line(value, _SEEN) for name, value in values.items()})

    def count(self, chunk: Chunk) -> None:
        """Count the rows of a chunk."""
        self.done = chunk.upto
        self.added += chunk.rows
        self.same += chunk.same

    def refuse(self, row: int, mistakes: Sequence[RowMistake]) -> bool:
        """Count a row that is wrong; return whether that is news: a row is judged again as it is stored."""
        place, bit = divmod(row, 8)
        if place >= len(self._bad):
            self._bad.extend(bytes(place + _GROWS_BY - len(self._bad)))
        if self._bad[place] & 1 << bit:
            return False
        self._bad[place] |= 1 << bit
        self.refused += 1
        room = max(_SHOWN - len(self.mistakes), 0)
        self.mistakes += [(row, one) for one in mistakes[:room]]
        return True

    def checked(self) -> None:
        """Count all rows, which were looked through."""
        self.rows = self.added + self.same + self.refused

    def storing(self, record: ImportRecord) -> None:
        """Count the rows that are stored from now on; some are already, where that was broken off."""
        is_going_on = record.position > 0
        self.added, self.same = (record.added, record.same) if is_going_on else (0, 0)
        self.phase, self.record = "storing", record

    def ended(self, record: ImportRecord | None, errors: str = "") -> None:
        """Show that it is over; what was imported long ago was there already."""
        is_old = record is not None and record.state is ImportState.DONE and not self.rows
        if is_old and record is not None:
            self.rows = self.done = record.rows
            self.same = record.added + record.same
        self.phase, self.record, self.errors = "done", record, errors


_HEAD = ("row", "column", "value", "problem", "fix")
Say = Callable[[str], str]


class ErrorFile:
    """A CSV file for its owner only; it is made with the first mistake, and one of before is removed.

    `say` says a phrase in the owner's language.
    """

    def __init__(self, path: Path, say: Say) -> None:
        self.path, self._say = path, say
        self._file: TextIO | None = None

    def begin(self) -> None:
        """Remove the file of before. Raises UnreadableFile where that is none, or cannot be removed."""
        with self._told():
            self.path.unlink(missing_ok=True)

    def add(self, row: int, mistakes: Iterable[RowMistake]) -> None:
        """Write the mistakes of a row. Raises UnreadableFile where no file can be made there, OSError."""
        if self._file is None:
            with self._told():
                descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow([self._say(f"import.head.{name}") for name in _HEAD])
        lines = ([row, *map(plain_cell, (one.column, one.value, one.problem, one.fix))] for one in mistakes)
        csv.writer(self._file).writerows(lines)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = f"which rows are wrong cannot be written into {self.path}: {error.strerror}"
            raise UnreadableFile(f"{why}; import a copy in a folder where files can be made") from None

    def close(self) -> None:
        """Close it, if there was any mistake."""
        if self._file is not None:
            self._file.close()
