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
_LATE = timedelta(seconds=10)
"""After this the message says when it began: the database that carries it was away."""


def alarm_sender(receiver: Receiver) -> Callable[[ActiveAlarm], Coroutine[None, None, None]]:
    """Return the function by which `Alarms` sends an alarm to each of the team's chats."""

    async def tell(alarm: ActiveAlarm) -> None:
        await receiver.do(Needs(), lambda context: Decision(_messages(context, alarm), None))

    return tell


def _messages(context: DecisionContext, alarm: ActiveAlarm) -> Changes:
    return Changes(tuple(_message(context, alarm, place) for place in context.policy.team))


def _message(context: DecisionContext, alarm: ActiveAlarm, place: Address) -> OutboxMessage:
    """Write the message; several processes that meet the same in one hour write the same one."""
    hour = alarm.seen.strftime("%Y-%m-%dT%H")
    message_id = derive(
        "out", "alarm", alarm.name, hour, *(["over"] if alarm.is_over else []), place.channel, place.chat
    )
    prompt = Prompt(_text(context, alarm))
    return replace(message_to_team(context, place, prompt, message_id), expires_at=context.now + _LASTS)


def _text(context: DecisionContext, alarm: ActiveAlarm) -> str:
    policy = context.policy
    is_late = context.now - alarm.seen > _LATE
    kind = "alarm.over" if alarm.is_over else "alarm.late" if is_late else "alarm.text"
    moment = policy.phrases.moment(policy.locale, alarm.since, policy.timezone)
    return policy.phrases.say(policy.locale, kind, name=alarm.name, text=alarm.text, moment=moment)
