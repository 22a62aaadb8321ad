"""What every test may ask for, and what every test is held to."""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, cast

import pytest

from tests.rows.coverage import RowCoverage, mark_items
from tests.rows.page import marked_tests
from tests.support.database.migrated import Emptier, create_migrated
from tests.support.database.postgres import PostgresServer, find_binaries, running_postgres
from tests.support.examples import CaseChoice, register_profiles
from tests.support.forked import ForkedLoop, add_option
from tests.support.leftovers import alive, left_behind
from tests.support.shared import begin_run, end_run

register_profiles()

MEMORY = Path("/dev/shm")  # noqa: S108 (what is put there has a folder of its own)
ENOUGH = 2 * 2**30
"""Bytes. A run takes a fifth of that, most of it for PostgreSQL."""
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    # On a disk that others use too, hundreds of databases wait for each of their commits.
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

_TOGETHER = ({"house"}, {"journeys"}, {"interview", "test_exploration.py"})
"""Folders and files of tests that share what takes long: syntax trees, processes, all interviews there can be."""

sys.modules |= {"sniffio": cast("Any", None)}  # httpx looks for it at each request, through every folder of libraries

gc.set_threshold(20_000)  # tests make much and few cycles; looking for those took a tenth of the time


AHEAD, HUNG = pytest.StashKey[int](), pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of our own."""
    add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder in which the workers of this run find the servers they share; its first process counts rows."""
    begin_run()
    if config.option.forks and config.args_source is config.ArgsSource.TESTPATHS and not config.option.collectonly:
        config.stash[AHEAD] = _begin_ahead()
    gc.disable()  # until all is collected, which makes much and drops little
    signal.signal(signal.SIGINT, _interrupt)
    config.pluginmanager.register(CaseChoice())
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(RowCoverage(marked_tests))
        config.pluginmanager.register(ForkedLoop())


def _begin_ahead() -> int:
    """Start what all workers share while this process collects, by another one, whose pid is returned.

    Whatever fails there the first test that asks for it does again, and tells.
    """
    pid = os.fork()
    if pid:
        return pid
    try:
        from tests.support.warm import warm_interpreter  # noqa: PLC0415 (all of the product, which the collection imports)

        warm_interpreter()
        create_migrated(running_postgres(find_binaries(), "ahead"))
    finally:
        os._exit(0)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End the run, as the handler of Python does.

    That one asyncio would replace in each test by one that holds the test's task, and `signal` writes what it replaces
    out in full for an error that nobody sees: a twentieth of the time of all tests.
    """
    raise KeyboardInterrupt


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, then with what is best done by one worker, the journeys: they wait, others work."""
    mark_items(items)
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, int]:
    """Order the proofs before what goes with them, which fills the time while they wait."""
    if item.get_closest_marker("long"):
        return False, -1
    together = (place for place, names in enumerate(_TOGETHER) if names & {*item.path.parts, item.path.name})
    return item.get_closest_marker("proof") is None, next(together, len(_TOGETHER))


def pytest_collection_finish() -> None:
    """Keep what lives for ever, libraries and thousands of tests, out of garbage collection."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note how the run ended if a leaked thread, reported already, would keep the interpreter from ending too."""
    if len(alive().threads) > 1 and not hasattr(session.config, "workerinput"):
        session.config.stash[HUNG] = exitstatus


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End the shared servers; then, where a thread leaked, the process, which would wait for that thread for ever."""
    if AHEAD in config.stash:
        os.waitpid(config.stash[AHEAD], 0)
    end_run()
    if HUNG in config.stash:
        sys.stdout.flush()
        os._exit(config.stash[HUNG])


@pytest.fixture(autouse=True)
def _leaves_nothing_running() -> Iterator[None]:
    """Fail a test that leaves threads or processes (an unclosed aiosqlite connection is a live thread)."""
    before = alive()
    yield
    if left := left_behind(before):
        pytest.fail(f"this test left running: {', '.join(left)}")


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> PostgresServer:
    """Return the run's PostgreSQL, started when the first test of all asks, with a bare database of this worker."""
    return running_postgres(find_binaries(), worker_id)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """Return the URL of an empty PostgreSQL database."""
    postgres_server.empty()
    return postgres_server.url


@pytest.fixture(scope="session")
def _emptier(postgres_server: PostgresServer) -> Iterator[Emptier]:
    emptier = Emptier(create_migrated(postgres_server))
    yield emptier
    emptier.close()


@pytest.fixture
def migrated_postgres(_emptier: Emptier) -> str:
    """Return the URL of a migrated PostgreSQL database in which there are no rows."""
    _emptier.empty()
    return _emptier.url
