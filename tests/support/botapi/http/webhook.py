"""Handing updates to the bot's webhook as Telegram does: in order inside a queue, retried until a 2xx."""

import asyncio
import contextlib
from dataclasses import dataclass

import aiohttp

from tests.support.botapi.bell import Bell
from tests.support.botapi.updates import Pending, Updates

__all__ = ["Subscription", "WebhookSender"]

LONGEST_ANSWER = 60.0
GOOD = range(200, 300)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the bot asked for by setWebhook; max_connections as Telegram counts it."""

    url: str
    secret: str = ""
    max_connections: int = 40


class WebhookSender:
    """One task per queue that has something to deliver, all over one connection pool.

    The first retry comes at once, the next after `backoff` seconds, each later one after twice as long up to
    `longest_backoff` (Telegram: 2 s up to a minute or two; tests are shorter).
    """

    def __init__(self, updates: Updates, bell: Bell, backoff: float, longest_backoff: float) -> None:
        self.subscription: Subscription | None = None
        self.last_error: str | None = None
        self._updates = updates
        self._bell = bell
        self._backoff = backoff
        self._longest = longest_backoff
        self._queues: dict[str, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    async def subscribe(self, subscription: Subscription | None) -> None:
        """Begin to deliver to this URL, or with None stop delivering."""
        await self.close()
        self.subscription = subscription
        if subscription is not None:
            connector = aiohttp.TCPConnector(limit=subscription.max_connections)
            self._session = aiohttp.ClientSession(connector=connector)
            self._watch = asyncio.create_task(self._watch_queues(subscription))

    async def close(self) -> None:
        """Stop every delivery under way; what was not accepted keeps waiting."""
        tasks = [*self._queues.values(), *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
        self._queues, self._watch = {}, None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _watch_queues(self, subscription: Subscription) -> None:
        def idle_queues() -> list[str] | None:
            waiting = dict.fromkeys(update.queue for update in self._updates.alive())
            return [queue for queue in waiting if queue not in self._queues] or None

        while True:
            for queue in await self._updates.bell.found(idle_queues, LONGEST_ANSWER) or ():
                self._queues[queue] = asyncio.create_task(self._empty(queue, subscription))

    async def _empty(self, queue: str, subscription: Subscription) -> None:
        try:
            while (update := self._next_of(queue)) is not None:
                await self._deliver(update, subscription)
        finally:
            self._queues.pop(queue, None)

    def _next_of(self, queue: str) -> Pending | None:
        return next((update for update in self._updates.alive() if update.queue == queue), None)

    async def _deliver(self, update: Pending, subscription: Subscription) -> None:
        pause = 0.0
        while update.expires_at > self._updates.clock():
            accepted = await self._accepted(update, subscription)
            if accepted:
                self._updates.taken(update)
            self._bell.ring()
            if accepted:
                return
            await asyncio.sleep(pause)
            pause = min(max(pause * 2, self._backoff), self._longest)

    async def _accepted(self, update: Pending, subscription: Subscription) -> bool:
        assert self._session is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": subscription.secret} if subscription.secret else {}
        try:
            async with self._session.post(
                subscription.url,
                json=update.body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(LONGEST_ANSWER),
            ) as answer:
                await answer.read()
                if answer.status in GOOD:
                    return True
                self.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {error!r}"
        return False
