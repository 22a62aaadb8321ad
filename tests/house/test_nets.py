"""The nets under the other tests: what they lend is clean, and what leaks is seen."""

import asyncio
import subprocess
import sys
import threading

import asyncpg
import pytest

from tests.support.database.migrated import Emptier
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


@pytest.mark.parametrize("is_cut_off", [False, True])
async def test_a_lent_database_has_no_rows_of_those_who_had_it_before(
    migrated_postgres: str, postgres_server: PostgresServer, *, is_cut_off: bool
) -> None:
    left = await asyncpg.connect(migrated_postgres)
    await left.execute("INSERT INTO notes (key, value, at, version) VALUES ('left', 'over', now(), 1)")
    await left.close()

    def lend_again() -> None:
        """Lend it once more, as to the next test, which is no coroutine while that is done."""
        emptier = Emptier(migrated_postgres)
        for _ in range(2):
            emptier.empty()
            if is_cut_off:
                postgres_server.end_connections(migrated_postgres)
        emptier.empty()
        emptier.close()

    await asyncio.to_thread(lend_again)
    fresh = await asyncpg.connect(migrated_postgres)
    rows = await fresh.fetchval("SELECT count(*) FROM notes")
    await fresh.close()
    assert rows == 0


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_postgres_is_an_error_only_under_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="PostgreSQL is not installed"):
        running_postgres(None, "nobody")
