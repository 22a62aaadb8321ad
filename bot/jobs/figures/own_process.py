"""Has something large computed in a process of its own: nobody who presses a button meanwhile waits for it.

In the seconds that it takes no other thread of the service would get on, and its memory is given back only when a
process ends. That process reads from the same database, and writes nothing.
"""

import gc
import os
import pickle
import sys
from asyncio import Lock, create_subprocess_exec, run, to_thread
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["ONE_AT_A_TIME", "ask_process", "serve_request"]

_POLITE = 5
"""By so much it steps back behind the service, which has people waiting."""
ONE_AT_A_TIME = Lock()
"""However much is asked for, there is the memory of one."""


async def ask_process(module: str, asked: object) -> Any:  # noqa: ANN401 (whatever it answers)
    """Return what a process answers that runs a module; one for which nobody waits any more is broken off.

    Raises the exception that it answers, and RuntimeError with the last line of what it said where it failed.
    """
    given = await to_thread(pickle.dumps, asked)
    command = [sys.executable, "-m", module]
    try:
        process = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True)
    except OSError as problem:  # no memory, or too many processes
        raise RuntimeError(f"the process that makes reports could not be started: {problem.strerror}") from None
    try:
        answer, said = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = said.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise RuntimeError(f"the process that makes reports ended with {process.returncode}: {last}")
    found = await to_thread(pickle.loads, answer)
    if isinstance(found, Exception):
        raise found
    return found


def serve_request(answer: Callable[[Any], Awaitable[object]]) -> None:
    """Read what the standard input asks, and write the answer to the standard output: the process that was started."""
    os.nice(_POLITE)
    gc.disable()  # all of it is given back in a moment, and looking through a million values takes a sixth of the time
    asked = pickle.load(sys.stdin.buffer)  # noqa: S301 (from who started it)

    async def answered() -> object:
        return await answer(asked)

    pickle.dump(run(answered()), sys.stdout.buffer)
