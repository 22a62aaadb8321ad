"""Checks of what is due: whatever shall happen later has its moment, and none is long past."""

from storage.reads.due import DUE_TABLES
from storage.verification.check import PromiseCheck

__all__ = ["DUE_CHECKS"]

_ADVICE = "Is the role `tick` running, and is there an alarm `clock` or `inbox`?"


def _overdue(table: str) -> PromiseCheck:
    query = f"SELECT id FROM {table} WHERE wake_at < :stale"  # noqa: S608 (our own words)
    return PromiseCheck("What is due is done", table, query, _ADVICE)


def _asleep(table: str, waits: str) -> PromiseCheck:
    query = f"SELECT id FROM {table} WHERE (wake_at IS NOT NULL) <> ({waits})"  # noqa: S608 (our own words)
    return PromiseCheck("What shall happen later has its moment, and what is over has none", table, query, _REPORT)


_REPORT = "Report it: nothing will happen to this row by itself, or what should not."

DUE_CHECKS = (
    *(_overdue(table.name) for table in DUE_TABLES.values()),
    _asleep("invitations", "state = 'scheduled'"),
    _asleep("interviews", "state IN ('invited', 'rating', 'remarking', 'weighing', 'commenting', 'clarifying')"),
    _asleep(
        "issues",
        "state = 'resolved' OR (state IN ('open', 'claimed') AND due_at IS NOT NULL AND NOT (escalated = TRUE))",
    ),
)
