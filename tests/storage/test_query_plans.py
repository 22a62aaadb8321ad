"""No statement reads a table that grows as a whole: each finds its rows by an index, or reads a slice of them."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import asyncpg
import pytest
from sqlalchemy import BinaryExpression, Select, SelectBase, UpdateBase

import storage
from storage.bulk import import_claims, page_details, sample_traces, upload_register
from storage.connection.session import StatementCache, Write
from storage.connection.slices import MIDDLE, KeyOrder
from storage.dialects import database
from storage.outgoing import fan_out
from storage.privacy import erasure, erasure_writes, named_deliveries, retention, team_replies, typed_notes
from storage.reads import admin_lists, campaigns, data_requests, entry_list, listings, rated_subjects, reader
from storage.reads.archive import report_reads
from storage.reads.customers import held_data
from storage.reads.figures import published, weighed_ratings
from storage.reads.improvement import finding_list
from storage.reads.outgoing import hook_reads
from storage.reads.text import phrases
from storage.rollups import figure_store
from storage.schema import tables as t
from storage.text import proposals, readings, waiting_sentences
from storage.unit_of_work import selects
from tests.support.database.migrated import copy_migrated, create_migrated
from tests.support.database.postgres import PostgresServer

Statement = SelectBase | UpdateBase | Write

SMALL: dict[Statement, str] = {
    selects.ROSTER: "the team",
    figure_store._FORGET: "figures that are kept, some hundreds",  # noqa: SLF001 (whatever it reads)
    fan_out.LISTENING: "endpoints of webhooks, which people add one by one",
    hook_reads.ENDPOINTS: "as above",
    weighed_ratings._ASKING: "versions of surveys",  # noqa: SLF001 (whatever it reads)
    page_details._ANSWERED: "as above",  # noqa: SLF001 (whatever it reads)
    reader._SURVEYS: "versions of surveys",  # noqa: SLF001 (whatever it reads)
    reader._SAMPLE: "imports, which people begin one by one",  # noqa: SLF001 (as above)
    upload_register.HALVES: "uploads, as above",
    import_claims.LEFT_BY_OTHERS: "imports, as above",
    reader._ANONYMOUS: "all answers to one survey are wanted, and few surveys are anonymous",  # noqa: SLF001 (as above)
    proposals.PROPOSED: "phrases that are proposed, at most some hundreds",
    phrases._STORED: "as above, and what people decided about",  # noqa: SLF001 (as above)
    phrases._MAPPED: "as above",  # noqa: SLF001 (as above)
    campaigns._ALL: "campaigns, which people make one by one",  # noqa: SLF001 (as above)
    erasure._NAMING_CAMPAIGNS: "as above",  # noqa: SLF001 (as above)
    sample_traces._FIRST: "the first thousand, in the order of their key",  # noqa: SLF001 (as above)
    figure_store.ALL_KEPT: "figures that are kept, some hundreds",
    figure_store.LEFT_OUT: "as above",
    sample_traces.UNUSED_CUTS: "where the sample company has gone there is next to nothing",
}
BRIEF = ("rating_deltas", "figure_changes")
"""Tables that hold what happened in the last seconds."""
UNITED = ("rated", "going_on", "every", "counted", "summed", "both", "differing", "before", "after")
"""Names of what a statement has just read."""
LOOKED_THROUGH = (named_deliveries.ANSWERS, named_deliveries.RAWS, named_deliveries.PASSIVE_REPLIES)
PAGES = (
    (listings._RESPONSES, (t.interviews.c.asked_at, t.interviews.c.id)),  # noqa: SLF001 (as above)
    (listings._ISSUES, (t.issues.c.opened_at, t.issues.c.id)),  # noqa: SLF001 (as above)
    (listings._EXCLUSIONS, (t.exclusions.c.proposed_at, t.exclusions.c.id)),  # noqa: SLF001 (as above)
    (data_requests._ALL, (t.requests.c.asked_at, t.requests.c.id)),  # noqa: SLF001 (as above)
    (entry_list._ALL, (t.entered_figures.c.at, t.entered_figures.c.id)),  # noqa: SLF001 (as above)
    (rated_subjects._ALL, (t.assessments.c.at, t.assessments.c.id)),  # noqa: SLF001 (as above)
    (finding_list._ALL, (t.findings.c.opened_at, t.findings.c.id)),  # noqa: SLF001 (as above)
    (published._HEADS, (t.publications.c.at, t.publications.c.id)),  # noqa: SLF001 (as above)
    (report_reads._REPORTS, (t.archived_reports.c.at, t.archived_reports.c.id)),  # noqa: SLF001 (as above)
    (report_reads._RUNS, (t.report_runs.c.at, t.report_runs.c.id)),  # noqa: SLF001 (as above)
    (admin_lists._AUDIT, (t.audit_log.c.at, t.audit_log.c.id)),  # noqa: SLF001 (as above)
)
EXPIRED = [rule.due for rules in retention._RULES.values() for rule in rules]  # noqa: SLF001 (as above)
WORDS = (readings.UNREAD, readings.WORDS)
PARTS = {
    *LOOKED_THROUGH,
    *WORDS,
    team_replies.REPLIES,
    typed_notes.TYPED_NOTES,
    *(listed for listed, _ in PAGES),
    *EXPIRED,
    *(counted for _, counted, _ in held_data.COUNTED),
}
"""Statements that are run only with more conditions; with those they are looked at, too."""


def constants() -> Iterator[tuple[str, Statement]]:
    """Yield every statement that is a constant of a module of `storage`; migrations and verification read all rows."""
    for module in walk_packages(storage.__path__, "storage."):
        if not module.name.startswith(("storage.migrations", "storage.verification")):
            for name, value in vars(import_module(module.name)).items():
                if name.isupper():
                    wanted = (one for one in statements_in(value) if one not in SMALL and one not in PARTS)
                    yield from ((f"{module.name}.{name}", one) for one in wanted)


def statements_in(value: object) -> Iterator[Statement]:
    if isinstance(value, SelectBase | UpdateBase | Write):
        yield value
    elif isinstance(value, retention._Rule):  # noqa: SLF001 (whatever it reads)
        yield from (value.portion(), value.order.end(is_first=False))
    elif isinstance(value, KeyOrder):
        yield value.end(is_first=False)
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from statements_in(one)


def whole() -> Iterator[tuple[str, Statement]]:
    """Yield statements that are put together of `PARTS`; those of retention are found with its rules."""
    for part in LOOKED_THROUGH:
        yield "named deliveries", named_deliveries.CONTENT.portion(part, MIDDLE)
    yield "team replies", team_replies.REPLY_ORDER.portion(team_replies.REPLIES, MIDDLE)
    yield "typed notes", typed_notes.NOTE_ORDER.within(typed_notes.TYPED_NOTES, MIDDLE)
    for words in WORDS:
        yield "words", readings.WORDS_ORDER.within(words, MIDDLE)
    for order, counted, names in held_data.COUNTED:
        yield f"count of {names}", order.within(counted, MIDDLE)
    for listed, place in PAGES:
        yield f"page of {place[0].table}", listings.page_statement(listed, place, (), is_first=False)


STATEMENTS = {statement: name for name, statement in (*constants(), *whole())}


def test_statements_are_found() -> None:
    assert len(STATEMENTS) > 150
    assert {*erasure_writes.RENAME_CUSTOMER, selects.INBOX} <= STATEMENTS.keys()


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated database, which nobody writes to."""
    return copy_migrated(tmp_path_factory.mktemp("plans") / "huifang.db")


def test_sqlite_finds_rows_by_an_index(migrated_file: Path) -> None:
    statements = StatementCache(database(f"sqlite:///{migrated_file}"))
    with closing(sqlite3.connect(migrated_file)) as connection:
        for statement, name in STATEMENTS.items():
            for sql in texts(statements, statement):
                plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql.replace('?', 'NULL')}")]
                assert [step for step in plan if _reads_all(step, statement)] == [], name


def test_what_waits_for_an_encoder_is_found_without_what_other_words_have_read(migrated_file: Path) -> None:
    wanted = waiting_sentences._LATEST  # noqa: SLF001 (as above)
    statements = StatementCache(database(f"sqlite:///{migrated_file}"))
    with closing(sqlite3.connect(migrated_file)) as connection:
        for sql in texts(statements, wanted):
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql.replace('?', 'NULL')}")]
            assert any("(encoder=? AND lexicon=?)" in step for step in plan), plan
            assert not any("TEMP B-TREE" in step for step in plan), plan


async def test_postgres_can_find_rows_by_an_index(postgres_server: PostgresServer) -> None:
    url = create_migrated(postgres_server, "plans")  # tables that other tests have filled and emptied have other plans
    statements = StatementCache(database(url))
    connection = await asyncpg.connect(url, statement_cache_size=0)
    try:
        await connection.execute(ONLY_BY_INDEX)
        found = await connection.fetch("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'")
        partial = {name for (name,) in found}
        for statement, name in STATEMENTS.items():
            for sql in texts(statements, statement):
                plan = await _plan(connection, sql)
                assert [node for node in _nodes(plan) if _walks(node, partial)] == [], name
    finally:
        await connection.close()


ONLY_BY_INDEX = "; ".join(
    [
        *(f"SET enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin", "material")),
        "SET plan_cache_mode = force_generic_plan",
    ]
)
"""Without rows every way costs the same. With these the planner takes another only where no index can be used."""


def test_what_refers_to_a_row_is_found_by_an_index() -> None:
    """A row can only be deleted once the database has looked for what refers to it."""
    unindexed = {
        str(column)
        for table in t.METADATA.sorted_tables
        for column in table.columns
        if column.foreign_keys and not column.unique and not _is_indexed(column)
    }
    assert unindexed == set()


def _is_indexed(column: Any) -> bool:  # noqa: ANN401 - SQLAlchemy's
    ordered = [column.table.primary_key.columns]
    ordered += [index.columns for index in column.table.indexes if _holds_all(index, column)]
    return any(next(iter(columns)).name == column.name for columns in ordered)


def _holds_all(index: Any, column: Any) -> bool:  # noqa: ANN401 - SQLAlchemy's
    condition = index.dialect_options["sqlite"]["where"]
    return condition is None or str(condition) == f"{column.name} IS NOT NULL"


def texts(statements: StatementCache, statement: Statement) -> list[str]:
    """Return the texts of a statement: a SELECT has several, for one key and for more."""
    if isinstance(statement, Write):
        return [statements.bulk_write(statement).sql]
    some: dict[str, list[str]] = defaultdict(lambda: ["a", "b"])
    single: dict[str, list[str]] = defaultdict(lambda: ["a"])
    return [statements.select(statement, keys).sql for keys in (some, single)]


def _reads_all(step: str, statement: Statement) -> bool:
    """Return whether a step of a plan walks through a table; walking through an index that holds little is fine."""
    harmless = ["json_each", "CONSTANT ROW", "(rowid=", "(rowid>? AND rowid<?)", "USING PRIMARY KEY (", "SCAN word"]
    harmless += [f"SCAN {name}" for name in (*BRIEF, *UNITED)]
    if _reads_on(statement):
        harmless.append("(rowid>?)")
    is_walk = (step.startswith(("SCAN", "SEARCH")) and " INDEX " not in step) or "(rowid>" in step
    return is_walk and not any(each in step for each in harmless)


def _reads_on(statement: Statement) -> bool:
    """Return whether a statement reads so many rows behind a key, whatever they hold."""
    if not isinstance(statement, Select):
        return False
    return isinstance(statement.whereclause, BinaryExpression) and statement._limit_clause is not None  # noqa: SLF001 (SQLAlchemy has no public one)


async def _plan(connection: asyncpg.Connection, sql: str) -> dict[str, Any]:
    await connection.execute(f"DEALLOCATE ALL; PREPARE looked_at AS {sql}")
    given = ", ".join(["NULL"] * max(map(int, re.findall(r"\$(\d+)", sql)), default=0))
    explained = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at{f'({given})' if given else ''}")
    plan: dict[str, Any] = json.loads(explained)[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any], above: str = "") -> Iterator[dict[str, Any]]:
    yield plan | {"above": above}
    for below in plan.get("Plans", ()):
        yield from _nodes(below, plan["Node Type"])


def _walks(node: dict[str, Any], partial: set[str]) -> bool:
    """Return whether a node reads a whole table; the first rows of an index, or one that holds little, are fine."""
    kind = node["Node Type"]
    if node.get("Relation Name") in BRIEF:
        return False
    if kind == "Seq Scan":
        return True
    is_begun = node["above"] in ("Limit", "Incremental Sort") and "Filter" not in node
    return "Index" in kind and "Index Cond" not in node and node.get("Index Name") not in partial and not is_begun
