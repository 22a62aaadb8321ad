"""Which row of a table is its head, and what its columns mean: guessed from their words, or as the owner says."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from bot.imports.cell_values import plain_text
from bot.imports.mapping_file import ColumnMap
from bot.imports.table_columns import IMPORT_COLUMNS, ImportKind, TableColumn, column_of
from bot.imports.unreadable import UnreadableFile
from config.import_words import ImportWords, header_key
from scoring.values import Value, field

__all__ = ["LOOKED_AT", "HeadGuess", "MappedColumn", "TableHead"]

LOOKED_AT = 30
"""Rows among which the head is looked for: titles and remarks stand above it."""
Cells = Sequence[object]


class MappedColumn(Value):
    """A column of a file, `place` from 0, with the words at its head, and what it means; None where nobody knows."""

    place: int
    header: str
    column: TableColumn | None


class TableHead(Value):
    """What the columns of a table mean; data begin behind the row `row`, counted from 1."""

    row: int
    columns: tuple[MappedColumn, ...]


class HeadGuess(Value):
    """How a head is found: the kind of table, the owner's map, the words, and names of the owner's own.

    `own` are names of columns such as `answers.attitude` by the key of what may stand at their head.
    """

    kind: ImportKind
    words: ImportWords
    map: ColumnMap = ColumnMap()
    own: Mapping[str, str] = field(default_factory=dict)

    def head(self, rows: Sequence[Cells], name: str) -> TableHead:
        """Return the head among the first rows of a file called `name`. Raises UnreadableFile where there is none."""
        if self.map.header_row:
            rows_above = range(self.map.header_row - 1, min(self.map.header_row, len(rows)))
        else:
            rows_above = range(len(rows))
        found = [head for place in rows_above for head in self._heads(rows, place)]
        best = max(found, key=_known, default=None)
        if best is None or not _known(best):
            raise UnreadableFile(
                f"{name}: no row tells what the columns mean; name them as docs/data.md does, or add --map FILE"
            )
        have = {one.column.name for one in best.columns if one.column is not None} | self.map.constants.keys()
        lacking = [one.name for one in IMPORT_COLUMNS[self.kind] if one.lacks(have)]
        if lacking:
            heads = ", ".join(one.header for one in best.columns if one.column is None and one.header)
            untold = f"; nobody knows {heads}" if heads else ""
            raise UnreadableFile(
                f"{name}: no column is {', '.join(lacking)}{untold}; say in a file which is it, and add --map FILE"
            )
        return best

    def _heads(self, rows: Sequence[Cells], place: int) -> Iterator[TableHead]:
        """Yield what a row says as a head by itself, and together with the merged cells of the row above."""
        below = [plain_text(cell) for cell in rows[place]]
        yield TableHead(place + 1, self._mapped([(header, (header,)) for header in below]))
        if place:
            pairs = zip_longest(_spread(rows[place - 1]), below, fillvalue="")
            guesses = [(" ".join(filter(None, pair)), _tries(*pair)) for pair in pairs]
            yield TableHead(place + 1, self._mapped(guesses))

    def _mapped(self, headers: Sequence[tuple[str, Sequence[str]]]) -> tuple[MappedColumn, ...]:
        """Return what headers mean, each column once: what is called by its name comes before what is guessed."""
        found: dict[int, TableColumn] = {}
        for meaning in (self._told, self._guessed):
            for place, (_, tries) in enumerate(headers):
                taken = {one.name for one in found.values()}
                column = next((one for text in tries if (one := meaning(text)) is not None), None)
                if place not in found and column is not None and column.name not in taken:
                    found[place] = column
        return tuple(MappedColumn(place, header, found.get(place)) for place, (header, _) in enumerate(headers))

    def _told(self, header: str) -> TableColumn | None:
        """Return what the owner's map says, or else the column of this very name."""
        name = self.map.columns.get(header, header.strip() if header_key(header) else "")
        return column_of(self.kind, name) if name else None

    def _guessed(self, header: str) -> TableColumn | None:
        key = header_key(header)
        if not key or header in self.map.columns:
            return None
        named = next((one for one in IMPORT_COLUMNS[self.kind] if header_key(one.name) == key), None)
        if named is not None:
            return named
        meant = (column_of(self.kind, name) for name in self.words.headers.get(key, ()))
        return next((one for one in meant if one is not None), None) or self._own(key)

    def _own(self, key: str) -> TableColumn | None:
        if key in self.own:
            return column_of(self.kind, self.own[key])
        for end, name in self.words.answers.items():
            if key.endswith(end) and key.removesuffix(end) in self.own:
                return column_of(self.kind, f"{self.own[key.removesuffix(end)]}.{name}")
        return None


def _known(head: TableHead) -> int:
    return sum(one.column is not None for one in head.columns)


def _spread(cells: Cells) -> list[str]:
    """Return the words of a row in which a merged cell stands for the empty ones behind it."""
    spread, last = [], ""
    for cell in cells:
        last = plain_text(cell) or last
        spread.append(last)
    return spread


def _tries(above: str, below: str) -> tuple[str, ...]:
    return (f"{above}{below}", f"{above} {below}", below) if below else (above,)
