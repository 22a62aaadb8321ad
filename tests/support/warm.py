"""An interpreter kept warm, for journeys that start the product dozens of times.

Most of a start is importing libraries. Here they are imported once; each start is a fork of that, in which `-m bot run`
begins with the product's first line. It is as real a process as any: it has its own file, sockets and death.
"""

import asyncio
import contextlib
import importlib
import json
import os
import runpy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Warm", "WarmProcess"]

ROOT = Path(__file__).parents[2]
LIBRARIES = (
    "aiohttp aiosqlite alembic.command apscheduler.schedulers.asyncio asyncpg fastapi jinja2 msgspec pydantic segno "
    "sqlalchemy.dialects.sqlite.aiosqlite sqlalchemy.ext.asyncio standardwebhooks telegram uvicorn uvloop"
).split()


@dataclass(slots=True)
class WarmProcess:
    """One start of the product; `returncode` is None while it lives, negative when a signal ended it."""

    pid: int
    returncode: int | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def kill(self) -> None:
        """Send SIGKILL."""
        self._send(9)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._send(15)

    async def wait(self) -> int:
        """Wait for its end; gives the exit code."""
        await self.over.wait()
        assert self.returncode is not None
        return self.returncode

    def _send(self, signal: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal)


@dataclass(slots=True)
class Warm:
    """The warm interpreter; one product at a time runs from it."""

    _interpreter: asyncio.subprocess.Process | None = None
    _watch: asyncio.Task[None] | None = None

    async def launch(self, folder: Path, environ: Mapping[str, str]) -> WarmProcess:
        """Start the product in a folder, with this environment; it writes to `huifang.log` there."""
        if self._interpreter is None:
            command = (sys.executable, "-m", __name__)
            pipe = asyncio.subprocess.PIPE
            self._interpreter = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
        assert self._interpreter.stdin is not None
        wanted = {"folder": str(folder), "environ": dict(environ)}
        self._interpreter.stdin.write(json.dumps(wanted).encode() + b"\n")
        process = WarmProcess(await self._told())
        self._watch = asyncio.create_task(self._await_end(process))
        return process

    async def close(self) -> None:
        """End the interpreter; the product it started must be over."""
        if self._interpreter is not None:
            if self._watch is not None:
                await self._watch
            await self._interpreter.communicate(b"")

    async def _await_end(self, process: WarmProcess) -> None:
        process.returncode = await self._told()
        process.over.set()

    async def _told(self) -> int:
        assert self._interpreter is not None
        assert self._interpreter.stdout is not None
        return int(await self._interpreter.stdout.readline())


def main() -> None:
    """Import, then start what each line of stdin asks for; tell its pid, and its exit code when it is over."""
    for library in LIBRARIES:
        importlib.import_module(library)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os._exit(_run(**json.loads(line)))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        sys.stdout.flush()


def _run(folder: str, environ: dict[str, str]) -> Any:  # noqa: ANN401 (whatever SystemExit carries)
    """Be the product."""
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
        return end.code or 0
    return 0


if __name__ == "__main__":
    main()
