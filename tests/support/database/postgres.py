"""A throw-away PostgreSQL, one for all workers of a test run: on a free loopback port, gone with the run."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.support.shared import ended_with_run, missing, once

__all__ = ["END_CONNECTIONS", "PostgresServer", "find_binaries", "running_postgres"]

# What makes it quick: nothing here outlives the tests, so nothing has to reach the disk.
CREATION = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions")
SETTINGS = (
    "-F -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0"
    " -c autovacuum=off -c jit=off -c shared_buffers=32MB -c max_connections=400"
)
END_CONNECTIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
"""
EMPTY = f"""
SET client_min_messages = error;
{END_CONNECTIONS}
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; `url` names a database of its own for this worker, which `empty` returns to bare."""

    binaries: Path
    port: int
    worker: str

    @property
    def url(self) -> str:
        """The database as `database.url` takes it."""
        return self.url_of(f"bare_{self.worker}")

    def url_of(self, database: str) -> str:
        """Return the URL of another database on this server."""
        return f"postgresql://huifang@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str) -> None:
        """Run SQL as the server's owner, each statement in a transaction of its own."""
        self._psql(self.url_of("postgres"), statements)

    def empty(self) -> None:
        """Drop all tables and end connections that an earlier test has left."""
        self._psql(self.url, [EMPTY])

    def end_connections(self, url: str) -> None:
        """End every connection to a database; the event loop stands still meanwhile."""
        self._psql(url, [END_CONNECTIONS])

    def _psql(self, url: str, statements: Iterable[str]) -> None:
        psql = [str(self.binaries / "psql"), "-qtAX", "-v", "ON_ERROR_STOP=1", url]
        for statement in statements:
            psql += ["-c", statement]
        subprocess.run(psql, check=True, capture_output=True, timeout=30)


def find_binaries() -> Path | None:
    """Return the folder of `initdb`: from PATH, else the newest version where Debian keeps it out of PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in debian), key=lambda path: float(path.parent.name), default=None)


def running_postgres(binaries: Path | None, worker: str) -> PostgresServer:
    """Return the run's server, started if nobody has asked before; without binaries skip, or fail where CI=true."""
    if binaries is None:
        missing("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    os.environ["PGSSLMODE"] = "disable"  # to ask for encryption takes half of a connection's time
    server = PostgresServer(binaries, int(once("postgres", partial(_start, binaries))), worker)
    server.run(f"CREATE DATABASE bare_{worker}")
    return server


def _start(binaries: Path, home: Path) -> str:
    _give_away(home)
    port = _free_port()
    _run(home, [str(binaries / "initdb"), "-D", "data", "-U", "huifang", *CREATION])
    options = f"-k {home} -h 127.0.0.1 -p {port} {SETTINGS}"
    _run(home, [str(binaries / "pg_ctl"), "-D", "data", "-s", "-w", "-l", "log", "-o", options, "start"])
    pid = int((home / "data" / "postmaster.pid").read_text().split()[0])
    ended_with_run(home, pid, signal.SIGQUIT)  # SIGQUIT: at once, whoever is connected
    return str(port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _servant() -> str | None:
    """PostgreSQL refuses to run as root; name the user who runs it then."""
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 (Windows has neither root nor this module)

    users = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in users)


def _give_away(home: Path) -> None:
    if servant := _servant():
        shutil.chown(home, servant)


def _run(home: Path, command: Sequence[str]) -> None:
    # Output goes to a file: a server that inherits a pipe would keep it, and its reader, open for ever.
    with (home / "output").open("wb") as output:
        done = subprocess.run(
            command,
            cwd=home,
            user=_servant(),
            extra_groups=[] if _servant() else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
    if done.returncode:
        said = [path.read_text(errors="replace") for path in (home / "output", home / "log") if path.exists()]
        pytest.fail(f"{' '.join(command)} ended with {done.returncode}:\n{''.join(said)}")
