"""What admins say comes in here, before the team's talk and the customers'; None for all that is neither theirs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bot.handlers.admin.campaign_commands import campaign_command, campaign_tap, campaign_words, is_typing
from bot.handlers.admin.campaign_message import typing_key
from bot.handlers.admin.pause import pause_command, pause_tap
from bot.handlers.admin.people import join_roster, team_command
from bot.handlers.admin.permissions import admin_speaking, may
from bot.handlers.admin.query_results import AdminTurn, QueryResults
from bot.handlers.admin.reports import audit_command, issues_command, report_command
from bot.handlers.common.policy import Policy
from bot.handlers.common.turn import TurnContext
from bot.handlers.surveys.pause import PAUSED, RESUMING
from dialogs.admin.commands import AdminCommand, Typed, admin_command
from dialogs.campaign.model import Campaign
from dialogs.messages import Inbound, Joined, Tap, Text, Verb
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["TEAM_CODE", "admin_needs", "handle_admin"]

TEAM_CODE = "team-"
"""How the token of a deep link begins that makes its presser one of the team."""
_ROSTER = Needs(roster=True)
_WAITS = timedelta(hours=1)
"""How long a question takes any words of its chat for its answer."""


def admin_needs(inbound: Inbound, policy: Policy) -> Needs:
    """Look at the roster where an admin may be speaking, and at what they may be speaking of."""
    place, nothing = inbound.place, Needs()
    if not policy.can(place.channel).hears_admins:
        return nothing
    match inbound.said:
        case Tap(verb=verb, subject=subject) if verb in _BUTTONS:
            about = Needs(campaigns=frozenset({subject})) if subject.startswith("cam_") else RESUMING
            return about | _ROSTER | _typing(inbound, policy) | Needs(receipts=frozenset({_message_pressed(inbound)}))
        case Joined(token=token) if token.startswith(TEAM_CODE):
            return _ROSTER
        case Text(text=text, edited=False) if admin_command(text) is not None:
            return _ROSTER | _typing(inbound, policy) | Needs(notes=frozenset({PAUSED}))
        case Text(edited=False):
            return _typing(inbound, policy)
        case _:
            return nothing


def handle_admin(turn: TurnContext, found: QueryResults) -> Changes | None:
    """Obey an admin; None where nobody with a role speaks, or what they say is none of this."""
    if not turn.policy.can(turn.place.channel).hears_admins:
        return None
    match turn.inbound.said:
        case Tap(verb=verb) as tap if verb in _BUTTONS:
            return _pressed(turn, tap, found)
        case Joined(token=token) if token.startswith(TEAM_CODE) and turn.policy.can(turn.place.channel).roster:
            return join_roster(turn, token.removeprefix(TEAM_CODE))
        case Text(edited=False) as text:
            typed = admin_command(text.text)
            return _commanded(turn, typed, found) if typed is not None else _answered(turn, text)
        case _:
            return None


def _pressed(turn: TurnContext, tap: Tap, found: QueryResults) -> Changes | None:
    admin, (wanted, button) = admin_speaking(turn), _BUTTONS[tap.verb]
    if admin is None or not may(admin, wanted):
        return turn.toast("admin_not_allowed", alert=True) if turn.is_in_team_chat else None
    return button(AdminTurn(turn, admin, found), tap)


def _commanded(turn: TurnContext, typed: Typed, found: QueryResults) -> Changes | None:
    if typed.command is AdminCommand.JOIN:
        return _joins(turn, typed)
    admin = admin_speaking(turn)
    if admin is None or not may(admin, typed.command):
        return None
    return _COMMANDS[typed.command](AdminTurn(turn, admin, found, typed.words))


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
}
"""What the buttons do, and the command that one has to be allowed for that."""


def _joins(turn: TurnContext, typed: Typed) -> Changes | None:
    """Take a code typed in one's own chat; anywhere else it would be seen by others."""
    is_private = turn.policy.can(turn.place.channel).roster and turn.place.chat == turn.inbound.sender.id
    return join_roster(turn, typed.words[0]) if typed.words and is_private else None


def _answered(turn: TurnContext, text: Text) -> Changes | None:
    """Take words as the answer to a campaign's question: in one's own chat any, in the group those that reply to it."""
    if text.text.startswith("/") or _is_about_an_issue(turn, text):
        return None
    campaign, admin = _spoken_of(turn), admin_speaking(turn)
    if campaign is None or admin is None or not may(admin, AdminCommand.CAMPAIGN):
        return None
    return campaign_words(turn, campaign, text.text) if is_typing(turn.context, campaign) else None


def _is_about_an_issue(turn: TurnContext, text: Text) -> bool:
    """Return whether words answer a question about an issue, which somebody else may have been asked meanwhile."""
    channel, chat = turn.place.channel, turn.place.chat
    asked = turn.snapshot.message_with(channel, chat, text.replies_to) if text.replies_to else None
    return asked is not None and asked.about.startswith("iss_")


def _spoken_of(turn: TurnContext) -> Campaign | None:
    """Return the campaign whose question waits here, unless it has waited so long that the words are not for it."""
    note = turn.snapshot.note(typing_key(turn.inbound, turn.policy))
    if note is None or not note.value or note.at < turn.context.now - _WAITS:
        return None
    return turn.snapshot.campaign(note.value)


def _typing(inbound: Inbound, policy: Policy) -> Needs:
    return Needs(notes=frozenset({typing_key(inbound, policy)}))


def _message_pressed(inbound: Inbound) -> tuple[str, str, str]:
    return inbound.place.channel, inbound.place.chat, inbound.message
