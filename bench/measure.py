"""Reading clocks, counters and memory, and running the bots that are measured."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

__all__ = [
    "USED_BY_CHILDREN",
    "cpu_seconds",
    "free_port",
    "peak_memory",
    "percentile",
    "resident_bytes",
    "running",
    "seconds_to_answer",
]

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
USER_TICKS, SYSTEM_TICKS = 11, 12  # of the fields after the name in /proc/<pid>/stat, proc(5)
USED_BY_CHILDREN = (13, 14)
"""The same of its children that have ended."""


def cpu_seconds(pid: int, *besides: int) -> float:
    """Return how many seconds of CPU a process has used, all its threads, user and system; and `besides`."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(after_name[field]) for field in (USER_TICKS, SYSTEM_TICKS, *besides)) / TICKS


def resident_bytes(pid: int) -> int:
    """Return how much memory of a process is resident now."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE


def peak_memory(pid: int) -> int:
    """Return how much memory of a process was resident at most since its program was started; 0 once it has ended."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)  # proc(5): in kB


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share (0 to 1) of them lies; 0.0 when there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def free_port() -> int:
    """Find a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def running(
    command: Sequence[str], environment: Mapping[str, str], port: int, log: Path, within: float = 30.0
) -> AsyncIterator[int]:
    """Run a bot while the block runs, from when it listens on the port; gives its process id.

    Raises RuntimeError with the end of its log when it ends or does not listen within so many seconds.
    """
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env=os.environ | dict(environment), stdout=output, stderr=output
        )
    try:
        await _listens(process, port, log, within)
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def seconds_to_answer(
    command: Sequence[str], environment: Mapping[str, str], port: int, path: str, log: Path
) -> float:
    """Start a bot, end it, and return the seconds from its start to its first answer, which must be 200, at a path.

    Raises RuntimeError for any other answer, and as `running` does.
    """
    begun = time.monotonic()
    async with running(command, environment, port, log):
        if not await _answers(port, path):
            raise RuntimeError(f"{path} is not answered 200")
        return time.monotonic() - begun


async def _answers(port: int, path: str) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode())
        return b" 200 " in await reader.readline()
    finally:
        writer.close()


async def _listens(process: asyncio.subprocess.Process, port: int, log: Path, within: float) -> None:
    for _ in range(int(within * 20)):
        if process.returncode is not None:
            break
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"the bot does not listen on {port}: {_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
