"""The nets under the other tests: what they lend is clean, and what leaks is seen."""

import subprocess
import sys
import threading

import asyncpg
import pytest

from tests.support.database.postgres import PostgresServer, running_postgres
from tests.support.leftovers import alive, left_behind


def test_a_thread_that_goes_on_is_reported() -> None:
    before, end = alive(), threading.Event()
    thread = threading.Thread(target=end.wait, name="straggler")
    thread.start()
    assert left_behind(before, patience=0.05) == ["thread straggler"]
    end.set()
    thread.join()
    assert left_behind(before) == []


def test_a_child_that_goes_on_is_reported() -> None:
    before = alive()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        (left,) = left_behind(before, patience=0.05)
        assert left.startswith(f"process {child.pid} ")
        child.communicate(b"\n")
    assert left_behind(before) == []


async def test_an_emptied_database_has_no_tables_and_no_old_connections(postgres_server: PostgresServer) -> None:
    forgotten = await asyncpg.connect(postgres_server.url)
    forgotten_pid = forgotten.get_server_pid()
    await forgotten.execute("BEGIN; CREATE TABLE left_over (id int); COMMIT; BEGIN; LOCK TABLE left_over")
    postgres_server.empty()
    fresh = await asyncpg.connect(postgres_server.url)
    tables = await fresh.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    ended = not await fresh.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", forgotten_pid)
    await fresh.close()
    forgotten.terminate()
    assert (tables, ended) == (0, True)


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_postgres_is_an_error_only_under_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="PostgreSQL is not installed"):
        running_postgres(None, "nobody")
