"""`huifang migrate` that dies as in a power cut just before its statement number N: `python -m … N`."""

import itertools
import os
import signal
import sys

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.cli import main


def _die_at(number: int) -> None:
    executed = itertools.count(1)

    def count(*_statement: object) -> None:
        if next(executed) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)


if __name__ == "__main__":
    _die_at(int(sys.argv[1]))
    sys.exit(main(["migrate"]))
