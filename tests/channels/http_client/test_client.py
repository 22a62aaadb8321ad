"""The client itself: what it sends, and that after closing nothing leaves."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels.http_client.client import FileForm, HttpCall, HttpClient, HttpLimits, JsonPayload, PostedFile
from bot.channels.http_client.errors import ApiError, CallError, GatewayError, NeverLeftError, NoAnswerError
from bot.ports import CallWatch
from bot.process.system import SystemClock
from tests.support.certificate import write_certificate

LIMITS = HttpLimits(connections=2, connect=0.5, answer=0.5)


@dataclass(slots=True)
class Server:
    """A server that keeps what it is sent."""

    url: str = ""
    seen: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Keep method, path with query, content type and body."""
        self.seen.append((request.method, request.path_qs, request.content_type, await request.text()))
        return web.Response(text="taken", status=201)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server, app = Server(), web.Application()
    app.router.add_route("*", "/{any:.*}", server.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    client = HttpClient(LIMITS)
    yield client
    await client.close()


DATA = PostedFile("document", "data.json", "application/json", b"{}")


def both(status: int, body: bytes) -> tuple[int, bytes] | CallError:
    """Return an answer as it came."""
    return status, body


async def test_each_kind_of_body_arrives_as_it_is_named(server: Server, client: HttpClient) -> None:
    calls = [
        HttpCall(f"{server.url}/a", query={"access_token": "t&1"}),
        HttpCall(f"{server.url}/b", JsonPayload('{"a":"修好了"}'.encode())),
        HttpCall(f"{server.url}/c", FileForm({"chat_id": "7"}, DATA)),
    ]
    assert [await client.exchange(call, both) for call in calls] == [(201, b"taken")] * 3
    got, json, file = server.seen
    assert got == ("GET", "/a?access_token=t%261", "application/octet-stream", "")
    assert json == ("POST", "/b", "application/json", '{"a":"修好了"}')
    assert file[:3] == ("POST", "/c", "multipart/form-data")
    assert all(part in file[3] for part in ('name="document"; filename="data.json"', "application/json", "{}"))


async def test_after_closing_nothing_leaves(server: Server, client: HttpClient) -> None:
    await client.close()
    assert isinstance(await client.exchange(HttpCall(server.url), both), NeverLeftError)
    assert server.seen == []


async def test_a_text_that_no_request_can_hold_is_told_before_anything_leaves(
    server: Server, client: HttpClient
) -> None:
    form = FileForm({"text": "half \ud83d"}, DATA)
    with pytest.raises(ValueError, match="surrogates not allowed"):
        await client.exchange(HttpCall(server.url, form), both)
    assert server.seen == []


def _read_as(error: CallError, _status: int, _body: bytes) -> bytes | CallError:
    return error


async def test_every_call_that_fails_is_told_by_the_platforms_code_or_by_how_it_failed(server: Server) -> None:
    failed: list[str] = []
    watched = HttpClient(LIMITS, CallWatch(lambda _date: None, failed.append))
    for error in (ApiError(45009, "too much"), GatewayError("HTTP 502"), NoAnswerError("no words of theirs")):
        await watched.exchange(HttpCall(server.url), partial(_read_as, error))
    assert await watched.exchange(HttpCall(server.url), both) == (201, b"taken")
    await watched.close()
    await watched.exchange(HttpCall(server.url), both)
    assert failed == ["45009", "gateway", "no_answer", "never_left"]


async def test_the_date_of_an_answer_is_taken_where_the_connection_proves_who_gave_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    said: list[str] = []
    client, app = HttpClient(LIMITS, CallWatch(said.append, failed=said.append)), web.Application()
    app.router.add_get("/", server.take)
    runner, context = web.AppRunner(app), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        assert await client.exchange(HttpCall(server.url), both) == (201, b"taken")
        assert said == [], "over plain HTTP anybody may have said it"
        url = f"https://localhost:{runner.addresses[0][1]}/"
        assert await client.exchange(HttpCall(url), both) == (201, b"taken")
        assert len(said) == 1
        assert abs(parsedate_to_datetime(said[0]).timestamp() - SystemClock().now().timestamp()) < 5
    finally:
        await client.close()
        await runner.cleanup()
        await asyncio.sleep(0.05)  # the server closes its end of the TLS connection, in some turns of the loop


_CANCELLED = 5


def _answer_one(listening: socket.socket, answer: bytes) -> None:
    """Answer one request, in a thread: the event loop of the test stands still meanwhile."""
    with suppress(TimeoutError):  # it was cancelled before it had left
        taken, _ = listening.accept()
        with taken:
            taken.recv(65536)
            taken.sendall(answer)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", b""])
async def test_a_cancellation_that_comes_as_a_call_ends_is_not_dropped(client: HttpClient, answer: bytes) -> None:
    cancelled = 0
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(1)
        call = HttpCall(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        for _ in range(40):  # on a busy machine most calls are over before they can be cancelled
            answering = threading.Thread(target=_answer_one, args=[listening, answer])
            answering.start()
            calling = asyncio.create_task(client.exchange(call, both))
            await asyncio.sleep(0)  # it has begun
            threading.Event().wait(0.02)  # it ends, and the loop has not seen that yet, unless it was quicker
            if calling.cancel():
                with pytest.raises(asyncio.CancelledError):
                    await calling
                cancelled += 1
            answering.join()
            if cancelled == _CANCELLED:
                break
    assert cancelled
