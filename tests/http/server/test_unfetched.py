"""A client that does not fetch its answer is waited for like any other that is slow, however little is left of it."""

import asyncio
import math
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.types import Receive, Scope, Send

from bot.http.server.connections import ConnectionLimits, Connections
from bot.http.server.protocol import BoundedProtocol
from bot.http.server.serve import serve_http
from bot.process.alarms import Alarms
from bot.process.system import SystemClock
from scoring.values import replace
from tests.support.time.patience import PATIENCE

SIZE = 60_000
"""Bytes of an answer: more than the sockets below hold, and less than what makes a transport pause the application."""
LIMITS = ConnectionLimits(head=20, body=10, idle=75)
ANSWER_AND = {"close": b"connection: close\r\n", "keep": b""}


async def _app(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % SIZE)]})
    await send({"type": "http.response.body", "body": bytes(SIZE)})


@asynccontextmanager
async def _served(
    limits: ConnectionLimits, alarms: Alarms | None = None
) -> AsyncIterator[tuple[Connections, socket.socket]]:
    """Serve with small buffers, as far away; lend a client's socket that has a small one, too."""
    alarms, listening = alarms or Alarms(SystemClock()), asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connections = Connections(limits, alarms)
        serving = asyncio.create_task(serve_http(_app, [server], connections, listening.set))
        await listening.wait()
        client.connect(server.getsockname())
        client.settimeout(0)
        yield connections, client
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def _answered(connections: Connections, client: socket.socket, headers: bytes) -> BoundedProtocol:
    """Ask, fetch nothing, and return the connection once its answer is written."""
    await asyncio.get_running_loop().sock_sendall(client, b"GET / HTTP/1.1\r\nhost: x\r\n" + headers + b"\r\n")
    async with asyncio.timeout(PATIENCE):
        while True:
            for one in connections.connections:
                if isinstance(one, BoundedProtocol) and one.cycle is not None and one.cycle.response_complete:
                    return one
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("then", ANSWER_AND)
async def test_what_is_left_of_an_answer_has_to_be_fetched_in_time(then: str) -> None:
    async with _served(LIMITS) as (connections, client):
        one = await _answered(connections, client, ANSWER_AND[then])
        assert 0 < one.transport.get_write_buffer_size() < SIZE
        assert one.due - one.since == pytest.approx(LIMITS.body)
        assert one.transport.is_closing() == (then == "close")
        one.expire()  # as it will be closed then
        assert one.transport.is_closing()
        one.abort()


async def test_whoever_has_fetched_the_answer_has_the_time_between_two_requests() -> None:
    async with _served(LIMITS) as (connections, client):
        one = await _answered(connections, client, b"")
        left = SIZE
        while left > 0:
            left -= len(await asyncio.get_running_loop().sock_recv(client, SIZE))
        one.expire()
        assert not one.transport.is_closing()
        assert one.due - one.since == pytest.approx(LIMITS.idle)


@pytest.mark.proof  # it takes seconds
@pytest.mark.parametrize("then", ANSWER_AND)
async def test_a_connection_with_an_unfetched_rest_is_closed(then: str) -> None:
    async with _served(replace(LIMITS, body=0.3)) as (connections, client):
        await _answered(connections, client, ANSWER_AND[then])
        async with asyncio.timeout(PATIENCE):
            while connections.connections:  # noqa: ASYNC110 (seen from outside, by looking)
                await asyncio.sleep(0.02)


class _Odd:
    """A connection that cannot be closed in order, or not at all."""

    def __init__(self, *, may_be_cut: bool = True, address: str = "127.0.0.2", due: float = 0.0) -> None:
        self.client: tuple[str, int] | None = (address, 1)
        self.since = self.due = due
        self._may_be_cut = may_be_cut

    def expire(self) -> None:
        raise RuntimeError("planted")

    def abort(self) -> None:
        self.due = math.inf
        if not self._may_be_cut:
            raise RuntimeError("planted")


@pytest.mark.proof  # it takes seconds
async def test_a_connection_that_cannot_be_closed_in_order_does_not_keep_the_others_open() -> None:
    alarms = Alarms(SystemClock())
    async with _served(replace(LIMITS, head=0.3), alarms) as (connections, _):
        connections.admit(_Odd(may_be_cut=True))
        async with asyncio.timeout(PATIENCE):
            while connections.connections or not alarms.standing():  # noqa: ASYNC110 (as above)
                await asyncio.sleep(0.02)
        assert [alarm.name for alarm in alarms.standing()] == ["http.sweeping"]


@pytest.mark.proof  # it takes seconds
async def test_where_slow_clients_are_closed_no_more_the_server_ends_and_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connections = Connections(LIMITS, Alarms(SystemClock()))
        serving = asyncio.create_task(serve_http(_app, [server], connections, lambda: None))
        odd = _Odd(may_be_cut=False)
        connections.admit(odd)
        await asyncio.sleep(1.5)
        connections.leave(odd)
        with pytest.raises(RuntimeError, match="planted"):
            async with asyncio.timeout(PATIENCE):
                await serving


async def test_an_address_that_is_refused_is_not_remembered() -> None:
    connections = Connections(replace(LIMITS, most=1), Alarms(SystemClock()))
    assert connections.admit(_Odd(due=math.inf))
    refused = [connections.admit(_Odd(address=f"127.0.1.{number}")) for number in range(10)]
    assert not any(refused)
    by_address = [held for held in vars(connections).values() if isinstance(held, defaultdict)]
    assert [len(held) for held in by_address] == [1]
