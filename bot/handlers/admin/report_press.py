"""The button under a report by which somebody of the team says that it was reviewed and handed in."""

from bot.handlers.admin.admin_turn import AdminTurn
from bot.handlers.reports.scheduled_runs import confirm_run, notice_of, schedule_of
from dialogs.messages import Prompt, Tap
from dialogs.reports.sent_report import CONFIRM, with_confirmation
from dialogs.time.periods import Period
from storage.model.archive.report_records import ReportRun
from storage.unit_of_work.changes import Changes

__all__ = ["report_tap"]


def report_tap(said: AdminTurn, tap: Tap) -> Changes:
    """Note that a report is done with, and say so in place of the button; whoever comes later is told who was first."""
    turn, context = said.turn, said.turn.context
    before = context.snapshot.report_run(tap.subject)
    if tap.step != CONFIRM or before is None:
        return turn.toast("admin_stale", alert=True)
    decided = confirm_run(context, tap.subject, said.admin.by, trusts=True)
    run, schedule = decided.answer, schedule_of(context, before)
    if not isinstance(run, ReportRun) or run.confirmed_at is None or schedule is None:
        return turn.toast("admin_stale", alert=True)
    pressed = context.snapshot.message_with(turn.place.channel, turn.place.chat, turn.inbound.message)
    notice = notice_of(context, schedule, Period(run.since, run.until, run.period))
    shown = with_confirmation(pressed.prompt if pressed else Prompt(""), notice, run.confirmed_by, run.confirmed_at)
    key = "sent_report.noted" if before.confirmed_at is None else "sent_report.known"
    return decided.changes + turn.toast(key, by=run.confirmed_by) + turn.edit_pressed(shown)
