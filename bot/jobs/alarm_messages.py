"""Sends an operator alarm to the team's chats, through the outbox like every other message."""

from collections.abc import Callable, Coroutine
from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.process.alarms import ActiveAlarm
from bot.receiver import Receiver
from dialogs.ids import derive
from dialogs.messages import Address, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["alarm_sender"]


_LASTS = timedelta(hours=1)
"""After this the alarm is raised again, if it still stands."""


def alarm_sender(receiver: Receiver) -> Callable[[ActiveAlarm], Coroutine[None, None, None]]:
    """Return the function by which `Alarms` sends an alarm to each of the team's chats."""

    async def tell(alarm: ActiveAlarm) -> None:
        await receiver.do(Needs(), lambda context: Decision(_messages(context, alarm), None))

    return tell


def _messages(context: DecisionContext, alarm: ActiveAlarm) -> Changes:
    return Changes(tuple(_message(context, alarm, place) for place in context.policy.team))


def _message(context: DecisionContext, alarm: ActiveAlarm, place: Address) -> OutboxMessage:
    text = context.policy.phrases.say(context.policy.locale, "alarm.text", name=alarm.name, text=alarm.text)
    message_id = derive("out", "alarm", alarm.name, alarm.seen.isoformat(), place.channel, place.chat)
    return replace(message_to_team(context, place, Prompt(text), message_id), expires_at=context.now + _LASTS)
