"""Outgoing messages moved by the table of `dialogs.outbox.machine`."""

from dialogs.outbox.machine import OUTBOX
from dialogs.outbox.model import Sending, SendingTerms
from scoring.values import replace
from storage.model.records import OutboxMessage

__all__ = ["after_event", "sending_of"]


def sending_of(message: OutboxMessage) -> Sending:
    """Return the part of a message that its state machine moves."""
    return Sending(
        message.not_before,
        message.status,
        message.expires_at,
        message.leased_until,
        message.attempts,
        message.receipt,
        message.why,
        message.edits,
        repeats=message.may_repeat,
    )


def after_event(message: OutboxMessage, event: object, terms: SendingTerms | None = None) -> OutboxMessage:
    """Return the message after an event; the same where the event means nothing to it."""
    step = OUTBOX.step(sending_of(message), event, terms or SendingTerms(message.created_at))
    if step is None:
        return message
    moved = step.thing
    return replace(
        message,
        status=moved.state,
        not_before=moved.not_before,
        leased_until=moved.leased_until,
        attempts=moved.attempts,
        receipt=moved.receipt,
        why=moved.why,
    )
