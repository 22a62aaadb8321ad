"""What is for one person of the team only, such as a one-time link: it goes to their own chat, never to a group.

A bot cannot write first (Bot API, 403 "bot can't initiate conversation with a user"): until the person presses Start
there, the message is held.
"""

from datetime import timedelta

from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.policy import Policy
from bot.handlers.common.turn import TurnContext
from dialogs.ids import derive
from dialogs.messages import Address, Inbound, Joined, Prompt, Text
from dialogs.outbox.machine import MessagePostponed
from dialogs.understanding.commands import Command, command
from scoring.values import replace
from storage.model.message_transitions import after_event
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes, Settle

__all__ = ["is_among_others", "opens_own_chat", "private_message", "released_in_own_chat", "waits_for_start"]


def is_among_others(turn: TurnContext) -> bool:
    """Return whether others read along: in a group of a channel on which the person has a chat of their own."""
    return turn.policy.can(turn.place.channel).roster and turn.place.chat != turn.inbound.sender.id


def private_message(turn: TurnContext, prompt: Prompt, lasts: timedelta) -> Changes:
    """Return a message to whoever speaks, in their own chat."""
    own = Address(turn.place.channel, turn.inbound.sender.id)
    message = message_to_team(turn.context, own, prompt, derive("out", "private", turn.key))
    return Changes((replace(message, expires_at=turn.context.now + lasts),))


def waits_for_start(policy: Policy, message: OutboxMessage) -> bool:
    """Return whether a message that its chat did not let in is held: one for somebody of the team, in their own."""
    is_own = policy.can(message.channel).roster and message.address not in policy.team
    return is_own and message.purpose is Purpose.ALERT


def opens_own_chat(inbound: Inbound, policy: Policy) -> bool:
    """Return whether a person presses Start in their own chat, or lets the bot in again."""
    if not policy.can(inbound.place.channel).roster or inbound.place.chat != inbound.sender.id:
        return False
    said = inbound.said
    return isinstance(said, Joined) or (isinstance(said, Text) and command(said.text) is Command.RESUME)


def released_in_own_chat(turn: TurnContext) -> Changes:
    """Release what was held until this chat was opened; empty for other messages."""
    if not opens_own_chat(turn.inbound, turn.policy):
        return Changes()
    held = [message for message in turn.snapshot.held(turn.place) if waits_for_start(turn.policy, message)]
    event = MessagePostponed(turn.context.now)
    pending = tuple(after_event(message, event) for message in held)
    return Changes(pending, tuple(Settle(message.id, event, turn.context.now) for message in held))
