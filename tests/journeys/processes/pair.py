"""Two processes of the product on one PostgreSQL, and what stands before them and passes each request to one."""

import asyncio
import itertools
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import httpx
from aiohttp import web

from tests.support.botapi import Person
from tests.support.process import KEY, Product, product_at
from tests.support.town.town import Town, eventually, town_at
from tests.support.town.wechat_town import INVITATION_TEMPLATE, wechat_settings
from tests.support.wechat import FakeWeChat

__all__ = ["WITHIN", "Front", "Pair", "pair_at"]

WITHIN = 60.0
"""Seconds that a person waits at most, on a machine that is busy with all of this."""
PASSED_OVER_AFTER = 3.0
"""Seconds for which a process that is stopped may leave a request without an answer."""
NO_LIMIT = aiohttp.ClientTimeout(None)
KEPT = ("content-type", "authorization", "x-telegram-bot-api-secret-token")
PAIR = {
    "survey.reminder_after": "40h",
    "survey.quarantine": "0s",
    "alerts.claim_within": "24h",
    "wechat.template_id": INVITATION_TEMPLATE,
    "wechat.template_fields": json.dumps({"thing1": "{subject}"}),
}

Choose = Callable[[bytes], int]


@dataclass(slots=True)
class Front:
    """What balances load does: one that cannot be reached, or is stopped for three seconds, is passed over.

    One that is only slow is waited for, so that who serves a request does not depend on the machine's load.
    """

    ports: list[int] = field(default_factory=list)
    choose: Choose = field(init=False)
    url: str = ""
    served: list[int] = field(default_factory=lambda: [0, 0])
    _turns: Iterator[int] = field(default_factory=lambda: itertools.cycle((0, 1)))
    _session: aiohttp.ClientSession | None = None
    _stopped: set[int] = field(default_factory=set)
    _waiting: tuple[set[asyncio.Timeout], ...] = field(default_factory=lambda: (set(), set()))

    def __post_init__(self) -> None:
        self.choose = self.alternate

    def only(self, number: int) -> None:
        """Choose one process for everything."""
        self.choose = lambda _body: number

    def alternate(self, _body: bytes) -> int:
        """Choose one after the other."""
        return next(self._turns)

    def stopped(self, number: int) -> None:
        """Take note that a process has been stopped: what waits for it, and what comes, does so for some seconds."""
        self._stopped.add(number)
        for limit in self._waiting[number]:
            limit.reschedule(asyncio.get_running_loop().time() + PASSED_OVER_AFTER)

    def goes_on(self, number: int) -> None:
        """Take note that a process goes on."""
        self._stopped.discard(number)
        for limit in self._waiting[number]:
            if not limit.expired():
                limit.reschedule(None)

    async def pass_on(self, request: web.Request) -> web.Response:
        """Pass a request to the one chosen, and to the other where it fails."""
        body = await request.read()
        first = self.choose(body)
        for number in (first, 1 - first):
            answer = await self._asked(number, request, body)
            if answer is not None:
                self.served[number] += 1
                return answer
        return web.Response(status=HTTPStatus.BAD_GATEWAY)

    async def _asked(self, number: int, request: web.Request, body: bytes) -> web.Response | None:
        assert self._session is not None
        url = f"http://127.0.0.1:{self.ports[number]}{request.path_qs}"
        headers = {name: request.headers[name] for name in KEPT if name in request.headers}
        try:
            async with (
                self._limit(number),
                self._session.request(
                    request.method, url, data=body, headers=headers, timeout=NO_LIMIT, allow_redirects=False
                ) as answer,
            ):
                return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)
        except (aiohttp.ClientError, TimeoutError):
            return None

    @asynccontextmanager
    async def _limit(self, number: int) -> AsyncIterator[None]:
        async with asyncio.timeout(PASSED_OVER_AFTER if number in self._stopped else None) as limit:
            self._waiting[number].add(limit)
            try:
                yield
            finally:
                self._waiting[number].discard(limit)

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["Front"]:
        """Listen on loopback while the block runs."""
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self.pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as self._session:
            try:
                yield self
            finally:
                await runner.cleanup()


@dataclass(slots=True)
class Pair:
    """A town that two processes serve; the first one has all the roles that only one may have."""

    town: Town
    wechat: FakeWeChat
    front: Front
    products: tuple[Product, Product]
    database: str
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(300_001))

    def person(self) -> Person:
        """Bring a customer into the town who pressed Start long ago."""
        person = self.town.telegram.user(next(self._numbers), name="王女士")
        person.chat.bot = "member"
        return person

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        connection = await asyncpg.connect(self.database)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    async def settles(self, within: float) -> None:
        """Wait until no message is on its way."""

        async def look() -> bool | None:
            return None if await self.rows("SELECT 1 FROM outbox WHERE status IN ('pending', 'leased')") else True

        await eventually(look, within)

    async def sender(self, within: float = 30.0) -> None:
        """Wait until some process has the role of the sender."""

        async def look() -> bool | None:
            return True if await self.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted") else None

        await eventually(look, within)

    def signals(self, number: int, what: signal.Signals) -> None:
        """Send a signal to a process; while it is stopped, requests are passed over it."""
        process = self.products[number].process
        assert process is not None
        os.kill(process.pid, what)
        if what is signal.SIGSTOP:
            self.front.stopped(number)
        elif what is signal.SIGCONT:
            self.front.goes_on(number)

    def errors(self) -> list[str]:
        """Return the alarms, or the texts, of all lines of level ERROR."""
        lines = [line for product in self.products for line in product.log.splitlines() if line.startswith("{")]
        told = [json.loads(line) for line in lines]
        return [line.get("alarm") or line["message"] for line in told if line["level"] == "ERROR"]


@asynccontextmanager
async def pair_at(folder: Path, url: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Pair]:
    """Start two processes on a migrated database, the one with the roles first."""
    homes = folder / "first", folder / "second"
    for home in homes:
        home.mkdir(parents=True)
    async with Front().serve() as front, FakeWeChat().serve() as wechat:
        wechat.template(INVITATION_TEMPLATE, "thing1")
        ours = (
            PAIR | {"database.url": url, "http.public_url": front.url} | wechat_settings(wechat) | dict(settings or {})
        )
        async with (
            town_at(homes[0], "webhook", ours, warm=True) as town,
            product_at(homes[1], {**town.product.settings, "http.port": "0"}, warm=True) as second,
        ):
            first = town.product
            second.settings = {**second.settings, "http.port": str(second.port)}
            front.ports = [first.port, second.port]
            headers = {"Authorization": f"Bearer {KEY}"}
            async with httpx.AsyncClient(base_url=front.url, headers=headers, trust_env=False, timeout=WITHIN) as api:
                pair = Pair(Town(Product(homes[0], 0, {}, api), *_people(town)), wechat, front, (first, second), url)
                await first.start()
                await pair.sender()
                await second.start()
                await wechat.courier.register(f"{front.url}/hooks/wechat")
                front.served[:] = [0, 0]
                yield pair


def _people(town: Town) -> tuple[Any, ...]:
    return town.telegram, town.group, town.li, town.zhang
