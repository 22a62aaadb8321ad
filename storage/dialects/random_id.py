"""Chance from the database itself: ids that nobody can work out, and rows in no order."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles

__all__ = ["random_id"]


class random_id(ColumnElement[str]):  # noqa: N801 - reads as a function
    """`random_id()`: a fresh secret for each row, 32 or 36 characters with at least 122 bits of chance."""

    inherit_cache = True
    type = Text()


@compiles(random_id, "sqlite")
def _blob(_element: random_id, _compiler: Any, **_kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return "lower(hex(randomblob(16)))"


@compiles(random_id, "postgresql")
def _uuid(_element: random_id, _compiler: Any, **_kw: Any) -> str:  # noqa: ANN401 - as above
    return "gen_random_uuid()::text"
