"""What every test may ask for, and what every test is held to."""

import os
import sys
from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.leftovers import alive, left_behind
from tests.support.postgres import PostgresServer, find_binaries, running_postgres

# A slow moment of a shared machine is no bug of the product.
hypothesis.settings.register_profile("huifang", deadline=None)
hypothesis.settings.load_profile("huifang")


HUNG = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note how the run ended if a leaked thread, reported already, would keep the interpreter from ending too."""
    if len(alive().threads) > 1 and not hasattr(session.config, "workerinput"):
        session.config.stash[HUNG] = exitstatus


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End such a run here; otherwise the interpreter waits for that thread for ever."""
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
def postgres_server() -> Iterator[PostgresServer]:
    """Lend the worker's own PostgreSQL, started when the first test asks."""
    with running_postgres(find_binaries()) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """Give the URL of an empty PostgreSQL database."""
    postgres_server.empty()
    return postgres_server.url
