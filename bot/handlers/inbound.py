"""Whatever is said to us, on any channel: one decision, and the delivery kept in the same commit."""

from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from bot.handlers.admin.query_results import NOTHING, QueryResults
from bot.handlers.admin.router import admin_hears, admin_needs
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.note_keys import moved_key, moved_note
from bot.handlers.common.policy import Policy
from bot.handlers.common.replies import customers_at, say, say_briefly
from bot.handlers.customers.binding import bind, left, show_again, unblocked
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.customers.commands import choose_language, commanded, judge, out_of_place
from bot.handlers.issues.customer_answers import answer
from bot.handlers.issues.team_chat import team_says, team_taps
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.pause import PAUSED
from dialogs.interview import messages as showing
from dialogs.interview.events import Back, Edited, NotUnderstood, Rated, Skipped
from dialogs.interview.model import Interview
from dialogs.interview.understand import LONGEST_TEXT, Command, command, storable, understand
from dialogs.invitation.feedback import FEEDBACK
from dialogs.messages import Granted, Inbound, Joined, Left, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Contact, InboxRow, Outcome
from storage.unit_of_work.changes import Acknowledgement, Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["InboundResult", "failed", "hear", "needs"]

_SHOWN_FROM = "sandbox:"
"""The doors whose deliveries are kept as they came: the sandbox's page shows them. Others are kept only while they wait
to be tried again; what was understood stands in rows of its own."""
_HEARD_AGAIN_AFTER = timedelta(hours=1)
"""How stale "heard last" may be: exact enough to prefer a chat, and spares a write per tap."""


_COMMANDED = {Verb.STOP: Command.STOP, Verb.FORGET: Command.DO_FORGET, Verb.KEEP: Command.DO_KEEP}
"""Buttons that say what could be typed as well."""


class InboundResult(StrEnum):
    """What a door is told: the words were new, or had been heard before, or concern us not at all."""

    NEW = "new"
    REPEATED = "repeated"
    IGNORED = "ignored"


def needs(inbound: Inbound, policy: Policy) -> Needs:
    """Look at the chat and at what the words are about."""
    mine = Needs(inbox=frozenset({inbound.key}), addresses=frozenset({inbound.place})) | admin_needs(inbound, policy)
    if inbound.place in policy.team:
        mine |= Needs(roster=True)
    elif inbound.place.channel in policy.windows:
        mine |= Needs(windows=frozenset({inbound.place}))
    if inbound.moved_to:
        mine |= Needs(notes=frozenset({moved_key(inbound.place)}))
    if not isinstance(inbound.said, Tap):  # who joins or writes may be asked at once
        mine |= Needs(notes=frozenset({PAUSED}))
    match inbound.said:
        case Tap(subject=subject) if subject.startswith("int_"):
            return mine | Needs(interviews=frozenset({subject}))
        case Tap(subject=subject) if subject.startswith("iss_"):
            return mine | Needs(issues=frozenset({subject})) | call_needs(policy, inbound.at)
        case Text(replies_to=message) if message:
            return mine | Needs(receipts=frozenset({(inbound.place.channel, inbound.place.chat, message)}))
        case Joined(token=token) if token:
            return mine | Needs(tokens=frozenset({token_hash(token)}))
        case _:
            return mine


def hear(
    context: DecisionContext, inbound: Inbound, door: str, raw: bytes, brought: QueryResults = NOTHING
) -> Decision[InboundResult]:
    """Decide about something said; the same key again changes nothing and is acknowledged again.

    `brought` is what the shell has looked up for an admin.
    """
    before = context.snapshot.heard(inbound.key)
    if before is not None and before.outcome is Outcome.DONE:
        return Decision(_acknowledge_only(inbound), InboundResult.REPEATED)
    row = InboxRow(inbound.key, door, raw if door.startswith(_SHOWN_FROM) else b"", context.now)
    changes = Changes((row,)) + _decide(context, inbound, brought)
    quiet = not inbound.callback or changes.acknowledgements
    return Decision(changes if quiet else changes + _acknowledge_only(inbound), InboundResult.NEW)


def failed(inbound: Inbound, door: str, raw: bytes, why: str) -> InboxRow:
    """Keep what could not be decided, to be tried again at the next start."""
    return InboxRow(inbound.key, door, raw, inbound.at, Outcome.FAILED, why=why)


def _decide(context: DecisionContext, inbound: Inbound, brought: QueryResults) -> Changes:
    if inbound.moved_to:
        return Changes((moved_note(context.snapshot, inbound.place, inbound.moved_to, context.now),))
    by_admin = admin_hears(context, inbound, brought)
    if by_admin is not None:
        return by_admin
    if inbound.place in context.policy.team:
        return _from_the_team(context, inbound)
    return _noticed(context, inbound) + _from_a_customer(context, inbound)


def _from_the_team(context: DecisionContext, inbound: Inbound) -> Changes:
    match inbound.said:
        case Tap() as tap:
            return team_taps(context, inbound, tap)
        case Text() as text if not text.edited:
            return team_says(context, inbound, text)
        case _:
            return Changes()


def _from_a_customer(context: DecisionContext, inbound: Inbound) -> Changes:
    match inbound.said:
        case Joined(token) if token == FEEDBACK:
            return commanded(context, inbound, Command.FEEDBACK)
        case Joined(token):
            return bind(context, inbound, token) if token else unblocked(context, inbound)
        case Left():
            return left(context, inbound)
        case Tap() as tap:
            return _tapped(context, inbound, tap)
        case Text() as text:
            return _said(context, inbound, text)
        case Granted():
            return Changes()  # the channel's books keep it
        case never:
            assert_never(never)


def _noticed(context: DecisionContext, inbound: Inbound) -> Changes:
    """Remember which chat a customer spoke in last: the next question goes there."""
    stale = (c for c in context.snapshot.contacts_at(inbound.place) if _is_stale(c, inbound))
    return Changes(tuple(replace(contact, heard_at=inbound.at) for contact in stale))


def _is_stale(contact: Contact, inbound: Inbound) -> bool:
    if isinstance(inbound.said, Left | Joined):
        return False
    return contact.heard_at is None or contact.heard_at < inbound.at - _HEARD_AGAIN_AFTER


def _tapped(context: DecisionContext, inbound: Inbound, tap: Tap) -> Changes:
    match tap.verb:
        case Verb.LANGUAGE:
            return choose_language(context, inbound, context.policy.phrases.locale(tap.step))
        case Verb.STOP | Verb.FORGET | Verb.KEEP as verb:
            return commanded(context, inbound, _COMMANDED[verb])
        case Verb.SOLVED | Verb.NOT_SOLVED:
            return judge(context, inbound, tap) or say_briefly(context, inbound, "not_yours")
        case Verb.RATE | Verb.SKIP | Verb.BACK:
            return _answered(context, inbound, tap)
        case _:
            return say_briefly(context, inbound, "not_yours")


def _answered(context: DecisionContext, inbound: Inbound, tap: Tap) -> Changes:
    """Take a tap on a survey's button; a forged or stale one is answered politely and changes nothing."""
    interview = context.snapshot.interview(tap.subject)
    mine = {customer.id for customer in customers_at(context, inbound)}
    if interview is None or interview.customer not in mine:
        return say_briefly(context, inbound, "not_yours")
    if inbound.place.channel in context.policy.edits and inbound.message not in ("", interview.shown):
        interview = replace(interview, shown=inbound.message)
    changes = advance(context, interview, _event(tap), inbound.key)
    return say_briefly(context, inbound, "already_answered") if changes is None else changes


def _event(tap: Tap) -> Rated | Skipped | Back:
    if tap.verb is Verb.RATE:
        return Rated(tap.step, tap.value)
    return Skipped(tap.step) if tap.verb is Verb.SKIP else Back(tap.step)


def _said(context: DecisionContext, inbound: Inbound, text: Text) -> Changes:
    if text.edited:
        return _reworded(context, inbound, text)
    wanted = command(text.text)
    if wanted is not None:
        return commanded(context, inbound, wanted)
    interview = _addressed(context, inbound, text)
    answered = answer(context, inbound, text, interview)
    if answered is not None:
        return answered
    if interview is None:
        return out_of_place(context, inbound, text.text)
    survey = context.policy.surveys[interview.survey]
    event = understand(text.text, interview, survey, source=inbound.message)
    changes = advance(context, interview, event, inbound.key)
    if changes is None:
        return show_again(context, inbound)
    unseen = (
        isinstance(event, NotUnderstood) and interview.misses > 1
    )  # goes to the team and changes nothing in the chat
    return changes + say(context, inbound, showing.passed_on) if unseen else changes


def _reworded(context: DecisionContext, inbound: Inbound, text: Text) -> Changes:
    """Take an edited remark or comment; an edit of anything else changes nothing."""
    edited = Edited(storable(text.text)[:LONGEST_TEXT], inbound.message)
    for customer in customers_at(context, inbound):
        for interview in context.snapshot.interviews(customer.id):
            changes = advance(context, interview, edited, inbound.key)
            if changes is not None:
                return changes
    return Changes()


def _addressed(context: DecisionContext, inbound: Inbound, text: Text) -> Interview | None:
    """Find the conversation that words belong to: the one replied to, else the one asked last."""
    people = customers_at(context, inbound)
    interviews = [i for customer in people for i in context.snapshot.open_interviews(customer.id)]
    replied = (i for i in interviews if text.replies_to and i.shown == text.replies_to)
    newest = max(interviews, key=lambda i: (i.asked_at, i.id), default=None)
    return next(replied, newest)


def _acknowledge_only(inbound: Inbound) -> Changes:
    if not inbound.callback:
        return Changes()
    return Changes(acknowledgements=(Acknowledgement(inbound.place.channel, inbound.callback),))
