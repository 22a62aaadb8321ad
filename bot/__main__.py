"""`huifang`, and `python -m bot`: the command line, with what signals do while it is imported, runs and ends."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

__all__ = ["main"]

_INTERRUPTED = "huifang: interrupted before the end: look what was done, then run it again\n"


def main() -> int:
    """Run the command line, and return its exit code: 0, 1 or 2, also where a signal ends it.

    A signal is the ordinary end of the service, and a problem of any other command that has not come to its end.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    from bot.cli import main as command_line  # noqa: PLC0415 (takes a moment, in which signals come)
    from bot.process.interrupts import ignore_ending, interrupt_when_ended  # noqa: PLC0415 (as above)

    try:
        if not _is_service():
            interrupt_when_ended()
        return command_line()
    except KeyboardInterrupt:
        return _interrupted()
    finally:
        ignore_ending()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at once, as long as nothing is open that has to be closed."""
    os._exit(0 if _is_service() else _interrupted())


def _is_service() -> bool:
    return sys.argv[1:2] == ["run"]


def _interrupted() -> int:
    with suppress(OSError):  # nobody reads it
        os.write(2, _INTERRUPTED.encode())
    return 1


if __name__ == "__main__":
    sys.exit(main())
