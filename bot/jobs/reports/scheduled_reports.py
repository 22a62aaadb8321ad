"""Makes and sends the reports of `[[reports]]` when they are due, once by all processes, and reminds of some.

A period that became due while no process was there is made late; of several, the latest one, which names the others.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

from bot.handlers.common.results import Conflict
from bot.handlers.reports.scheduled_runs import (
    ReportTurn,
    counts_from,
    decide_run,
    remind_of_run,
    run_needs,
    schedule_needs,
    turn_needs,
)
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.fresh_reports import has_happened, make_fresh
from bot.jobs.reports.report_documents import asked_report
from bot.jobs.reports.report_sources import ReportRequest
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.reports.report_schedules import DueReport, ReportSchedule, due_reports
from scoring.values import Value
from storage.model.archive.report_records import ReportRun
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.reads.reader import Reader
from storage.unit_of_work.jobs import failure_reason

__all__ = ["ScheduledReportJob"]

_LOOKS_EVERY = 60.0
"""Seconds."""
_UNREACHED = "reports.recipients"


class ScheduledReportJob(Value, eq=False):
    """Takes each schedule of the rules over its times."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every minute until cancelled."""
        why = "scheduled reports wait for the next minute"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="reports", why=why)

    async def look(self) -> None:
        """Make what is due, nothing while the time is not corroborated.

        One that cannot be made, or reminded of, does not stop the others. Raises DecisionFailed with all of those, and
        what the database raises.
        """
        if self.clock.doubt() is not None:
            return
        failed = await _failures((one.name, partial(self._turn, one)) for one in self.receiver.policy.reports)
        due = await self.reader.archive.due_runs(self.clock.now())
        failed += await _failures((f"reminder of {run.schedule}", partial(self._remind, run)) for run in due)
        if failed:
            raise DecisionFailed("; ".join(failed))

    async def _remind(self, run: ReportRun) -> None:
        await self.receiver.do(run_needs(run), partial(remind_of_run, run_id=run.id))

    async def _turn(self, schedule: ReportSchedule) -> None:
        since = await self.receiver.do(schedule_needs(schedule), lambda context: counts_from(context, schedule))
        if since is None:
            return
        policy, now = self.receiver.policy, self.clock.now()
        due = due_reports(schedule, policy.timezone, since, now)
        if due:
            missed = tuple(one.period.name for one in due[:-1])
            await self._decide(await self._made(schedule, due[-1], missed, now))
            crash_point("report")

    async def _made(
        self, schedule: ReportSchedule, due: DueReport, missed: tuple[str, ...], now: datetime
    ) -> ReportTurn:
        wanted = self._wanted(schedule, due, now)
        if not await has_happened(self.reader, self.receiver.policy, wanted):
            return ReportTurn(schedule, due, None, missed)
        fresh = await make_fresh(self.reader, self.receiver.policy, wanted, schedule.formats, now)
        return ReportTurn(schedule, due, fresh, missed)

    def _wanted(self, schedule: ReportSchedule, due: DueReport, now: datetime) -> ReportRequest:
        """Return what is asked for. Raises FigureRequestError where the kind does not take what the schedule says."""
        policy = self.receiver.policy
        asked = dict.fromkeys(("by", "metric"), "") | {"kind": str(schedule.kind), "period": due.period.name}
        return asked_report(asked | {"of": schedule.of, "locale": schedule.locale or policy.team_speaks}, policy, now)

    async def _decide(self, turn: ReportTurn) -> None:
        answer = await self.receiver.do(turn_needs(turn), lambda context: decide_run(context, turn))
        if isinstance(answer, Conflict):
            raise DecisionFailed(answer.detail)
        unmade = turn.fresh.unmade if turn.fresh is not None else ()
        lines = [*answer, *(f"report {turn.schedule.name!r} cannot be made as {form} here" for form in unmade)]
        if lines:
            self.alarms.sound(_UNREACHED, "; ".join(lines), turn.schedule.name)


async def _failures(steps: Iterable[tuple[str, Callable[[], Awaitable[None]]]]) -> list[str]:
    """Take all steps, and return for each that failed its name and why. Raises what the database raises."""
    failed = []
    for name, step in steps:
        try:
            await step()
        except NOT_SAVED:
            raise
        except (DecisionFailed, FigureRequestError) as why:
            failed.append(f"{name}: {why}")
        except Exception as why:  # noqa: BLE001 (a mistake in one kind stops neither the others nor the service)
            failed.append(f"{name}: {failure_reason(why)}")
    return failed
