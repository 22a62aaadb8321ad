"""Sends an operator alarm to the team's chats: through the outbox, or past it where the outbox cannot be written.

The team reads what is wrong and what to do in its own language; the program's own text is at `/readyz` and in the log.

Several processes meet the same: a note says what the team was told last, so that it is told once.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.ports import Clock, Delivery, Sent, Unknown
from bot.process.alarms import ActiveAlarm
from bot.receiver import Receiver
from dialogs.ids import derive
from dialogs.messages import Address, Prompt
from dialogs.sanitize import one_line
from scoring.values import replace
from storage.model.errors import Unavailable
from storage.model.note_keys import alarm_key
from storage.model.records import Note, OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision

__all__ = ["Carry", "alarm_kind", "alarm_sender", "alarm_text"]

Carry = Callable[[OutboxMessage], Awaitable[Delivery]]
"""Sends a message, without the outbox."""

_RAISED, _OVER = "raised", "over"
_LASTS = timedelta(hours=1)
"""After this the alarm is raised again, if it still stands."""
_KINDS = frozenset(
    {
        "database",
        "inbox",
        "decisions",
        "processes",
        "backup",
        "digest",
        "comments",
        "encoder",
        "phrases",
        "reports",
        "imports",
        "hook_address",
        "hook_endpoint",
        "hook_delivery",
        "recipients",
        "low_items",
        "recurrences",
        "findings",
        "watch",
        "clocks",
        "retention",
        "requests",
        "rules",
        "surveys",
        "clock",
        "due",
        "scheduler",
        "outbox",
        "delivery",
        "role",
        "connections",
        "sweeping",
        "campaign",
        "token",
        "api_token",
        "conflict",
        "team_chat",
        "commands",
        "webhook",
        "robot_url",
        "target",
        "credentials",
        "banned",
        "template_id",
        "subscribe_template_id",
        "permission",
        "page",
        "quota",
        "unstored",
        "envelope",
        "refused",
    }
)
"""What there is a phrase for, as `alarm_kind` names it."""
_UNKNOWN = "unknown"
_LONGEST_NAME = 40
_LATE = timedelta(seconds=10)
"""After this the message says when it began: the database that carries it was away."""


def alarm_sender(
    receiver: Receiver, clock: Clock, direct: Callable[[], Mapping[str, Carry]] = dict
) -> Callable[[ActiveAlarm], Coroutine[None, None, None]]:
    """Return the function by which `Alarms` sends an alarm to each of the team's chats.

    `direct` are what sends on each channel at once where the database does not take it; a message that may have
    left twice does no harm, one that waits for the database says nothing of its outage.
    """
    reached = set[Address]()

    async def tell(alarm: ActiveAlarm) -> None:
        try:
            await receiver.do(Needs(notes=frozenset({alarm_key(alarm.name)})), lambda context: _told(context, alarm))
        except Unavailable:
            messages = _messages(DecisionContext(Snapshot(), receiver.policy, clock.now()), alarm, 0)
            if not await _sent_directly(messages, direct(), reached):
                raise
        reached.clear()

    return tell


async def _sent_directly(
    messages: Sequence[OutboxMessage], channels: Mapping[str, Carry], reached: set[Address]
) -> bool:
    """Return whether the messages went to every chat, or may have gone; those that are refused stay for later.

    Chats that were `reached` are not told again, and become so where they are.
    """
    for message in messages:
        carry = channels.get(message.channel)
        if carry is not None and message.address not in reached:
            outcome = await carry(message)
            if isinstance(outcome, Sent | Unknown):
                reached.add(message.address)
    return bool(messages) and reached.issuperset(message.address for message in messages)


def _told(context: DecisionContext, alarm: ActiveAlarm) -> Decision[None]:
    """Write the messages, and the note that they were written; nothing where another process has."""
    note = context.snapshot.note(alarm_key(alarm.name))
    if note is not None and _is_known(note, alarm, context.now):
        return Decision(Changes(), None)
    number = note.version if note is not None else 0
    fresh = Note(alarm_key(alarm.name), _OVER if alarm.is_over else _RAISED, alarm.seen, number)
    return Decision(Changes((fresh, *_messages(context, alarm, number))), None)


def _is_known(note: Note, alarm: ActiveAlarm, now: datetime) -> bool:
    """Return whether the team knows; a note of the future was made by a clock that was wrong."""
    if note.at > now:
        return False
    if note.value == _OVER:
        return note.at >= alarm.since
    return not alarm.is_over and note.at > now - _LASTS


def _messages(context: DecisionContext, alarm: ActiveAlarm, number: int) -> tuple[OutboxMessage, ...]:
    return tuple(_message(context, alarm, number, place) for place in context.policy.team)


def _message(context: DecisionContext, alarm: ActiveAlarm, number: int, place: Address) -> OutboxMessage:
    """Write the message to a chat; `number` counts what was told of this alarm."""
    message_id = derive("out", "alarm", alarm.name, str(number), place.channel, place.chat)
    prompt = Prompt(alarm_text(context, alarm))
    return replace(message_to_team(context, place, prompt, message_id), expires_at=context.now + _LASTS)


def alarm_text(context: DecisionContext, alarm: ActiveAlarm) -> str:
    """Return what the team reads of an alarm, in its language."""
    policy, locale = context.policy, context.policy.team_speaks
    is_late = context.now - alarm.seen > _LATE
    key = "alarm.over" if alarm.is_over else "alarm.late" if is_late else "alarm.text"
    moment = policy.phrases.moment(locale, alarm.since, policy.timezone)
    kind, about = alarm_kind(alarm.name), one_line(alarm.about, _LONGEST_NAME)
    what = policy.phrases.say(locale, f"alarm.kind.{kind}")
    if about:
        what = policy.phrases.say(locale, f"alarm.named.{kind}", about=about)
    return policy.phrases.say(locale, key, name=alarm.name, what=what, moment=moment)


def alarm_kind(name: str) -> str:
    """Return the kind of an alarm, for which there is a phrase: the last part of its name, else the first.

    One that ends in a number is about one of several addresses.
    """
    first, last = name.partition(".")[0], name.rpartition(".")[2]
    kind = "target" if last.isdecimal() else last if last in _KINDS else first
    return kind if kind in _KINDS else _UNKNOWN
