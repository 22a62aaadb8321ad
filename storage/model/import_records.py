"""Imports: what came in a file or with the sample company, how far that is, and whether it was undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from scoring.values import Value

__all__ = [
    "GONE",
    "SAMPLE_KIND",
    "ImportRecord",
    "ImportState",
    "NamedRecord",
    "RowMistake",
    "Upload",
    "UploadState",
    "UploadTask",
]

SAMPLE_KIND = "sample"
"""The kind of the import that is the sample company."""


class ImportState(StrEnum):
    """Where an import stands."""

    CHECKING = "checking"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    """Rows were wrong, and so none was taken."""
    FAILED = "failed"
    """It broke off; `why` says at what. The same again goes on where it was."""
    UNDOING = "undoing"
    UNDONE = "undone"


GONE = (ImportState.UNDONE, ImportState.REFUSED)
"""States of an import of which nothing is in the database."""


class ImportRecord(Value):
    """One import, by an id that is derived from what it brings: the same again is the same import.

    `position` is the last row of the file, or the last number of a chunk, that is stored; `rows` how many there are,
    0 while that is not known. `added` rows are new, `same` were there already, `refused` are wrong. `options` is JSON:
    how it was asked for.
    """

    id: str
    kind: str
    state: ImportState
    file: str
    by: str
    options: str
    started_at: datetime
    ended_at: datetime | None = None
    rows: int = 0
    position: int = 0
    added: int = 0
    same: int = 0
    refused: int = 0
    why: str = ""


class RowMistake(Value):
    """What is wrong in a row: the column, what stands there, why that cannot be, and what to do."""

    column: str
    value: str
    problem: str
    fix: str


NamedRecord = tuple[type, tuple[Any, ...], tuple[str, ...]]
"""A record that a row names and that is there already: its kind, its key, and the fields that the row tells of it."""


class UploadTask(StrEnum):
    """What is wanted of an import that came by the API."""

    STORE = "store"
    UNDO = "undo"


class UploadState(StrEnum):
    """How far that is: it waits for a process, runs in one, or is over."""

    WAITING = "waiting"
    RUNNING = "running"
    OVER = "over"


class Upload(Value):
    """A file that came by the API, by the id of its import, and what is wanted of it.

    `parts` and `errors` name its content, and the file of its wrong rows, as they are stored in pieces; empty for none.
    `options` is JSON: how it is to be imported. `told` is JSON, too: how far it has come. `tries` counts the processes
    that began with it.
    """

    import_id: str
    task: UploadTask
    state: UploadState
    kind: str
    file: str
    by: str
    at: datetime
    options: str = "{}"
    parts: str = ""
    errors: str = ""
    told: str = ""
    tries: int = 0
