"""`huifang`, and `python -m bot`: the command line, with what signals do while it is imported, runs and ends."""

import gc
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

__all__ = ["main"]

_INTERRUPTED = "huifang: interrupted before the end: look what was done, then run it again\n"
_MADE_BEFORE = 100_000
"""Objects made before a command looks for garbage: what it imports stays, and is a sixth of its start to look at."""
_ERRORS = 2
"""The descriptor of stderr."""


def main() -> NoReturn:
    """Run the command line, and end the process with its exit code: 0, 1 or 2, also where a signal ends it.

    A signal is the ordinary end of the service, and a problem of any other command that has not come to its end.
    """
    code = _run()
    from logging import shutdown  # noqa: PLC0415 (as in `_run`)

    # Without the interpreter's own end: a thread of the HTTP library that comes back during it aborts the process.
    shutdown()
    os._exit(code)


def _run() -> int:
    _prepare_for_signals()
    _open_standard_files()
    if not _is_service():
        gc.set_threshold(_MADE_BEFORE, *gc.get_threshold()[1:])
    from bot.cli import main as command_line  # noqa: PLC0415 (takes a moment, in which signals come)
    from bot.process.interrupts import ignore_ending, interrupt_when_ended  # noqa: PLC0415 (as above)

    try:
        if not _is_service():
            interrupt_when_ended()
        return command_line()
    except KeyboardInterrupt:
        return _interrupted()
    except SystemExit as end:  # help, or wrong usage
        return int(end.code or 0)
    finally:
        ignore_ending()


def _prepare_for_signals() -> None:
    """Set handlers that end the process at once; SIGHUP asks a service that runs to read its rules, and no other.

    What a command was started to ignore, as by nohup, stays ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if _is_service():
            signal.signal(number, signal.SIG_IGN if number == signal.SIGHUP else _leave)
        elif signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at once, as long as nothing is open that has to be closed."""
    os._exit(0 if _is_service() else _interrupted())


def _open_standard_files() -> None:
    """Open what the shell has closed (`2>&-`): a database that took its descriptor would be written log lines."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _ERRORS:
        pass
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = os.fdopen(_ERRORS, "w", closefd=False)


def _is_service() -> bool:
    return sys.argv[1:2] == ["run"]


def _interrupted() -> int:
    with suppress(OSError):  # nobody reads it
        os.write(_ERRORS, _INTERRUPTED.encode())
    return 1


if __name__ == "__main__":
    main()
