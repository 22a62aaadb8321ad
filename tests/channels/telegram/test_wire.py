"""Every way in which a call can fail is told apart, and none of them tells the token."""

import asyncio
import socket
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram.error import TelegramError

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.transport_errors import ApiError, GatewayError, NeverLeftError, NoAnswerError
from bot.channels.telegram.wire import Limits, Wire
from tests.support.botapi import Cut, FakeTelegram, Garbled, Html, Refuse, Slow, flood, refused
from tests.support.botapi.faults import Fault


async def failure(wire: Wire) -> TelegramError:
    """Make a call that must fail and return its error."""
    with pytest.raises(TelegramError) as caught:
        await wire.call("getMe", {})
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
        (Refuse(refused(500, "Internal Server Error")), ApiError),
    ],
    ids=repr,
)
async def test_a_failure_after_the_request_left_says_whether_it_may_have_been_done(
    telegram: FakeTelegram, channel: TelegramChannel, fault: Fault, problem: type[TelegramError]
) -> None:
    telegram.faults.plant(fault, method="getMe")
    assert type(await failure(channel.wire)) is problem


async def test_an_error_answer_is_told_whole(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    telegram.faults.plant(flood(7))
    error = await failure(channel.wire)
    assert isinstance(error, ApiError)
    assert (error.code, error.description, error.retry_after) == (429, "Too Many Requests: retry after 7", 7)
    assert not error.is_refusal


async def test_where_nobody_listens_the_request_never_leaves() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        wire = Wire("1:secret", f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert isinstance(await failure(wire), NeverLeftError)
        await wire.close()


async def test_a_call_that_gets_no_free_connection_never_leaves(telegram: FakeTelegram) -> None:
    await telegram.user(1).start()
    wire = Wire(telegram.token, telegram.api_base, Limits(connections=1, connect=0.1))
    telegram.faults.plant(Slow(0.4), method="getMe")
    slow = asyncio.create_task(wire.call("getMe", {}))
    await telegram.until(lambda: telegram.calls("getMe") or None)
    assert isinstance(await failure(wire), NeverLeftError)
    assert b"username" in bytes(await slow)
    await wire.close()


async def test_after_closing_a_call_never_leaves(channel: TelegramChannel) -> None:
    await channel.close()
    assert isinstance(await failure(channel.wire), NeverLeftError)


async def test_a_redirect_is_not_followed_with_the_token_in_hand(telegram: FakeTelegram) -> None:
    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{telegram.api_base}{request.path}")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", away)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire = Wire(telegram.token, f"http://127.0.0.1:{runner.addresses[0][1]}")
    assert isinstance(await failure(wire), GatewayError)
    assert telegram.log == []
    await wire.close()
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
        wire = Wire(telegram.token, base, Limits(answer=0.1, connect=0.3))
        error = await failure(wire)
        shown = "".join(traceback.format_exception(error)) + repr(error)
        assert telegram.token.partition(":")[2] not in shown
        assert error.__context__ is None
        await wire.close()
