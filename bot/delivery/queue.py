"""Messages waiting to go, in memory: in order within a chat, the most urgent chat first."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice, takewhile

from bot.delivery.campaign_pacing import CampaignPacing
from bot.ports import Pace
from dialogs.messages import Address
from storage.model.records import OutboxMessage, Purpose

__all__ = ["SendQueue", "Unpaced"]

_URGENCY = {
    Purpose.REPLY: 0,
    Purpose.ALERT: 1,
    Purpose.SURVEY: 2,
    Purpose.REMINDER: 2,
    Purpose.CLOSURE: 3,
    Purpose.DESK: 3,
    Purpose.CAMPAIGN: 4,
}
_A_CROWD = 4
"""From so many messages on that wait for one chat, they are sent as one where the channel merges."""
_TOGETHER = 20
"""The most that go together: what one merged message can still lead to, each with its own link."""


class SendQueue:
    """Mirrors the pending rows of the outbox, to choose what is sent next; the rows remain what counts.

    A chat is waiting for its turn (`_ready`), for a moment (`_timers`), or busy: a message under way, or several that
    go together.
    """

    def __init__(self, pacers: Mapping[str, Pace], merging: Collection[str] = ()) -> None:
        """Take the rate limiters by channel; channels in `merging` send several messages of a chat as one."""
        self._pacers = pacers
        self._merging = merging
        self._chats: dict[Address, deque[OutboxMessage]] = {}
        self._known: set[str] = set()
        self._paid: set[str] = set()
        """Messages under way that the rate limits count."""
        self._busy: dict[Address, int] = {}
        self._ready: dict[str, list[tuple[int, int, Address]]] = {}
        self._timers: list[tuple[float, int, Address]] = []
        self._order = 0
        self._pacing = CampaignPacing()

    def __len__(self) -> int:
        """Count the messages waiting or under way."""
        return len(self._known)

    @property
    def has_waiting(self) -> bool:
        """Return whether there are messages that are not under way."""
        return len(self._known) > sum(self._busy.values())

    def add(self, messages: Iterable[OutboxMessage], now: datetime, moment: float) -> None:
        """Take in messages in the order in which they shall go; those known are left as they are."""
        for message in messages:
            if message.id not in self._known:
                self._known.add(message.id)
                self._chats.setdefault(message.address, deque()).append(message)
                if len(self._chats[message.address]) == 1 and message.address not in self._busy:
                    self._line_up(message.address, now, moment)

    def keep_only(self, under_way: Collection[str]) -> None:
        """Forget all other messages: whoever sends them reads them from the outbox, as they are then."""
        kept = [one for waiting in self._chats.values() for one in waiting if one.id in under_way]
        self._chats = {}
        for message in kept:
            self._chats.setdefault(message.address, deque()).append(message)
        self._known = {message.id for message in kept}
        self._paid &= self._known
        self._ready.clear()
        self._timers.clear()
        self._pacing = CampaignPacing()

    def give_back(self, message: OutboxMessage) -> None:
        """Release what the rate limits count for a message that does not go: cancelled, over, or leased elsewhere."""
        if message.id in self._paid:
            self._paid.discard(message.id)
            if message.per_minute:
                self._pacing.give_back(message)
            if message.channel in self._pacers:
                self._pacers[message.channel].give_back(message.chat)

    def reserve(self, messages: Iterable[OutboxMessage], free: int, now: datetime, moment: float) -> list[str]:
        """Choose at most `free` of these new messages to go as soon as they are saved; their chats are busy then.

        One goes that overtakes nobody: nothing of its chat waits or is under way, and nobody waits for its channel. Of
        the edits of one message the last goes. Campaigns have pacing, and merging channels look at what has gathered.
        """
        reserved: list[str] = []
        for address, waiting in _by_chat(messages).items():
            first = waiting[0]
            if len(reserved) < free and first.id not in self._known and self._has_room(first, now, moment):
                self._known.add(first.id)
                self._chats[address] = deque([first])
                self._start(address, 1, now, moment)
                reserved.append(first.id)
        return reserved

    def pick(self, free: int, now: datetime, moment: float) -> list[OutboxMessage]:
        """Choose at most `free` messages that may go now; their chats are busy until `done` or `again`."""
        while self._timers and self._timers[0][0] <= moment:
            self._queue(heappop(self._timers)[2], moment)
        for address in self._pacing.opened(moment):
            self._ready_for(address)
        picked: list[OutboxMessage] = []
        for channel, ready in self._ready.items():
            while ready and len(picked) < free and self._free_at(channel, moment) <= moment:
                address = heappop(ready)[2]
                wait = self._ready_at(address, moment)
                if wait > moment:
                    self._turn_back(address)
                    self._at(wait, address)
                else:
                    picked += self._start(address, free - len(picked), now, moment)
        return picked

    def done(self, message: OutboxMessage, now: datetime, moment: float) -> None:
        """Remove a message that is settled, and queue the next of its chat."""
        self._known.discard(message.id)
        self._paid.discard(message.id)
        waiting = self._chats.get(message.address, deque())
        place = _place(waiting, message)
        if place is not None:
            del waiting[place]
        self._free(message.address, now, moment)

    def again(self, message: OutboxMessage, now: datetime, moment: float) -> None:
        """Return a message to its place in its chat, with its new `not_before`, to be tried again.

        What it edits goes before it: after a crash the edit may have been added first, and would never be sent.
        """
        self._paid.discard(message.id)
        waiting = self._chats[message.address]
        waiting[_place(waiting, message) or 0] = message
        root = next((each for each in waiting if each.id == message.edits), None)
        if root is not None:
            waiting.remove(root)
            waiting.appendleft(root)
        self._free(message.address, now, moment)

    def pause(self, channel: str, until: float) -> None:
        """Pause a channel until `until`."""
        self._pacers[channel].pause(until)

    def next_at(self, moment: float) -> float | None:
        """Return the moment of the next thing to do, None while nothing waits."""
        moments = [self._timers[0][0]] if self._timers else []
        moments += [self._free_at(channel, moment) for channel, ready in self._ready.items() if ready]
        opens = self._pacing.next_at()
        moments += [opens] if opens is not None else []
        return min(moments, default=None)

    def _has_room(self, message: OutboxMessage, now: datetime, moment: float) -> bool:
        address = message.address
        is_due = message.not_before <= now and not _is_over(message, now)
        is_plain = not (message.campaign or message.per_minute or address.channel in self._merging)
        is_next = address not in self._chats and not self._ready.get(address.channel)
        at_once = max(self._free_at(address.channel, moment), self._ready_at(address, moment)) <= moment
        return is_due and is_plain and is_next and at_once

    def _free(self, address: Address, now: datetime, moment: float) -> None:
        under_way = self._busy.pop(address, 1) - 1
        if under_way:
            self._busy[address] = under_way
        elif self._chats.get(address):
            self._line_up(address, now, moment)
        else:
            self._chats.pop(address, None)

    def _line_up(self, address: Address, now: datetime, moment: float) -> None:
        wait = (self._chats[address][0].not_before - now).total_seconds()
        if wait > 0:
            self._at(moment + wait, address)
        else:
            self._queue(address, moment)

    def _queue(self, address: Address, moment: float) -> None:
        """Queue a chat: in the queue of its campaign, or among all others."""
        first = self._chats[address][0]
        if first.per_minute:
            self._pacing.enter(first, moment)
        else:
            self._ready_for(address)

    def _turn_back(self, address: Address) -> None:
        first = self._chats[address][0]
        if first.per_minute:
            self._pacing.turned_back(first)

    def _ready_for(self, address: Address) -> None:
        self._order += 1
        first = self._chats[address][0]
        urgency = _URGENCY[Purpose.CAMPAIGN if first.campaign else first.purpose]
        heappush(self._ready.setdefault(address.channel, []), (urgency, self._order, address))

    def _at(self, moment: float, address: Address) -> None:
        self._order += 1
        heappush(self._timers, (moment, self._order, address))

    def _start(self, address: Address, free: int, now: datetime, moment: float) -> list[OutboxMessage]:
        started = self._together(address, free, now) or [self._chats[address][0]]
        self._busy[address] = len(started)
        if len(started) == 1 and _is_over(started[0], now):
            self._turn_back(address)  # to be ended, not sent: nothing is counted
        else:
            self._count(started, moment)
        return started

    def _count(self, started: Sequence[OutboxMessage], moment: float) -> None:
        first = started[0]
        if len(started) == 1:
            self._paid.add(first.id)
        if first.per_minute:
            self._pacing.went(first, moment)
        if first.channel in self._pacers:
            self._pacers[first.channel].take(first.chat, moment)

    def _together(self, address: Address, free: int, now: datetime) -> list[OutboxMessage]:
        """Return what a chat has waiting, if that is a crowd and its channel makes one message of it."""
        if address.channel not in self._merging:
            return []
        due = takewhile(lambda message: message.not_before <= now, self._chats[address])
        crowd = list(islice(due, min(free, _TOGETHER)))
        return crowd if len(crowd) >= _A_CROWD else []

    def _free_at(self, channel: str, moment: float) -> float:
        pacer = self._pacers.get(channel)
        return pacer.free_at(moment) if pacer is not None else moment

    def _ready_at(self, address: Address, moment: float) -> float:
        pacer = self._pacers.get(address.channel)
        return pacer.ready_at(address.chat, moment) if pacer is not None else moment


class Unpaced:
    """The pace of a channel without rate limits: everything goes at once, unless the platform asked for a pause."""

    def __init__(self) -> None:
        self._paused_until = 0.0

    def ready_at(self, chat: str, now: float) -> float:
        """Return the moment from which this chat may be written to."""
        del chat
        return now

    def free_at(self, now: float) -> float:
        """Return the moment from which any chat may be written to."""
        return max(now, self._paused_until)

    def take(self, chat: str, now: float) -> None:
        """Count nothing."""

    def give_back(self, chat: str) -> None:
        """Count nothing."""

    def pause(self, until: float) -> None:
        """Pause until `until`."""
        self._paused_until = max(self._paused_until, until)


def _is_over(message: OutboxMessage, now: datetime) -> bool:
    return message.expires_at is not None and message.expires_at <= now


def _by_chat(messages: Iterable[OutboxMessage]) -> dict[Address, list[OutboxMessage]]:
    """Return each chat's messages in order, without the edits that a later one overtakes."""
    listed = list(messages)
    last = {one.edits: one.id for one in listed if one.edits is not None}
    chats: dict[Address, list[OutboxMessage]] = {}
    for one in listed:
        if one.edits is None or last[one.edits] == one.id:
            chats.setdefault(one.address, []).append(one)
    return chats


def _place(waiting: Iterable[OutboxMessage], message: OutboxMessage) -> int | None:
    """Find a message's place in its chat."""
    return next((place for place, each in enumerate(waiting) if each.id == message.id), None)
