"""`/report`, `/issues` and `/audit` in a chat: what the shell has read, told briefly."""

import msgspec

from bot.handlers.admin.query_results import QueryResults
from bot.handlers.admin.replies import locale_for
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import reply
from bot.handlers.issues.page_links import page_of
from dialogs.admin.lists import Deed, Voice, audit_list, issue_list
from dialogs.admin.report import Report, report
from dialogs.messages import Inbound
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes

__all__ = ["audit_command", "issues_command", "report_command"]


def report_command(context: DecisionContext, inbound: Inbound, brought: QueryResults) -> Changes:
    """Tell the figures of a week and a month."""
    policy = context.policy
    surveys = {survey: policy.survey(survey) for survey in policy.current}
    figures = brought.report or Report(())
    return reply(context, inbound, report(figures, surveys, policy.phrases, locale_for(context, inbound)))


def issues_command(context: DecisionContext, inbound: Inbound, brought: QueryResults) -> Changes:
    """List what is with the team, oldest first."""
    listed = [(issue, page_of(context, issue)) for issue in brought.issues]
    return reply(context, inbound, issue_list(listed, context.now, _voice(context, inbound)))


def audit_command(context: DecisionContext, inbound: Inbound, brought: QueryResults) -> Changes:
    """List the last deeds of admins."""
    deeds = [Deed(entry.at, entry.by, entry.action, _about(entry)) for entry in brought.audit]
    return reply(context, inbound, audit_list(deeds, _voice(context, inbound)))


def _voice(context: DecisionContext, inbound: Inbound) -> Voice:
    return Voice(context.policy.phrases, locale_for(context, inbound), context.policy.timezone)


def _about(entry: AuditEntry) -> str:
    """Name the thing: as its detail names it, else by its id."""
    named = msgspec.json.decode(entry.detail, type=dict[str, object]).get("name")
    return str(named) if named else entry.subject
