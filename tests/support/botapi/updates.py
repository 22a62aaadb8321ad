"""The updates that wait for the bot: their numbers, order, lifetime, and long polling."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.support.botapi.bell import Bell
from tests.support.botapi.errors import ApiError, refused

__all__ = ["ALL_BY_DEFAULT", "Pending", "Updates"]

Json = dict[str, Any]
ALL_BY_DEFAULT = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
LONGEST_POLL = 50.0  # the Bot API server's own cap, seconds
MOST_AT_ONCE = 100
CALLBACK_LIFE = 150.0  # how long the Bot API server keeps an undelivered press, seconds
MESSAGE_LIFE = 86_400.0
FIRST_ID = 480_000_001


@dataclass(frozen=True, slots=True)
class Pending:
    """One undelivered update: its queue (delivery is in order inside one) and its last moment."""

    id: int
    queue: str
    expires_at: float
    body: Json


class Updates:
    """All updates ever made, and those among them that the bot has not taken yet."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.bell = Bell()
        self.allowed = ALL_BY_DEFAULT
        self.made: dict[int, Pending] = {}
        self.waiting: dict[int, Pending] = {}
        self.forgotten: set[int] = set()
        self._kept: set[int] = set()  # survives the next offset: to be polled once more
        self._twice: set[int] = set()  # survives the webhook's next 2xx
        self._poller: asyncio.Future[ApiError] | None = None

    def put(self, kind: str, content: Json, queue: str) -> int:
        """Make an update of this kind, unless the bot did not ask for the kind; gives its id or 0."""
        if kind not in self.allowed:
            return 0
        life = CALLBACK_LIFE if kind == "callback_query" else MESSAGE_LIFE
        number = FIRST_ID + len(self.made)
        update = Pending(number, queue, self.clock() + life, {"update_id": number, kind: content})
        self.made[number] = self.waiting[number] = update
        self.bell.ring()
        return number

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more, even one that the bot has confirmed."""
        self._kept.add(update_id)
        if update_id in self.waiting:
            self._twice.add(update_id)
        self.waiting[update_id] = self.made[update_id]
        self.bell.ring()

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember `allowed_updates`: None keeps the setting, an empty list means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or ALL_BY_DEFAULT

    @property
    def shortest_life(self) -> float:
        """The seconds until the first of those that wait is forgotten."""
        return min((update.expires_at for update in self.waiting.values()), default=float("inf")) - self.clock()

    def alive(self) -> list[Pending]:
        """List what is still worth delivering, by update id; what is too old is forgotten."""
        now = self.clock()
        self.forgotten.update(number for number, update in self.waiting.items() if update.expires_at <= now)
        self.waiting = {number: update for number, update in self.waiting.items() if update.expires_at > now}
        return sorted(self.waiting.values(), key=lambda update: update.id)

    def taken(self, update: Pending) -> None:
        """Forget an update that the bot's webhook has accepted, unless it is to come once more."""
        self._kept.discard(update.id)
        if update.id in self._twice:
            self._twice.discard(update.id)
        else:
            self.waiting.pop(update.id, None)

    def interrupt(self, why: str) -> None:
        """End the long poll under way, if there is one, with 409 and this reason."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(refused(409, f"Conflict: {why}"))

    async def poll(self, offset: int, limit: int, wait: float) -> list[Json]:
        """Answer getUpdates: confirm what lies below the offset, then wait for something newer.

        A second poller ends the first with 409, as the Bot API server does.
        """
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        mine = self._poller = asyncio.get_running_loop().create_future()
        look = asyncio.ensure_future(self._first(min(limit, MOST_AT_ONCE), min(wait, LONGEST_POLL)))
        try:
            await asyncio.wait({mine, look}, return_when=asyncio.FIRST_COMPLETED)
            if mine.done():
                raise mine.result()
            return self._handed_over(look.result())
        finally:
            look.cancel()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = max(self.waiting, default=0) + offset + 1
        self.waiting = {n: update for n, update in self.waiting.items() if n >= offset or n in self._kept}

    async def _first(self, limit: int, wait: float) -> list[Json]:
        return await self.bell.found(lambda: [u.body for u in self.alive()[:limit]] or None, wait) or []

    def _handed_over(self, bodies: list[Json]) -> list[Json]:
        self._kept -= {body["update_id"] for body in bodies}
        return bodies
