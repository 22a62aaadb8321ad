"""What a test must not leave running: threads that keep the interpreter alive, and child processes."""

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Alive", "alive", "left_behind"]


@dataclass(frozen=True, slots=True)
class Alive:
    """One moment's non-daemon threads (by ident) and direct child processes (by pid), each with its name."""

    threads: dict[int, str]
    children: dict[int, str]


def alive() -> Alive:
    """Look once; without a /proc file system children stay unseen."""
    threads = {t.ident: t.name for t in threading.enumerate() if not t.daemon and t.ident is not None}
    return Alive(threads, _children())


def left_behind(before: Alive, patience: float = 3.0) -> list[str]:
    """Return what lives now and did not before, after giving it `patience` seconds to end."""
    until = time.monotonic() + patience
    while (left := _newcomers(before, alive())) and time.monotonic() < until:
        time.sleep(0.01)
    return left


def _newcomers(before: Alive, now: Alive) -> list[str]:
    threads = [f"thread {name}" for ident, name in now.threads.items() if ident not in before.threads]
    return threads + [f"process {pid} {name}" for pid, name in now.children.items() if pid not in before.children]


def _children() -> dict[int, str]:
    if _is_childless():
        return {}
    stats = (Path("/proc", pid, "stat") for pid in _pids_of_children())
    found = (_parent_and_name(stat) for stat in stats)
    return {pid: name for pid, parent, name in filter(None, found) if parent == os.getpid()}


def _pids_of_children() -> list[str]:
    """List the children of each thread, or every process there is where the kernel keeps no such lists."""
    if not list(Path("/proc/self/task").glob("*/children")):
        return [path.name for path in Path("/proc").glob("[0-9]*")]
    found = _listed_children()
    while found != (again := _listed_children()):  # when one ends while it is read, a list may leave out another one
        found = again
    return found


def _listed_children() -> list[str]:
    """Read each thread's list of its children (proc(5): `/proc/pid/task/tid/children`)."""
    return [pid for children in Path("/proc/self/task").glob("*/children") for pid in _text(children).split()]


def _is_childless() -> bool:
    """Ask the kernel cheaply; it refuses to wait where there is nobody to wait for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return True
    return False


def _parent_and_name(stat: Path) -> tuple[int, int, str] | None:
    """Read pid, parent and name (proc(5): `pid (name) state ppid …`, and a name may hold brackets)."""
    text = _text(stat)
    if not text:
        return None
    head, _, rest = text.rpartition(")")
    pid, _, name = head.partition(" (")
    return int(pid), int(rest.split()[1]), name


def _text(file: Path) -> str:
    """Return what stands there; nothing when a process or thread has ended while we looked."""
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
