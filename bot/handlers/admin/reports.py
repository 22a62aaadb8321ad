"""`/report`, `/issues` and `/audit` in a chat: what the shell has read, told briefly."""

import msgspec

from bot.handlers.admin.query_results import AdminTurn
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.page_links import page_of
from dialogs.admin.lists import AuditLine, Voice, audit_list, issue_list
from dialogs.admin.report import Report, report_message
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes

__all__ = ["audit_command", "issues_command", "report_command"]


def report_command(said: AdminTurn) -> Changes:
    """Tell the figures of a week and a month."""
    policy = said.turn.policy
    surveys = {survey: policy.survey(survey) for survey in policy.current}
    figures = said.found.report or Report(())
    return said.turn.reply(report_message(figures, surveys, policy.phrases, said.turn.locale))


def issues_command(said: AdminTurn) -> Changes:
    """List what is with the team, oldest first."""
    listed = [(issue, page_of(said.turn.context, issue)) for issue in said.found.issues]
    return said.turn.reply(issue_list(listed, said.turn.context.now, _voice(said.turn)))


def audit_command(said: AdminTurn) -> Changes:
    """List the last deeds of admins."""
    deeds = [AuditLine(entry.at, entry.by, entry.action, _about(entry)) for entry in said.found.audit]
    return said.turn.reply(audit_list(deeds, _voice(said.turn)))


def _voice(turn: TurnContext) -> Voice:
    return Voice(turn.phrases, turn.locale, turn.policy.timezone)


def _about(entry: AuditEntry) -> str:
    """Name the thing: as its detail names it, else by its id."""
    named = msgspec.json.decode(entry.detail, type=dict[str, object]).get("name")
    return str(named) if named else entry.subject
