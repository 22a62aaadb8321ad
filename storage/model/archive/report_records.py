"""The archive of reports by revision, each in some formats, and the runs of scheduled reports."""

from datetime import datetime
from enum import StrEnum

from dialogs.ids import derive
from scoring.values import Value

__all__ = ["ArchivedFile", "ArchivedReport", "ReportRun", "RunOutcome", "archived_id", "report_run_id"]


class ArchivedReport(Value):
    """The `number`-th revision of a report about a period, as it was made at `at`; what it says never changes.

    `about` names what is revised: the kind with whatever tells one report of a period from another. `of` is whose it
    is, such as `team:north`, `schedule` the schedule by which it was made, empty for one made by hand. `digest` is the
    SHA-256 of what it says, without the moment in which it was made. Links to it hold `link_number`: a higher one
    opens none of those given before.
    """

    id: str
    about: str
    kind: str
    of: str
    period: str
    number: int
    since: datetime
    until: datetime
    locale: str
    title: str
    digest: str
    by: str
    at: datetime
    schedule: str = ""
    link_number: int = 0
    version: int = 0


class ArchivedFile(Value):
    """A format in which a revision was made: the file with this hash."""

    report: str
    format: str
    hash: str
    size: int
    media_type: str


class RunOutcome(StrEnum):
    """What became of a run of a schedule."""

    MADE = "made"
    EMPTY = "empty"
    """Nothing happened in its period, so there is no report."""


class ReportRun(Value):
    """A run of a schedule about a period; there is one of each, whoever makes it and however late.

    `report` is the archived one. Where somebody has to confirm it, `due_at` is when they are reminded and `told` counts
    the messages about that, whose next comes at `wake_at`.
    """

    id: str
    schedule: str
    period: str
    since: datetime
    until: datetime
    outcome: RunOutcome
    at: datetime
    report: str = ""
    due_at: datetime | None = None
    told: int = 0
    wake_at: datetime | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    version: int = 0


def archived_id(about: str, period: str, number: int) -> str:
    """Return the id of a revision: there is one of each number."""
    return derive("rep", about, period, number)


def report_run_id(schedule: str, period: str) -> str:
    """Return the id of the run of a schedule about a period."""
    return derive("run", schedule, period)
