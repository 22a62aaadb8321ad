"""The server of the control socket: one request and one reply a connection, for the service's own user only."""

import asyncio
import logging
import os
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from bot.control.protocol import LONGEST_REQUEST, CommandProblem, CommandReply, CommandRequest, read_request
from bot.control.socket_path import peer_of

__all__ = ["serve_commands"]

logger = logging.getLogger(__name__)
_PATIENCE = 10.0
"""Seconds in which a request has to arrive, and its reply to be fetched."""


async def serve_commands(place: Path | None, do: Callable[[CommandRequest], Awaitable[CommandReply]]) -> None:
    """Serve until cancelled; return at once without a path (PostgreSQL), or where the socket cannot be opened.

    The caller holds the database's lock, so a socket that is there already was left by a process that died.
    """
    if place is None:
        return
    try:
        async with _listening(place, do) as server:
            await server.serve_forever()
    except OSError as error:
        logger.error("the command line cannot reach this service: %s", error)  # noqa: TRY400 (one line says it)


@asynccontextmanager
async def _listening(
    place: Path, do: Callable[[CommandRequest], Awaitable[CommandReply]]
) -> AsyncIterator[asyncio.Server]:
    with _bound(place) as bound:

        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _answer(reader, writer, do)

        async with await asyncio.start_unix_server(met, sock=bound, limit=LONGEST_REQUEST) as server:
            yield server


@contextmanager
def _bound(place: Path) -> Iterator[socket.socket]:
    """Bind a socket to a path, not listening yet; it is removed afterwards. Raises OSError."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(place.lstat().st_mode):
            raise FileExistsError(f"{place} is no socket of ours, remove it")
        place.unlink()
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(place))
        try:
            place.chmod(0o600)  # before it listens: till then nobody can come in
            yield bound
        finally:
            place.unlink(missing_ok=True)


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, do: Callable[[CommandRequest], Awaitable[CommandReply]]
) -> None:
    """Read one request and write its reply; a client that disconnects meanwhile is ignored."""
    with suppress(OSError, TimeoutError):
        writer.write((await _answered(reader, writer, do)).line())
        async with asyncio.timeout(_PATIENCE):
            await writer.drain()
    writer.close()


async def _answered(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, do: Callable[[CommandRequest], Awaitable[CommandReply]]
) -> CommandReply:
    if _stranger(writer):
        return CommandReply(problem="another user runs this service: use the command as that user")
    try:
        return await do(await _request(reader))
    except CommandProblem as problem:
        return CommandReply(problem=str(problem))


async def _request(reader: asyncio.StreamReader) -> CommandRequest:
    try:
        async with asyncio.timeout(_PATIENCE):
            line = await reader.readline()
    except TimeoutError:
        raise CommandProblem(f"no request came within {_PATIENCE:.0f} seconds") from None
    except ValueError:  # what StreamReader.readline makes of a line over its limit
        raise CommandProblem(f"the request is longer than {LONGEST_REQUEST} bytes") from None
    return read_request(line)


def _stranger(writer: asyncio.StreamWriter) -> bool:
    with socket.socket(fileno=os.dup(writer.get_extra_info("socket").fileno())) as connection:
        return peer_of(connection) != os.getuid()
