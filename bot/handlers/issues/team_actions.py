"""What a press on a card does that needs no text: show it, More, release, assign, merge; and how it is refused."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.handlers.common.results import IssueOutcome
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueObstacle, IssueRefusal, IssueResult
from bot.handlers.issues.contact_details import details_shown
from bot.handlers.issues.customer_messages import is_reachable
from bot.handlers.issues.team_messages import card_facts, team_message
from bot.handlers.issues.workers import assign_issue, worker_names
from dialogs.issue import cards, talk_cards
from dialogs.issue.card_buttons import LESS, MYSELF, CardButtons, CardRows, person_key
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueState
from dialogs.messages import Prompt, Tap, Verb
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ACTIONS", "Press", "number_given"]


_TOASTS: Mapping[IssueObstacle, str] = {
    IssueObstacle.QUESTION_OPEN: "team_question_open",
    IssueObstacle.UNREACHABLE: "team_out_of_reach",
    IssueObstacle.NO_CUSTOMER: "team_no_customer",
    IssueObstacle.UNCLAIMED: "team_unclaimed",
    IssueObstacle.NOT_CLOSED_OUT: "team_not_closed_out",
}


class Press(Value):
    """A press of a button about an issue, by somebody who may work on it."""

    turn: TurnContext
    tap: Tap
    issue: Issue
    actor: Actor

    @property
    def is_current(self) -> bool:
        """Whether the preview pressed shows the latest draft."""
        return self.issue.draft is not None and self.tap.step == str(self.issue.drafts)

    @property
    def is_on_copy(self) -> bool:
        """Whether the card pressed is not the one that is kept up to date."""
        return bool(self.tap.value)

    @property
    def is_holders(self) -> bool:
        """Whether the presser holds the issue."""
        is_held = self.issue.state is IssueState.CLAIMED
        return is_held and self.actor.identity(self.issue) == self.issue.claimant

    def refused(self, decision: Decision[IssueResult]) -> Changes:
        """Answer why the command was refused; empty where it was not."""
        match decision.answer:
            case IssueOutcome():
                return Changes()
            case IssueRefusal(IssueObstacle.NOT_YET, _, moment) if moment is not None:
                return self._not_yet(moment)
            case IssueRefusal(IssueObstacle.HELD):
                return self.held()
            case IssueRefusal(obstacle) if obstacle in _TOASTS:
                return self.turn.toast(_TOASTS[obstacle])
            case _:
                return self.turn.toast("team_already_resolved")

    def held(self) -> Changes:
        """Answer who holds the issue."""
        return self.turn.toast("team_held_by", alert=True, name=self.issue.claimed_by or "")

    def redrawn(self, changes: Changes) -> Changes:
        """Return the changes with the edit of the copy that was pressed, which nothing else keeps up to date."""
        is_menu = self.tap.verb is Verb.ASSIGN and not self.tap.step
        if not self.is_on_copy or self.tap.verb in _SHOWS or is_menu:
            return changes
        turn = self.turn.after(changes)
        issue = turn.snapshot.issue(self.issue.id) or self.issue
        return changes + _shown(replace(self, turn=turn, issue=issue), CardButtons.plain)

    def _not_yet(self, moment: datetime) -> Changes:
        policy, name = self.turn.policy, self.issue.claimed_by or ""
        shown = policy.phrases.moment(policy.team_speaks, moment, policy.timezone)
        return self.turn.toast("team_not_yet", alert=True, name=name, moment=shown)


def _open(press: Press) -> Changes:
    """Show the card below, with its buttons."""
    turn, issue = press.turn, press.issue
    shown = _card(press, CardButtons.plain, is_copy=True)
    return Changes((team_message(turn.context, issue, turn.place, f"open:{turn.key}", shown),))


def _more(press: Press) -> Changes:
    if press.issue.state not in WITH_THE_TEAM:
        return press.turn.toast("team_already_resolved")
    return _shown(press, CardButtons.plain if press.tap.step == LESS else CardButtons.more)


def _release(press: Press) -> Changes:
    released = commands.release_issue(press.turn.context, press.issue.id, press.actor)
    return press.refused(released) or released.changes + press.turn.toast("team_released")


def _assign(press: Press) -> Changes:
    """Show whom it can be given to; or give it to whom the button names, which may be the presser."""
    turn, names = press.turn, worker_names(press.turn.context) or ()
    if press.issue.state not in WITH_THE_TEAM:
        return turn.toast("team_already_resolved")
    if not press.tap.step:
        return _to_whom(press, names)
    is_mine = press.tap.step == MYSELF
    to = press.actor.by if is_mine else next((name for name in names if person_key(name) == press.tap.step), "")
    if not to:
        return turn.toast("team_stale")
    given = assign_issue(turn.context, press.issue.id, press.actor, to)
    told = turn.toast("team_taken") if is_mine else turn.toast("team_assigned", name=to)
    return press.refused(given) or given.changes + told


def _to_whom(press: Press, names: Sequence[str]) -> Changes:
    if not names:
        return press.turn.toast("team_no_roster")
    others = [name for name in names if name not in (press.actor.by, press.issue.claimed_by)]
    return _shown(press, lambda buttons: buttons.people(others)) + press.turn.toast("team_to_whom")


def _merge(press: Press) -> Changes:
    """Ask for the number of the other issue; or merge, or leave it, as the question's button says."""
    turn, step = press.turn, press.tap.step
    if not step:
        return _ask_for_number(turn, press.issue) + turn.toast("team_write_merge")
    if step == talk_cards.KEPT:
        return turn.edit_pressed(talk_cards.merge_ended(press.issue, turn.phrases, turn.policy.team_speaks))
    merged = commands.merge_issue(turn.context, press.issue.id, step, press.actor.by)
    refused = press.refused(merged)
    if refused:
        return refused
    ended = replace(press.issue, merged_into=step)
    shown = turn.edit_pressed(talk_cards.merge_ended(ended, turn.phrases, turn.policy.team_speaks))
    return merged.changes + shown + turn.toast("team_merged")


def _ask_for_number(turn: TurnContext, issue: Issue, unknown: str = "") -> Changes:
    """Ask whoever pressed, by a forced reply, for the number of the issue to merge into."""
    prompt = talk_cards.ask_number(turn.inbound.sender, issue, turn.phrases, turn.policy.team_speaks, unknown)
    return Changes((team_message(turn.context, issue, turn.place, f"merge:{turn.key}", prompt),))


def number_given(turn: TurnContext, issue: Issue, found: tuple[Issue, ...]) -> Changes:
    """Ask whether an issue shall be merged into the one of the number that was typed, or for another number."""
    into = next((other for other in found if other.id != issue.id), None)
    if into is None:
        return _ask_for_number(turn, issue, talk_cards.number_in(turn.words) or turn.words[:_LONGEST_NUMBER])
    prompt = talk_cards.merge_question(issue, into, turn.phrases, turn.policy.team_speaks)
    return Changes((team_message(turn.context, issue, turn.place, f"into:{turn.key}", prompt),))


def _contact(press: Press) -> Changes:
    """Show the holder, and nobody else, how to reach the customer."""
    if not press.is_holders:
        return press.turn.toast("team_contact_for_holder", alert=True)
    details = details_shown(press.turn.context, press.issue)
    none = "team_contact_chat" if is_reachable(press.turn.context, press.issue) else "team_contact_none"
    return press.turn.toast("team_contact" if details else none, alert=True, details=details)


_LONGEST_NUMBER = 20
_SHOWS = frozenset({Verb.OPEN, Verb.MORE, Verb.MERGE, Verb.CONTACT})
"""What shows something itself, or leaves the card as it is."""

ACTIONS: Mapping[Verb, Callable[[Press], Changes]] = {
    Verb.OPEN: _open,
    Verb.MORE: _more,
    Verb.RELEASE: _release,
    Verb.ASSIGN: _assign,
    Verb.MERGE: _merge,
    Verb.CONTACT: _contact,
}


def _shown(press: Press, rows: Callable[[CardButtons], CardRows]) -> Changes:
    """Edit the card that was pressed: the one that is kept up to date, or a copy."""
    turn, issue = press.turn, press.issue
    prompt = _card(press, rows, is_copy=press.is_on_copy)
    if press.is_on_copy:
        edits = turn.edit_pressed(prompt).records
        mine = (each for each in edits if isinstance(each, OutboxMessage))
        # Erasure empties and blanks alerts about the person's issues; a copy in the holder's own chat has it all.
        return Changes(tuple(replace(each, purpose=Purpose.ALERT, about=issue.ref) for each in mine))
    root = team_message(turn.context, issue, turn.place, "card", prompt)
    edit = team_message(turn.context, issue, turn.place, f"menu:{turn.key}", prompt)
    return Changes((replace(edit, edits=root.id),))


def _card(press: Press, rows: Callable[[CardButtons], CardRows], *, is_copy: bool) -> Prompt:
    policy, issue = press.turn.policy, press.issue
    locale, facts = policy.team_speaks, card_facts(press.turn.context, issue)
    in_full = press.is_holders and not press.turn.is_in_team_chat
    card = cards.card(issue, facts, policy.phrases, locale, policy.timezone, in_full=in_full)
    return replace(card, rows=rows(CardButtons(issue, policy.phrases, locale, is_copy=is_copy)))
