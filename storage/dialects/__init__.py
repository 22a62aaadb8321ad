"""What differs between the databases: SQLite for one process, PostgreSQL for any number.

The rest of the code writes statements in SQLAlchemy Core. Here they become a driver's SQL, and the driver's errors
become those of `storage.model.errors`.
"""

from sqlalchemy import make_url

from storage.dialects.base import Database, Driver, SingletonLock, SqlRow
from storage.dialects.expressions import every_number, has_plain_letters, later_by, microseconds_of
from storage.dialects.key_lists import KEY_COUNTS, Keys, among, mentions, spread_keys
from storage.dialects.nested import any_item_is, holds_any, item_field, item_is, mean_of
from storage.dialects.postgres_address import passwords_in, read_postgres_address
from storage.dialects.random_id import random_id
from storage.dialects.rows import InputRows

__all__ = [
    "KEY_COUNTS",
    "Database",
    "Driver",
    "InputRows",
    "Keys",
    "SingletonLock",
    "SqlRow",
    "among",
    "any_item_is",
    "database",
    "every_number",
    "has_plain_letters",
    "holds_any",
    "item_field",
    "item_is",
    "later_by",
    "mean_of",
    "mentions",
    "microseconds_of",
    "passwords_in",
    "random_id",
    "spread_keys",
]


def database(url: str, *, computes: bool = False) -> Database:
    """Return the database that a URL names, not yet open; one over which large things are computed has more patience.

    Raises ValueError for a URL that is malformed or names a database without support.
    """
    kind = url.partition("://")[0].partition("+")[0]
    if kind == "sqlite":
        from storage.dialects.sqlite import Sqlite  # noqa: PLC0415 (only the driver of the database that is used)

        return Sqlite(make_url(url))
    if kind in ("postgresql", "postgres"):
        from storage.dialects.postgres import Postgres  # noqa: PLC0415 (as above)

        return Postgres(read_postgres_address(url), computes=computes)
    raise ValueError(f"the database's address is of no kind that is supported: {_EXAMPLES}")


_EXAMPLES = "write sqlite:///var/huifang.db or postgresql://user:password@host/database"
