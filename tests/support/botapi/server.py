"""The HTTP side of the fake: `/bot{token}/{method}`, checked, recorded, and broken on request."""

import asyncio
import contextlib
import inspect
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from tests.support.botapi import faults as fault
from tests.support.botapi.bot import Bot
from tests.support.botapi.clock import wall_clock
from tests.support.botapi.errors import ApiError, broken, refused
from tests.support.botapi.http.params import Params
from tests.support.botapi.http.reading import chat_of, read_request
from tests.support.botapi.http.webhook import WebhookSender
from tests.support.botapi.methods import METHODS
from tests.support.botapi.people import Group, Person
from tests.support.botapi.rates import Send, is_counted
from tests.support.botapi.updates import Updates
from tests.support.botapi.world import Message, World
from tests.support.time.patience import PATIENCE

__all__ = ["TOKEN", "Call", "FakeTelegram", "Violation"]

Json = dict[str, Any]
T = TypeVar("T")
TOKEN = "7000000001:AAfakeTokenOfTheFakeTelegramServer0"
LARGEST_BODY = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came, and what it was answered: HTTP status, and the description of an error."""

    at: float
    method: str
    values: Mapping[str, Any]
    status: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that no correct bot sends: the method, the rule in Telegram's words, the parameters."""

    method: str
    rule: str
    values: Mapping[str, Any]


@dataclass(slots=True, repr=False)
class FakeTelegram:
    """A Telegram with one bot. `query_life`: seconds in which a press can be answered; `backoff`: webhook retries."""

    token: str = TOKEN
    clock: Callable[[], float] = wall_clock
    query_life: float = 15.0
    backoff: float = 0.05
    longest_backoff: float = 1.0
    api_base: str = ""
    more_doors: list[Callable[[web.Application, "FakeTelegram"], None]] = field(default_factory=list)
    log: list[Call] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    refusals: list[Call] = field(default_factory=list)
    sends: list[Send] = field(default_factory=list)
    faults: fault.Faults = field(default_factory=fault.Faults)
    bot: Bot = field(init=False)

    def __post_init__(self) -> None:
        updates = Updates(self.clock)
        world = World()
        webhook = WebhookSender(updates, world.bell, self.backoff, self.longest_backoff)
        self.bot = Bot(self.clock, world, updates, webhook, self.query_life)

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator["FakeTelegram"]:
        """Listen on loopback (port 0: any free one) while the block runs; `api_base` then says where."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        for add_more in self.more_doors:
            add_more(app, self)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        await site.start()
        self.api_base = f"http://{host}:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            self.bot.updates.interrupt("the fake Telegram ends")
            await self.bot.webhook.close()
            await runner.cleanup()

    @property
    def world(self) -> World:
        """Return the people, chats and messages."""
        return self.bot.world

    def user(self, number: int, *, name: str = "王女士", language: str | None = "zh-hans") -> Person:
        """Bring a person into the world, or give the one with this id."""
        return Person.known(self.bot, number, name, language)

    def group(self, number: int, title: str, members: list[Person], *, bot_is_admin: bool = False) -> Group:
        """Bring a group into the world that the bot is in; `-100…` is a supergroup. The first member owns it."""
        return Group.founded(self.bot, number, title, [p.account for p in members], bot_is_admin=bot_is_admin)

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more, confirmed or not."""
        self.bot.updates.redeliver(update_id)

    def calls(self, method: str) -> list[Call]:
        """List the calls of one method, in order."""
        return [call for call in self.log if call.method.lower() == method.lower()]

    def messages(self, chat_id: int) -> list[Message]:
        """List everything in a chat as it reads now, the oldest first."""
        return list(self.world.chats[chat_id].messages.values())

    async def until(self, look: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Wait until `look` finds something (anything but None) in the world or the log."""
        return await self.world.bell.until(look, within, lambda: f"{look}; violations: {self.violations}")

    async def all_taken(self, within: float = PATIENCE) -> None:
        """Wait until the bot has accepted or confirmed every update."""
        await self.until(lambda: None if self.bot.updates.alive() else True, within)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            params = await read_request(request)
        except ApiError as error:
            return self._refuse(method, {}, error)
        self._count(method, params)
        strike = self.faults.strike(method, chat_of(params))
        if strike is None:
            return await self._answer(request, method, params)
        return await self._broken_answer(request, method, params, strike)

    async def _answer(self, request: web.Request, method: str, params: Params) -> web.Response:
        try:
            result = await self._result(request.match_info["token"], method, params)
        except ApiError as error:
            return self._refuse(method, params.values, error)
        self.log.append(Call(time.monotonic(), method, params.values, 200))
        if unknown := params.unread():
            self._violate(method, f"unknown parameters: {unknown}", params.values)
        self.world.bell.ring()
        return web.json_response({"ok": True, "result": result})

    async def _result(self, token: str, method: str, params: Params) -> Any:  # noqa: ANN401 (any JSON)
        if token != self.token:
            raise broken("Unauthorized", code=401)
        handler = METHODS.get(method.lower())
        if handler is None:
            raise broken("Not Found: method not found", code=404)
        result = handler(self.bot, params)
        return await result if inspect.isawaitable(result) else result

    def _refuse(self, method: str, values: Mapping[str, Any], error: ApiError) -> web.Response:
        call = Call(time.monotonic(), method, values, error.code, error.description)
        self.log.append(call)
        if error.rule_broken:
            self._violate(method, error.description, values)
        else:
            self.refusals.append(call)
        self.world.bell.ring()
        return web.json_response(error.body(), status=error.code)

    def _violate(self, method: str, rule: str, values: Mapping[str, Any]) -> None:
        self.violations.append(Violation(method, rule, values))

    def _count(self, method: str, params: Params) -> None:
        chat_id = chat_of(params)
        if is_counted(method) and chat_id is not None:
            self.sends.append(Send(time.monotonic(), chat_id, method))

    async def _broken_answer(
        self, request: web.Request, method: str, params: Params, strike: fault.Fault
    ) -> web.StreamResponse:
        match strike:
            case fault.Refuse(error):
                return self._refuse(method, params.values, error)
            case fault.Html(status, done):
                if done:
                    await self._answer(request, method, params)
                else:
                    self._refuse(method, params.values, refused(status, "a page of HTML"))
                return web.Response(status=status, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")
            case fault.Slow(seconds):
                answer = await self._answer(request, method, params)
                await asyncio.sleep(seconds)
                return answer
            case fault.Garbled(body):
                await self._answer(request, method, params)
                return web.Response(text=body, content_type="application/json")
            case fault.Cut(done, after):
                await self._effect_before_cut(request, method, params, done=done)
                await asyncio.sleep(after)
                assert request.transport is not None
                request.transport.abort()
                return web.Response()

    async def _effect_before_cut(self, request: web.Request, method: str, params: Params, *, done: bool) -> None:
        if done:
            await self._answer(request, method, params)
        else:
            self._refuse(method, params.values, refused(0, "the connection was cut before it arrived"))
