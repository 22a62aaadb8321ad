"""Every way in which a call can fail is told apart, and none of them tells the token."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.channels.http_client.client import HttpLimits
from bot.channels.http_client.errors import CallError, GatewayError, NeverLeftError, NoAnswerError
from bot.channels.telegram.api.bot_api import BotApi
from bot.channels.telegram.api.errors import BotApiError
from bot.channels.telegram.channel import TelegramChannel
from tests.support.botapi import Cut, FakeTelegram, Garbled, Html, Refuse, Slow, flood, refused
from tests.support.botapi.faults import Fault


async def failure(api: BotApi) -> CallError:
    """Make a call that must fail and return its error."""
    with pytest.raises(CallError) as caught:
        await api.call("getMe", {})
    return caught.value


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Html(502), GatewayError),
        (Html(403), GatewayError),
        (Html(504), NoAnswerError),
        (Html(200), NoAnswerError),
        (Garbled(), NoAnswerError),
        (Cut(done=True), NoAnswerError),
        (Cut(done=False), NoAnswerError),
        (Slow(5), NoAnswerError),
        (Refuse(refused(500, "Internal Server Error")), BotApiError),
    ],
    ids=repr,
)
async def test_a_failure_after_the_request_left_says_whether_it_may_have_been_done(
    telegram: FakeTelegram, channel: TelegramChannel, fault: Fault, problem: type[CallError]
) -> None:
    telegram.faults.plant(fault, method="getMe")
    assert type(await failure(channel.api)) is problem


async def test_an_error_answer_is_told_whole(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    telegram.faults.plant(flood(7))
    error = await failure(channel.api)
    assert isinstance(error, BotApiError)
    assert (error.code, error.text, error.retry_after) == (429, "Too Many Requests: retry after 7", 7)
    assert not error.is_refusal


async def test_where_nobody_listens_the_request_never_leaves() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api = BotApi("1:secret", f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert isinstance(await failure(api), NeverLeftError)
        await api.close()


async def test_a_call_that_gets_no_free_connection_never_leaves(telegram: FakeTelegram) -> None:
    await telegram.user(1).start()
    api = BotApi(telegram.token, telegram.api_base, HttpLimits(connections=1, connect=0.1, answer=30.0))
    telegram.faults.plant(Slow(0.4), method="getMe")
    slow = asyncio.create_task(api.call("getMe", {}))
    await telegram.until(lambda: telegram.calls("getMe") or None)
    assert isinstance(await failure(api), NeverLeftError)
    assert b"username" in bytes(await slow)
    await api.close()


async def test_after_closing_a_call_never_leaves(channel: TelegramChannel) -> None:
    await channel.close()
    assert isinstance(await failure(channel.api), NeverLeftError)


async def test_a_redirect_is_not_followed_with_the_token_in_hand(telegram: FakeTelegram) -> None:
    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{telegram.api_base}{request.path}")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", away)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = BotApi(telegram.token, f"http://127.0.0.1:{runner.addresses[0][1]}")
    assert isinstance(await failure(api), GatewayError)
    assert telegram.log == []
    await api.close()
    await runner.cleanup()


@pytest.fixture
async def talkative() -> AsyncIterator[str]:
    """A server that drops every connection in the middle of its answer."""

    async def drop(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_no_failure_shows_the_token_not_even_in_its_causes(talkative: str, telegram: FakeTelegram) -> None:
    telegram.faults.plant(Slow(1), times=None)
    bases = ["http://127.0.0.1:1", "http://no-such-host.invalid", talkative, telegram.api_base]
    for base in bases:
        api = BotApi(telegram.token, base, HttpLimits(connections=128, connect=0.3, answer=0.1))
        error = await failure(api)
        shown = "".join(traceback.format_exception(error)) + repr(error)
        assert telegram.token.partition(":")[2] not in shown
        assert error.__context__ is None
        await api.close()
