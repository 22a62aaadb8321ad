"""The check of timelines: the state of an issue follows from its lines by the issue's table."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy.engine import Connection

from dialogs.issue.events import Resolved
from dialogs.issue.machine import ISSUE
from dialogs.issue.model import IssueState
from storage.verification.check import Violation

__all__ = ["TIMELINE_PROMISE", "broken_timelines"]

_LINES = """
SELECT i.id, i.state, i.events, e.number, e.event FROM issues i LEFT JOIN issue_events e ON e.issue = i.id
ORDER BY i.id, e.number
"""
TIMELINE_PROMISE = "The state of an issue follows from its timeline"
_ADVICE = "Report it; claim or reopen the issue, so that somebody looks at it."
_FIRST = "opened"


def _moves() -> dict[tuple[str, str], set[str]]:
    """Return where each line leads from each state."""
    found: dict[tuple[str, str], set[str]] = {(_FIRST, IssueState.OPEN): {IssueState.OPEN}}
    for row in ISSUE.rows:
        is_silent = row.event is Resolved and row.target is IssueState.CLOSED
        told = vars(row.event)
        names = ("resolved_silently",) if is_silent else (str(told["named"]), str(told.get("also_named", "")))
        for name in filter(None, names):
            found.setdefault((name, row.source), set()).add(row.target)
    return found


def broken_timelines(connection: Connection) -> Iterator[Violation]:
    """Yield the issues whose lines are not numbered from 0 on, or lead to another state than theirs."""
    moves = _moves()
    lines = connection.execution_options(yield_per=1000).exec_driver_sql(_LINES)
    for (issue, state, events), group in groupby(lines, key=lambda line: (line[0], line[1], line[2])):
        told = [(number, event) for _, _, _, number, event in group if number is not None]
        is_whole = [number for number, _ in told] == list(range(events))
        if not is_whole or state not in _reached(moves, (event for _, event in told)):
            yield Violation(TIMELINE_PROMISE, "issues", issue, _ADVICE)


def _reached(moves: dict[tuple[str, str], set[str]], events: Iterable[str]) -> set[str]:
    reached: set[str] = {IssueState.OPEN}
    for event in events:
        reached = set().union(*(moves.get((event, state), set()) for state in reached))
    return reached
