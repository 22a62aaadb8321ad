"""The owner's own file that says what columns mean: `--map FILE`, TOML or JSON."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.imports.table_columns import ImportKind, column_of
from bot.imports.unreadable import UnreadableFile
from scoring.values import Value, field

__all__ = ["ColumnMap", "read_column_map"]

_LAST_HEAD = 10_000
"""Rows above the data that are held in memory at most."""


class ColumnMap(Value):
    """`columns` say which column a header means, empty for none; `constants` what every row has.

    `header_row` is the number of the row with the headers, 0 where it is to be found.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    header_row: int = 0


def read_column_map(content: str, name: str, kind: ImportKind) -> ColumnMap:
    """Return what the text of a file called `name` says. Raises UnreadableFile."""
    told = _parsed(content, name)
    unknown = told.keys() - {"columns", "constants", "header_row"}
    if unknown:
        raise UnreadableFile(f"{name}: {min(unknown)!r} is unknown; there are columns, constants and header_row")
    columns, constants = (told.get(key, {}) for key in ("columns", "constants"))
    if not (_is_texts(columns) and _is_texts(constants)):
        raise UnreadableFile(f'{name}: write [columns] and [constants] as lines of "header" = "column"')
    header_row = told.get("header_row", 0)
    if not isinstance(header_row, int) or not 0 <= header_row <= _LAST_HEAD:
        raise UnreadableFile(f"{name}: header_row must be the number of a row, {_LAST_HEAD} at most")
    for column in (*columns.values(), *constants):
        if column and column_of(kind, column) is None:
            raise UnreadableFile(f"{name}: {kind} have no column {column!r}; docs/data.md lists them")
    return ColumnMap(columns, constants, header_row)


def _parsed(content: str, name: str) -> dict[str, Any]:
    try:
        told = json.loads(content) if Path(name).suffix.lower() == ".json" else tomllib.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{name} cannot be read: {error}") from None
    if not isinstance(told, dict):
        raise UnreadableFile(f"{name}: write an object with columns, constants and header_row")
    return told


def _is_texts(table: object) -> bool:
    return isinstance(table, dict) and all(isinstance(value, str) for value in table.values())
