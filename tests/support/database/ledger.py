"""The product's SQLite file, read beside it: what no door tells, such as messages that are under way or in doubt."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Ledger"]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A database file that the product made; nothing is ever written to it here."""

    file: Path

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def statuses(self, where: str = "true") -> Counter[str]:
        """Count the messages of the outbox by their status."""
        return Counter(dict(self.rows(f"SELECT status, count(*) FROM outbox WHERE {where} GROUP BY status")))  # noqa: S608 (our own words)

    def is_busy(self) -> bool:
        """Return whether a message is under way, or should be."""
        at = "coalesce(not_before, created_at)"  # what is due from the first is stored without the moment
        due = f"status = 'leased' OR (status = 'pending' AND {at} <= strftime('%Y-%m-%dT%H:%M:%fZ'))"
        return bool(self.rows(f"SELECT 1 FROM outbox WHERE {due} LIMIT 1"))  # noqa: S608 (our own words)

    def changes(self) -> tuple[object, ...]:
        """Return a value that is equal as long as no customer's rows have changed; deliveries are not counted."""
        tables = ("interviews", "answer_logs", "issues", "issue_events", "invitations", "contacts", "tokens", "outbox")
        return tuple(self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables)  # noqa: S608 (our own words)
