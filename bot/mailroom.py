"""Messages waiting to go, in memory: in order within a chat, the most urgent chat first."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from heapq import heappop, heappush

from bot.pacer import Pacer
from dialogs.messages import Address
from storage.records import OutboxMessage, Purpose

__all__ = ["Mailroom"]

_URGENCY = {
    Purpose.REPLY: 0,
    Purpose.ALERT: 1,
    Purpose.SURVEY: 2,
    Purpose.REMINDER: 2,
    Purpose.CLOSURE: 3,
    Purpose.CAMPAIGN: 4,
}


class Mailroom:
    """Mirrors the pending rows of the outbox; the rows are the truth, this is only who goes next.

    A chat is waiting for its turn (`_ready`), for a moment (`_timers`), or busy: one message under way.
    """

    def __init__(self, pacers: Mapping[str, Pacer]) -> None:
        """Pace each channel that has a pacer."""
        self._pacers = pacers
        self._chats: dict[Address, deque[OutboxMessage]] = {}
        self._known: set[str] = set()
        self._busy: set[Address] = set()
        self._ready: dict[str, list[tuple[int, int, Address]]] = {}
        self._timers: list[tuple[float, int, Address]] = []
        self._order = 0

    def __len__(self) -> int:
        """Count the messages waiting or under way."""
        return len(self._known)

    def add(self, messages: Iterable[OutboxMessage], now: datetime, moment: float) -> None:
        """Take in messages in the order in which they shall go; those known are left as they are."""
        for message in messages:
            if message.id not in self._known:
                self._known.add(message.id)
                self._chats.setdefault(message.address, deque()).append(message)
                if len(self._chats[message.address]) == 1 and message.address not in self._busy:
                    self._line_up(message.address, now, moment)

    def pick(self, free: int, moment: float) -> list[OutboxMessage]:
        """Choose at most `free` messages that may go now; their chats are busy until `done` or `again`."""
        while self._timers and self._timers[0][0] <= moment:
            self._queue(heappop(self._timers)[2])
        picked: list[OutboxMessage] = []
        for channel, ready in self._ready.items():
            while ready and len(picked) < free and self._free_at(channel, moment) <= moment:
                address = heappop(ready)[2]
                wait = self._ready_at(address, moment)
                if wait > moment:
                    self._at(wait, address)
                else:
                    picked.append(self._start(address, moment))
        return picked

    def done(self, message: OutboxMessage, now: datetime, moment: float) -> None:
        """Forget a message that is settled; the next of its chat lines up."""
        self._known.discard(message.id)
        waiting = self._chats.get(message.address)
        if waiting and waiting[0].id == message.id:
            waiting.popleft()
        self._free(message.address, now, moment)

    def again(self, message: OutboxMessage, now: datetime, moment: float) -> None:
        """Put a message that shall be tried again back to the head of its chat, with its new `not_before`."""
        waiting = self._chats[message.address]
        waiting[0] = message
        self._free(message.address, now, moment)

    def pause(self, channel: str, until: float) -> None:
        """Let nothing go on a channel before `until`."""
        self._pacers[channel].pause(until)

    def next_at(self, moment: float) -> float | None:
        """Give the moment of the next thing to do, None while nothing waits."""
        moments = [self._timers[0][0]] if self._timers else []
        moments += [self._free_at(channel, moment) for channel, ready in self._ready.items() if ready]
        return min(moments, default=None)

    def _free(self, address: Address, now: datetime, moment: float) -> None:
        self._busy.discard(address)
        if self._chats.get(address):
            self._line_up(address, now, moment)
        else:
            self._chats.pop(address, None)

    def _line_up(self, address: Address, now: datetime, moment: float) -> None:
        wait = (self._chats[address][0].not_before - now).total_seconds()
        if wait > 0:
            self._at(moment + wait, address)
        else:
            self._queue(address)

    def _queue(self, address: Address) -> None:
        self._order += 1
        urgency = _URGENCY[self._chats[address][0].purpose]
        heappush(self._ready.setdefault(address.channel, []), (urgency, self._order, address))

    def _at(self, moment: float, address: Address) -> None:
        self._order += 1
        heappush(self._timers, (moment, self._order, address))

    def _start(self, address: Address, moment: float) -> OutboxMessage:
        self._busy.add(address)
        if address.channel in self._pacers:
            self._pacers[address.channel].take(address.chat, moment)
        return self._chats[address][0]

    def _free_at(self, channel: str, moment: float) -> float:
        pacer = self._pacers.get(channel)
        return pacer.free_at(moment) if pacer is not None else moment

    def _ready_at(self, address: Address, moment: float) -> float:
        pacer = self._pacers.get(address.channel)
        return pacer.ready_at(address.chat, moment) if pacer is not None else moment
