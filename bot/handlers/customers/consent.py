"""Opt-out and opt-in of a chat: they apply at once, to every customer reached in it."""

from collections.abc import Iterable

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.binding import chat_unblocked, show_open_question
from bot.handlers.surveys.interview import Showing, advance
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Declined
from dialogs.invitation.machine import INVITATION, OptedOut
from dialogs.invitation.model import Invitation
from dialogs.messages import Inbound, Prompt, Tap, Text, Verb
from dialogs.opt_out_button import NOT_YET, SURELY, opt_out_prompt, opted_out_prompt
from dialogs.understanding.lexicon import Intent
from dialogs.understanding.read import wish
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Cancel, Changes

__all__ = ["is_opt_out", "leave_alone", "opt_in", "opt_out", "opt_out_unread", "press_stop"]

_UNSENT = (Purpose.SURVEY, Purpose.REMINDER, Purpose.CLOSURE, Purpose.CAMPAIGN)


def opt_out(turn: TurnContext) -> Changes:
    """Record the opt-out of every customer reached in this chat, and confirm it, with the way back."""
    return leave_alone(turn.context, turn.people, turn.key) + turn.reply(opted_out_prompt(turn.phrases, turn.locale))


def press_stop(turn: TurnContext, step: str) -> Changes:
    """Ask once whether the opt-out button was meant, and do what the answer says; words and `/stop` act at once."""
    if not turn.people:
        return turn.reply_with(FixedReply.UNKNOWN_CHAT)
    if step == SURELY:
        confirmed = opted_out_prompt(turn.phrases, turn.locale)
        return leave_alone(turn.context, turn.people, turn.key) + _answered(turn, confirmed)
    if step == NOT_YET:
        is_out = any(person.opted_out_at for person in turn.people)
        kept = opted_out_prompt(turn.phrases, turn.locale) if is_out else Prompt(turn.say(FixedReply.STOP_KEPT))
        return _answered(turn, kept)
    return turn.reply(opt_out_prompt(turn.phrases, turn.locale))


def _answered(turn: TurnContext, prompt: Prompt) -> Changes:
    """Edit the question into its outcome, or answer below it where nothing is edited."""
    return turn.edit_pressed(prompt) if turn.can_edit and turn.inbound.message else turn.reply(prompt)


def leave_alone(context: DecisionContext, people: Iterable[Customer], cause: str) -> Changes:
    """Record the opt-out of customers, cancel their unsent messages and invitations, and decline open interviews.

    Whoever calls says that it is done: of an interview only a message that is edited in place follows.
    """
    changes = Changes()
    for customer in people:
        changes += _opted_out(context, customer)
        for invitation in context.snapshot.invitations(customer.id):
            changes += _end(context.after(changes), invitation, cause)
    return changes


def is_opt_out(inbound: Inbound, policy: Policy) -> bool:
    """Return whether a message asks for no more surveys, by command or in own words; no row is needed to know it."""
    match inbound.said:
        case Tap(verb=verb, step=step):
            return verb is Verb.STOP and step == SURELY
        case Text(text=words) if inbound.place not in policy.team:
            return wish(words, policy.lexicon) is Intent.STOP
        case _:
            return False


def opt_out_unread(context: DecisionContext, inbound: Inbound, *, confirms: bool) -> Changes:
    """Record the opt-out of a chat, where the decision about it failed: it looks at contacts and customers only.

    Invitations and interviews stay as they are, since they may be what cannot be read. `confirms` adds the reply.
    """
    people = (context.snapshot.customer(contact.customer) for contact in context.snapshot.contacts_at(inbound.place))
    turn = TurnContext(context, inbound, tuple(customer for customer in people if customer is not None))
    changes = Changes()
    for customer in turn.people:
        changes += _opted_out(context, customer)
    return changes + turn.reply(opted_out_prompt(turn.phrases, turn.locale)) if confirms else changes


def _opted_out(context: DecisionContext, customer: Customer) -> Changes:
    out = replace(customer, opted_out_at=context.now)  # the last one: what was said before it does not undo it
    return Changes((out,), cancels=(Cancel(_UNSENT, customer=customer.id),))


def opt_in(turn: TurnContext) -> Changes:
    """Undo an opt-out, and show the open question or a confirmation; nothing of it where the opt-out is the newer."""
    if any(turn.is_overtaken(person.opted_out_at) for person in turn.people):
        return Changes()
    changes = Changes(tuple(replace(person, opted_out_at=None) for person in turn.people if person.opted_out_at))
    changes += chat_unblocked(turn.after(changes))
    if any(isinstance(record, OutboxMessage) for record in changes.records):
        return changes
    return changes + (show_open_question(turn.after(changes)) or turn.reply_with(FixedReply.RESUMED))


def _end(context: DecisionContext, invitation: Invitation, cause: str) -> Changes:
    """Cancel an invitation before its first message, decline it afterwards (docs/reference/api.md, Tickets).

    An interview whose survey can be read nowhere stays open: nothing is sent of it any more.
    """
    interview = context.snapshot.interview_of(invitation.id)
    is_readable = interview is not None and context.policy.has_version(interview.survey)
    is_open = interview is not None and is_readable
    declined = advance(context, interview, Declined(), cause, Showing.QUIETLY) if interview and is_open else None
    unsent = invitation.sent_at is None and (interview is None or not interview.answers)
    step = INVITATION.step(invitation, OptedOut(), context.now) if unsent else None
    return (declined or Changes()) + (Changes((step.thing,)) if step else Changes())
