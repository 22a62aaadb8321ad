"""The team's group chat: its buttons are commands on issues.

What a button carries comes from outside: each press is checked against the roster and the issue.

A text for the customer takes two steps: a button asks for it by a forced reply, which is kept as a draft and
previewed; the preview's buttons send it.
"""

from collections.abc import Callable, Mapping

from bot.handlers.common.query_results import QueryResults
from bot.handlers.common.results import IssueOutcome
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, Resolution
from bot.handlers.issues.contact_details import details_shown, is_told_alone
from bot.handlers.issues.customer_messages import is_reachable
from bot.handlers.issues.team_actions import ACTIONS, Press, number_given
from bot.handlers.issues.team_previews import (
    answer_unusable,
    ask_to_write,
    held_by_another,
    preview_done,
    preview_draft,
    ready_for,
)
from bot.handlers.issues.workers import worker_in_own_chat, worker_speaking
from dialogs.admin.commands import admin_command, is_command
from dialogs.issue.closure_message import LONGEST_NOTE
from dialogs.issue.model import WITH_THE_TEAM, Draft, Issue, IssueKind
from dialogs.issue.talk_cards import MERGE
from dialogs.messages import Prompt, Tap, Text, Verb
from storage.unit_of_work.changes import Changes

__all__ = ["handle_team"]


def handle_team(turn: TurnContext, found: QueryResults) -> Changes | None:
    """Handle a press, or a reply to a question of ours; other talk is ignored. None outside the team's chats.

    Somebody of the team may press and reply in a chat of their own, too: what is for them alone is sent there.
    """
    if not turn.is_in_team_chat:
        return _alone(turn, found)
    actor = worker_speaking(turn)
    match turn.inbound.said:
        case Tap() as tap:
            return _pressed(turn, tap, actor)
        case Text(edited=False):
            return _written(turn, actor, found)
        case Text():
            return _edited(turn, actor, found)
        case _:
            return Changes()


def _alone(turn: TurnContext, found: QueryResults) -> Changes | None:
    """Handle what somebody of the team presses or replies in a chat of their own; None for anything else there."""
    said, asked = turn.inbound.said, turn.replied_to
    about = said.about if isinstance(said, Tap) and said.verb in _BUTTONS else asked.about if asked else None
    issue = turn.snapshot.about(Issue, about)
    actor = worker_in_own_chat(turn, issue) if issue is not None else None
    if actor is None:
        return None
    if isinstance(said, Tap):
        return _pressed(turn, said, actor)
    return _written(turn, actor, found) if asked is not None and asked.prompt.asks else None


def _pressed(turn: TurnContext, tap: Tap, actor: Actor | None) -> Changes:
    issue, button = turn.snapshot.issue(tap.subject), _BUTTONS.get(tap.verb)
    if issue is None or button is None:
        return turn.toast("team_stale")
    if actor is None:
        is_anonymous = not turn.inbound.sender.id
        return turn.toast("team_anonymous" if is_anonymous else "team_not_allowed", alert=is_anonymous)
    press = Press(turn, tap, issue, actor)
    return press.redrawn(button(press))


def _edited(turn: TurnContext, actor: Actor | None, found: QueryResults) -> Changes:
    """Take the later wording of a reply to a question of ours, unless it is the draft already."""
    asked = turn.replied_to
    issue = turn.snapshot.about(Issue, asked.about) if asked is not None else None
    is_same = issue is not None and turn.words.strip()[:LONGEST_NOTE] == issue.draft
    return Changes() if asked is None or is_same else _written(turn, actor, found)


def _written(turn: TurnContext, actor: Actor | None, found: QueryResults) -> Changes:
    """Keep the reply to a question of ours as a draft, and preview it; or take it as an issue's number."""
    asked, note = turn.replied_to, turn.words.strip()[:LONGEST_NOTE]
    issue = turn.snapshot.about(Issue, asked.about) if asked is not None else None
    if (asked is None or not asked.prompt.asks) and actor is not None and _is_unknown(turn):
        return turn.reply(Prompt(turn.say("team_help.unknown"), replies_to=turn.inbound.message))
    unusable = answer_unusable(turn, actor, issue)
    if unusable is not None or actor is None or asked is None or issue is None:
        return unusable or Changes()
    if asked.prompt.wants == MERGE:
        return number_given(turn, issue, found.issues)
    purpose = Draft(asked.prompt.wants) if asked.prompt.wants else None
    drafted = commands.draft_note(turn.context, issue.id, actor, note, purpose)
    if not isinstance(drafted.answer, IssueOutcome):
        return held_by_another(turn, issue)
    return drafted.changes + preview_draft(turn, drafted.answer.issue)


def _is_unknown(turn: TurnContext) -> bool:
    """Return whether a command is none that works in the group; those of leads have been carried out before."""
    return turn.is_in_team_chat and is_command(turn.words) and admin_command(turn.words) is None


def _claim(press: Press) -> Changes:
    claimed = commands.claim_issue(press.turn.context, press.issue.id, press.actor)
    return press.refused(claimed) or claimed.changes + _claimed(press.turn.after(claimed.changes), press.issue)


def _claimed(turn: TurnContext, before: Issue) -> Changes:
    """Answer a claim; with how to reach the customer, where no chat of the holder's own is known for it."""
    issue = turn.snapshot.issue(before.id) or before
    details = "" if is_told_alone(turn.context, issue) else details_shown(turn.context, issue)
    if not details:
        return turn.toast("team_claimed_by_you")
    return turn.toast("team_claimed_details", alert=True, details=details)


def _resolve(press: Press) -> Changes:
    """Ask for the closure's text; whoever presses first claims the issue."""
    if press.issue.state not in WITH_THE_TEAM:
        return press.turn.toast("team_already_resolved")
    return _call_made(press) if press.issue.kind is IssueKind.CALL else _ask_for(press, None)


def _call_made(press: Press) -> Changes:
    """Close a call: the customer was told by phone, so there is no text to send."""
    resolved = commands.resolve_issue(press.turn.context, press.issue.id, press.actor, Resolution(notify=False))
    return press.refused(resolved) or resolved.changes + press.turn.toast("team_silent")


def _report(press: Press) -> Changes:
    """Ask for a progress note; whoever presses first claims the issue."""
    return _not_to_customer(press) or _ask_for(press, Draft.PROGRESS)


def _question(press: Press) -> Changes:
    """Show a suggested question where the complaint is vague, else ask for one."""
    refused = _not_to_customer(press)
    if refused or press.issue.question is not None:
        return refused or press.turn.toast("team_question_open")
    context, ready = press.turn.context, ready_for(press.turn.context, press.issue)
    if not ready:
        return _ask_for(press, Draft.QUESTION)
    drafted = commands.draft_note(context, press.issue.id, press.actor, ready, Draft.QUESTION)
    if not isinstance(drafted.answer, IssueOutcome):
        return press.refused(drafted)
    shown = preview_draft(press.turn, drafted.answer.issue, is_ready=True)
    return drafted.changes + shown + press.turn.toast("team_question_ready")


def _edit(press: Press) -> Changes:
    if not press.is_current:
        return press.turn.toast("team_stale")
    return _resolve(press) if press.issue.draft_for is None else _ask_for(press, press.issue.draft_for)


def _send(press: Press) -> Changes:
    """Send the draft that the preview shows."""
    turn, issue, draft = press.turn, press.issue, press.issue.draft or ""
    if not press.is_current:
        return turn.toast("team_stale")
    if issue.draft_for is None:
        return _finish(press, notify=True)
    is_report = issue.draft_for is Draft.PROGRESS
    write = commands.report_progress if is_report else commands.ask_customer
    sent = write(turn.context, issue.id, press.actor, draft)
    toast = turn.toast("team_told" if is_report else "team_asked")
    return press.refused(sent) or sent.changes + preview_done(turn, issue) + toast


def _silently(press: Press) -> Changes:
    is_closure = press.is_current and press.issue.draft_for is None
    return _finish(press, notify=False) if is_closure else press.turn.toast("team_stale")


def _finish(press: Press, *, notify: bool) -> Changes:
    """Resolve with the draft that the preview shows."""
    resolution = Resolution(press.issue.draft, notify=notify)
    resolved = commands.resolve_issue(press.turn.context, press.issue.id, press.actor, resolution)
    if not isinstance(resolved.answer, IssueOutcome):
        return press.refused(resolved)
    told = bool(resolved.answer.issue.told)  # nobody is, where all are out of reach or have opted out
    done = preview_done(press.turn, press.issue, is_sent=told)
    return resolved.changes + done + press.turn.toast("team_sent" if told else "team_silent")


_BUTTONS: Mapping[Verb, Callable[[Press], Changes]] = {
    Verb.CLAIM: _claim,
    Verb.RESOLVE: _resolve,
    Verb.EDIT: _edit,
    Verb.SEND: _send,
    Verb.SILENTLY: _silently,
    Verb.PROGRESS: _report,
    Verb.QUESTION: _question,
    **ACTIONS,
}


def _ask_for(press: Press, kind: Draft | None) -> Changes:
    """Claim the issue, and ask by a forced reply for a text to the customer; None is the closure."""
    claimed = commands.claim_issue(press.turn.context, press.issue.id, press.actor)
    asked = ask_to_write(press.turn, press.issue, kind)
    wanted = "team_write_sentence" if kind is None else f"team_write_{kind.value}"
    return press.refused(claimed) or claimed.changes + asked + press.turn.toast(wanted)


def _not_to_customer(press: Press) -> Changes:
    """Answer why the presser cannot write to the customer; empty where they can."""
    issue, turn = press.issue, press.turn
    if issue.state not in WITH_THE_TEAM or (issue.claimant and issue.claimant != press.actor.identity(issue)):
        return press.held() if issue.state in WITH_THE_TEAM else turn.toast("team_already_resolved")
    if issue.kind is IssueKind.CALL or not issue.customers:
        return turn.toast("team_no_customer")
    return Changes() if is_reachable(turn.context, issue) else turn.toast("team_out_of_reach")
