"""The Telegram of a bench: what a customer can press next, and one bot under load against a lean stub."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from bench.load import Load
from bench.measure import free_port, running
from bench.subjects import HOOK, SECRET, TOKEN, Subject
from tests.support.botapi.http.lean import LeanTelegram

__all__ = ["UnderLoad", "under_load"]

Describe = Callable[[int, str], Subject]


@dataclass(frozen=True, slots=True)
class UnderLoad:
    """A running bot, the load that it is put under, and the stub that counts its calls."""

    subject: Subject
    pid: int
    load: Load
    stub: LeanTelegram


@contextlib.asynccontextmanager
async def under_load(describe: Describe, folder: Path, connections: int = 200) -> AsyncIterator[UnderLoad]:
    """Run a bot against a new stub while the block runs; `describe` gets the bot's port and the stub's address."""
    port = free_port()
    stub = LeanTelegram(TOKEN)
    subject = describe(port, await stub.listen())
    load = Load(f"http://127.0.0.1:{port}{HOOK}", SECRET, subject.begin, connections)
    stub.listener = load.heard
    log = folder / f"{subject.name}.log"
    async with running(subject.command, subject.environment, port, log) as pid:
        try:
            yield UnderLoad(subject, pid, load, stub)
        finally:
            load.close()
            stub.close()
