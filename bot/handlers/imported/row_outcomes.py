"""What a row is judged by, and what becomes of it."""

from datetime import datetime
from typing import Any

from bot.handlers.common.policy import Policy
from scoring.values import Value
from storage.model.import_records import RowMistake

__all__ = ["ImportTerms", "RefusedRow", "RowOutcome", "TakenRow"]


class ImportTerms(Value):
    """What all rows of an import share: its id, the settings, the time, and who imports it."""

    import_id: str
    policy: Policy
    now: datetime
    by: str = ""


class TakenRow(Value):
    """A row that can be taken: the records it becomes; none where it is stored already.

    `changes` are records that are there, or that an earlier row has become, as they are and as this row makes them.
    """

    records: tuple[Any, ...] = ()
    changes: tuple[tuple[Any, Any], ...] = ()


class RefusedRow(Value):
    """A row that cannot be taken."""

    mistakes: tuple[RowMistake, ...]


RowOutcome = TakenRow | RefusedRow
