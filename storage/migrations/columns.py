"""Changes the columns of a table that there is, as the code has them, on either database."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

__all__ = ["Added", "add_columns", "allow_value", "drop_column", "make_optional", "remade", "without_rowid"]

Added = tuple[str, str, str | int | None]
"""A column's name, its kind (`at`, `text`, `maybe_text`, `maybe_bytes`, `number`, `maybe_number`), and what old rows
have in it."""

_SQLITE = {
    "at": "TEXT",
    "text": "TEXT NOT NULL",
    "maybe_text": "TEXT",
    "maybe_bytes": "BLOB",
    "number": "INTEGER NOT NULL",
    "maybe_number": "INTEGER",
}
_NAMING = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> ? AND sql LIKE ?"
_POSTGRES: dict[str, Callable[[], Any]] = {
    "at": Instant,
    "text": sa.Text,
    "maybe_text": sa.Text,
    "maybe_bytes": sa.LargeBinary,
    "number": sa.Integer,
    "maybe_number": sa.Integer,
}


def add_columns(table: str, added: Sequence[Added], behind: str = "version", freed: Collection[str] = ()) -> None:
    """Add columns behind the column `behind`; `freed` are names of constraints that no longer hold."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, added, behind, freed)
    else:
        _alter(table, added)


def _alter(table: str, added: Sequence[Added]) -> None:
    for name, kind, value in added:
        default = None if value is None else sa.text(repr(value))
        op.add_column(table, sa.Column(name, _POSTGRES[kind](), nullable=default is None, server_default=default))
        op.alter_column(table, name, server_default=None)


def make_optional(table: str, column: str) -> None:
    """Make a text column nullable, and NULL where it was empty."""
    if op.get_bind().dialect.name == "sqlite":
        loose = partial(_replaced, f"\t{column} TEXT NOT NULL", f"\t{column} TEXT")
        _remake(table, loose, {column: f"NULLIF({column}, '')"})
    else:
        op.alter_column(table, column, nullable=True)
        op.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} = ''")  # noqa: S608 - our own names


def allow_value(table: str, column: str, value: str, behind: str) -> None:
    """Allow one more value of an enumeration, behind another one."""
    if op.get_bind().dialect.name == "sqlite":
        _remake(table, partial(_replaced, f"'{behind}'", f"'{behind}', '{value}'"), {})
        return
    name = f"ck_{table}_{column}"
    found = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    told = op.get_bind().execute(found, {"name": name}).scalar_one()
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    more = _replaced(f"'{behind}'::text", f"'{behind}'::text, '{value}'::text", told)
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {more}")


def drop_column(table: str, column: str) -> None:
    """Drop a column that no index and no constraint names."""
    op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def remade(table: str, old: str, new: str, values: dict[str, str]) -> None:
    """Make a table of SQLite anew with a part of its statement replaced; `values` say what is written into a column."""
    _remake(table, partial(_replaced, old, new), values)


def without_rowid(table: str) -> None:
    """Store a table's rows on SQLite in the index of its primary key, instead of beside it; PostgreSQL cannot."""
    if op.get_bind().dialect.name == "sqlite":
        _remake(table, partial(_replaced, "\n STRICT", "\n WITHOUT ROWID, \n STRICT"), {})


def _replaced(old: str, new: str, sql: str) -> str:
    if old not in sql:
        raise ValueError(f"there is no {old.strip()!r} in the table")
    return sql.replace(old, new, 1)


def _rebuild(table: str, added: Sequence[Added], behind: str, freed: Collection[str]) -> None:
    given = {name: repr(value) for name, _, value in added if value is not None}
    _remake(table, partial(_with_columns, added, behind, freed), given)


def _remake(table: str, change: Callable[[str], str], given: dict[str, str]) -> None:
    """Make a table anew from its changed statement, as https://sqlite.org/lang_altertable.html tells in part 7.

    `given` says what is written into a column, where it is not what stands there. Triggers of other tables that name
    this one are made anew as well: SQLite renames no table while a trigger names one that is not there.
    """
    database = op.get_bind()
    triggers = {name: sql for name, sql in database.exec_driver_sql(_NAMING, (table, f"%{table}%"))}  # noqa: C416 (rows are no pairs)
    for name in triggers:
        op.execute(f"DROP TRIGGER {name}")
    made = {
        name: sql
        for name, sql in database.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE tbl_name = ?", (table,))
        if sql is not None
    }
    old = [row[1] for row in database.exec_driver_sql(f"PRAGMA table_info({table})")]
    values = {name: f'"{name}"' for name in old} | given
    columns, selected = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
    head, body = change(made.pop(table)).split("(", 1)
    op.execute(head.replace(table, f"new_{table}") + "(" + body)  # SQLite has put the name of a renamed table in quotes
    op.execute(f"INSERT INTO new_{table} ({columns}) SELECT {selected} FROM {table}")  # noqa: S608 - our own names
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    for sql in (*made.values(), *triggers.values()):
        op.execute(sql)


def _with_columns(added: Sequence[Added], behind: str, freed: Collection[str], sql: str) -> str:
    """Return the statement that makes the table, with the new columns and without what no longer holds."""
    lines = []
    for line in sql.split("\n"):
        if any(name in line for name in freed):
            continue
        lines.append(line)
        if line.strip().startswith(f"{behind} "):
            lines += [f"\t{name} {_SQLITE[kind]}, " for name, kind, _ in added]
    return "\n".join(lines).replace(", \n)", "\n)")
