"""`/report`, `/issues` and `/audit` in a chat: what the shell has read, told briefly."""

import msgspec

from bot.handlers.admin.query_results import Brought
from bot.handlers.admin.replies import locale_for
from bot.handlers.common.context import Scene
from bot.handlers.common.replies import reply
from bot.handlers.issues.page_links import page_of
from dialogs.admin.lists import Deed, Voice, audit_list, issue_list
from dialogs.admin.report import Report, report
from dialogs.messages import Inbound
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes

__all__ = ["audit_command", "issues_command", "report_command"]


def report_command(scene: Scene, inbound: Inbound, brought: Brought) -> Changes:
    """Tell the figures of a week and a month."""
    policy = scene.policy
    surveys = {survey: policy.survey(survey) for survey in policy.current}
    figures = brought.report or Report(())
    return reply(scene, inbound, report(figures, surveys, policy.phrases, locale_for(scene, inbound)))


def issues_command(scene: Scene, inbound: Inbound, brought: Brought) -> Changes:
    """List what is with the team, oldest first."""
    listed = [(issue, page_of(scene, issue)) for issue in brought.issues]
    return reply(scene, inbound, issue_list(listed, scene.now, _voice(scene, inbound)))


def audit_command(scene: Scene, inbound: Inbound, brought: Brought) -> Changes:
    """List the last deeds of admins."""
    deeds = [Deed(entry.at, entry.by, entry.action, _about(entry)) for entry in brought.audit]
    return reply(scene, inbound, audit_list(deeds, _voice(scene, inbound)))


def _voice(scene: Scene, inbound: Inbound) -> Voice:
    return Voice(scene.policy.phrases, locale_for(scene, inbound), scene.policy.timezone)


def _about(entry: AuditEntry) -> str:
    """Name the thing: as its detail names it, else by its id."""
    named = msgspec.json.decode(entry.detail, type=dict[str, object]).get("name")
    return str(named) if named else entry.subject
