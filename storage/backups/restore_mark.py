"""What a restored database says of itself: from when it is, and up to when nobody knows what was sent meanwhile.

It is written in the very transaction that lays the tables down, so that no service can start without it.
"""

from datetime import datetime

import msgspec

from scoring.values import Value
from storage.model.note_keys import RESTORED
from storage.schema.column_types import instant_text

__all__ = ["RESTORED_SQL", "RestoreMark", "read_mark"]

RESTORED_SQL = """
INSERT INTO notes (key, value, at, version) VALUES ({}, {}, {}, 1)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at, version = notes.version + 1;
"""


class RestoreMark(Value):
    """A restore: of a backup of the moment `taken_at`, done at `restored_at`.

    Until `in_doubt_until` the database from which the backup was made may have gone on serving: what fell due by then
    may have been sent. `is_settled` once that has been decided.
    """

    taken_at: datetime
    restored_at: datetime
    in_doubt_until: datetime
    is_settled: bool = False

    @property
    def text(self) -> str:
        """Return it as its note holds it."""
        return msgspec.json.encode(self).decode()

    def literals(self) -> tuple[str, str, str]:
        """Return key, value and moment of its note as SQL that both databases take."""
        return f"'{RESTORED}'", f"'{self.text}'", f"'{instant_text(self.restored_at)}'"


def read_mark(value: str) -> RestoreMark:
    """Return the mark that a note holds."""
    return msgspec.json.decode(value, type=RestoreMark)
