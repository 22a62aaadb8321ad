"""Routes what admins type and press to their commands, before the team's and the customers' handlers."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bot.handlers.admin.admin_turn import AdminTurn
from bot.handlers.admin.campaign_commands import campaign_command, campaign_tap, campaign_words, is_typing
from bot.handlers.admin.campaign_message import typing_key_at
from bot.handlers.admin.commands import (
    audit_command,
    issues_command,
    pause_command,
    pause_tap,
    report_command,
)
from bot.handlers.admin.permissions import Admin, admin_among, may
from bot.handlers.admin.roster_commands import join_roster, team_command
from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import QueryResults
from bot.handlers.common.turn import TurnContext
from bot.handlers.reports.scheduled_runs import confirm_run, notice_of, schedule_of
from bot.handlers.surveys.pause import RESUMING
from dialogs.admin.commands import AdminCommand, admin_command
from dialogs.campaign.model import Campaign
from dialogs.ids import RefKind, is_about
from dialogs.messages import Inbound, Joined, Prompt, Tap, Text, Verb
from dialogs.reports.report_schedules import is_report_of
from dialogs.reports.sent_report import CONFIRM, with_confirmation
from dialogs.time.periods import Period
from dialogs.understanding.commands import Command, command
from scoring.values import replace
from storage.model.archive.report_records import ReportRun
from storage.model.note_keys import SURVEYS_PAUSED
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs, needs_of

__all__ = ["TEAM_CODE", "admin_needs", "handle_admin"]

TEAM_CODE = "team-"
"""The prefix of a deep link's token that binds a member of the team."""
_HELP = frozenset({Command.HELP})
_HELP_IN_GROUP = frozenset({Command.HELP, Command.RESUME})
"""In a group `/start` resumes nothing: whoever has just added the bot sees what it does."""
_ROSTER = Needs(roster=True)
_TOLD = (
    AdminCommand.ISSUES,
    AdminCommand.FINDINGS,
    AdminCommand.ACTIONS,
    AdminCommand.PHRASES,
    AdminCommand.REPORT,
    AdminCommand.CAMPAIGN,
    AdminCommand.TEAM,
    AdminCommand.PAUSE_SURVEYS,
)
"""The commands that help tells of."""
_WAITS = timedelta(hours=1)
"""How long typed words are taken as the answer to a campaign's question."""


def admin_needs(inbound: Inbound, policy: Policy) -> Needs | None:
    """Return what deciding about an admin's words or press has to look at; None where it can be neither."""
    if not policy.can(inbound.place.channel).serves_admins:
        return None
    match inbound.said:
        case Tap(verb=verb, about=about, subject=subject) if verb in _BUTTONS:
            spoken_of = needs_of(about) if about is not None else RESUMING
            pressed = Needs(receipts=frozenset({_message_pressed(inbound)}), report_runs=frozenset({subject}))
            return spoken_of | _ROSTER | _typing(inbound, policy) | pressed
        case Joined(token=token) if token.startswith(TEAM_CODE):
            return _ROSTER
        case Text(text=text, edited=False) if admin_command(text) is not None or command(text) is Command.HELP:
            return _ROSTER | _typing(inbound, policy) | Needs(notes=frozenset({SURVEYS_PAUSED}))
        case Text(edited=False):
            return _typing(inbound, policy)
        case _:
            return None


def handle_admin(turn: TurnContext, found: QueryResults) -> Changes | None:
    """Handle what an admin types or presses; None where the speaker has no role or it is no admin's command."""
    if not turn.policy.can(turn.place.channel).serves_admins:
        return None
    code = _code_in(turn)
    if code:
        return join_roster(turn, code)
    said = turn.inbound.said
    if not (isinstance(said, Tap) and said.verb in _BUTTONS) and not (isinstance(said, Text) and not said.edited):
        return None
    admin = admin_among(turn.snapshot.roster(), turn.policy, turn.place, turn.inbound.sender)
    if isinstance(said, Tap):
        return _pressed(turn, admin, found, said)
    if command(said.text) in (_HELP_IN_GROUP if turn.is_in_team_chat else _HELP):
        return _help(turn, admin)
    return _said(AdminTurn(turn, admin, found), said.text) if admin is not None else None


def _pressed(turn: TurnContext, admin: Admin | None, found: QueryResults, tap: Tap) -> Changes | None:
    wanted, button = _BUTTONS[tap.verb]
    if admin is None or not may(admin, wanted):
        return turn.toast("admin_not_allowed", alert=True) if turn.is_in_team_chat else None
    return button(AdminTurn(turn, admin, found), tap)


def _said(said: AdminTurn, text: str) -> Changes | None:
    typed = admin_command(text)
    if typed is None:
        return _answered(said, text)
    carry_out = _COMMANDS.get(typed.command)
    is_allowed = carry_out is not None and may(said.admin, typed.command)
    return carry_out(replace(said, words=typed.words)) if carry_out is not None and is_allowed else None


def _report_tap(said: AdminTurn, tap: Tap) -> Changes:
    """Note that a report is done with, and say so in place of the button; whoever comes later is told who was first."""
    turn, context = said.turn, said.turn.context
    before = context.snapshot.report_run(tap.subject)
    schedule = schedule_of(context, before) if before is not None else None
    if tap.step != CONFIRM:
        return _COMMANDS[AdminCommand.REPORT](said)
    if before is None or schedule is None:
        return turn.toast("admin_stale", alert=True)
    if said.admin.role == "agent" and not is_report_of(schedule.of, "agent", said.admin.agent or said.admin.by):
        return turn.toast("admin_not_allowed", alert=True)  # they read and confirm only what is about them
    decided = confirm_run(context, tap.subject, said.admin.by, trusts=True)
    run = decided.answer
    if not isinstance(run, ReportRun) or run.confirmed_at is None:
        return turn.toast("admin_stale", alert=True)
    pressed = context.snapshot.message_with(turn.place.channel, turn.place.chat, turn.inbound.message)
    notice = notice_of(context, schedule, Period(run.since, run.until, run.period))
    shown = with_confirmation(pressed.prompt if pressed else Prompt(""), notice, run.confirmed_by, run.confirmed_at)
    key = "sent_report.noted" if before.confirmed_at is None else "sent_report.known"
    return decided.changes + turn.toast(key, by=run.confirmed_by) + turn.edit_pressed(shown)


_COMMANDS: Mapping[AdminCommand, Callable[[AdminTurn], Changes]] = {
    AdminCommand.CAMPAIGN: campaign_command,
    AdminCommand.TEAM: team_command,
    AdminCommand.REPORT: report_command,
    AdminCommand.ISSUES: issues_command,
    AdminCommand.AUDIT: audit_command,
    AdminCommand.PAUSE_SURVEYS: partial(pause_command, pauses=True),
    AdminCommand.RESUME_SURVEYS: partial(pause_command, pauses=False),
}
_BUTTONS: Mapping[Verb, tuple[AdminCommand, Callable[[AdminTurn, Tap], Changes]]] = {
    Verb.CAMPAIGN: (AdminCommand.CAMPAIGN, campaign_tap),
    Verb.ADMIN: (AdminCommand.PAUSE_SURVEYS, pause_tap),
    Verb.REPORT: (AdminCommand.REPORT, _report_tap),
}
"""What each button does, and the command whose permission it needs."""


def _help(turn: TurnContext, admin: Admin | None) -> Changes | None:
    """Answer `/help` as fits the team's group, or somebody of the team in their own chat; None for anybody else."""
    if turn.is_in_team_chat:
        if not turn.words.startswith("/"):
            return None  # there it is a word among colleagues
        return turn.reply(Prompt("\n".join((turn.say("team_help.group"), *_commands_of(turn, Admin("", "owner"))))))
    if admin is None:
        return None
    if admin.role == "agent":
        return turn.reply(Prompt(turn.say("team_help.own_agent")))
    head = turn.say("team_help.own_lead", role=turn.say(f"admin.role.{admin.role}"))
    return turn.reply(Prompt("\n".join((head, "", *_commands_of(turn, admin)))))


def _commands_of(turn: TurnContext, admin: Admin) -> list[str]:
    """Return a line for each command that somebody may use."""
    return [
        turn.say("team_help.line", command=command.value, what=turn.say(f"command.{command.value}"))
        for command in _TOLD
        if may(admin, command)
    ]


def _code_in(turn: TurnContext) -> str:
    """Return the one-time code of a deep link, or of `/join CODE` in a private chat; elsewhere others would see it."""
    has_roster = turn.policy.can(turn.place.channel).roster
    is_private = has_roster and turn.place.chat == turn.inbound.sender.id
    match turn.inbound.said:
        case Joined(token=token) if token.startswith(TEAM_CODE) and has_roster:
            return token.removeprefix(TEAM_CODE)
        case Text(edited=False, text=text) if is_private:
            typed = admin_command(text)
            return typed.words[0] if typed and typed.command is AdminCommand.JOIN and typed.words else ""
        case _:
            return ""


def _answered(said: AdminTurn, text: str) -> Changes | None:
    """Take words as the answer to a campaign's question, in a group only those that reply to it."""
    turn, campaign = said.turn, _spoken_of(said.turn)
    if text.startswith("/") or campaign is None or _is_about_an_issue(turn):
        return None
    if not may(said.admin, AdminCommand.CAMPAIGN) or not is_typing(turn.context, campaign):
        return None
    return campaign_words(turn, campaign, text)


def _is_about_an_issue(turn: TurnContext) -> bool:
    """Return whether words reply to a question about an issue, which belongs to the team's handler."""
    asked = turn.replied_to
    return asked is not None and is_about(asked.about, RefKind.ISSUE)


def _spoken_of(turn: TurnContext) -> Campaign | None:
    """Return the campaign whose question is open in this chat, unless it was asked too long ago."""
    note = turn.snapshot.note(typing_key_at(turn.inbound, turn.policy))
    if note is None or not note.value or note.at < turn.context.now - _WAITS:
        return None
    return turn.snapshot.campaign(note.value)


def _typing(inbound: Inbound, policy: Policy) -> Needs:
    return Needs(notes=frozenset({typing_key_at(inbound, policy)}))


def _message_pressed(inbound: Inbound) -> tuple[str, str, str]:
    return inbound.place.channel, inbound.place.chat, inbound.message
