"""The server keeps no connection that waits for its client too long, and no more of them than it may."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_network

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.http.limits import BodyLimit
from bot.http.server.connections import ConnectionLimits, Connections
from bot.http.server.protocol import BoundedProtocol
from bot.http.server.serve import serve_http
from bot.process.alarms import Alarms
from bot.process.server_sockets import bound_sockets
from bot.process.system import SystemClock
from scoring.values import replace
from tests.support.ports import reserved_port
from tests.support.time.patience import PATIENCE
from tests.support.web.raw import RawClient, raw_client

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\n"
HUGE = 32 * 1024 * 1024
QUICK = ConnectionLimits(head=0.3, body=0.3, idle=0.3)
PATIENT = ConnectionLimits(head=30, body=30, idle=30)


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the client's address; `/slow` after half a second, the others with more than any buffer holds."""
    await receive()
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    body = bytes(HUGE) if scope["path"] in {"/huge", "/parts"} else scope["client"][0].encode()
    part = HUGE // 16 if scope["path"] == "/parts" else HUGE
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    for start in range(0, len(body), part):
        await send(
            {"type": "http.response.body", "body": body[start : start + part], "more_body": start + part < len(body)}
        )


@dataclass(frozen=True, slots=True)
class Served:
    """A server on a port of its own."""

    port: int
    connections: Connections
    alarms: Alarms
    serving: asyncio.Task[None]

    def client(self, address: str = "127.0.0.1") -> AbstractAsyncContextManager[RawClient]:
        return raw_client(self.port, address)

    async def stop(self) -> None:
        self.serving.cancel()
        with suppress(asyncio.CancelledError):
            await self.serving


@asynccontextmanager
async def _served(limits: ConnectionLimits, app: ASGIApp = _app) -> AsyncIterator[Served]:
    alarms, listening = Alarms(SystemClock()), asyncio.Event()
    with reserved_port() as port:
        async with bound_sockets("127.0.0.1", port, lambda _key: "default") as sockets:
            connections = Connections(limits, alarms)
            serving = asyncio.create_task(serve_http(BodyLimit(app), sockets, connections, listening.set))
            await listening.wait()
            served = Served(port, connections, alarms, serving)
            try:
                yield served
            finally:
                await served.stop()


LATE = {
    b"": "",
    b"\r\n\r\n": "",
    b"GET / HTTP/1.1\r\nx: y": "HTTP/1.1 408",
    POST + b"abc": "HTTP/1.1 408",
    b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n": "HTTP/1.1 408",
}
"""What is sent of a request, and what the client is told that sends no more."""


async def test_a_request_that_does_not_arrive_in_time_is_closed() -> None:
    async with _served(QUICK) as served, AsyncExitStack() as opened:
        clients = [await opened.enter_async_context(served.client()) for _ in LATE]
        await asyncio.gather(*(client.send(sent) for client, sent in zip(clients, LATE, strict=True)))
        told = await asyncio.gather(*(client.answer(within=3) for client in clients))
        assert [line[:12] for line in told] == list(LATE.values())
        assert all(await asyncio.gather(*(client.is_closed() for client in clients)))


async def test_a_client_that_sends_a_byte_now_and_then_is_late_all_the_same() -> None:
    async with _served(QUICK) as served, served.client() as client:
        await client.send(b"GET / HTTP/1.1\r\nx: ")
        dribbling = asyncio.create_task(_dribble(client))
        assert (await client.answer(within=3))[:12] == "HTTP/1.1 408"
        dribbling.cancel()


async def _dribble(client: RawClient) -> None:
    while True:
        await client.send(b"y")
        await asyncio.sleep(0.05)


@pytest.mark.proof  # it takes seconds
async def test_an_answer_that_nobody_fetches_is_given_up() -> None:
    async with _served(QUICK) as served, served.client() as client, served.client() as other:
        await client.send(b"GET /huge HTTP/1.1\r\n\r\n")  # all at once, which is then sent by the server
        await other.send(b"GET /parts HTTP/1.1\r\n\r\n")  # in parts, with the application waiting for each
        await _until(lambda: served.connections.tasks)
        await _until(lambda: not served.connections.connections and not served.connections.tasks)


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 (seen from outside, by looking)
            await asyncio.sleep(0.02)


async def test_a_slow_answer_is_waited_for_and_the_connection_is_kept_for_the_next_request() -> None:
    async with _served(ConnectionLimits(head=0.3, body=0.3, idle=30)) as served, served.client() as client:
        for request in (b"GET /slow HTTP/1.1\r\n\r\n", POST + b"abcde", GET):
            await client.send(request)
            assert (await client.answer())[:12] == "HTTP/1.1 200"
            await client.body(len("127.0.0.1"))
            await asyncio.sleep(0.5)


async def test_a_connection_on_which_no_further_request_comes_is_closed() -> None:
    async with _served(ConnectionLimits(head=20, body=10, idle=75)) as served, served.client() as client:
        await client.send(GET)
        assert (await client.answer())[:12] == "HTTP/1.1 200"
        await client.body(len("127.0.0.1"))
        (one,) = served.connections.connections
        assert isinstance(one, BoundedProtocol)
        assert one.due - one.since == pytest.approx(75)
        one.expire()  # as it will be then
        assert await client.is_closed()


async def test_of_one_address_the_connection_that_waits_longest_makes_room(caplog: pytest.LogCaptureFixture) -> None:
    async with _served(replace(PATIENT, most_per_address=2)) as served, AsyncExitStack() as opened:
        neighbour = await opened.enter_async_context(served.client("127.0.0.2"))
        crowd = []
        for _ in range(5):
            crowd.append(await opened.enter_async_context(served.client()))
            await crowd[-1].send(POST)
            await _until(lambda: served.connections.connections)
        assert [await client.is_closed(0.2) for client in crowd] == [True, True, True, False, False]
        await crowd[-1].send(b"abcde")
        assert (await crowd[-1].answer())[:12] == "HTTP/1.1 200"
        assert not await neighbour.is_closed(0.1)
        assert [alarm.name for alarm in served.alarms.standing()] == []
    told = [
        record.getMessage() for record in caplog.records if "127.0.0.1 has 2 connections open" in record.getMessage()
    ]
    assert len(told) == 1


async def test_as_many_as_may_be_is_an_alarm_and_a_new_client_is_served() -> None:
    async with _served(replace(PATIENT, most=4)) as served, AsyncExitStack() as opened:
        for number in range(1, 11):
            crowd = await opened.enter_async_context(served.client(f"127.0.0.{number}"))
            await crowd.send(b"GET / HTTP")
        async with served.client("127.0.1.1") as client:
            await client.send(GET)
            assert (await client.answer())[:12] == "HTTP/1.1 200"
        assert [alarm.name for alarm in served.alarms.standing()] == ["http.connections"]
        assert len(served.connections.connections) <= 4
        await opened.aclose()
        await _until(lambda: not served.alarms.standing())


async def test_who_is_being_answered_does_not_make_room() -> None:
    async with _served(replace(PATIENT, most=1)) as served, served.client() as first:
        await first.send(b"GET /slow HTTP/1.1\r\n\r\n")
        await _until(lambda: served.connections.tasks)
        async with served.client() as second:
            assert (await second.answer())[:12] == "HTTP/1.1 503"
        assert (await first.answer())[:12] == "HTTP/1.1 200"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "known_as"),
    [
        pytest.param((), b"203.0.113.9", b"127.0.0.1", id="from nobody in particular"),
        pytest.param(("127.0.0.0/8",), b"203.0.113.9", b"203.0.113.9", id="from the proxy"),
        pytest.param(
            ("127.0.0.0/8",), b"198.51.100.1, 203.0.113.9, 127.0.0.7", b"203.0.113.9", id="through two proxies"
        ),
        pytest.param(("127.0.0.9",), b"203.0.113.9", b"127.0.0.1", id="from another than the proxy"),
    ],
)
async def test_a_forwarded_address_is_believed_of_a_proxy_only(
    proxies: Sequence[str], forwarded: bytes, known_as: bytes
) -> None:
    limits = replace(PATIENT, proxies=tuple(map(ip_network, proxies)))
    async with _served(limits) as served, served.client() as client:
        await client.send(b"GET / HTTP/1.1\r\nx-forwarded-for: " + forwarded + b"\r\n\r\n")
        assert (await client.answer())[:12] == "HTTP/1.1 200"
        assert await client.body(len(known_as)) == known_as


async def test_connections_of_a_proxy_are_not_counted_as_one_address() -> None:
    limits = replace(PATIENT, most_per_address=1, proxies=(ip_network("127.0.0.0/8"),))
    async with _served(limits) as served, served.client() as first, served.client() as second:
        for client in (first, second):
            await client.send(GET)
            assert (await client.answer())[:12] == "HTTP/1.1 200"


async def test_a_body_that_breaks_off_is_not_taken_for_an_empty_one() -> None:
    begun = []

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])
        await _app(scope, receive, send)

    async with _served(PATIENT, note) as served:
        async with served.client() as client:
            await client.send(POST + b"abc")
            await _until(lambda: served.connections.tasks)
        await _until(lambda: not served.connections.tasks)
    assert begun == []


async def test_a_server_that_stops_answers_what_is_whole_and_nothing_else() -> None:
    async with _served(PATIENT) as served, served.client() as half, served.client() as whole, served.client() as idle:
        await half.send(POST + b"abc")
        await whole.send(b"GET /slow HTTP/1.1\r\n\r\n")
        await _until(lambda: len(served.connections.tasks) == 2)
        stopping = asyncio.create_task(served.stop())
        assert (await half.answer())[:12] == "HTTP/1.1 503"
        assert (await whole.answer())[:12] == "HTTP/1.1 200"
        assert await idle.is_closed()
        await stopping


@pytest.mark.proof  # requests under way get two seconds
async def test_a_server_that_stops_cuts_off_an_answer_that_nobody_fetches() -> None:
    async with _served(PATIENT) as served, served.client() as client:
        await client.send(b"GET /huge HTTP/1.1\r\n\r\n")
        assert (await client.answer())[:12] == "HTTP/1.1 200"
        await served.stop()
        assert len(await client.rest()) < HUGE, "nothing more is sent by what has stopped"
