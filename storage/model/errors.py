"""The errors of the database, in the kinds that callers handle differently."""

__all__ = [
    "NOT_SAVED",
    "CommitInDoubt",
    "ConnectionLost",
    "DecisionFailed",
    "InUse",
    "SchemaMismatch",
    "StatementRefused",
    "Unavailable",
    "WriteConflict",
]


class WriteConflict(Exception):  # noqa: N818 - expected, and handled by deciding again
    """Another process has changed the same row first, or inserted the same one; load the rows and decide again."""


class Unavailable(Exception):  # noqa: N818 - a temporary state
    """The database cannot be written or reached at the moment: full, read-only, locked, gone. Nothing was saved."""


class ConnectionLost(Unavailable):
    """The connection ended before a commit was asked for; the same may be done again over another one."""


class CommitInDoubt(Unavailable):
    """The commit was cut off: it was saved whole, or not at all. What comes again with the same key finds it saved."""


class StatementRefused(Exception):  # noqa: N818 - named after the event
    """The database refuses a statement, which is a bug; `__cause__` is the driver's error. Nothing was saved."""


class DecisionFailed(Exception):  # noqa: N818 - named after the event
    """A decision raised, which is a bug; `__cause__` is what it raised. The rows of `Job.failed` are saved."""


class InUse(Exception):  # noqa: N818 - the operator stops the other process
    """Another process has the SQLite file open."""


class SchemaMismatch(Exception):  # noqa: N818 - the operator migrates, or updates the program
    """The tables are older or newer than this version needs."""


NOT_SAVED = (Unavailable, WriteConflict, StatementRefused)
"""After these nothing is saved, or nobody knows of it (CommitInDoubt): whoever has to go on tries again later."""
