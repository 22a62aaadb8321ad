"""Asks a process of its own what an encoder reads in sentences: it takes more memory than the service has to spare.

The process is started with the first question, and is gone with the last.
"""

import json
import sys
from asyncio import StreamReader, Task, create_subprocess_exec, create_task, timeout
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from bot.jobs.figures.own_process import ProcessFailed, how_it_ended

__all__ = ["AskedEncoder"]

Answer = TypeVar("Answer")
_MODULE = "bot.jobs.text.sentence_process"
_WHO = "the process that reads comments by the encoder"
_LONGEST = 2**26
"""Bytes of an answer's line."""
_PATIENCE = 600.0
"""Seconds for an answer, which takes one or two; more where everything else goes first."""
_LAST_WORDS = 4_000
"""Bytes."""
_NUMBER, _SUMS = msgspec.json.Decoder(int), msgspec.json.Decoder(list[tuple[int, ...]])


class AskedEncoder:
    """The encoder of a file, while `async with` lasts."""

    def __init__(self, path: Path, patience: float = _PATIENCE) -> None:
        self._path, self._patience = path, patience
        self._process: Process | None = None
        self._said: Task[bytes] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()  # it holds nothing that could be lost
            await self._process.wait()
        if self._said is not None:
            await self._said

    @property
    def pid(self) -> int:
        """The number of the process, once it was started."""
        return self._process.pid if self._process else 0

    async def number(self) -> int:
        """Start it, and return the number by which its encoder is known. Raises ProcessFailed."""
        command = [sys.executable, "-m", _MODULE, str(self._path)]
        try:
            self._process = await create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True, limit=_LONGEST
            )
        except OSError as problem:  # no memory, or too many processes
            raise ProcessFailed("could not be started", problem.strerror or str(problem), _WHO) from None
        if self._process.stderr is not None:
            self._said = create_task(_last_words(self._process.stderr))
        return _read(_NUMBER, await self._answer(self._process))

    async def sums(self, folded: Sequence[str]) -> list[tuple[int, ...]]:
        """Return what it has said of each of these texts. Raises ProcessFailed."""
        process = self._process
        if process is None or process.stdin is None:
            raise RuntimeError("ask for its number first")
        process.stdin.write(json.dumps(list(folded)).encode() + b"\n")
        found = _read(_SUMS, await self._answer(process))
        if len(found) != len(folded):
            raise _of_another_version()
        return found

    async def _answer(self, process: Process) -> bytes:
        try:
            async with timeout(self._patience):
                line = await process.stdout.readline() if process.stdout else b""
        except TimeoutError:
            raise ProcessFailed(f"has not answered for {self._patience:.0f} seconds", who=_WHO) from None
        if line.endswith(b"\n"):
            return line
        said = await self._said if self._said else b""
        code = await process.wait()
        raise ProcessFailed(how_it_ended(code), said.decode(errors="replace").strip().rpartition("\n")[2][:400], _WHO)


def _read(decoder: msgspec.json.Decoder[Answer], line: bytes) -> Answer:
    """Return what an answer says. Raises ProcessFailed where it says something else, as code that was replaced may."""
    try:
        return decoder.decode(line)
    except msgspec.DecodeError:
        raise _of_another_version() from None


def _of_another_version() -> ProcessFailed:
    return ProcessFailed("is of another version of the product", "start the service again", _WHO)


async def _last_words(stream: StreamReader) -> bytes:
    """Return the end of what is written until nothing more comes; meanwhile whoever writes need not wait."""
    last = b""
    while more := await stream.read(_LAST_WORDS):
        last = (last + more)[-_LAST_WORDS:]
    return last
