"""What a row is judged by, and what becomes of it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from bot.handlers.common.policy import Policy
from scoring.values import Value
from storage.model.import_records import NamedRecord, RowMistake

__all__ = ["ImportTerms", "RefusedRow", "RowOutcome", "TakenRow", "told_moment", "told_value"]


class ImportTerms(Value):
    """What all rows of an import share: its id, the settings, the time, and who imports it."""

    import_id: str
    policy: Policy
    now: datetime
    by: str = ""


class TakenRow(Value):
    """A row that can be taken: the records it becomes; none where it is stored already.

    `changes` are records that are there, or that an earlier row has become, as they are and as this row makes them;
    `named` are others that are there, which stay as long as this row's import does.
    `followers` gives what is stored beside the records, and is asked for by no other row; a trial does not call it.
    """

    records: tuple[Any, ...] = ()
    changes: tuple[tuple[Any, Any], ...] = ()
    named: tuple[NamedRecord, ...] = ()
    followers: Callable[[], Iterable[Any]] = tuple


class RefusedRow(Value):
    """A row that cannot be taken."""

    mistakes: tuple[RowMistake, ...]


RowOutcome = TakenRow | RefusedRow


def told_moment(terms: ImportTerms, moment: datetime) -> str:
    """Return a moment as whoever imports reads it, and as a cell may have it: on the clocks of `timezone`."""
    return moment.astimezone(terms.policy.timezone).strftime("%Y-%m-%d %H:%M:%S")


def told_value(terms: ImportTerms, value: object) -> str:
    """Return a value as whoever imports reads it, and as a cell may have it."""
    match value:
        case datetime():
            return told_moment(terms, value)
        case bool():
            return "true" if value else "false"
        case tuple():
            return ";".join(":".join(one) if isinstance(one, tuple) else str(one) for one in value)
        case dict():
            return ";".join(f"{name}={told_value(terms, one)}" for name, one in value.items())
        case _:
            return str(value)
