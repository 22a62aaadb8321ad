"""The team's group chat: claim, resolve with a sentence, preview, send. Nothing a button says is believed."""

from collections.abc import Callable

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.customer_messages import subject_of
from bot.handlers.issues.team_button import Press, Worker, is_current, taken, toast
from bot.handlers.issues.team_messages import team_message
from bot.handlers.issues.team_talk import ask_for, preview_of, question, report, send
from bot.handlers.issues.transitions import latest_of, move
from dialogs.ids import derive
from dialogs.interview.understand import storable
from dialogs.issue import cards
from dialogs.issue.closure_message import LONGEST_NOTE
from dialogs.issue.events import Claimed, Drafted, Resolved
from dialogs.issue.model import WITH_THE_TEAM, Draft, Issue, IssueKind
from dialogs.messages import Address, Inbound, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Member
from storage.unit_of_work.changes import Changes

__all__ = ["MAY_WORK", "team_says", "team_taps"]

MAY_WORK = frozenset({"owner", "admin", "lead", "agent"})
"""Roles of the roster that work on issues."""


def team_taps(context: DecisionContext, inbound: Inbound, tap: Tap) -> Changes:
    """Handle a pressed button under a card, a question or a preview."""
    issue, worker = context.snapshot.issue(tap.subject), worker_for(context, inbound)
    deed = _DEEDS.get(tap.verb)
    if issue is None or deed is None:
        return toast(context, inbound, "team_stale")
    if worker is None:
        return toast(context, inbound, "team_not_allowed")
    return deed(Press(context, inbound, tap, issue, worker))


def team_says(context: DecisionContext, inbound: Inbound, text: Text) -> Changes:
    """Take a reply to our question as the customer's sentence; other talk in the group is none of our business."""
    place = inbound.place
    asked = context.snapshot.message_with(place.channel, place.chat, text.replies_to) if text.replies_to else None
    issue = context.snapshot.issue(asked.about) if asked is not None and asked.prompt.asks else None
    worker = worker_for(context, inbound)
    note = storable(text.text).strip()[:LONGEST_NOTE]
    if issue is None or worker is None or not note:
        return Changes()
    purpose = Draft(asked.prompt.wants) if asked is not None and asked.prompt.wants else None
    drafted = Drafted(worker.who, worker.by, note, purpose)
    changes = move(context, issue, drafted)
    if changes is None:
        return _held(context, issue, inbound)
    preview = _preview if purpose is None else preview_of
    return changes + preview(context, latest_of(changes, issue), inbound.place)


def worker_for(context: DecisionContext, inbound: Inbound) -> Worker | None:
    """Return who is pressing: somebody of the roster, or anybody of the chat while nobody is on it."""
    person = inbound.sender
    if not person.id:
        return None
    roster = [member for member in context.snapshot.roster() if member.telegram and inbound.place.channel == "telegram"]
    if not roster:
        return Worker(f"{inbound.place.channel}:{person.id}", person.name or person.id, person)
    member = next((m for m in roster if m.telegram == person.id and m.role in MAY_WORK), None)
    return Worker(member.name, member.name, person) if isinstance(member, Member) else None


def _claim(press: Press) -> Changes:
    changes = press.move(Claimed(press.worker.who, press.worker.by))
    return taken(press) if changes is None else changes + press.toast("team_claimed_by_you")


def _resolve(press: Press) -> Changes:
    """Ask the holder for the customer's sentence; who presses first becomes the holder."""
    if press.issue.state not in WITH_THE_TEAM:
        return taken(press)
    if press.issue.kind is IssueKind.CALL:
        return _rung(press)
    claimed = press.move(Claimed(press.worker.who, press.worker.by))
    return taken(press) if claimed is None else claimed + _ask(press) + press.toast("team_write_sentence")


def _rung(press: Press) -> Changes:
    """Close a call: the customer was told by voice, so there is no sentence to send."""
    event = Resolved(press.worker.who, press.worker.by, None, notify=False)
    changes = press.move(event)
    return taken(press) if changes is None else changes + press.toast("team_silent")


def _edit(press: Press) -> Changes:
    if not is_current(press):
        return press.toast("team_stale")
    return _resolve(press) if press.issue.draft_for is None else ask_for(press, press.issue.draft_for)


def _send(press: Press) -> Changes:
    if press.issue.draft_for is not None:
        return send(press, press.issue.draft_for)
    return _finish(press, notify=True)


def _silently(press: Press) -> Changes:
    return _finish(press, notify=False) if press.issue.draft_for is None else press.toast("team_stale")


_DEEDS: dict[Verb, Callable[[Press], Changes]] = {
    Verb.CLAIM: _claim,
    Verb.RESOLVE: _resolve,
    Verb.EDIT: _edit,
    Verb.SEND: _send,
    Verb.SILENTLY: _silently,
    Verb.PROGRESS: report,
    Verb.QUESTION: question,
}


def _finish(press: Press, *, notify: bool) -> Changes:
    """Resolve with the sentence that the preview showed."""
    if not is_current(press):
        return press.toast("team_stale")
    note = press.issue.draft
    event = Resolved(press.worker.who, press.worker.by, note, notify=notify)
    changes = press.move(event)
    if changes is None:
        return taken(press)
    told = bool(latest_of(changes, press.issue).told)  # nobody is, where all are out of reach or have opted out
    return changes + _preview_done(press, sent=told) + press.toast("team_sent" if told else "team_silent")


def _ask(press: Press) -> Changes:
    policy = press.context.policy
    prompt = cards.ask_sentence(press.worker.person, press.issue, policy.phrases, policy.locale)
    question = team_message(press.issue, press.inbound.place, f"ask:{press.inbound.key}", prompt, press.context.now)
    return Changes((question,))


def _held(context: DecisionContext, issue: Issue, inbound: Inbound) -> Changes:
    """Tell whoever wrote a sentence for somebody else's issue; their words are not lost, they stand in the chat."""
    prompt = cards.held(issue, inbound.message, context.policy.phrases, context.policy.locale)
    return Changes((team_message(issue, inbound.place, f"held:{inbound.key}", prompt, context.now),))


def _preview(context: DecisionContext, issue: Issue, place: Address) -> Changes:
    """Show the sentence as the issue's first customer will read it."""
    policy, known = context.policy, (c for key in issue.customers if (c := context.snapshot.customer(key)))
    customer = next(known, None)
    subject = subject_of(context, issue, customer.id) if customer else ""
    spoken = policy.locale_of(customer)
    prompt = cards.preview(issue, policy.phrases, policy.locale, subject, spoken)
    return Changes((team_message(issue, place, f"preview:{issue.drafts}", prompt, context.now),))


def _preview_done(press: Press, *, sent: bool) -> Changes:
    """Leave the preview standing without its buttons, saying what became of it."""
    context, issue, place = press.context, press.issue, press.inbound.place
    prompt = cards.preview_done(issue, context.policy.phrases, context.policy.locale, sent=sent)
    shown = team_message(issue, place, f"preview:{issue.drafts}", prompt, context.now)
    return Changes((replace(shown, id=derive("out", shown.id, "done"), edits=shown.id),))
