"""Commands of admins that are one answer: `/report`, `/issues`, `/audit`, `/pause_surveys`, `/resume_surveys`."""

import msgspec

from bot.handlers.admin.admin_turn import AdminTurn
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.sent_files import message_with_file
from bot.handlers.issues.page_links import page_of
from bot.handlers.surveys.pause import pause_of, pause_surveys, resume_surveys
from dialogs.admin.lists import PAUSE, RESUME, AuditLine, IssueLine, audit_list, issue_list, pause_question
from dialogs.admin.report import AdminReport, report_message
from dialogs.messages import Prompt, Tap
from dialogs.reports.asked_reports import report_buttons
from dialogs.sanitize import one_line
from scoring.values import replace
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes

__all__ = ["audit_command", "issues_command", "pause_command", "pause_tap", "report_command"]


_LONGEST_NAME = 40


def report_command(said: AdminTurn) -> Changes:
    """Answer with the figures of the last week and month, or with the report that was asked for.

    They are of everything, of a lead's team, or an agent's own.
    """
    turn, asked = said.turn, said.found.asked
    if isinstance(asked, tuple):
        lines, file = asked
        return Changes(message_with_file(turn.context, turn.answer(Prompt(lines)), file))
    if asked:
        return turn.reply(Prompt(turn.say(f"admin.report.{asked}")))
    policy, figures = turn.policy, said.found.report or AdminReport(())
    surveys = {survey: policy.survey(survey) for survey in policy.current}
    message = report_message(figures, surveys, policy.phrases, turn.locale)
    return turn.reply(replace(message, rows=report_buttons(figures.teams, policy.phrases, turn.locale)))


def issues_command(said: AdminTurn) -> Changes:
    """List the open and claimed issues, urgent ones first, each with a button for its card, or its page's address."""
    turn, found = said.turn, said.found
    has_buttons = turn.policy.can(turn.place.channel).buttons
    listed = [
        IssueLine(issue, found.subjects.get(issue.id, ""), "" if has_buttons else page_of(turn.context, issue))
        for issue in found.issues
    ]
    return turn.reply(issue_list(listed, turn.context.now, turn.admin_locale))


def audit_command(said: AdminTurn) -> Changes:
    """List the latest entries of the audit log."""
    lines = [AuditLine(entry.at, entry.by, entry.action, _about(entry)) for entry in said.found.audit]
    return said.turn.reply(audit_list(lines, said.turn.admin_locale))


def _about(entry: AuditEntry) -> str:
    """Return the name in the entry's detail, else the id of its subject."""
    named = msgspec.json.decode(entry.detail, type=dict[str, object]).get("name")
    return str(named) if named else entry.subject


def pause_command(said: AdminTurn, *, pauses: bool) -> Changes:
    """Ask for confirmation that surveys are paused or resumed; answer with the state where it is so already."""
    turn = said.turn
    if (pause_of(turn.context) is not None) is pauses:
        return turn.reply(_standing(turn.context, turn.locale))
    return turn.reply(pause_question(turn.phrases, turn.locale, paused=not pauses))


def pause_tap(said: AdminTurn, tap: Tap) -> Changes:
    """Apply or drop what was asked, and show in its place whether surveys are paused."""
    turn, changes = said.turn, Changes()
    if tap.step == PAUSE:
        changes = pause_surveys(turn.context, said.admin.by)
    elif tap.step == RESUME:
        changes = resume_surveys(turn.context, said.admin.by)
    return changes + turn.edit_pressed(_standing(turn.context.after(changes), turn.locale))


def _standing(context: DecisionContext, locale: str) -> Prompt:
    """Return whether surveys are paused, since when and by whom."""
    phrases, pause = context.policy.phrases, pause_of(context)
    if pause is None:
        return Prompt(phrases.say(locale, "admin.surveys.going"))
    since = phrases.moment(locale, pause.since, context.policy.timezone)
    return Prompt(phrases.say(locale, "admin.surveys.paused", by=one_line(pause.by, _LONGEST_NAME), since=since))
