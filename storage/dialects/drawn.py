"""Chance from the database itself: ids that nobody can work out, and rows in no order."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles

__all__ = ["drawn"]


class drawn(ColumnElement[str]):  # noqa: N801 - reads as a function
    """`drawn()`: a fresh secret for each row, 32 or 36 characters with at least 122 bits of chance."""

    inherit_cache = True
    type = Text()


@compiles(drawn, "sqlite")
def _blob(_element: drawn, _compiler: Any, **_kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return "lower(hex(randomblob(16)))"


@compiles(drawn, "postgresql")
def _uuid(_element: drawn, _compiler: Any, **_kw: Any) -> str:  # noqa: ANN401 - as above
    return "gen_random_uuid()::text"
