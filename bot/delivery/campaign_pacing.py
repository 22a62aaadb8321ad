"""Lanes: the messages of one campaign leave one after another, evenly, counted from when they really left."""

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


class _Lane:
    def __init__(self, free_at: float) -> None:
        self.waiting: deque[Address] = deque()
        self.free_at = free_at
        self.at_the_gate: Address | None = None


class CampaignPacing:
    """Keeps back the chats whose next message is a campaign's, and lets one after the other to the gate."""

    def __init__(self) -> None:
        self._lanes: dict[_Name, _Lane] = {}

    def enter(self, message: OutboxMessage, moment: float) -> None:
        """Let a chat wait in the lane of its next message.

        A new lane opens after one interval: what left just before the process died is not remembered here.
        """
        if _name(message) not in self._lanes:
            self._lanes[_name(message)] = _Lane(moment + _interval(message))
        self._lane(message).waiting.append(message.address)

    def opened(self, moment: float) -> Iterator[Address]:
        """Return the chats that may go to the gate now, one of each lane; none while the one before is still there."""
        for lane in self._lanes.values():
            if lane.waiting and lane.at_the_gate is None and lane.free_at <= moment:
                lane.at_the_gate = lane.waiting.popleft()
                yield lane.at_the_gate

    def next_at(self) -> float | None:
        """Return the moment at which the next gate opens, None while nobody waits for one."""
        lanes = self._lanes.values()
        return min((lane.free_at for lane in lanes if lane.waiting and lane.at_the_gate is None), default=None)

    def turned_back(self, message: OutboxMessage) -> None:
        """Let the next one to the gate: this chat cannot go now, and comes again."""
        self._lane(message).at_the_gate = None

    def went(self, message: OutboxMessage, moment: float) -> None:
        """Count a message that leaves now."""
        lane = self._lane(message)
        lane.free_at = max(lane.free_at, moment) + _interval(message)
        lane.at_the_gate = None
        idle = [
            name
            for name, one in self._lanes.items()
            if one.at_the_gate is None and not one.waiting and one.free_at < moment
        ]
        for name in idle:
            del self._lanes[name]

    def _lane(self, message: OutboxMessage) -> _Lane:
        return self._lanes[_name(message)]


def _name(message: OutboxMessage) -> _Name:
    return _Name(message.channel, message.campaign)


def _interval(message: OutboxMessage) -> float:
    return _MARGIN * _MINUTE / message.per_minute
