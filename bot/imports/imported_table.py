"""A file as a table: its head, and its rows as values, each with what is wrong in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, islice
from pathlib import Path

from bot.imports.cell_values import CellProblem, CellReader, CellTerms, cell_reader, plain_text
from bot.imports.csv_tables import csv_rows
from bot.imports.table_columns import IMPORT_COLUMNS, TableColumn, column_of
from bot.imports.table_head import LOOKED_AT, HeadGuess, TableHead
from bot.imports.unreadable import UnreadableFile
from bot.imports.workbook_tables import is_workbook, workbook_rows
from scoring.values import Value
from storage.model.import_records import RowMistake

__all__ = ["ImportedTable", "TableRow", "opened_table"]

_SHOWN = 80
"""Characters of a value that are shown beside what is wrong with it."""
_KNOWN = 500
"""Texts of a column whose meaning is remembered: most columns have few, and reading them is most of the work."""


class TableRow(Value):
    """A row by the number that a spreadsheet shows; `values` by the names of columns, without what is empty."""

    number: int
    values: dict[str, object]
    problems: tuple[RowMistake, ...] = ()


class ImportedTable:
    """An open file of which the head is known; its rows can be read once."""

    def __init__(self, head: TableHead, rows: Iterator[Sequence[object]], guess: HeadGuess, terms: CellTerms) -> None:
        self.head = head
        self._rows, self._terms = rows, terms
        self._plan: list[tuple[int, str, CellReader, dict[str | None, object]]] = [
            (each.place, each.column.name, cell_reader(each.column.kind), {})
            for each in head.columns
            if each.column is not None
        ]
        self._constants = _constants(guess, terms)
        self._required = [one for one in IMPORT_COLUMNS[guess.kind] if one.is_required]

    def rows(self) -> Iterator[TableRow]:
        """Yield the rows below the head that are not empty. Raises UnreadableFile."""
        for number, cells in enumerate(self._rows, self.head.row + 1):
            row = self._row(number, cells)
            if row is not None:
                yield row

    def _row(self, number: int, cells: Sequence[object]) -> TableRow | None:
        values: dict[str, object] = {}
        problems: list[RowMistake] = []
        terms, count = self._terms, len(cells)
        for place, name, read, known in self._plan:
            cell = cells[place] if place < count else None
            if cell is None or cell == "":
                continue
            text = cell if isinstance(cell, str) else None
            if text in known:
                values[name] = known[text]
                continue
            if text is not None and not text.strip():
                continue
            try:
                values[name] = value = read(cell, terms)
            except CellProblem as wrong:
                problems.append(RowMistake(name, plain_text(cell)[:_SHOWN], wrong.problem, wrong.fix))
                continue
            if text is not None and len(known) < _KNOWN and len(text) < _SHOWN:
                known[text] = value
        if not (values or problems):
            return None
        values = {**self._constants, **values} if self._constants else values
        named = {one.column for one in problems}
        problems += [
            RowMistake(one.name, "", "is empty", "fill it in")
            for one in self._required
            if one.name not in named and one.lacks(values)
        ]
        return TableRow(number, values, tuple(problems))


def _constants(guess: HeadGuess, terms: CellTerms) -> Mapping[str, object]:
    """Return what every row has. Raises UnreadableFile."""
    read: dict[str, object] = {}
    for name, text in guess.map.constants.items():
        column = column_of(guess.kind, name) or TableColumn(name)
        try:
            read[name] = cell_reader(column.kind)(text, terms)
        except CellProblem as wrong:
            raise UnreadableFile(f"constant {name} = {text!r} {wrong.problem}; {wrong.fix}") from None
    return read


@contextmanager
def opened_table(path: Path, name: str, guess: HeadGuess, terms: CellTerms) -> Iterator[ImportedTable]:
    """Yield a file called `name` as a table. Raises UnreadableFile, and OSError."""
    with _reader(path)(path, name) as rows:
        first = list(islice(rows, max(LOOKED_AT, guess.map.header_row)))
        if not first:
            raise UnreadableFile(f"{name} is empty")
        head = guess.head(first, name)
        yield ImportedTable(head, chain(first[head.row :], rows), guess, terms)


def _reader(path: Path) -> Callable[[Path, str], AbstractContextManager[Iterator[Sequence[object]]]]:
    with path.open("rb") as file:
        return workbook_rows if is_workbook(file.read(8)) else csv_rows
