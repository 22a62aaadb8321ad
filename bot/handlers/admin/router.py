"""What admins say comes in here, before the team's talk and the customers'; None for all that is neither theirs."""

from datetime import timedelta

from bot.handlers.admin.campaign_commands import campaign_command, campaign_tap, campaign_words, is_typing
from bot.handlers.admin.campaign_message import typing_key
from bot.handlers.admin.pause import standstill_command, standstill_tap
from bot.handlers.admin.people import joins, team_command
from bot.handlers.admin.permissions import Admin, admin_of, may
from bot.handlers.admin.query_results import QueryResults
from bot.handlers.admin.replies import toast
from bot.handlers.admin.reports import audit_command, issues_command, report_command
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.pause import PAUSED, RESUMING
from dialogs.admin.commands import AdminCommand, Typed, admin_command
from dialogs.campaign.model import Campaign
from dialogs.messages import Inbound, Joined, Tap, Text, Verb
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["TEAM_CODE", "admin_hears", "admin_needs"]

TEAM_CODE = "team-"
"""How the token of a deep link begins that makes its presser one of the team."""
_PLACES = frozenset({"telegram", "sandbox"})
_VERBS = frozenset({Verb.CAMPAIGN, Verb.ADMIN})
_ROSTER = Needs(roster=True)
_WAITS = timedelta(hours=1)
"""How long a question takes any words of its chat for its answer."""


def admin_needs(inbound: Inbound, policy: Policy) -> Needs:
    """Look at the roster where an admin may be speaking, and at what they may be speaking of."""
    place, nothing = inbound.place, Needs()
    if place.channel not in _PLACES:
        return nothing
    match inbound.said:
        case Tap(verb=verb, subject=subject) if verb in _VERBS:
            about = Needs(campaigns=frozenset({subject})) if subject.startswith("cam_") else RESUMING
            return about | _ROSTER | _typing(inbound, policy) | Needs(receipts=frozenset({_pressed(inbound)}))
        case Joined(token=token) if token.startswith(TEAM_CODE):
            return _ROSTER
        case Text(text=text, edited=False) if admin_command(text) is not None:
            return _ROSTER | _typing(inbound, policy) | Needs(notes=frozenset({PAUSED}))
        case Text(edited=False):
            return _typing(inbound, policy)
        case _:
            return nothing


def admin_hears(context: DecisionContext, inbound: Inbound, brought: QueryResults) -> Changes | None:
    """Obey an admin; None where nobody with a role speaks, or what they say is none of this."""
    if inbound.place.channel not in _PLACES:
        return None
    match inbound.said:
        case Tap(verb=verb) as tap if verb in _VERBS:
            return _tapped(context, inbound, tap, brought)
        case Joined(token=token) if token.startswith(TEAM_CODE) and inbound.place.channel == "telegram":
            return joins(context, inbound, token.removeprefix(TEAM_CODE))
        case Text(edited=False) as text:
            return _said(context, inbound, text, brought)
        case _:
            return None


def _tapped(context: DecisionContext, inbound: Inbound, tap: Tap, brought: QueryResults) -> Changes | None:
    admin = admin_of(context, inbound)
    wanted = AdminCommand.CAMPAIGN if tap.verb is Verb.CAMPAIGN else AdminCommand.PAUSE_SURVEYS
    if admin is None or not may(admin, wanted):
        return toast(context, inbound, "admin_not_allowed") if inbound.place in context.policy.team else None
    if tap.verb is Verb.CAMPAIGN:
        return campaign_tap(context, inbound, tap, admin, brought)
    return standstill_tap(context, inbound, tap, admin)


def _said(context: DecisionContext, inbound: Inbound, text: Text, brought: QueryResults) -> Changes | None:
    typed = admin_command(text.text)
    if typed is None:
        return _typed(context, inbound, text)
    if typed.command is AdminCommand.JOIN:
        return _joins(context, inbound, typed)
    admin = admin_of(context, inbound)
    if admin is None or not may(admin, typed.command):
        return None
    return _obeyed(context, inbound, typed, admin, brought)


def _obeyed(context: DecisionContext, inbound: Inbound, typed: Typed, admin: Admin, brought: QueryResults) -> Changes:
    match typed.command:
        case AdminCommand.CAMPAIGN:
            return campaign_command(context, inbound, brought)
        case AdminCommand.TEAM:
            return team_command(context, inbound, typed.words, admin, brought)
        case AdminCommand.REPORT:
            return report_command(context, inbound, brought)
        case AdminCommand.ISSUES:
            return issues_command(context, inbound, brought)
        case AdminCommand.AUDIT:
            return audit_command(context, inbound, brought)
        case _:
            return standstill_command(context, inbound, pauses=typed.command is AdminCommand.PAUSE_SURVEYS)


def _joins(context: DecisionContext, inbound: Inbound, typed: Typed) -> Changes | None:
    """Take a code typed in one's own chat; anywhere else it would be seen by others."""
    is_private = inbound.place.channel == "telegram" and inbound.place.chat == inbound.sender.id
    return joins(context, inbound, typed.words[0]) if typed.words and is_private else None


def _typed(context: DecisionContext, inbound: Inbound, text: Text) -> Changes | None:
    """Take words as the answer to a campaign's question: in one's own chat any, in the group those that reply to it."""
    if text.text.startswith("/") or _is_about_an_issue(context, inbound, text):
        return None
    campaign, admin = _spoken_of(context, inbound), admin_of(context, inbound)
    if campaign is None or admin is None or not may(admin, AdminCommand.CAMPAIGN):
        return None
    return campaign_words(context, inbound, campaign, text.text) if is_typing(context, campaign) else None


def _is_about_an_issue(context: DecisionContext, inbound: Inbound, text: Text) -> bool:
    """Return whether words answer a question about an issue, which somebody else may have been asked meanwhile."""
    place = inbound.place
    asked = context.snapshot.message_with(place.channel, place.chat, text.replies_to) if text.replies_to else None
    return asked is not None and asked.about.startswith("iss_")


def _spoken_of(context: DecisionContext, inbound: Inbound) -> Campaign | None:
    """Return the campaign whose question waits here, unless it has waited so long that the words are not for it."""
    note = context.snapshot.note(typing_key(inbound, context.policy))
    if note is None or not note.value or note.at < context.now - _WAITS:
        return None
    return context.snapshot.campaign(note.value)


def _typing(inbound: Inbound, policy: Policy) -> Needs:
    return Needs(notes=frozenset({typing_key(inbound, policy)}))


def _pressed(inbound: Inbound) -> tuple[str, str, str]:
    return inbound.place.channel, inbound.place.chat, inbound.message
