"""The private door: who comes in, what is understood, and that whatever is said is answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.control.protocol import LONGEST_REQUEST, CommandReply, CommandRequest, read_request
from bot.control.socket_server import serve_commands


async def _echo(request: CommandRequest) -> CommandReply:
    return CommandReply({"command": request.command, **request.arguments})


@asynccontextmanager
async def _door(place: Path) -> AsyncIterator[None]:
    keeping = asyncio.create_task(serve_commands(place, _echo))
    await asyncio.sleep(0.05)
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _say(place: Path, line: bytes) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(place, limit=2 * LONGEST_REQUEST)
    writer.write(line)
    if not line.endswith(b"\n"):
        writer.write_eof()
    answer = await reader.readline()
    writer.close()
    said: dict[str, Any] = json.loads(answer)
    return said


async def test_a_request_is_answered_in_any_language(tmp_path: Path) -> None:
    async with _door(tmp_path / "s"):
        asked = CommandRequest("user add", {"name": "李工"})
        assert await _say(tmp_path / "s", asked.line()) == {"ok": {"command": "user add", "name": "李工"}}


@pytest.mark.parametrize(
    "line",
    [
        *(b"\n", b"", b"nonsense\n", b"[]\n", b"1\n", b"{\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n"),
        *(b'{"command": "x"}\n', b'{"command": 1, "arguments": {}}\n', b'{"command": "x", "arguments": []}\n'),
        b'{"command": "x", "arguments": {}, "more": 1}\n',
    ],
)
async def test_what_is_no_request_is_told_how_one_looks(line: bytes, tmp_path: Path) -> None:
    async with _door(tmp_path / "s"):
        told = await _say(tmp_path / "s", line)
        assert told == {"problem": 'write one line {"command": "...", "arguments": {...}}'}


async def test_a_request_that_is_too_long_is_refused_and_the_next_one_heard(tmp_path: Path) -> None:
    async with _door(tmp_path / "s"):
        told = await _say(tmp_path / "s", b"x" * (LONGEST_REQUEST + 2) + b"\n")
        assert "longer than" in told["problem"]
        assert "ok" in await _say(tmp_path / "s", CommandRequest("x", {}).line())


async def test_somebody_who_says_nothing_and_goes_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with _door(tmp_path / "s"):
        _, silent = await asyncio.open_unix_connection(tmp_path / "s")
        assert "ok" in await _say(tmp_path / "s", CommandRequest("x", {}).line())
        silent.close()


async def test_a_file_that_is_no_socket_is_left_alone_and_the_service_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "s").write_text("mine")
    async with _door(tmp_path / "s"):
        assert (tmp_path / "s").read_text() == "mine"
    assert "is no socket of ours, remove it" in caplog.text


def test_a_request_is_read_as_it_was_written() -> None:
    request = CommandRequest("campaign create", {"text": "第一行\n第二行", "filters": ["tag=vip"]})
    assert read_request(request.line()) == request
