"""Nothing that runs for every message reads a whole table: each statement finds its rows by an index."""

from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Column, SelectBase, Text, text

from storage import leases, outbox, read, selects, transcript, writes
from storage.dialects import database
from storage.session import Library, Write
from storage.store import Store

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
    for module in (selects, writes, leases, outbox, read, transcript)
    for name, statement in named(module).items()
    if name not in MAY_SCAN
}


@pytest.mark.parametrize("name", STATEMENTS)
async def test_a_statement_finds_its_rows_by_an_index(name: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/huifang.db"
    statement, library = STATEMENTS[name], Library(database(url))
    compiled = library.many(statement) if isinstance(statement, Write) else library.select(statement)
    explained = text(f"EXPLAIN QUERY PLAN {compiled.sql.replace('?', 'NULL')}")
    parts = [Column(part, Text) for part in ("id", "parent", "unused", "detail")]
    async with Store.open(url) as store, store.reading() as session:
        plan = [row[3] for row in await session.fetch(explained.columns(*parts))]
    assert [step for step in plan if _reads_all(step)] == []


def _reads_all(step: str) -> bool:
    """Say whether a step of a plan walks through a table; walking through an index that holds little is fine."""
    is_walk = (step.startswith(("SCAN", "SEARCH")) and " INDEX " not in step) or "(rowid>" in step
    return is_walk and not any(harmless in step for harmless in ("json_each", "CONSTANT ROW", "(rowid="))
