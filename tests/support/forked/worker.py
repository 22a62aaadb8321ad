"""One of the forked processes: it runs the tests that it is given, and tells how they went."""

import json
import os
import socket
import struct
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from mmap import mmap
from typing import Any, Literal, TextIO
from warnings import WarningMessage

import pytest

__all__ = ["PLACE", "temporary_folders", "work"]

PLACE = struct.Struct("i")
"""How a worker notes which test it runs, each at a place of its own in memory that all share; the first is to stop."""

When = Literal["config", "collect", "runtest"]


class _Teller:
    """Collects what the hooks of pytest say of one test."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.reports: list[Any] = []
        self.warnings: list[Any] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a report for the first process."""
        self.reports.append(self.config.hook.pytest_report_to_serializable(config=self.config, report=report))

    def pytest_warning_recorded(
        self, warning_message: WarningMessage, when: When, nodeid: str, location: tuple[str, int, str] | None
    ) -> None:
        """Keep a warning for the first process."""
        text = f"{warning_message.category.__name__}: {warning_message.message}"
        self.warnings.append([text, warning_message.filename, warning_message.lineno, when, nodeid, location])

    def told(self) -> dict[str, Any]:
        """Return what was kept, and begin anew."""
        told, self.reports, self.warnings = {"reports": self.reports, "warnings": self.warnings}, [], []
        return told


def work(session: pytest.Session, number: int, line: socket.socket, shared: mmap) -> None:
    """Be the worker of this number; does not return."""
    code = 1
    try:
        with line, line.makefile("rw", encoding="utf-8") as told:
            _run(session, number, told, shared)
        code = 0
    finally:
        os._exit(code)  # whatever is raised: what follows in this stack is for the first process to do


def _run(session: pytest.Session, number: int, told: TextIO, shared: mmap) -> None:
    def tell(**what: object) -> None:
        print(json.dumps(what), file=told, flush=True)

    try:
        _settle_in(session, number)
        teller = _Teller(session.config)
        session.config.pluginmanager.register(teller)
        tell(wants=True)
        for place, following in _given(told, tell):
            if PLACE.unpack_from(shared)[0]:
                break
            PLACE.pack_into(shared, PLACE.size * (number + 1), place)
            next_item = None if following is None else session.items[following]
            item = session.items[place]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)
            tell(**teller.told())
        session._setupstate.teardown_exact(None)  # noqa: SLF001 (what pytest itself does after its last test)
        tell(**teller.told(), over=True)
    except BaseException:  # noqa: BLE001 (the first process ends the run with it)
        why = traceback.format_exc()
        session._setupstate.teardown_exact(None)  # noqa: SLF001 (as above: processes that a fixture has started end)
        tell(error=why)


def _settle_in(session: pytest.Session, number: int) -> None:
    """Use nothing that the first process and its other forks use as well: captured output, the folder, the terminal."""
    config = session.config
    vars(config)["workerinput"] = {"workerid": f"gw{number}"}  # where pytest-xdist has it, and its fixtures look
    manager = config.pluginmanager
    capture = manager.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    manager.unregister(name="terminalreporter")
    factory = temporary_folders(config)
    factory._basetemp = factory.getbasetemp() / f"gw{number}"  # noqa: SLF001 (there is no other way)
    factory.getbasetemp().mkdir(mode=0o700)


def temporary_folders(config: pytest.Config) -> Any:  # noqa: ANN401 (pytest keeps it to itself)
    """Return what makes the temporary folders of tests."""
    return vars(config)["_tmp_path_factory"]


def _given(told: TextIO, tell: Callable[..., None]) -> Iterator[tuple[int, int | None]]:
    """Yield the places of tests, each with that of the next one, whose fixtures are kept."""
    queue: deque[int] = deque()
    is_over = False
    while queue or not is_over:
        while len(queue) <= 1 and not is_over:
            begin, end = json.loads(told.readline())
            queue.extend(range(begin, end))
            is_over = begin == end
            if not is_over and len(queue) <= 1:
                tell(wants=True)
        if queue:
            yield queue.popleft(), queue[0] if queue else None
            if len(queue) == 1 and not is_over:
                tell(wants=True)
