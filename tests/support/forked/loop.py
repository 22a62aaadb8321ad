"""The first process: it forks the others when all tests are collected, gives them tests, and takes their reports."""

import json
import os
import selectors
import socket
import threading
from dataclasses import dataclass
from mmap import mmap
from typing import Any
from warnings import WarningMessage

import pytest

from tests.support.forked.worker import PLACE, temporary_folders, work

__all__ = ["ForkedLoop", "add_option"]

Json = dict[str, Any]
_SHARES = 8
"""Of what is left a worker gets this part of its own share, and so less and less: at the end all are ready at once."""

_ONE_BY_ONE = "proof"
"""The mark of tests that take long, of which a worker gets one at a time: none waits behind a row of others."""


def add_option(parser: pytest.Parser) -> None:
    """Add `--forks`."""
    parser.addoption("--forks", type=int, default=0, help="run the tests in so many processes, forked when collected")


@dataclass(slots=True)
class _Worker:
    """A forked process at the other end of a line."""

    number: int
    pid: int
    line: socket.socket
    heard: bytes = b""
    is_over: bool = False

    def give(self, begin: int, end: int) -> None:
        """Send it these tests; none where there are none any more."""
        self.line.sendall(json.dumps([begin, end]).encode() + b"\n")

    def hear(self) -> list[Json] | None:
        """Return what it has told; None where it has died."""
        fresh = self.line.recv(1 << 20)
        *lines, self.heard = (self.heard + fresh).split(b"\n")
        return [json.loads(line) for line in lines] if fresh else None


class ForkedLoop:
    """Runs the tests instead of pytest's own loop, where `--forks` asks for it."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []
        self._shared = mmap(-1, PLACE.size)
        self._next = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run all tests in forks; None leaves it to pytest, which does it in this process."""
        config = session.config
        if not config.option.forks or config.option.collectonly or session.testsfailed or not session.items:
            return None
        assert threading.active_count() == 1, "a fork has only the thread that forks"
        self._fork(session, config.option.forks)
        try:
            self._run(session)
        finally:
            PLACE.pack_into(self._shared, 0, 1)
            for worker in self._workers:
                worker.line.close()
                os.waitpid(worker.pid, 0)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        return True

    def _fork(self, session: pytest.Session, count: int) -> None:
        self._shared = mmap(-1, PLACE.size * (count + 1))
        temporary_folders(session.config).getbasetemp()  # before there are several: theirs are below it
        session.config.pluginmanager.getplugin("terminalreporter").showfspath = False
        for number in range(count):
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if pid == 0:
                ours.close()
                for other in self._workers:
                    other.line.detach()
                work(session, number, theirs, self._shared)
            theirs.close()
            self._workers.append(_Worker(number, pid, ours))

    def _run(self, session: pytest.Session) -> None:
        with selectors.DefaultSelector() as selector:
            for worker in self._workers:
                selector.register(worker.line, selectors.EVENT_READ, worker)
            while not all(worker.is_over for worker in self._workers):
                for key, _ in selector.select():
                    self._hear(session, key.data)
                    if key.data.is_over:
                        selector.unregister(key.fileobj)

    def _hear(self, session: pytest.Session, worker: _Worker) -> None:
        told = worker.hear()
        if told is None:
            place = PLACE.unpack_from(self._shared, PLACE.size * (worker.number + 1))[0]
            raise RuntimeError(f"a worker died while it ran {session.items[place].nodeid}")
        for one in told:
            self._take(session, worker, one)

    def _take(self, session: pytest.Session, worker: _Worker, told: Json) -> None:
        """Take one thing that a worker has told."""
        if error := told.get("error"):
            raise RuntimeError(f"a worker failed:\n{error}")
        if told.get("wants"):
            self._give(session, worker)
        for data in told.get("warnings", ()):
            _warn(session.config, *data)
        _log(session.config, told.get("reports", ()))
        if session.shouldfail or session.shouldstop:
            PLACE.pack_into(self._shared, 0, 1)
        worker.is_over = worker.is_over or "over" in told

    def _give(self, session: pytest.Session, worker: _Worker) -> None:
        left = 0 if session.shouldfail or session.shouldstop else len(session.items) - self._next
        share = min(left, max(1, left // (len(self._workers) * _SHARES)))
        if share and session.items[self._next].get_closest_marker(_ONE_BY_ONE):
            share = 1
        worker.give(self._next, self._next + share)
        self._next += share


def _log(config: pytest.Config, reports: list[Any]) -> None:
    """Let pytest know the reports of one test, as if it had been run here."""
    for place, data in enumerate(reports):
        report = config.hook.pytest_report_from_serializable(config=config, data=data)
        if place == 0:
            config.hook.pytest_runtest_logstart(nodeid=report.nodeid, location=report.location)
        config.hook.pytest_runtest_logreport(report=report)
        if place == len(reports) - 1:
            config.hook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)


def _warn(config: pytest.Config, text: str, file: str, line: int, *rest: Any) -> None:  # noqa: ANN401 (as it was told)
    when, nodeid, location = rest
    message = WarningMessage(UserWarning(text), UserWarning, file, line)
    config.hook.pytest_warning_recorded.call_historic(
        kwargs={"warning_message": message, "when": when, "nodeid": nodeid, "location": location and tuple(location)}
    )
