"""Runs tests in several processes: `-n 4` collects them once and forks four workers, which share all that is loaded.

A plugin in place of pytest-xdist, whose workers import and collect everything for themselves, each of them. Here they
take units of tests as they have time for them, and tell the first process what became of each test. The end of a worker
is a failed test, and whatever the worker had not begun is run by others.
"""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, cast

import pytest
from _pytest.runner import pytest_sessionfinish as tear_down_session

__all__ = ["Forks", "pytest_addoption", "worker_name"]

Unit = Sequence[pytest.Item]
_Way = Connection

_NUMBER = 4
"""Bytes of a unit's number in a queue: so few are read as a whole."""
_WORKER = "TEST_WORKER"
"""The variable that names the worker in which a test runs."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `-n` say in how many processes the tests run."""
    how_many = "run the tests in so many processes; 0: in this one"
    group = parser.getgroup("general")
    group._addoption("-n", dest="forks", type=int, default=0, metavar="N", help=how_many)  # noqa: SLF001 (pytest keeps short options to itself, and lends them to its kin)


def worker_name() -> str:
    """Return the name of this process among those that run the tests."""
    return os.environ.get(_WORKER, "main")


class _Queue:
    """Units that several processes take from, each unit once: a pipe that was filled with their numbers."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._reader, writer = os.pipe()
        os.set_blocking(writer, False)  # more than a pipe holds is an error, not a wait without an end
        with os.fdopen(writer, "wb") as filled:
            filled.write(b"".join(number.to_bytes(_NUMBER, "big") for number in range(len(units))))

    def __iter__(self) -> Iterator[Unit]:
        while taken := os.read(self._reader, _NUMBER):
            yield self._units[int.from_bytes(taken, "big")]

    def close(self) -> None:
        """Be left by this process."""
        os.close(self._reader)


@dataclass(slots=True)
class _Worker:
    """A forked process, and the test that it has begun last."""

    name: str
    pid: int
    running: str = ""
    """The test's id; empty as long as there is none, or when it is over."""


class _Teller:
    """Tells the first process what happens in a worker, as a plugin of the worker."""

    _repeats = True

    def __init__(self, config: pytest.Config, way: "_Way") -> None:
        self._config, self._way = config, way
        self._kept: list[tuple[str, object]] = []
        config.pluginmanager.register(self)  # which repeats warnings that the first process knows
        self._repeats = False

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell which test it is, should it be the last, and what became of the one before."""
        self._kept.append(("begins", nodeid))
        self.tell()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what became of a phase of a test."""
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._kept.append(("report", data))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Keep that it is over."""
        self._kept.append(("ends", nodeid))

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage, when: str, nodeid: str) -> None:
        """Keep a warning in words, since not every object reaches another process."""
        if not self._repeats:
            words = f"{warning_message.category.__name__}: {warning_message.message}"
            self._kept.append(("warning", (words, warning_message.filename, warning_message.lineno, when, nodeid)))

    def tell(self) -> None:
        """Tell all that was kept: once for a test, since each time wakes the first process."""
        self._way.send(self._kept)
        self._kept.clear()


@dataclass(slots=True)
class Forks:
    """The plugin: `unit_of` names the unit that a test belongs to, `is_waiting` tells tests that mostly wait.

    Tests of a unit run one after the other in one process, in the order in which they were collected. The first worker
    begins with those that wait and the others with the rest; then everybody helps.
    """

    unit_of: Callable[[pytest.Item], str]
    is_waiting: Callable[[pytest.Item], bool]
    _workers: "dict[_Way, _Worker]" = field(default_factory=dict, init=False)
    _over: set[str] = field(default_factory=set, init=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the tests in workers; leave that to pytest where one process is enough or nothing is to be run."""
        config = session.config
        many = min(config.getoption("forks"), len(session.items))
        if many <= 1 or session.testsfailed or config.option.collectonly or config.option.usepdb:
            return None
        cast("Any", config)._tmp_path_factory.getbasetemp()  # noqa: SLF001 (one folder for all workers)
        while left := [item for item in session.items if item.nodeid not in self._over]:
            self._run(session, left, many)
        return True

    def _run(self, session: pytest.Session, items: Unit, many: int) -> None:
        """Run tests, all of them if no worker dies of one."""
        waiting = _Queue(self._units(item for item in items if self.is_waiting(item)))
        others = _Queue(self._units(item for item in items if not self.is_waiting(item)))
        try:
            for number in range(many):
                self._fork(session, f"w{number}", (others, waiting) if number else (waiting, others))
            while self._workers:
                self._hear(session)
        finally:
            self._end()
            waiting.close()
            others.close()

    def _units(self, items: Iterable[pytest.Item]) -> list[Unit]:
        units: dict[str, list[pytest.Item]] = {}
        for item in items:
            units.setdefault(self.unit_of(item), []).append(item)
        return list(units.values())

    def _fork(self, session: pytest.Session, name: str, queues: tuple[_Queue, _Queue]) -> None:
        told, way = Pipe(duplex=False)
        sys.stdout.flush()
        sys.stderr.flush()
        if (pid := os.fork()) == 0:
            for other in (told, *self._workers):
                other.close()
            os.environ[_WORKER] = name
            os._exit(_work(session, chain(*queues), way))
        way.close()
        self._workers[told] = _Worker(name, pid)

    def _hear(self, session: pytest.Session) -> None:
        for told in cast("list[_Way]", wait(list(self._workers))):
            try:
                heard = told.recv()
            except EOFError:
                self._bury(session, told)
            else:
                for kind, data in heard:
                    self._note(session, self._workers[told], kind, data)
            if reason := session.shouldfail or session.shouldstop:
                raise (session.Failed if session.shouldfail else session.Interrupted)(reason)

    def _note(self, session: pytest.Session, worker: _Worker, kind: str, data: Any) -> None:  # noqa: ANN401 (by its kind)
        hook = session.config.hook
        match kind:
            case "begins":
                worker.running = data
            case "ends":
                self._over.add(data)
                worker.running = ""
            case "report":
                report = hook.pytest_report_from_serializable(config=session.config, data=data)
                hook.pytest_runtest_logreport(report=report)
            case _:
                hook.pytest_warning_recorded.call_historic(kwargs=_warning(*data))

    def _bury(self, session: pytest.Session, told: "_Way") -> None:
        """Report a worker that ended otherwise than in order as the test of which it died."""
        worker = self._workers.pop(told)
        told.close()
        code = os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        if code:
            self._over.add(test := worker.running)
            why = f"{worker.name} ended with {code} {f'in {test}' if test else 'between tests'}"
            place = (test.partition("::")[0], None, test)
            report = pytest.TestReport(test or worker.name, place, {}, "failed", why, "call")
            session.config.hook.pytest_runtest_logreport(report=report)
            if not test:
                raise session.Interrupted(why)

    def _end(self) -> None:
        """End workers that still run, in order: whatever their tests have opened is closed."""
        for told, worker in self._workers.items():
            os.kill(worker.pid, signal.SIGINT)
            told.close()
            os.waitpid(worker.pid, 0)
        self._workers.clear()


def _warning(words: str, file: str, line: int, when: str, nodeid: str) -> dict[str, object]:
    message = warnings.WarningMessage(pytest.PytestWarning(words), pytest.PytestWarning, file, line)
    return {"warning_message": message, "when": when, "nodeid": nodeid, "location": None}


def _work(session: pytest.Session, units: Iterable[Unit], way: "_Way") -> int:
    """Be a worker until no unit is left; return the exit code."""
    manager = session.config.pluginmanager
    capture = manager.getplugin("capturemanager")
    capture.stop_global_capturing()  # its files are those of the first process
    capture.start_global_capturing()
    manager.unregister(name="terminalreporter")
    teller = _Teller(session.config, way)
    try:
        _run_units(session, units)
        teller.tell()
    except BaseException:  # noqa: BLE001 (whatever it is, the first process learns that it came)
        capture.stop_global_capturing()
        traceback.print_exc()
        return 1
    return 0


def _run_units(session: pytest.Session, units: Iterable[Unit]) -> None:
    try:
        for unit in units:
            for item, following in zip(unit, [*unit[1:], session], strict=True):  # the session's own fixtures remain
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    finally:
        tear_down_session(session)
