"""Uses of the database by reports, for `test_transaction_sites`: those that are read, made, kept and sent."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from storage.reads.archive.report_reads import ArchiveFilter

__all__ = ["REPORT_USES"]

_NOW = datetime(2026, 12, 1, tzinfo=UTC)


def _archive(use: Callable[[Any], Awaitable[object]]) -> Callable[[Any], Awaitable[object]]:
    return lambda desk: use(desk.container.services.reader.archive)


REPORT_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "the review of a period": lambda desk: desk.call("GET", "reports/review"),
    "a sample to audit": lambda desk: desk.call("GET", "reports/sample"),
    "the library of cases": lambda desk: desk.call("GET", "reports/cases"),
    "who is worth a call": lambda desk: desk.call("GET", "reports/calls"),
    "compare two windows": lambda desk: desk.call("GET", "reports/comparison?before=2026-08&after=2026-09"),
    "list archived reports": _archive(lambda reads: reads.page(ArchiveFilter(), None, 9)),
    "one of them": _archive(lambda reads: reads.find("rep_none")),
    "the latest of them": _archive(lambda reads: reads.latest("summary", "2026-10")),
    "runs of schedules": _archive(lambda reads: reads.runs("", None, 9)),
    "one run": _archive(lambda reads: reads.run("run_none")),
    "the last run": _archive(lambda reads: reads.last_run("month")),
    "runs that are due": _archive(lambda reads: reads.due_runs(_NOW)),
}
