"""What all workers of a test run share: whoever asks first makes it, the run's first process ends what was started.

Servers are started detached, so that no test finds them among its children, and a worker may end before the others.
"""

import contextlib
import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["begin_run", "detached", "end_run", "ended_with_run", "missing", "once"]

_RUN = "TEST_RUN_FOLDER"
"""The variable that tells the workers the run's folder."""
_ENDS_WITHIN = 5.0  # seconds


def begin_run() -> None:
    """Make the folder of this run; does nothing in a worker, which is told of one."""
    if _RUN not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="huifang-run-"))
        folder.chmod(0o711)  # PostgreSQL runs as another user
        (folder / "first").write_text(str(os.getpid()))
        os.environ[_RUN] = str(folder)


def end_run() -> None:
    """End every server and remove the folder; does nothing where the run was begun by another process."""
    folder = Path(os.environ.get(_RUN, os.devnull))
    if folder.is_dir() and (folder / "first").read_text() == str(os.getpid()):
        for told in folder.glob("*/server"):
            _end(*map(int, told.read_text().split()))
        shutil.rmtree(folder, ignore_errors=True)
        del os.environ[_RUN]


def once(name: str, make: Callable[[Path], str]) -> str:
    """Return what `make` returned to the first who asked for it; it gets an empty folder to do so."""
    home = Path(os.environ[_RUN], name)
    with _locked(home.with_suffix(".lock")):
        made = home.with_suffix(".made")
        if not made.exists():
            shutil.rmtree(home, ignore_errors=True)  # what an attempt that failed has left
            home.mkdir()
            made.write_text(make(home))
        return made.read_text()


def ended_with_run(home: Path, pid: int, how: signal.Signals = signal.SIGTERM) -> None:
    """Let a server that `once` has started end with the run, by this signal."""
    (home / "server").write_text(f"{pid} {int(how)}")


def detached(
    command: Sequence[str], said: Path, environ: Mapping[str, str] | None = None, cwd: Path | None = None
) -> int:
    """Start a process that is nobody's child, writes to the file `said` and reads nothing; return its pid."""
    script = f"exec {shlex.join(command)} >{shlex.quote(str(said))} 2>&1 </dev/null & echo $!"
    shell = ["/bin/sh", "-c", script]
    return int(subprocess.check_output(shell, text=True, env=environ, cwd=cwd, start_new_session=True))


def missing(why: str) -> NoReturn:
    """Skip the test because a part is not installed, or fail it under CI, where every part has to be there."""
    if os.environ.get("CI") in {"true", "1"}:
        pytest.fail(f"{why}; under CI every part has to be there")
    pytest.skip(why)


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _end(pid: int, how: int) -> None:
    until = time.monotonic() + _ENDS_WITHIN
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        while not _is_over(pid) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)


def _is_over(pid: int) -> bool:
    """Return whether it lives no more, though init may not have asked for its exit code yet."""
    os.kill(pid, 0)
    stat = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(OSError):
        return stat.read_text(errors="replace").rpartition(")")[2].split()[0] == "Z"
    return False
