"""What can go wrong with a database, in the few kinds that callers tell apart."""

__all__ = ["DecisionFailed", "InUse", "SchemaMismatch", "Unavailable", "WriteConflict"]


class WriteConflict(Exception):  # noqa: N818 - it is news, not a mistake
    """Somebody else changed the same row first, or made the same one; deciding again on fresh rows settles it."""


class Unavailable(Exception):  # noqa: N818 - it passes
    """The database cannot be written or reached now: full, read-only, locked, gone. Nothing was saved."""


class DecisionFailed(Exception):  # noqa: N818 - named after what happened
    """Deciding raised, which is a bug of ours; `__cause__` is what was raised. What `Job.failed` gave is saved."""


class InUse(Exception):  # noqa: N818 - it is news, not a mistake
    """Another process has the SQLite file."""


class SchemaMismatch(Exception):  # noqa: N818 - an operator mends it
    """The tables are older or newer than this version needs."""
