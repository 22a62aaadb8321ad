"""Has something large computed in a process of its own: nobody who presses a button meanwhile waits for it.

In the seconds that it takes no other thread of the service would get on, and its memory is given back only when a
process ends. That process reads from the same database, and writes nothing.
"""

import gc
import logging
import os
import pickle
import signal
import sys
from asyncio import (
    AbstractEventLoop,
    CancelledError,
    Lock,
    Task,
    create_subprocess_exec,
    create_task,
    current_task,
    get_running_loop,
    run,
    to_thread,
)
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

__all__ = ["ONE_AT_A_TIME", "GaveWay", "ProcessFailed", "Turns", "ask_process", "how_it_ended", "serve_request"]

logger = logging.getLogger(__name__)

_POLITE = 5
"""By so much it steps back behind the service, which has people waiting."""
Answer = TypeVar("Answer")


class GaveWay(Exception):  # noqa: N818 (named after the event)
    """Somebody who waits for an answer came, and work for which nobody waits was broken off: it may be begun again."""


class Turns:
    """However much is asked for, there is the memory of one process; work for which nobody waits gives way."""

    def __init__(self) -> None:
        self._locks = WeakKeyDictionary[AbstractEventLoop, Lock]()
        self._unhurried: Task[Any] | None = None

    async def take(self, work: Callable[[], Coroutine[Any, Any, Answer]], *, gives_way: bool) -> Answer:
        """Return what this work comes to when its turn has come. Raises GaveWay where it does and has to."""
        if self._unhurried is not None and not gives_way:
            self._unhurried.cancel()
        async with self._locks.setdefault(get_running_loop(), Lock()):
            return await (self._broken_off(work) if gives_way else work())

    async def _broken_off(self, work: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        ours = current_task()
        self._unhurried = unhurried = create_task(work())
        try:
            return await unhurried
        except CancelledError:
            if ours is not None and ours.cancelling():
                raise
            raise GaveWay from None
        finally:
            self._unhurried = None


ONE_AT_A_TIME = Turns()
"""Those of this service."""


class ProcessFailed(RuntimeError):  # noqa: N818 (named after the event)
    """A process that computes came to no answer: nothing was changed, and the same may be asked again.

    `how` tells whoever asked how it ended; its own last words, which stand in the text, are for the operator.
    """

    def __init__(self, how: str, said: str = "", who: str = "the process that makes reports") -> None:
        super().__init__(f"{who} {how}{f': {said}' if said else ''}")
        self.how = how


async def ask_process(module: str, asked: object) -> Any:  # noqa: ANN401 (whatever it answers)
    """Return what a process answers that runs a module; one for which nobody waits any more is broken off.

    Raises the exception that it answers, and ProcessFailed with the last line of what it said where it failed.
    """
    try:
        found = await _answer_of(module, asked)
    except ProcessFailed as failure:
        logger.error("%s failed: %s", module, failure)  # noqa: TRY400 (where it failed is in that process)
        raise
    if isinstance(found, Exception):
        raise found
    return found


async def _answer_of(module: str, asked: object) -> object:
    """Return what the process has answered. Raises ProcessFailed."""
    given = await to_thread(pickle.dumps, asked)
    command = [sys.executable, "-m", module]
    try:
        process = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True)
    except OSError as problem:  # no memory, or too many processes
        raise ProcessFailed("could not be started", problem.strerror or str(problem)) from None
    try:
        answer, said = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = said.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise ProcessFailed(how_it_ended(process.returncode), last)
    try:
        return await to_thread(pickle.loads, answer)
    except Exception as problem:  # noqa: BLE001 (pickle raises anything for what is cut off, or of other code)
        raise ProcessFailed("gave an answer that cannot be read", type(problem).__name__) from None


def how_it_ended(code: int) -> str:
    """Return how a process ended; the system ends what takes more memory than there is by SIGKILL."""
    if code == -signal.SIGKILL:
        return "was killed, as where there is no memory for it"
    return f"was ended by signal {-code}" if code < 0 else f"ended with {code}"


def serve_request(answer: Callable[[Any], Awaitable[object]]) -> None:
    """Read what the standard input asks, and write the answer to the standard output: the process that was started."""
    os.nice(_POLITE)
    gc.disable()  # all of it is given back in a moment, and looking through a million values takes a sixth of the time
    asked = pickle.load(sys.stdin.buffer)  # noqa: S301 (from who started it)

    async def answered() -> object:
        return await answer(asked)

    pickle.dump(run(answered()), sys.stdout.buffer)
