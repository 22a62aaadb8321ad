"""Moments are compared with those of the same form: on SQLite a number is less than any text, and nobody says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import BinaryExpression, Column, SelectBase, bindparam, select
from sqlalchemy.sql import visitors

from storage.connection.session import StatementCache, Write
from storage.dialects import database
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant, Instant
from tests.storage.test_query_plans import STATEMENTS, Statement

FORMS = (Instant, CompactInstant)
SQLITE = StatementCache(database("sqlite:///nowhere.db")).database


def _built(statement: Statement) -> Any:  # noqa: ANN401 (SQLAlchemy's)
    if isinstance(statement, Write):
        return statement.build(SQLITE.rows(statement.table, statement.columns))
    return statement


def mixed(statement: Statement) -> Iterator[str]:
    """Yield each comparison of a moment that is text on SQLite with one that is a number."""
    for one in visitors.iterate(_built(statement)):
        if isinstance(one, BinaryExpression):
            forms = {type(side.type) for side in (one.left, one.right) if isinstance(side.type, FORMS)}
            if len(forms) > 1:
                yield str(one)


def test_no_statement_compares_moments_of_two_forms() -> None:
    found = {name: list(mixed(statement)) for statement, name in STATEMENTS.items()}
    assert {name: comparisons for name, comparisons in found.items() if comparisons} == {}


@pytest.mark.parametrize("column", [t.invitations.c.closed_at, t.closings.c.closed_at, t.answer_logs.c.at])
def test_such_a_comparison_would_be_found(column: Column[Any]) -> None:
    moment = bindparam("since", type_=Instant())
    wrong: SelectBase = select(t.notes.c.key).where(column >= moment)
    assert len(list(mixed(wrong))) == 1
