"""An interpreter kept warm, for tests that start the product dozens of times.

Most of a start is importing libraries and the product's modules, and half of what is left is compiling statements and
patterns. Here modules are imported once, and the product has run for a moment; each start is a fork of that, in which
`-m bot …` begins with its first line. It is as real a process as any: it has its own files, sockets and death. That the
product starts cold as well is for the shared town to prove.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import re
import resource
import runpy
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.cli import parser
from config.forms.load import read_forms
from config.locale.phrases import load_phrases
from config.locale.words import load_lexicon
from config.settings.loading import load_settings
from config.settings.settings import AlertSettings
from config.surveys.load import read_surveys
from tests.support.database.migrated import copy_migrated
from tests.support.ports import reserved_port
from tests.support.shared import detached, ended_with_run, once
from tests.support.time.patience import PATIENCE

__all__ = ["Warm", "WarmProcess", "warm_interpreter"]

ROOT = Path(__file__).parents[2]
MODULES = (
    "aiosqlite alembic.command alembic.config apscheduler.executors.asyncio apscheduler.schedulers.asyncio asyncpg "
    "encodings.utf_8_sig fastapi jinja2 msgspec pydantic pyreqwest.client segno sqlalchemy.dialects.sqlite.aiosqlite "
    "sqlalchemy.ext.asyncio standardwebhooks telegram uvicorn.lifespan.off uvicorn.protocols.http.httptools_impl "
    "uvloop wechatpy bot.app bot.channels.sandbox.channel bot.cli bot.cli.doctor bot.http.console.routes bot.web "
    "storage.dialects.sqlite storage.migrations.columns"
).split()
LOG = "huifang.log"
_LOOKED, _STILL, _REHEARSED = 0.3, 0.01, 30.0
"""Seconds between looks, of computing between two that mean that all is done, and of a rehearsal at most."""


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
        """Wait for its end; return the exit code."""
        await self.over.wait()
        assert self.returncode is not None
        return self.returncode

    async def heeds_signals(self) -> None:
        """Wait until the product has set a handler for SIGTERM: one that comes before ends any process at once."""
        until = time.monotonic() + PATIENCE
        while self.returncode is None and not _catches(self.pid, signal.SIGTERM):
            assert time.monotonic() < until, f"{self.pid} has not begun within {PATIENCE} s"
            await asyncio.sleep(0.001)

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


@dataclass(slots=True)
class Warm:
    """Starts one process after the other from the run's warm interpreter; each may have so many `open_files`."""

    open_files: int = 0
    """As many as after `ulimit -n`; 0 for as many as we may have."""
    module: str = "bot"
    """What is run as with `python -m`."""
    _watch: asyncio.Task[None] | None = None

    async def launch(
        self,
        folder: Path,
        environ: Mapping[str, str],
        arguments: Sequence[str] = ("run",),
        out: str = LOG,
        err: str = LOG,
    ) -> WarmProcess:
        """Start `huifang` in a folder, with this environment; it writes to the files `out` and `err`, there at once."""
        for name in (out, err):
            (folder / name).open("ab").close()  # a busy machine forks late, and tests read what it has said so far
        reader, writer = await asyncio.open_unix_connection(warm_interpreter())
        command = [self.module, *arguments]
        wanted = {"folder": str(folder), "environ": dict(environ), "command": command, "out": out, "err": err}
        writer.write(json.dumps([self.open_files, wanted]).encode() + b"\n")
        process = WarmProcess(int(await reader.readline()))
        self._watch = asyncio.create_task(_await_end(process, reader, writer))
        return process

    async def close(self) -> None:
        """Wait until the process it started is over."""
        if self._watch is not None:
            await self._watch


def _catches(pid: int, number: signal.Signals) -> bool:
    """Return whether a process has set a handler, by the mask of those that it has (proc(5), SigCgt)."""
    with contextlib.suppress(OSError):  # it is over
        (mask,) = re.findall(r"^SigCgt:\t(\w+)$", Path(f"/proc/{pid}/status").read_text("ascii"), re.MULTILINE)
        return bool(int(mask, 16) >> (number - 1) & 1)
    return False


async def _await_end(process: WarmProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    process.returncode = int(await reader.readline())
    process.over.set()
    writer.close()
    await writer.wait_closed()


def warm_interpreter() -> str:
    """Return the path of the socket of the run's warm interpreter; it is not waited for, the first start may."""
    return once("warm", _start_interpreter)


def _start_interpreter(home: Path) -> str:
    door = home / "door"
    ended_with_run(home, detached((sys.executable, "-m", __name__, str(door)), home / "said", cwd=ROOT))
    until = time.monotonic() + 30
    while not door.exists():
        assert time.monotonic() < until, (home / "said").read_text()
        time.sleep(0.005)
    return str(door)


async def _rehearse(folder: Path) -> None:
    """Let the product run with all roles until it has nothing more to do."""
    with reserved_port() as port:
        url = f"sqlite:///{copy_migrated(folder / 'rehearsal.db')}"
        given = {"DATABASE__URL": url, "HTTP__PORT": str(port), "CALENDAR__COUNTRY": "off"}
        settings = load_settings({f"HUIFANG_{key}": value for key, value in given.items()}, cwd=folder)
        serve = importlib.import_module("bot.app")._serve  # noqa: SLF001 (what is public ends by a signal only)
        serving = asyncio.create_task(serve(settings, ("web", "poll", "send", "tick"), 200, sandbox=False))
        until, used = time.monotonic() + _REHEARSED, -1.0
        while not serving.done() and time.process_time() - used > _STILL and time.monotonic() < until:
            used = time.process_time()
            await asyncio.sleep(_LOOKED)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def main() -> None:
    """Import, then start the product for everybody who comes through the door, as long as the door is there."""
    door = Path(sys.argv[1])
    with socket.socket(socket.AF_UNIX) as entrance:
        entrance.bind(str(door.with_suffix(".new")))
        entrance.listen()
        door.with_suffix(".new").rename(door)
        for module in MODULES:
            importlib.import_module(module)
        load_phrases(), read_surveys(), read_forms(), parser()
        load_lexicon().spelled(AlertSettings().rule())  # a pattern of thousands of words
        asyncio.run(_rehearse(door.parent))
        gc.collect()
        gc.freeze()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how those who serve have ended
        while door.exists():
            if select.select([entrance], [], [], 5)[0]:
                caller, _ = entrance.accept()
                with caller:
                    if os.fork() == 0:
                        entrance.close()
                        os._exit(_serve(caller))


def _serve(caller: socket.socket) -> int:
    """Start the product; tell its pid, and its exit code when it is over."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # none is ignored, which the product would keep
        signal.signal(number, signal.SIG_DFL)
    with caller.makefile("rw") as told:
        open_files, wanted = json.loads(told.readline())
        pid = os.fork()
        if pid == 0:
            if open_files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
            os._exit(_run(**wanted))
        told.write(f"{pid}\n")
        told.flush()
        told.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
    return 0


def _run(folder: str, environ: dict[str, str], command: list[str], out: str, err: str) -> int:
    """Be the product, which as a process of its own finds nothing open."""
    os.closerange(3, 64)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    importlib.reload(
        sys.modules["bot.process.crash_points"]
    )  # the only one that looks at the environment when imported
    write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for own, file, how in ((0, os.devnull, os.O_RDONLY), (1, out, write), (2, err, write)):
        os.dup2(os.open(file, how, 0o666), own)
    sys.argv = ["huifang", *command[1:]]
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
