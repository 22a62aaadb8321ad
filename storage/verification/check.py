"""What a check is: a promise, and a query for the rows that break it, in SQL that both databases take.

Where their SQL differs a query is written with these words, translated by `sql_of`:

- `EACH_OBJECT(x) AS e`: the objects of a JSON array, as `e.value`; `EACH_STRING(x) AS e`: its strings;
- `INSTANT(x)`: a moment of a column that has numbers on SQLite, as the others have it;
- `PARSED(x)`: a text as JSON, of which `->` and `->>` take parts;
- `:late`, `:stale`: ten minutes, an hour before the moment until which the database was served.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from scoring.values import Value
from storage.schema.column_types import instant_text

__all__ = ["PromiseCheck", "Violation", "sql_of"]

_LATE, _STALE = timedelta(minutes=10), timedelta(hours=1)
_EACH = re.compile(r"EACH_(OBJECT|STRING)\((.*?)\) AS (\w+)")
_PARSED = re.compile(r"PARSED\((.*?)\)")
_INSTANT = re.compile(r"INSTANT\((.*?)\)")
_AS_TEXT = r"strftime('%Y-%m-%dT%H:%M:%S', \1 / 1000000, 'unixepoch') || printf('.%06dZ', \1 % 1000000)"
_POSTGRES: Mapping[str, str] = {"OBJECT": "json_array_elements", "STRING": "json_array_elements_text"}


class PromiseCheck(Value):
    """A promise in plain words, and the query that returns the id of each row of `table` by which it is broken.

    `advice` says what to look at, or how to mend it, in a sentence. A query never returns what a person wrote.
    """

    promise: str
    table: str
    query: str
    advice: str


class Violation(Value):
    """One row that breaks a promise."""

    promise: str
    table: str
    row: str
    advice: str

    def __str__(self) -> str:
        """Return the line that names it."""
        return f"{self.promise}: {self.table} {self.row}. {self.advice}"


def sql_of(query: str, dialect: str, served_until: datetime) -> str:
    """Return a query in the SQL of a dialect."""
    if dialect == "sqlite":
        query = _EACH.sub(r"json_each(\2) AS \3", _INSTANT.sub(_AS_TEXT, _PARSED.sub(r"\1", query)))
    else:
        query = _EACH.sub(_each, _INSTANT.sub(r"\1", _PARSED.sub(r"CAST(\1 AS json)", query)))
    for name, before in ((":late", _LATE), (":stale", _STALE)):
        query = query.replace(name, f"'{instant_text(served_until - before)}'")
    return query


def _each(found: re.Match[str]) -> str:
    kind, array, name = found.groups()
    return f"{_POSTGRES[kind]}(CAST({array} AS json)) AS {name}(value)"
