"""An interpreter kept warm, for journeys that start the product dozens of times.

Most of a start is importing libraries. Here they are imported once; each start is a fork of that, in which `-m bot run`
begins with the product's first line. It is as real a process as any: it has its own file, sockets and death.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Warm", "WarmProcess", "kept_warm"]

ROOT = Path(__file__).parents[2]
LIBRARIES = (
    "aiosqlite alembic.command apscheduler.schedulers.asyncio asyncpg fastapi jinja2 msgspec pydantic pyreqwest.client "
    "segno sqlalchemy.dialects.sqlite.aiosqlite sqlalchemy.ext.asyncio standardwebhooks telegram "
    "uvicorn.protocols.http.httptools_impl uvloop wechatpy"
).split()


@dataclass(slots=True)
class WarmProcess:
    """One start of the product; `returncode` is None while it lives, negative when a signal ended it."""

    pid: int
    returncode: int | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def kill(self) -> None:
        """Send SIGKILL."""
        self._send(signal.SIGKILL)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._send(signal.SIGTERM)

    async def wait(self) -> int:
        """Wait for its end; gives the exit code."""
        await self.over.wait()
        assert self.returncode is not None
        return self.returncode

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


@dataclass(slots=True)
class Warm:
    """Starts one product after the other from the interpreter that `kept_warm` keeps."""

    _watch: asyncio.Task[None] | None = None

    async def launch(self, folder: Path, environ: Mapping[str, str]) -> WarmProcess:
        """Start the product in a folder, with this environment; it writes to `huifang.log` there."""
        reader, writer = await asyncio.open_unix_connection(_address(os.getpid()))
        writer.write(json.dumps({"folder": str(folder), "environ": dict(environ)}).encode() + b"\n")
        process = WarmProcess(int(await reader.readline()))
        self._watch = asyncio.create_task(_await_end(process, reader, writer))
        return process

    async def close(self) -> None:
        """Wait until the product it started is over."""
        if self._watch is not None:
            await self._watch


async def _await_end(process: WarmProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    process.returncode = int(await reader.readline())
    process.over.set()
    writer.close()
    await writer.wait_closed()


@contextlib.contextmanager
def kept_warm() -> Iterator[None]:
    """Keep an interpreter for the starts of this process; it is not waited for, the first start may."""
    address = _address(os.getpid())
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(address))
        door.listen()
        command = (sys.executable, "-m", __name__, str(door.fileno()))
        try:
            with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[door.fileno()]):
                yield
        finally:
            address.unlink()


def _address(owner: int) -> Path:
    return Path(tempfile.gettempdir(), f"huifang-warm-{owner}")


def main() -> None:
    """Import, then start the product for everybody who comes through the door, until stdin ends."""
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how those who serve have ended
    with socket.socket(fileno=int(sys.argv[1])) as door:
        while sys.stdin not in select.select([sys.stdin, door], [], [])[0]:
            caller, _ = door.accept()
            with caller:
                if os.fork() == 0:
                    door.close()
                    os._exit(_serve(caller))


def _serve(caller: socket.socket) -> int:
    """Start the product; tell its pid, and its exit code when it is over."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with caller.makefile("rw") as told:
        wanted = json.loads(told.readline())
        pid = os.fork()
        if pid == 0:
            os._exit(_run(**wanted))
        told.write(f"{pid}\n")
        told.flush()
        told.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
    return 0


def _run(folder: str, environ: dict[str, str]) -> int:
    """Be the product, which as a process of its own finds nothing open."""
    os.closerange(3, 64)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    log = os.open("huifang.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for own, other in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(other, own)
    sys.argv = ["huifang", "run"]
    try:
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


if __name__ == "__main__":
    main()
