"""The message quota of WeChat's chats, part of each decision: what is used, released and replied inline; pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import TypeVar

from bot.channels.wechat.inbound.passive_reply import HAND_OVER, PassiveReply, encode_reply
from bot.channels.wechat.outbound.present import joined_text, pictures, text_messages
from bot.channels.wechat.outbound.reply_window import (
    message_spent,
    messages_left,
    window_closed,
    window_opened,
    window_used_up,
)
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import Attempt, Delivery, Gone, Held, Moved, Retry, Unknown
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from dialogs.issue.reasons import TwiceNotUnderstood
from dialogs.messages import Granted, Inbound, Left, Text
from dialogs.outbox.machine import MessageDelivered, MessagePostponed
from dialogs.outbox.model import SendingState
from scoring.values import Value, replace
from storage.model.message_transitions import after_event
from storage.model.records import InboxRow, OutboxMessage, Purpose, Window
from storage.unit_of_work.changes import Cancel, Changes, Record, Settle
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["DOUBTED", "INLINE", "OK", "WechatQuota"]

R = TypeVar("R", bound=Record)

INLINE = "inline"
"""The receipt of a message that was sent as the reply to a customer's own message."""
OK = "0"
DOUBTED = "no_answer"
"""The code of an attempt that left and was not answered: it counts as used."""
_NO_GRANT = "43101"
_COUNTED: Mapping[str, Callable[[Window, datetime], Window]] = {
    OK: message_spent,
    DOUBTED: message_spent,
    "45047": window_used_up,
    "45015": lambda window, _now: window_closed(window),
}
"""What the code of a customer-service message means for the window."""
_NOT_UNDERSTOOD = TwiceNotUnderstood()


class WechatQuota(Value):
    """`bot.ports.MessageQuota` for WeChat; `subscription` is the template whose grants closures use, if any."""

    subscription: str = ""

    def received(self, snapshot: Snapshot, inbound: Inbound, changes: Changes, now: datetime) -> Changes:
        """Return the changes of a decision with the window opened, grants counted, and held messages released.

        Where the webhook waits for a reply (`Inbound.answer_by`), the first of the messages becomes the reply.
        """
        changes += _opened(snapshot, inbound, now) + _granted(snapshot, inbound)
        if isinstance(inbound.said, Left):
            return changes
        own, held = _own(changes, inbound, now), _held(snapshot, inbound, changes)
        if _is_for_staff(snapshot, inbound, changes, own):
            return _answering(changes, inbound, HAND_OVER) + _released(held, now)
        if inbound.answer_by is None or inbound.answer_by <= now or isinstance(inbound.said, Granted):
            return changes + _released(held, now)
        return _inline(snapshot, inbound, changes, [*own, *held], now)

    def settled(self, snapshot: Snapshot, message: OutboxMessage, outcome: Delivery, now: datetime) -> Changes:
        """Return what a sending has used of the chat's window and of its grants."""
        attempts = _attempts(message, outcome)
        before = snapshot.window(message.address)
        grant = snapshot.grant(message.address, self.subscription)
        after = reduce(lambda window, one: _counted(window, one, now), attempts, before)
        grants = reduce(_grants_left, attempts, grant.left)
        window: tuple[Record, ...] = () if after == before else (after,)
        return Changes(window if grants == grant.left else (*window, replace(grant, left=grants)))

    def revised(self, snapshot: Snapshot, message: OutboxMessage, outcome: Delivery, now: datetime) -> Delivery:
        """Return the outcome; a message that was held while the customer wrote is tried again."""
        if not isinstance(outcome, Held) or not messages_left(snapshot.window(message.address), now):
            return outcome
        return Retry(0.0, "the window has opened", attempts=outcome.attempts)


def _opened(snapshot: Snapshot, inbound: Inbound, now: datetime) -> Changes:
    before = snapshot.window(inbound.place)
    after = window_opened(before, inbound, now)
    return Changes() if after == before else Changes((after,))


def _granted(snapshot: Snapshot, inbound: Inbound) -> Changes:
    if not isinstance(inbound.said, Granted):
        return Changes()
    grant = snapshot.grant(inbound.place, inbound.said.template)
    return Changes((replace(grant, left=grant.left + 1 if inbound.said.is_given else 0),))


def _own(changes: Changes, inbound: Inbound, now: datetime) -> list[OutboxMessage]:
    """List what this decision sends to the chat at once, as last decided."""
    messages = {record.id: record for record in changes.records if isinstance(record, OutboxMessage)}
    return [
        message
        for message in messages.values()
        if message.address == inbound.place and message.status is SendingState.PENDING and message.not_before <= now
    ]


def _held(snapshot: Snapshot, inbound: Inbound, changes: Changes) -> list[OutboxMessage]:
    """List what was held for the customer and is not cancelled by this decision; a grant releases only closures."""
    return [
        message
        for message in snapshot.after(changes).held(inbound.place)
        if not any(_concerns(cancel, message) for cancel in changes.cancels)
        and (not isinstance(inbound.said, Granted) or message.purpose is Purpose.CLOSURE)
    ]


def _concerns(cancel: Cancel, message: OutboxMessage) -> bool:
    return message.purpose in cancel.purposes and (
        (cancel.customer is not None and cancel.customer == message.customer)
        or (cancel.about is not None and cancel.about == message.about)
    )


def _is_for_staff(snapshot: Snapshot, inbound: Inbound, changes: Changes, own: Sequence[OutboxMessage]) -> bool:
    """Return whether the account's own staff should answer: twice not understood, or no decision answers it."""
    if not isinstance(inbound.said, Text):
        return False
    if any(_is_newly_for_staff(snapshot, issue) for issue in changes.records if isinstance(issue, Issue)):
        return True
    return not own and not any(isinstance(record, Interview) for record in changes.records)


def _is_newly_for_staff(snapshot: Snapshot, issue: Issue) -> bool:
    before = snapshot.issue(issue.id)
    return _NOT_UNDERSTOOD in issue.reasons and (before is None or _NOT_UNDERSTOOD not in before.reasons)


def _inline(
    snapshot: Snapshot, inbound: Inbound, changes: Changes, waiting: Sequence[OutboxMessage], now: datetime
) -> Changes:
    """Return the changes with the first of the waiting messages as the reply; what does not fit is sent by itself."""
    seen = snapshot.after(changes)
    ready = [message for message in waiting if _may_go(seen, message, now)]
    text, count = joined_text(ready)
    said = {message.id: message for message in ready[:count]}
    rest = [message for message in waiting if message.id not in said and message.status is SendingState.HELD]
    changes += Changes(tuple(_sent(message, now) for message in said.values()), _settles(said.values(), now))
    changes += _asked(seen, said.values(), now) + _released(rest, now)
    return _answering(changes, inbound, PassiveReply(text=text)) if text else changes


def _may_go(snapshot: Snapshot, message: OutboxMessage, now: datetime) -> bool:
    """Return whether a lease would be given: not after an opt-out, not too late."""
    customer = snapshot.customer(message.customer) if message.customer else None
    has_opted_out = message.obeys_opt_out and customer is not None and customer.opted_out_at is not None
    return not has_opted_out and (message.expires_at is None or message.expires_at > now)


def _sent(message: OutboxMessage, now: datetime) -> OutboxMessage:
    return replace(after_event(message, MessageDelivered(INLINE)), sent_at=now)


def _settles(messages: Iterable[OutboxMessage], now: datetime) -> tuple[Settle, ...]:
    return tuple(Settle(m.id, MessageDelivered(INLINE), now) for m in messages if m.status is SendingState.HELD)


def _released(held: Sequence[OutboxMessage], now: datetime) -> Changes:
    """Return held messages as pending: as settled rows, and as records, which the sender takes from the commit."""
    pending = tuple(after_event(message, MessagePostponed(now)) for message in held)
    return Changes(pending, tuple(Settle(m.id, MessagePostponed(now), now) for m in held))


def _asked(snapshot: Snapshot, messages: Iterable[OutboxMessage], now: datetime) -> Changes:
    """Mark invitations as sent whose question is the reply, as `bot.handlers.deliveries` does for sent messages."""
    asking = (m for m in messages if m.purpose in {Purpose.SURVEY, Purpose.REMINDER})
    interviews = (interview for m in asking if (interview := snapshot.about(Interview, m.about)))
    invitations = (found for interview in interviews if (found := snapshot.invitation(interview.invitation)))
    return Changes(tuple(replace(each, sent_at=now) for each in invitations if each.sent_at is None))


def _answering(changes: Changes, inbound: Inbound, answer: PassiveReply) -> Changes:
    """Store the reply with the inbound, so that WeChat's retry gets the same."""
    records = tuple(
        replace(record, answer=encode_reply(answer))
        if isinstance(record, InboxRow) and record.key == inbound.key
        else record
        for record in changes.records
    )
    return replace(changes, records=records)


def _attempts(message: OutboxMessage, outcome: Delivery) -> tuple[Attempt, ...]:
    if isinstance(outcome, Gone | Moved):
        return ()
    if isinstance(outcome, Unknown) and not outcome.attempts:  # cut off by a crash: all of it may have gone
        return tuple(Attempt(SendMethod.TEXT, DOUBTED) for _ in (*pictures(message), *text_messages(message)))
    return outcome.attempts


def _counted(window: Window, attempt: Attempt, now: datetime) -> Window:
    count = _COUNTED.get(attempt.code) if attempt.step in CUSTOM else None
    return window if count is None else count(window, now)


def _grants_left(grants: int, attempt: Attempt) -> int:
    if attempt.step != SendMethod.GRANT:
        return grants
    if attempt.code in {OK, DOUBTED}:
        return max(grants - 1, 0)
    return 0 if attempt.code == _NO_GRANT else grants
