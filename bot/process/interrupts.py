"""SIGINT, SIGTERM, and of a command SIGHUP: the first ends the work under way in order, further ones change nothing.

Handlers are set once and never taken back, as a loop does with its own when it closes: a second signal at that moment
would end the process with a traceback, or with an exit code that is none of ours.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar

__all__ = ["call_when_ended", "ignore_ending", "interrupt_when_ended", "run_interruptible"]

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, T]]
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def call_when_ended(loop: asyncio.AbstractEventLoop, do: Callable[[], object]) -> None:
    """Call `do` in the loop at SIGINT and SIGTERM, as long as it is open; a service has another use for SIGHUP."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: _call_in(loop, do))


def interrupt_when_ended() -> None:
    """Raise KeyboardInterrupt at the first signal, wherever the main thread is, or cancel `run_interruptible`.

    What the process was started to ignore, as by nohup, stays ignored.
    """
    handler = _Interruption()
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def ignore_ending() -> None:
    """Pass over further signals: the end has come."""
    try:
        _ignore()
    except KeyboardInterrupt:  # the first one came in between, and only the first is raised
        _ignore()


def _ignore() -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


def run_interruptible(work: Work[T]) -> T:
    """Run a coroutine and return its result; the first signal cancels it, and what it has open is closed.

    Raises KeyboardInterrupt then. Without `interrupt_when_ended` it is `asyncio.run`.
    """
    handlers = map(signal.getsignal, _ENDING)
    handler = next((handler for handler in handlers if isinstance(handler, _Interruption)), None)
    return handler.run(work) if handler is not None else asyncio.run(work())


class _Interruption:
    """The handler of a command's signals."""

    def __init__(self) -> None:
        self._has_come = False
        self._cancel: Callable[[], object] | None = None

    def __call__(self, _number: int, frame: FrameType | None) -> None:
        # In a finalizer the interpreter would print what is raised, and go on: a further signal counts.
        if not self._has_come and not (self._cancel is None and _is_in_finalizer(frame)):
            self._has_come = True
            if self._cancel is None:
                raise KeyboardInterrupt
            self._cancel()

    def run(self, work: Work[T]) -> T:
        """Run a coroutine; nothing is raised within asyncio, which would leave it half closed."""
        self._cancel = lambda: None
        try:
            return asyncio.run(self._run(work))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        finally:
            self._cancel = None

    async def _run(self, work: Work[T]) -> T:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work())
        self._cancel = lambda: _call_in(loop, task.cancel)
        if self._has_come:
            task.cancel()
        return await task


def _is_in_finalizer(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    return frame is not None


def _call_in(loop: asyncio.AbstractEventLoop, do: Callable[[], object]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(do)
