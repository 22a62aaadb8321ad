"""Routes what the team types and presses about findings: `/findings`, `/actions`, the buttons, typed reasons.

What a button carries comes from outside: each press is checked against who presses and the finding as it is now.
"""

from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import QueryResults
from bot.handlers.common.turn import TurnContext
from bot.handlers.team_findings.decisions import (
    DECIDES_NOTHING,
    FINDING_PRESSES,
    LOOKS,
    TOO_LATE,
    TYPED,
    is_offered,
)
from bot.handlers.team_findings.phrase_steps import PHRASE_PRESSES, PhrasePress
from bot.handlers.team_findings.press import FindingPress
from bot.handlers.team_findings.shown import shown_finding
from bot.handlers.team_findings.speaker import Speaker, speaker_among
from dialogs.admin.commands import AdminCommand, admin_command
from dialogs.ids import RefKind, is_about
from dialogs.improvement.draft_cards import asked_for
from dialogs.improvement.finding_view import ChatList, FindingStep, FindingView, list_message
from dialogs.improvement.model import Finding, FindingState
from dialogs.improvement.phrase_cards import phrase_list
from dialogs.messages import Inbound, Prompt, Tap, Text, Verb
from scoring.values import replace
from storage.model.note_keys import finding_draft_key
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["LISTS", "handle_findings", "talk_needs"]

_STATES = FindingState
FINDINGS = ChatList(
    FindingStep.FINDINGS,
    (_STATES.OPEN, _STATES.UNDECIDED, _STATES.REACHED, _STATES.OVERDUE, _STATES.PLANNED, _STATES.DONE),
)
ACTIONS = ChatList(
    FindingStep.ACTIONS, (_STATES.OVERDUE, _STATES.PLANNED, _STATES.UNDECIDED, _STATES.REACHED, _STATES.DONE)
)
LISTS = {
    AdminCommand.FINDINGS: FINDINGS,
    AdminCommand.ACTIONS: ACTIONS,
    FindingStep.FINDINGS: FINDINGS,
    FindingStep.ACTIONS: ACTIONS,
}
"""Each list by its command, and by the step of the buttons that turn its pages."""
_LONGEST_NOTE = 1000


def talk_needs(inbound: Inbound, policy: Policy) -> Needs:
    """Return what has to be looked at besides the finding: who presses, where, and what they are writing."""
    draft = frozenset({finding_draft_key(inbound.place, inbound.sender.id)})
    match inbound.said:
        case Tap(verb=Verb.FINDING | Verb.PHRASE as verb, subject=subject):
            pressed = (inbound.place.channel, inbound.place.chat, inbound.message)
            phrases = frozenset({subject} if verb is Verb.PHRASE and subject else ())
            return Needs(roster=True, receipts=frozenset({pressed}), notes=draft, phrases=phrases)
        case Text(replies_to=answered) if answered and policy.can(inbound.place.channel).serves_admins:
            return Needs(notes=draft)
        case _:
            return Needs()


def handle_findings(turn: TurnContext, found: QueryResults) -> Changes | None:
    """Handle a command, a press or a reply about findings; None where it is none, or nobody of the team speaks."""
    match turn.inbound.said:
        case Tap(verb=Verb.FINDING) as tap:
            return _pressed(turn, tap, found)
        case Tap(verb=Verb.PHRASE) as tap:
            return _phrase_pressed(turn, tap, found)
        case Text(edited=False) as text:
            typed = admin_command(text.text)
            if typed is not None and typed.command in LISTS:
                return _listed(turn, LISTS[typed.command], found) if _speaker(turn) is not None else None
            if typed is not None and typed.command is AdminCommand.PHRASES:
                return _phrases_listed(turn, found)
            return _replied(turn) if text.replies_to else None
        case _:
            return None


def _speaker(turn: TurnContext) -> Speaker | None:
    return speaker_among(turn.snapshot.roster(), turn.policy, turn.place, turn.inbound.sender)


def _listed(turn: TurnContext, which: ChatList, found: QueryResults) -> Changes:
    return turn.reply(list_message(which, found.findings, 0, turn.context.now, turn.admin_locale))


def _phrases_listed(turn: TurnContext, found: QueryResults) -> Changes | None:
    speaker = _speaker(turn)
    if speaker is None or not speaker.decides:
        return None
    return turn.reply(phrase_list(found.phrases, 0, turn.admin_locale))


def _phrase_pressed(turn: TurnContext, tap: Tap, found: QueryResults) -> Changes | None:
    speaker, press = _speaker(turn), PHRASE_PRESSES.get(tap.step.partition(":")[0])
    if speaker is None or not speaker.decides:
        key = "team_not_allowed" if speaker is None else "finding_for_leads"
        return turn.toast(key, alert=True) if turn.is_in_team_chat or speaker is not None else None
    if press is None:
        return turn.toast("admin_stale", alert=True)
    return press(PhrasePress(turn, tap, speaker, found.phrases))


def _pressed(turn: TurnContext, tap: Tap, found: QueryResults) -> Changes | None:
    speaker = _speaker(turn)
    if speaker is None:
        return turn.toast("team_not_allowed", alert=True) if turn.is_in_team_chat else None
    if tap.step in LISTS:
        admin = turn.admin_locale
        return turn.edit_pressed(
            list_message(LISTS[FindingStep(tap.step)], found.findings, tap.value, turn.context.now, admin)
        )
    step = tap.step.partition(":")[0]
    view, decide = _view(turn, tap.subject, found), FINDING_PRESSES.get(step)
    if view is None or decide is None:
        return turn.toast("admin_stale", alert=True)
    press = FindingPress(turn, tap, speaker, view, found.plan, found.cases, found.other_cases)
    if not is_offered(press.finding, step):
        return press.overtaken()
    if not (speaker.decides or step in LOOKS or step == FindingStep.DONE):
        return turn.toast("finding_for_leads", alert=True)
    return decide(press) if step in DECIDES_NOTHING or press.is_current else press.overtaken()


def _view(turn: TurnContext, subject: str, found: QueryResults) -> FindingView | None:
    """Return a finding as it is now, with what was looked up of it."""
    finding = turn.snapshot.finding(subject)
    seen = next((one for one in found.findings if one.finding.id == subject), None)
    if finding is None:
        return None
    return replace(seen, finding=finding) if seen is not None else shown_finding(turn.policy, finding, (), {})


def _replied(turn: TurnContext) -> Changes | None:
    """Take a reply to a question of ours about a finding; None for any other reply."""
    asked = turn.replied_to
    if asked is None or not asked.prompt.asks or not is_about(asked.about, RefKind.FINDING):
        return None
    step, version = asked_for(asked.prompt.wants)
    speaker, take = _speaker(turn), TYPED.get(step)
    if speaker is None or not speaker.decides:
        return turn.reply(Prompt(turn.say("finding_for_leads"), replies_to=turn.inbound.message))
    finding, words = turn.snapshot.about(Finding, asked.about), turn.words.strip()[:_LONGEST_NOTE]
    if finding is None or take is None or not words:
        return turn.reply(Prompt(turn.say("team.words_only"), replies_to=turn.inbound.message))
    voices = len(turn.snapshot.voices(finding.id))
    view = replace(shown_finding(turn.policy, finding, (), {}), customers=voices)
    press = FindingPress(turn, Tap(Verb.FINDING, finding.id, step, version), speaker, view)
    return (take if press.is_current else TYPED[TOO_LATE])(press, words)
