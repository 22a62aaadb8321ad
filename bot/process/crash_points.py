"""Named places at which a test kills the process, as a power cut would; without `CRASH_AT` they do nothing.

`CRASH_AT=name` kills at the first pass, `CRASH_AT=name:7` at the seventh.
"""

import itertools
import os
import signal

__all__ = ["crash_point"]

_NAME, _, _PASS = os.environ.get("CRASH_AT", "").partition(":")
_passes = itertools.count(1)


def crash_point(name: str) -> None:
    """Kill this process with SIGKILL if `CRASH_AT` names this place."""
    if name == _NAME and next(_passes) == int(_PASS or 1):
        os.kill(os.getpid(), signal.SIGKILL)
