"""What differs between the databases: SQLite for one process, PostgreSQL for any number.

The rest of the code writes statements in SQLAlchemy Core. Here they become a driver's SQL, and the driver's errors
become those of `storage.model.errors`.
"""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.key_lists import among, mentions
from storage.dialects.nested import any_item_is, holds_any, mean_of
from storage.dialects.random_id import random_id
from storage.dialects.rows import InputRows

__all__ = [
    "Database",
    "Driver",
    "InputRows",
    "SingletonLock",
    "SqlRow",
    "among",
    "any_item_is",
    "database",
    "holds_any",
    "mean_of",
    "mentions",
    "random_id",
]


def database(url: str) -> Database:
    """Return the database that a URL names, not yet open.

    Raises ValueError for a URL that is malformed or names a database without support.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError(f"this is no database URL: {error}; {_EXAMPLES}") from error
    match parsed.get_backend_name():
        case "sqlite":
            from storage.dialects.sqlite import Sqlite  # noqa: PLC0415 (only the driver of the database that is used)

            return Sqlite(parsed)
        case "postgresql" | "postgres":
            from storage.dialects.postgres import Postgres  # noqa: PLC0415 (as above)

            return Postgres(parsed)
        case other:
            raise ValueError(f"there is no support for {other!r} databases; {_EXAMPLES}")


_EXAMPLES = "write sqlite:///var/huifang.db or postgresql://user:password@host/database"
