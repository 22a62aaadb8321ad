"""Whoever reaches the port without any secret cannot take the memory, the connections or the time of the service."""

import asyncio
import json
import os
import resource
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from bot.http.server.protocol import LARGEST_HEAD
from tests.support.process import Product, product_at
from tests.support.town.town import HOOKS_SECRET, Town
from tests.support.web.raw import RawClient, raw_client

MIB = 1024 * 1024
POST = b"POST /hooks/tickets HTTP/1.1\r\nhost: x\r\n"
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
FLOODS = {
    "headers": (b"GET /healthz HTTP/1.1\r\n", b"a: b\r\n" * 8192, "431"),
    "one header": (b"GET /healthz HTTP/1.1\r\na: ", b"b" * 65536, "431"),
    "the name of a header": (b"GET /healthz HTTP/1.1\r\n", b"b" * 65536, "431"),
    "an address": (b"GET /", b"a" * 65536, "414"),
    "blank lines": (b"", b"\r\n" * 32768, "431"),
    "trailers": (CHUNKED + b"0\r\n", b"a: b\r\n" * 8192, "431"),
    "one trailer": (CHUNKED + b"0\r\na: ", b"b" * 65536, "431"),
    "an extension of a chunk": (CHUNKED + b"1;a=", b"b" * 65536, "431"),
    "chunks": (CHUNKED, b"ffff\r\n" + b"a" * 65535 + b"\r\n", "413"),
    "a body": (POST + b"content-length: 99999999999\r\n\r\n", b"a" * 65536, "413"),
    "requests": (b"", b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n" * 1024, ""),
}
"""What is sent first, what then without end, and how it is answered."""


def _memory(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _memory_at_rest(pid: int) -> int:
    """Return it once a second adds nothing: soon after its start a process reads the words of comments."""
    found = 0
    while (now := _memory(pid)) - found > MIB:
        found = now
        await asyncio.sleep(1)
    return now


@pytest.mark.asyncio(loop_scope="session")
async def test_a_hundred_megabytes_of_anything_leave_the_memory_as_it_was(town: Town) -> None:
    assert town.product.process is not None
    before = await _memory_at_rest(town.product.process.pid)
    for kind, (first, piece, status) in FLOODS.items():
        sent, answers = 0, set[str]()
        while sent < 10 * MIB:
            async with raw_client(town.product.port) as client:
                await client.send(first)
                sent += await client.flood(piece, 10 * MIB)
                answers.add((await client.answer())[9:12])
        assert answers <= {status, ""}, kind
        assert not status or status in answers, kind
    assert _memory(town.product.process.pid) - before < 20 * MIB


@pytest.mark.some(2)
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("more", "status"), [pytest.param(0, "200", id="largest"), pytest.param(1, "431", id="larger")]
)
@pytest.mark.parametrize("parts", [pytest.param(1, id="at once"), pytest.param(7, id="in parts")])
async def test_a_head_may_hold_32_kib_and_not_a_byte_more(town: Town, more: int, status: str, parts: int) -> None:
    line, end = b"GET /healthz HTTP/1.1\r\na: ", b"\r\n\r\n"
    head = line + b"b" * (LARGEST_HEAD - len(line) - len(end) + more) + end
    async with raw_client(town.product.port) as client:
        size = len(head) // parts
        for start in range(0, len(head), size):
            await client.send(head[start : start + size])
            await asyncio.sleep(0.01)
        assert (await client.answer())[9:12] == status


@pytest.mark.asyncio(loop_scope="session")
async def test_requests_sent_behind_each_other_are_answered_in_turn(town: Town) -> None:
    async with raw_client(town.product.port) as client:
        await client.send(b"GET /healthz HTTP/1.1\r\n\r\n" * 49 + b"GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n")
        assert (await client.rest()).count(b"200 OK") == 50


@pytest.mark.asyncio(loop_scope="session")
async def test_no_websocket_is_opened_and_other_upgrades_are_passed_over(town: Town) -> None:
    """Java's client of HTTP asks for h2c in its first request, in cleartext; RFC 9110, 7.8 lets a server ignore it."""
    upgrade = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: %s\r\n\r\n"
    async with raw_client(town.product.port) as client:
        await client.send(upgrade % b"websocket")
        assert (await client.answer())[9:12] == "400"
        assert await client.is_closed()
    async with raw_client(town.product.port) as client:
        await client.send(upgrade % b"h2c" + b"GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n")
        assert (await client.rest()).count(b"200 OK") == 2


async def test_unfinished_requests_leave_room_for_everybody_else_and_for_an_orderly_end(tmp_path: Path) -> None:
    settings = {"hooks.secret": HOOKS_SECRET}
    async with product_at(tmp_path, settings, warm=True, open_files=128) as product, AsyncExitStack() as opened:
        await product.start()
        for number in range(300):
            address = f"127.0.{1 + number % 50}.1"
            client = await opened.enter_async_context(raw_client(product.port, address))
            await client.send(POST + b"content-length: 9\r\n\r\n{")
            if number % 50 == 0:
                await _is_served(product)
        await _is_served(product)
        assert product.process is not None
        await product.stop()
        assert product.log.count('"alarm": "http.connections"') == 1
    assert "Traceback" not in product.log


@pytest.mark.proof
async def test_after_ten_seconds_nothing_unfinished_is_left_and_who_behaves_is_not_cut(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2048)), hard))  # the attacker is not held to 1,024
    settings = {"hooks.secret": HOOKS_SECRET}
    async with product_at(tmp_path, settings, warm=True, open_files=1024) as product, AsyncExitStack() as opened:
        await product.start()
        assert product.process is not None
        memory, files = await _memory_at_rest(product.process.pid), _open_files(product.process.pid)
        kept = await opened.enter_async_context(raw_client(product.port))
        crowd = []
        for number in range(1100):
            client = await opened.enter_async_context(raw_client(product.port, f"127.0.{1 + number % 10}.1"))
            await client.send((POST + b"content-length: 9\r\n\r\n{", CHUNKED + b"1\r\n{\r\n", POST, b"")[number % 4])
            crowd.append(client)
            if number % 100 == 0:
                await _is_served(product)
                await _is_kept(kept)
        await asyncio.sleep(11.5)
        await _is_kept(kept)
        assert all(await asyncio.gather(*(client.is_closed(1) for client in crowd)))
        assert _open_files(product.process.pid) <= files + 3
        assert _memory(product.process.pid) - memory < 20 * MIB


def _open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


async def _is_kept(client: RawClient) -> None:
    """Ask on a connection that was used before."""
    await client.send(b"GET /healthz HTTP/1.1\r\n\r\n")
    assert (await client.answer())[9:12] == "200"
    assert json.loads(await client.body(len('{"status":"alive"}'))) == {"status": "alive"}


async def _is_served(product: Product) -> None:
    """Be a client that has no connection yet."""
    async with httpx.AsyncClient(base_url=str(product.api.base_url), trust_env=False, timeout=2) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
