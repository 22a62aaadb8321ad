"""What every test may ask for, and what every test is held to."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rows.coverage import RowCoverage, mark_items
from tests.rows.page import marked_tests
from tests.support.database.migrated import Emptier, create_migrated
from tests.support.database.postgres import PostgresServer, find_binaries, running_postgres
from tests.support.examples import register_profiles
from tests.support.run.forks import Forks, pytest_addoption, worker_name  # noqa: F401 (pytest finds its hooks here)
from tests.support.run.leftovers import alive, left_behind
from tests.support.shared import begin_run, end_run

register_profiles()

MEMORY = Path("/dev/shm")  # noqa: S108 (what is put there has a folder of its own)
ENOUGH = 2 * 2**30
"""Bytes. A run takes a fifth of that, most of it for PostgreSQL."""
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    # On a disk that others use too, hundreds of databases wait for each of their commits.
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

_LONG = {"house", "test_exploration"}
"""Folders and files of which all tests are one unit, and take seconds."""

gc.set_threshold(20_000)  # tests make much and few cycles; looking for those took a tenth of the time


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder in which the workers of this run find the servers they share, and count rows."""
    begin_run()
    config.pluginmanager.register(RowCoverage(marked_tests))
    config.pluginmanager.register(Forks(unit_of, is_waiting))


def is_waiting(item: pytest.Item) -> bool:
    """Return whether a test mostly waits for real time and for other processes."""
    return "journeys" in item.path.parts


def unit_of(item: pytest.Item) -> str:
    """Return the unit to which a test belongs: a file, a test that takes long, or all that share what takes long."""
    if "house" in item.path.parts:
        return "house"
    if is_waiting(item):
        return "town" if _in_town(item) else item.nodeid
    return str(item.path)


def _in_town(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "town" in item.fixturenames


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: with what is long at the end, one process would work and the others be idle."""
    mark_items(items)
    items.sort(key=lambda item: not (_in_town(item) or _LONG & {*item.path.parts, item.path.stem}))


def pytest_collection_finish() -> None:
    """Keep what lives for ever, libraries and two thousand tests, out of garbage collection."""
    gc.collect()
    gc.freeze()


HUNG = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note how the run ended if a leaked thread, reported already, would keep the interpreter from ending too."""
    if len(alive().threads) > 1:
        session.config.stash[HUNG] = exitstatus


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End the shared servers; then, where a thread leaked, the process, which would wait for that thread for ever."""
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
def postgres_server() -> PostgresServer:
    """Return the run's PostgreSQL, started when the first test of all asks, with a bare database of this worker."""
    return running_postgres(find_binaries(), worker_name())


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
