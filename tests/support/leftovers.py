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
    found = (_parent_and_name(stat) for stat in Path("/proc").glob("[0-9]*/stat"))
    return {pid: name for pid, parent, name in filter(None, found) if parent == os.getpid()}


def _is_childless() -> bool:
    """Ask the kernel cheaply; it refuses to wait where there is nobody to wait for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return True
    return False


def _parent_and_name(stat: Path) -> tuple[int, int, str] | None:
    """Read pid, parent and name (proc(5): `pid (name) state ppid …`, and a name may hold brackets)."""
    try:
        text = stat.read_text(errors="replace")
    except OSError:
        return None  # it ended while we looked
    head, _, rest = text.rpartition(")")
    pid, _, name = head.partition(" (")
    return int(pid), int(rest.split()[1]), name
