"""Runs of scheduled reports: each period once, whoever makes it; nothing while nothing happens; until confirmed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.common.sent_files import message_with_stored
from bot.handlers.issues.workers import known_as, refused_lead
from bot.handlers.reports.archive import FreshReport, KeptReport, archive_needs, archive_report, link_to
from bot.handlers.reports.report_recipients import Recipients, recipients_of
from dialogs.ids import derive
from dialogs.messages import FileRef, Prompt
from dialogs.reports.report_schedules import DueReport, ReportSchedule, overdue_at
from dialogs.reports.sent_report import ReportNotice, report_message_of, told_message
from dialogs.time.periods import Period
from scoring.values import Value, replace
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun, RunOutcome, report_run_id
from storage.model.note_keys import report_schedule_key
from storage.model.records import Note
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "ReportTurn",
    "confirm_needs",
    "confirm_run",
    "counts_from",
    "decide_run",
    "notice_of",
    "remind_of_run",
    "run_needs",
    "schedule_needs",
    "schedule_of",
    "turn_needs",
]

_PAUSED = "paused"
_REMINDED, _OVERDUE = 1, 2


class ReportTurn(Value):
    """A schedule whose time has come for a period, and the report of it: None where nothing happened.

    `missed` are earlier periods of which no report was made, since nobody was there to make it.
    """

    schedule: ReportSchedule
    due: DueReport
    fresh: FreshReport | None
    missed: tuple[str, ...] = ()

    @property
    def run(self) -> str:
        """The id of the run."""
        return report_run_id(self.schedule.name, self.due.period.name)


def schedule_needs(schedule: ReportSchedule) -> Needs:
    """Return the need for what is remembered of a schedule."""
    return Needs(notes=frozenset({report_schedule_key(schedule.name)}))


def turn_needs(turn: ReportTurn) -> Needs:
    """Return the need for a run, the schedule, the roster, and the revisions of the report."""
    made = archive_needs(turn.fresh) if turn.fresh is not None else Needs()
    return made | schedule_needs(turn.schedule) | Needs(report_runs=frozenset({turn.run}), roster=True)


def run_needs(run: ReportRun) -> Needs:
    """Return the need for a run with its report, and for the roster."""
    return Needs(report_runs=frozenset({run.id}), archived=frozenset({run.report}), roster=True)


def confirm_needs(run: str) -> Needs:
    """Return the need for a run by its id, and for the roster."""
    return Needs(report_runs=frozenset({run}), roster=True)


def counts_from(context: DecisionContext, schedule: ReportSchedule) -> Decision[datetime | None]:
    """Return from when on a schedule's times count; the first look notes that, and nothing is due before it."""
    note = context.snapshot.note(report_schedule_key(schedule.name))
    if note is None or note.at > context.now:  # one of the future was made by a clock that was wrong
        return Decision(Changes((_note(context, schedule, note.value if note else ""),)), answer=None)
    return Decision(Changes(), note.at)


def _note(context: DecisionContext, schedule: ReportSchedule, value: str) -> Note:
    key = report_schedule_key(schedule.name)
    before = context.snapshot.note(key)
    return Note(key, value, context.now, before.version if before is not None else 0)


def decide_run(context: DecisionContext, turn: ReportTurn) -> Decision[tuple[str, ...] | Conflict]:
    """Keep and send the report of a period, once; answer with a line for each recipient who is not reached.

    Of a period in which nothing happened that is said once, and then nothing until something does.
    """
    if context.snapshot.report_run(turn.run) is not None:
        note = context.snapshot.note(report_schedule_key(turn.schedule.name))
        return Decision(Changes((_note(context, turn.schedule, note.value if note else ""),)), ())
    to = recipients_of(context, turn.schedule)
    return _empty(context, turn, to) if turn.fresh is None else _made(context, turn, turn.fresh, to)


def _empty(context: DecisionContext, turn: ReportTurn, to: Recipients) -> Decision[tuple[str, ...] | Conflict]:
    run, note = _run(context, turn, RunOutcome.EMPTY), context.snapshot.note(report_schedule_key(turn.schedule.name))
    paused = _note(context, turn.schedule, _PAUSED)
    if note is not None and note.value == _PAUSED:
        return Decision(Changes((run, paused)), ())
    told = told_message(notice_of(context, turn.schedule, turn.due.period), "quiet")
    return Decision(Changes((run, paused, *_messages(context, run, to, told, "quiet"))), to.problems)


def _made(
    context: DecisionContext, turn: ReportTurn, fresh: FreshReport, to: Recipients
) -> Decision[tuple[str, ...] | Conflict]:
    schedule = turn.schedule
    archived = archive_report(context, fresh, f"schedule {schedule.name}", schedule.name)
    if isinstance(archived, Conflict):
        return Decision(Changes(), archived)
    changes, kept = archived
    run = _run(context, turn, RunOutcome.MADE, kept.report.id)
    notice = replace(
        notice_of(context, schedule, fresh.period),
        lines=fresh.lines,
        url=_page(context, kept.report, kept.files),
        run=run.id if run.due_at is not None else "",
        due_at=run.due_at,
        missed=turn.missed,
    )
    sent = _with_files(context, run, _archived(fresh, kept), to, report_message_of(notice))
    return Decision(changes + Changes((run, _note(context, schedule, ""), *sent)), to.problems)


def _page(context: DecisionContext, report: ArchivedReport, files: Iterable[ArchivedFile]) -> str:
    """Return the address of a report's page; empty where it was made in other formats only."""
    return link_to(context, report) if any(one.format == "html" for one in files) else ""


def _run(context: DecisionContext, turn: ReportTurn, outcome: RunOutcome, report: str = "") -> ReportRun:
    due, period = turn.due, turn.due.period
    due_at = due.due_at if report else None
    return ReportRun(
        id=turn.run,
        schedule=turn.schedule.name,
        period=period.name,
        since=period.since,
        until=period.until,
        outcome=outcome,
        at=context.now,
        report=report,
        due_at=due_at,
        wake_at=due_at,
    )


def schedule_of(context: DecisionContext, run: ReportRun) -> ReportSchedule | None:
    """Return the schedule of a run as the rules have it now, None where they have it no longer."""
    return next((one for one in context.policy.reports if one.name == run.schedule), None)


def notice_of(context: DecisionContext, schedule: ReportSchedule, period: Period) -> ReportNotice:
    """Return what a message about a report of a period begins with."""
    policy, locale = context.policy, context.policy.phrases.locale(schedule.locale or context.policy.team_speaks)
    title = policy.phrases.say(locale, f"report.title.{schedule.kind}")
    if schedule.of:
        title = policy.phrases.say(locale, "sent_report.of", title=title, of=schedule.of.partition(":")[2])
    last = period.until - period.until.resolution
    first, until = (policy.phrases.day(locale, at, policy.timezone) for at in (period.since, last))
    days = policy.phrases.say(locale, "report.period", first=first, last=until)
    return ReportNotice(title, days, locale, policy.phrases, policy.timezone)


def _messages(context: DecisionContext, run: ReportRun, to: Recipients, prompt: Prompt, what: str) -> Iterable[Record]:
    for place in to.places:
        yield message_to_team(context, place, prompt, derive("out", what, run.id, place.channel, place.chat))


def _archived(fresh: FreshReport, kept: KeptReport) -> dict[str, FileRef]:
    """Return by format the files as the archive has them: a revision made anew may differ in some byte.

    What is sent is what is kept, so that revoking a report's links shuts those of its messages as well.
    """
    archived = {one.format: one for one in kept.files}
    return {
        form: FileRef(archived[form].hash, file.name, file.media_type, archived[form].size)
        for form, file in fresh.files
    }


def _with_files(
    context: DecisionContext, run: ReportRun, files: Mapping[str, FileRef], to: Recipients, prompt: Prompt
) -> Iterable[Record]:
    """Yield for each recipient the message with the first file, and one for each further file, by its name."""
    for place in to.places:
        for number, (form, file) in enumerate(files.items()):
            id_ = derive("out", "report", run.id, form, place.channel, place.chat)
            said = prompt if number == 0 else Prompt(file.name)
            yield message_with_stored(context, message_to_team(context, place, said, id_), file)


def remind_of_run(context: DecisionContext, run_id: str) -> Decision[None]:
    """Remind of a report that nobody has confirmed on the day when it is due, and tell a day later that it is overdue.

    A schedule that is no longer in the rules reminds of nothing.
    """
    run = context.snapshot.report_run(run_id)
    if run is None or run.wake_at is None or not context.has_passed(run.wake_at):
        return Decision(Changes(), None)
    schedule = schedule_of(context, run)
    report = context.snapshot.archived(run.report)
    if schedule is None or report is None or run.confirmed_at is not None or run.due_at is None:
        return Decision(Changes((replace(run, wake_at=None),)), None)
    later = overdue_at(schedule, run.due_at)
    is_late = run.told == _REMINDED or context.has_passed(later)
    key = "overdue" if is_late else "remind"
    after = replace(run, told=_OVERDUE if is_late else _REMINDED, wake_at=None if is_late else later)
    notice = notice_of(context, schedule, Period(run.since, run.until, run.period))
    url = _page(context, report, context.snapshot.archived_files(report.id))
    prompt = told_message(replace(notice, url=url, run=run.id, due_at=run.due_at), key)
    to = recipients_of(context, schedule)
    return Decision(Changes((after, *_messages(context, run, to, prompt, key))), None)


def confirm_run(
    context: DecisionContext, run_id: str, by: str, *, trusts: bool = False
) -> Decision[ReportRun | NotFound | Conflict | Invalid]:
    """Note that somebody has reviewed a report and handed it in; nobody is reminded any more. Again changes nothing.

    `trusts`: the caller knows that they may.
    """
    run, who = context.snapshot.report_run(run_id), known_as(context, by)
    if run is None or not run.report:
        return Decision(Changes(), NotFound(f"report {run_id} of a schedule"))
    if run.confirmed_at is not None:
        return Decision(Changes(), run)
    if run.due_at is None:
        return Decision(Changes(), Conflict("Nobody has to confirm this report: its schedule has no due day."))
    refused = None if trusts else refused_lead(context, who)
    if refused is not None:
        return Decision(Changes(), refused)
    done = replace(run, confirmed_by=who, confirmed_at=context.now, wake_at=None)
    line = audit_entry(context, who, "report.confirmed", run.report, run.id, period=run.period)
    return Decision(Changes((done, line)), done)
