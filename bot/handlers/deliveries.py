"""Outcomes of deliveries: sent, later, never, in doubt; and what follows for invitations and issues."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.handlers.admin.private_messages import waits_for_start
from bot.handlers.common.chat_migration import migration_note
from bot.handlers.common.contact_choice import usable_contact
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.customers import data_requests
from bot.handlers.desk_writes.ticket_invites import invited_in_vain
from bot.handlers.issues.holder_messages import told_in_group
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.transitions import closure_lost, talk_lost, tell_again
from bot.handlers.surveys.interview import taken_back
from bot.handlers.surveys.invitations import ask
from bot.handlers.surveys.survey_messages import arrived, reminded, shown_above, shown_nowhere
from bot.ports import Attempt, Blocked, Delivery, Gone, Held, Moved, Refused, Retry, Sent, Unknown
from dialogs.ids import RefKind, is_about
from dialogs.interview.model import Interview
from dialogs.invitation.machine import INVITATION, Bounced, DeadlinePassed
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import Issue
from dialogs.outbox.machine import (
    MessageDelivered,
    MessageDoubted,
    MessageDropped,
    MessageFailed,
    MessageHeldBack,
    MessagePostponed,
    SendingEvent,
)
from scoring.values import Value, replace
from storage.model.message_transitions import after_event
from storage.model.note_keys import SURVEYS_PAUSED, migration_key
from storage.model.records import AttemptRow, ContactState, OutboxMessage, Purpose
from storage.reads.campaigns import RATE_LIMITED
from storage.unit_of_work.changes import Changes, Settle
from storage.unit_of_work.needs import Needs, needs_of

__all__ = ["REPEATS_AFTER", "Expired", "NothingToEdit", "Outcome", "may_settle_later", "needs", "settle", "settle_row"]

REPEATS_AFTER = timedelta(seconds=1)
_TOKEN_REFUSED_WAITS = timedelta(seconds=60)
_NOTHING_TO_EDIT = "there is nothing to edit"


class Expired(Value):
    """It was not sent before it expired."""


class NothingToEdit(Value):
    """It is worth nothing but as an edit, and what it edits is not there, or was never known to arrive."""


Outcome = Delivery | Expired | NothingToEdit


def needs(message: OutboxMessage, outcome: Outcome, policy: Policy, now: datetime) -> Needs:
    """Return what the message is about as needs; an edit that arrived needs nothing, unless it shows a step anew."""
    if message.purpose is Purpose.REPLY and isinstance(outcome, Sent) and not _shows_a_step(message):
        return Needs()
    calls = call_needs(policy, now) if message.purpose in (Purpose.CLOSURE, Purpose.SURVEY) else Needs()
    if message.purpose is Purpose.SURVEY and not isinstance(outcome, Sent):  # it may be asked elsewhere at once
        calls |= Needs(notes=frozenset({SURVEYS_PAUSED}))
    if message.purpose is Purpose.DESK and message.customer and not isinstance(outcome, Sent):
        calls |= Needs(customers=frozenset({message.customer}))
    if isinstance(outcome, Moved):
        calls |= Needs(notes=frozenset({migration_key(message.address)}))
    about = None if is_about(message.about, RefKind.CAMPAIGN) else message.about  # it has no say in what follows
    return calls | needs_of(about) | Needs(addresses=frozenset({message.address}))


def settle(context: DecisionContext, message: OutboxMessage, outcome: Outcome, *, anew: bool = False) -> Changes:
    """Write down what became of a message; `anew` says that what it should have edited was never known to arrive."""
    changes = _attempts(context, message, outcome) + data_requests.settled(context, message, outcome)
    match outcome:
        case Sent(receipt):
            return changes + _sent(context, message, receipt, anew=anew)
        case Retry() | Held() | Gone() | Moved():
            return changes + _postponed(context, message, outcome)
        case Unknown(why):
            return changes + _in_doubt(context, message, why)
        case Blocked() | Refused() | Expired():
            return changes + _failed(context, message, outcome) + _lost_for_good(context, message, outcome)
        case NothingToEdit():
            interview = context.snapshot.about(Interview, message.about)
            unseen = shown_nowhere(context, interview, message) if interview is not None else Changes()
            return changes + _settled(context, message, MessageDropped(_NOTHING_TO_EDIT)) + unseen
        case never:
            assert_never(never)


def settle_row(message: OutboxMessage, outcome: Outcome, now: datetime) -> Changes:
    """Write down what became of a message and nothing that follows from it, where that cannot be decided."""
    return Changes(
        settles=(Settle(message.id, _event(message, outcome, now), now, send_anew=isinstance(outcome, Gone)),)
    )


def _event(message: OutboxMessage, outcome: Outcome, now: datetime) -> SendingEvent:
    event: SendingEvent
    match outcome:
        case Sent(receipt):
            event = MessageDelivered(receipt)
        case Retry(after, why):
            event = MessagePostponed(now + timedelta(seconds=after), why)
        case Held(until, why):
            event = MessageHeldBack(until, why)
        case Unknown(why):
            event = MessagePostponed(now + REPEATS_AFTER, why) if message.may_repeat else MessageDoubted(why)
        case Gone(why):
            event = MessagePostponed(now, why)
        case Moved(to):
            event = MessagePostponed(now, f"moved to {to}")
        case Blocked(_, why) | Refused(why):
            event = MessageFailed(why)
        case Expired():
            event = MessageFailed("expired")
        case NothingToEdit():
            event = MessageDropped(_NOTHING_TO_EDIT)
        case never:
            assert_never(never)
    return event


def _attempts(context: DecisionContext, message: OutboxMessage, outcome: Outcome) -> Changes:
    """Keep every way that was tried, with the platform's own code."""
    if isinstance(outcome, Gone | Moved | Expired | NothingToEdit):
        return Changes()
    attempts = enumerate((*outcome.attempts, *_limited(message, outcome)), 1)
    return Changes(tuple(AttemptRow(message.id, context.now, n, one.step, one.code, one.why) for n, one in attempts))


def _limited(message: OutboxMessage, outcome: Delivery) -> tuple[Attempt, ...]:
    """Note that the platform asked for a pause over a campaign's message: too many of these end the campaign."""
    is_limit = bool(message.campaign) and isinstance(outcome, Retry) and outcome.pauses_all
    return (Attempt(RATE_LIMITED, "429", outcome.why),) if is_limit and isinstance(outcome, Retry) else ()


def _sent(context: DecisionContext, message: OutboxMessage, receipt: str, *, anew: bool) -> Changes:
    sent = Settle(message.id, MessageDelivered(receipt), context.now, replaces=_replaced(message))
    changes = Changes(settles=(sent,)) + _asked(context, message) + _known(context, message, receipt)
    if not anew or message.edits is None:
        return changes
    return changes + Changes(settles=(Settle(message.edits, MessageDelivered(receipt), context.now),))


def _shows_a_step(message: OutboxMessage) -> bool:
    """Return whether it is a new message, or the edit that stands in for one (`shown_above`)."""
    return message.edits is None or (message.prompt.only_edits and bool(message.prompt.rows))


def _known(context: DecisionContext, message: OutboxMessage, receipt: str) -> Changes:
    """Note where an interview's newest message stands in the chat; a reminder takes the buttons of the one above."""
    if message.purpose not in (Purpose.REPLY, Purpose.REMINDER) or not _shows_a_step(message):
        return Changes()
    interview = context.snapshot.about(Interview, message.about)
    if interview is None:
        return Changes()
    known = arrived(context, interview, message.edits or message.id, receipt)
    is_reminder = message.purpose is Purpose.REMINDER
    return known + reminded(context.after(known), interview.id, message) if is_reminder else known


def _replaced(message: OutboxMessage) -> str:
    """Return the message whose earlier wordings nobody needs now; those of a survey go all at once, with its last."""
    is_midway = message.purpose is Purpose.REPLY and bool(message.prompt.rows or message.prompt.asks)
    return "" if is_midway else message.edits or ""


def _postponed(context: DecisionContext, message: OutboxMessage, outcome: Retry | Held | Gone | Moved) -> Changes:
    match outcome:
        case Retry(after, why):
            return _later(context, message, timedelta(seconds=after), why)
        case Held():
            return _held(context, message, outcome)
        case Gone(why):
            anew = Settle(message.id, MessagePostponed(context.now, why), context.now, send_anew=True)
            return Changes(_continued(context, message), settles=(anew,))
        case Moved(to):
            note = migration_note(context.snapshot, message.address, to, context.now)
            return Changes((note,)) + _later(context, message, timedelta(0), f"moved to {to}")


def _held(context: DecisionContext, message: OutboxMessage, outcome: Held) -> Changes:
    """Find another way while the window is shut.

    Where there is none, an ask waits to be asked again, "we fixed it" waits as it is, and a reminder is dropped:
    whoever writes first needs none.
    """
    dropped = _settled(context, message, MessageDropped(outcome.why))
    if message.purpose is Purpose.SURVEY:
        return dropped + _asked_elsewhere(context, message)
    if message.purpose in (Purpose.REMINDER, Purpose.CAMPAIGN):
        return dropped
    if message.purpose is Purpose.CLOSURE and message.customer is not None:
        issue = context.snapshot.about(Issue, message.about)
        told = tell_again(context, issue, message.customer, shut=message.channel) if issue is not None else Changes()
        if told:
            return dropped + told
    return _held_back(context, message, outcome.until, outcome.why)


def _held_back(context: DecisionContext, message: OutboxMessage, until: datetime | None, why: str) -> Changes:
    """Settle it as held.

    The record stores nothing: by it whoever writes in the same commit finds what waits for them.
    """
    event = MessageHeldBack(until, why)
    return Changes((after_event(message, event),)) + _settled(context, message, event)


def _asked_elsewhere(context: DecisionContext, message: OutboxMessage) -> Changes:
    """Take the interview back and ask on another channel, or wait until the customer writes."""
    changes = _bounced(context, message, Bounced(InvitationReason.WINDOW_CLOSED))
    seen = context.after(changes)
    invitation = _invitation(seen, message)
    if invitation is None or invitation.state is not InvitationState.SCHEDULED:
        return changes
    return changes + ask(seen, invitation, shut=message.channel)


def _continued(context: DecisionContext, message: OutboxMessage) -> tuple[Interview, ...]:
    """Continue an interview whose message was deleted in the new message."""
    interview = context.snapshot.about(Interview, message.about)
    return () if interview is None else (replace(interview, message=message.id, shown=""),)


def _failed(context: DecisionContext, message: OutboxMessage, outcome: Blocked | Refused | Expired) -> Changes:
    match outcome:
        case Blocked(_, why) if is_about(message.about, RefKind.ISSUE) and waits_for_start(context.policy, message):
            issue = context.snapshot.about(Issue, message.about)
            instead = told_in_group(context, issue, message) if issue is not None else Changes()
            return _settled(context, message, MessageFailed(why)) + instead
        case Blocked(_, why) if waits_for_start(context.policy, message):
            return _held_back(context, message, None, why)
        case Blocked(reason, why):
            return _settled(context, message, MessageFailed(why)) + _shut_out(
                context, message, InvitationReason(reason)
            )
        case Refused(why, alarm):
            return _refused(context, message, why, alarm)
        case Expired():
            return _expired(context, message)


def _lost_for_good(context: DecisionContext, message: OutboxMessage, outcome: Blocked | Refused | Expired) -> Changes:
    """Show an interview's step in the message above, or let another ticket bear a link, where this never arrives."""
    if isinstance(outcome, Refused) and outcome.alarm:
        return Changes()
    if message.purpose is Purpose.DESK:
        return invited_in_vain(context, message)
    interview = context.snapshot.about(Interview, message.about)
    if interview is None or message.purpose is not Purpose.REPLY:
        return Changes()
    return shown_above(context, interview, message)


def may_settle_later(message: OutboxMessage, outcome: Outcome) -> bool:
    """Return whether nothing urgent follows from this delivery: an edit or a reply arrived."""
    return isinstance(outcome, Sent) and (message.edits is not None or message.purpose is Purpose.REPLY)


def _settled(context: DecisionContext, message: OutboxMessage, event: SendingEvent) -> Changes:
    return Changes(settles=(Settle(message.id, event, context.now),))


def _later(context: DecisionContext, message: OutboxMessage, wait: timedelta, why: str) -> Changes:
    return _settled(context, message, MessagePostponed(context.now + wait, why))


def _asked(context: DecisionContext, message: OutboxMessage) -> Changes:
    """Mark the invitation as sent: its first question has reached the chat, or may have."""
    invitation = _invitation(context, message)
    asks = message.purpose in (Purpose.SURVEY, Purpose.REMINDER)
    if not asks or invitation is None or invitation.sent_at is not None:
        return Changes()
    return Changes((replace(invitation, sent_at=context.now),))


def _in_doubt(context: DecisionContext, message: OutboxMessage, why: str) -> Changes:
    """Repeat what is harmless when doubled, an edit or a card; the rest may have arrived and is not sent again."""
    if message.may_repeat:
        return _later(context, message, REPEATS_AFTER, why)
    doubted = _settled(context, message, MessageDoubted(why)) + _asked(context, message)
    interview = context.snapshot.about(Interview, message.about)
    return doubted + shown_above(context, interview, message) if interview is not None else doubted


def _refused(context: DecisionContext, message: OutboxMessage, why: str, alarm: str) -> Changes:
    """Keep the queue while the operator mends a credential; a message the channel will never take is dead.

    The chat itself is not shut, so it would be chosen again: only another channel is a way.
    """
    if alarm:
        return _later(context, message, _TOKEN_REFUSED_WAITS, why)
    lost = _lost(context, message, InvitationReason.NO_CONTACT, shut=message.channel)
    return _settled(context, message, MessageFailed(why)) + lost


def _shut_out(context: DecisionContext, message: OutboxMessage, reason: InvitationReason) -> Changes:
    state = ContactState.BLOCKED if reason is InvitationReason.BLOCKED else ContactState.UNKNOWN
    contacts = context.snapshot.contacts_at(message.address)
    changes = Changes(tuple(replace(contact, state=state) for contact in contacts))
    return changes + _lost(context.after(changes), message, reason)


def _lost(context: DecisionContext, message: OutboxMessage, reason: InvitationReason, shut: str = "") -> Changes:
    """Find another way to the customer, not over a `shut` channel, or write down why there is none."""
    if message.purpose is Purpose.SURVEY:
        return _bounced(context, message, Bounced(reason), shut)
    if message.purpose is Purpose.CLOSURE and message.customer is not None:
        again = _told_again(context, message, message.customer, shut)
        return again or _closure_lost(context, message, message.customer, reason.value)
    return _talk_lost(context, message, reason.value)


def _expired(context: DecisionContext, message: OutboxMessage) -> Changes:
    if message.purpose is Purpose.SURVEY:
        return _bounced(context, message, DeadlinePassed())
    if message.purpose is Purpose.CLOSURE and message.customer is not None:
        return _closure_lost(context, message, message.customer, "expired")
    return _talk_lost(context, message, "expired")


def _talk_lost(context: DecisionContext, message: OutboxMessage, why: str) -> Changes:
    """Notify the team that a note or a question did not reach the customer."""
    issue = context.snapshot.about(Issue, message.about)
    if message.purpose is not Purpose.REPLY or message.customer is None or issue is None:
        return Changes()
    return talk_lost(context, issue, message, why)


def _bounced(
    context: DecisionContext, message: OutboxMessage, event: Bounced | DeadlinePassed, shut: str = ""
) -> Changes:
    """Take the interview back, unless the customer has answered meanwhile, and plan the ask anew."""
    invitation, interview = _invitation(context, message), context.snapshot.about(Interview, message.about)
    withdrawn = taken_back(context, interview) if interview is not None else None
    step = INVITATION.step(invitation, event, context.now) if invitation is not None else None
    if withdrawn is None or step is None:
        return Changes()
    waiting = step.thing
    is_shut = isinstance(event, Bounced) and event.reason is InvitationReason.WINDOW_CLOSED
    has_way = not is_shut and waiting.wake_at is not None and _has_way(context, waiting.customer, shut)
    if has_way and not shut:
        waiting = replace(waiting, wake_at=context.now)
    changes = Changes((withdrawn, waiting))
    return changes + ask(context.after(changes), waiting, shut=shut) if has_way and shut else changes


def _has_way(context: DecisionContext, customer: str, shut: str) -> bool:
    """Return whether a chat is left to write to, where `shut` is a channel that refused the message itself.

    Its chats stay usable for other messages. So a refusal by another channel than the preferred one is the last:
    the preferred one has refused before, and the two would take turns without end.
    """
    preferred = usable_contact(context, customer)
    was_attempted = preferred is not None and shut not in ("", preferred.channel)
    return not was_attempted and usable_contact(context, customer, shut) is not None


def _told_again(context: DecisionContext, message: OutboxMessage, customer: str, shut: str) -> Changes:
    """Send "we fixed it" over the customer's next chat, if it is still true."""
    issue = context.snapshot.about(Issue, message.about)
    is_current = issue is not None and issue.resolution == message.round
    return tell_again(context, issue, customer, shut) if issue is not None and is_current else Changes()


def _closure_lost(context: DecisionContext, message: OutboxMessage, customer: str, why: str) -> Changes:
    issue = context.snapshot.about(Issue, message.about)
    if issue is None or issue.resolution != message.round:
        return Changes()
    return closure_lost(context, issue, customer, why)


def _invitation(context: DecisionContext, message: OutboxMessage) -> Invitation | None:
    interview = context.snapshot.about(Interview, message.about)
    return context.snapshot.invitation(interview.invitation) if interview is not None else None
