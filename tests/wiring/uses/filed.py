"""Uses of the database by reports, for `test_transaction_sites`: those that are read, made, kept and sent."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.jobs.reports.scheduled_reports import ScheduledReportJob
from bot.process.alarms import Alarms
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import ReportCadence, ReportSchedule
from scoring.values import replace
from storage.reads.archive.report_reads import ArchiveFilter
from tests.support.web.clockwork import Clockwork

__all__ = ["REPORT_USES"]

_NOW = datetime(2026, 12, 1, tzinfo=UTC)


def _archive(use: Callable[[Any], Awaitable[object]]) -> Callable[[Any], Awaitable[object]]:
    return lambda desk: use(desk.container.services.reader.archive)


_COMMANDS = ("keep", "list", "get", "link", "revoke")
_numbers = itertools.count(1)


def _command(name: str) -> Callable[[Any], Awaitable[object]]:
    asked = {"report": "rep_none", "days": 7, "kind": "summary", "period": "2026-10", "formats": ["csv"]}
    given = {key: value for key, value in asked.items() if (key in ("report", "days")) is not (name == "keep")}
    return lambda desk: desk.command(f"report archive {name}", **(given if name != "list" else {}))


async def _keep_a_report(desk: Any) -> object:  # noqa: ANN401 (the desk of the uses)
    asked = {"kind": "summary", "period": f"{2100 + next(_numbers)}", "by": "y", "formats": ["csv"]}
    return await desk.call("POST", "reports/archive", asked)


async def _make_what_is_due(desk: Any) -> object:  # noqa: ANN401 (as above)
    """Close a ticket, and make the report of the week in which it was."""
    number, clock, services = next(_numbers), Clockwork(), desk.container.services
    closed = {"status": "closed", "customer": {"id": f"c-reported-{number}"}}
    said = await desk.call("PUT", f"tickets/desk/reported-{number}", closed)
    if not said.is_success:
        return said
    weekly = ReportSchedule(f"week {number}", ReportKind.SUMMARY, ReportCadence.WEEK, time(8), "Asia/Shanghai")
    receiver = services.receiver
    receiver.adopt(replace(receiver.policy, reports=(weekly,)))
    job = ScheduledReportJob(receiver, services.reader, clock, Alarms(clock))
    await job.look()
    clock.passes(timedelta(days=400))
    await job.look()
    return said


REPORT_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "the review of a period": lambda desk: desk.call("GET", "reports/review"),
    "a sample to audit": lambda desk: desk.call("GET", "reports/sample"),
    "the library of cases": lambda desk: desk.call("GET", "reports/cases"),
    "who is worth a call": lambda desk: desk.call("GET", "reports/calls"),
    "compare two windows": lambda desk: desk.call("GET", "reports/comparison?before=2026-08&after=2026-09"),
    "keep a report": _keep_a_report,
    "share it": lambda desk: desk.call("POST", "reports/archive/rep_none/link", {"by": "y"}),
    "shut its links": lambda desk: desk.call("POST", "reports/archive/rep_none/revoke", {"by": "y"}),
    "fetch it": lambda desk: desk.call("GET", "reports/archive/rep_none/html"),
    "show it": lambda desk: desk.call("GET", "reports/archive/rep_none"),
    "the archive by API": lambda desk: desk.call("GET", "reports/archive"),
    "confirm a report": lambda desk: desk.call("POST", "reports/runs/run_none/confirm", {"by": "y"}),
    "the schedules": lambda desk: desk.call("GET", "reports/schedules"),
    "make what is due": _make_what_is_due,
    "confirm on the command line": lambda desk: desk.command("report confirm", run="run_none", by="y"),
    **{f"command {name}": _command(name) for name in _COMMANDS},
    "list archived reports": _archive(lambda reads: reads.page(ArchiveFilter(), None, 9)),
    "a stored file": lambda desk: desk.container.services.reader.file("0" * 64),
    "one of them": _archive(lambda reads: reads.find("rep_none")),
    "whether a file of them is shut": _archive(lambda reads: reads.is_shut("no hash")),
    "the latest of them": _archive(lambda reads: reads.latest("summary", "2026-10")),
    "runs of schedules": _archive(lambda reads: reads.runs("", None, 9)),
    "one run": _archive(lambda reads: reads.run("run_none")),
    "the last run": _archive(lambda reads: reads.last_run("month")),
    "runs that are due": _archive(lambda reads: reads.due_runs(_NOW)),
}
