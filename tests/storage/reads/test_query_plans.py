"""Nothing that runs for every message reads a whole table: each statement finds its rows by an index."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import SelectBase

from storage.connection.session import StatementCache, Write
from storage.dialects import database
from storage.reads import due, outbox, transcript
from storage.unit_of_work import leases, outbox_writes, selects, writes
from tests.support.database.migrated import copy_migrated

# Small tables, and what happens once in a blue moon.
MAY_SCAN = {"ROSTER", "MOVE_MESSAGES"}


def named(module: ModuleType) -> dict[str, SelectBase | Write]:
    found: dict[str, SelectBase | Write] = {}
    for name, value in vars(module).items():
        group = value if isinstance(value, dict | list) else [value]
        for part in group.values() if isinstance(group, dict) else group:
            if isinstance(part, SelectBase | Write):
                found[f"{name} {len(found)}" if group is value else name] = part
    return found


STATEMENTS = {
    f"{module.__name__} {name}": statement
    for module in (selects, writes, outbox_writes, leases, outbox, due, transcript)
    for name, statement in named(module).items()
    if name not in MAY_SCAN
}


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated database, which nobody writes to."""
    return copy_migrated(tmp_path_factory.mktemp("plans") / "huifang.db")


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_finds_its_rows_by_an_index(name: str, migrated_file: Path) -> None:
    statements = StatementCache(database(f"sqlite:///{migrated_file}"))
    with closing(sqlite3.connect(migrated_file)) as connection:
        for sql in texts(statements, STATEMENTS[name]):
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql.replace('?', 'NULL')}")]
            assert [step for step in plan if _reads_all(step)] == []


def texts(statements: StatementCache, statement: SelectBase | Write) -> list[str]:
    """Return the texts of a statement: a SELECT has several, for one key and for more."""
    if isinstance(statement, Write):
        return [statements.bulk_write(statement).sql]
    some: dict[str, list[str]] = defaultdict(lambda: ["a", "b"])
    single: dict[str, list[str]] = defaultdict(lambda: ["a"])
    return [statements.select(statement, keys).sql for keys in (some, single)]


def _reads_all(step: str) -> bool:
    """Return whether a step of a plan walks through a table; walking through an index that holds little is fine."""
    is_walk = (step.startswith(("SCAN", "SEARCH")) and " INDEX " not in step) or "(rowid>" in step
    harmless = ("json_each", "CONSTANT ROW", "(rowid=", "USING PRIMARY KEY (")
    return is_walk and not any(each in step for each in harmless)
