"""Adds columns to a table that there is, in the place where the code has them, on either database."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

__all__ = ["Added", "add_columns"]

Added = tuple[str, str, str | int | None]
"""A column's name, its kind (`at`, `text`, `maybe_text`, `number`), and what old rows have in it."""

_SQLITE = {"at": "TEXT", "text": "TEXT NOT NULL", "maybe_text": "TEXT", "number": "INTEGER NOT NULL"}
_POSTGRES: dict[str, Callable[[], Any]] = {"at": Instant, "text": sa.Text, "maybe_text": sa.Text, "number": sa.Integer}


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


def _rebuild(table: str, added: Sequence[Added], behind: str, freed: Collection[str]) -> None:
    """Make the table anew with the new columns, as https://sqlite.org/lang_altertable.html tells in part 7."""
    database = op.get_bind()
    made = {
        name: sql
        for name, sql in database.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE tbl_name = ?", (table,))
        if sql is not None
    }
    old = [row[1] for row in database.exec_driver_sql(f"PRAGMA table_info({table})")]
    columns = ", ".join(f'"{name}"' for name in old)
    new = [(name, repr(value)) for name, _, value in added if value is not None]
    into = "".join(f", {name}" for name, _ in new)
    given = "".join(f", {value}" for _, value in new)
    op.execute(_with_columns(made.pop(table), table, added, behind, freed))
    op.execute(f"INSERT INTO new_{table} ({columns}{into}) SELECT {columns}{given} FROM {table}")  # noqa: S608 - our own names
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    for sql in made.values():
        op.execute(sql)


def _with_columns(sql: str, table: str, added: Sequence[Added], behind: str, freed: Collection[str]) -> str:
    """Return the statement that makes the table, with the new columns and without what no longer holds."""
    lines = []
    for line in sql.replace(f"TABLE {table}", f"TABLE new_{table}", 1).split("\n"):
        if any(name in line for name in freed):
            continue
        lines.append(line)
        if line.strip().startswith(f"{behind} "):
            lines += [f"\t{name} {_SQLITE[kind]}, " for name, kind, _ in added]
    return "\n".join(lines).replace(", \n)", "\n)")
