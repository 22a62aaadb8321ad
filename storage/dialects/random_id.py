"""Random ids from the database itself: nothing outside it has ever known which row got which."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles

__all__ = ["random_id"]


class random_id(ColumnElement[str]):  # noqa: N801 - reads as a function
    """`random_id()`: an SQL expression, a new id for each row: 32 or 36 characters, at least 122 random bits."""

    inherit_cache = True
    type = Text()


@compiles(random_id, "sqlite")
def _blob(_element: random_id, _compiler: Any, **_kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return "lower(hex(randomblob(16)))"


@compiles(random_id, "postgresql")
def _uuid(_element: random_id, _compiler: Any, **_kw: Any) -> str:  # noqa: ANN401 - as above
    return "gen_random_uuid()::text"
