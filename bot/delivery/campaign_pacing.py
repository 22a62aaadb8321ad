"""Pacing of campaigns: the messages of one leave one after another, evenly, counted from when they really left."""

from collections import deque
from collections.abc import Iterator

from dialogs.messages import Address
from scoring.values import Value
from storage.model.records import OutboxMessage

__all__ = ["CampaignPacing"]

_MINUTE = 60.0
_MARGIN = 1.05
"""As for the channel's own pace: what leaves evenly may arrive bunched (`RateLimiter` of Telegram)."""


class _Name(Value):
    channel: str
    campaign: str


class _CampaignQueue:
    def __init__(self, free_at: float) -> None:
        self.waiting: deque[Address] = deque()
        self.free_at = free_at
        self.at_the_gate: Address | None = None


class CampaignPacing:
    """Holds back the chats whose next message belongs to a campaign, and releases one after the other."""

    def __init__(self) -> None:
        self._queues: dict[_Name, _CampaignQueue] = {}

    def enter(self, message: OutboxMessage, moment: float) -> None:
        """Queue a chat for the campaign of its next message.

        A new queue opens after one interval, since what left before the process died is not known here.
        """
        if _name(message) not in self._queues:
            self._queues[_name(message)] = _CampaignQueue(moment + _interval(message))
        self._queue_of(message).waiting.append(message.address)

    def opened(self, moment: float) -> Iterator[Address]:
        """Return the chats that may send now, one of each campaign; none while the one before has not sent."""
        for queue in self._queues.values():
            if queue.waiting and queue.at_the_gate is None and queue.free_at <= moment:
                queue.at_the_gate = queue.waiting.popleft()
                yield queue.at_the_gate

    def next_at(self) -> float | None:
        """Return the next moment at which a chat may send, None while none waits."""
        queues = self._queues.values()
        return min((queue.free_at for queue in queues if queue.waiting and queue.at_the_gate is None), default=None)

    def turned_back(self, message: OutboxMessage) -> None:
        """Release the next chat, since this one cannot send now and is queued again."""
        self._queue_of(message).at_the_gate = None

    def went(self, message: OutboxMessage, moment: float) -> None:
        """Count a message that leaves now."""
        queue = self._queue_of(message)
        queue.free_at = max(queue.free_at, moment) + _interval(message)
        queue.at_the_gate = None
        idle = [
            name
            for name, one in self._queues.items()
            if one.at_the_gate is None and not one.waiting and one.free_at < moment
        ]
        for name in idle:
            del self._queues[name]

    def give_back(self, message: OutboxMessage) -> None:
        """Count one message less: the one that was to leave last does not."""
        queue = self._queues.get(_name(message))
        if queue is not None:
            queue.free_at -= _interval(message)

    def _queue_of(self, message: OutboxMessage) -> _CampaignQueue:
        return self._queues[_name(message)]


def _name(message: OutboxMessage) -> _Name:
    return _Name(message.channel, message.campaign)


def _interval(message: OutboxMessage) -> float:
    return _MARGIN * _MINUTE / message.per_minute
