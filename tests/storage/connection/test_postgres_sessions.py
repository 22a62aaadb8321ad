"""What every session asks of the server and of the kernel: without it one silent side holds up the other for long."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping

import asyncpg
import pytest
from sqlalchemy import Connection, Text, func, select

from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.dialects import database, postgres_links
from storage.dialects.postgres_address import read_postgres_address
from storage.dialects.postgres_links import DEADLINE, UNHURRIED, PostgresLinks

NOTICED_WITHIN = 15
"""Seconds after which a peer that is gone without a word has to be noticed; left to themselves, systems take hours."""
MS = 1000


@pytest.fixture(params=["bounded", "apart"])
async def link(request: pytest.FixtureRequest, migrated_postgres: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection as reads and commits have, or as roles, hints and migrations do."""
    links = PostgresLinks(read_postgres_address(migrated_postgres))
    made = await (links.connect() if request.param == "bounded" else links.connect_apart())
    yield made
    await links.end([made])


Settings = Mapping[str, int]
HOLDS: Mapping[str, Callable[[Settings], bool]] = {
    "a lock is given up before the statement that waits for it": lambda of: (
        0 < of["lock_timeout"] < of["statement_timeout"]
    ),
    "a statement is ended by the server before its connection is by us": lambda of: (
        0 < of["statement_timeout"] < DEADLINE * MS
    ),
    "a transaction that nobody goes on with lets go of its rows, but not while we may wait": lambda of: (
        DEADLINE * MS < of["idle_in_transaction_session_timeout"] <= NOTICED_WITHIN * MS
    ),
    "a client that is gone is noticed in silence": lambda of: (
        0 < of["tcp_keepalives_idle"] + of["tcp_keepalives_interval"] * of["tcp_keepalives_count"] <= NOTICED_WITHIN
    ),
    "a client that is gone is noticed while it is sent something": lambda of: (
        0 < of["tcp_user_timeout"] <= NOTICED_WITHIN * MS
    ),
    "a commit is on the disk before it is told": lambda of: of["synchronous_commit"] == 1,
}


async def test_the_server_bounds_a_session(link: asyncpg.Connection) -> None:
    rows = await link.fetch("SELECT name, setting FROM pg_settings WHERE setting ~ '^[0-9]+$' OR setting = 'on'")
    settings = {name: 1 if setting == "on" else int(setting) for name, setting in rows}
    assert [what for what, holds in HOLDS.items() if not holds(settings)] == []


SOCKET: Mapping[str, Callable[[Callable[[int, int], int]], bool]] = {
    "a server that is gone is looked for": lambda option: option(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1,
    "it is noticed in silence": lambda option: (
        option(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
        + option(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) * option(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
        <= NOTICED_WITHIN
    ),
    "it is noticed while it is sent something": lambda option: (
        0 < option(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= NOTICED_WITHIN * MS
    ),
}


async def test_our_own_socket_bounds_a_session(link: asyncpg.Connection) -> None:
    ours = link._transport.get_extra_info("socket")  # noqa: SLF001 (the driver has no other way to its socket)
    assert [what for what, holds in SOCKET.items() if not holds(ours.getsockopt)] == []


SHORT, LONGER = "250ms", 0.6
"""A limit in place of ours, which are seconds; and seconds of work that is right to take longer."""


@pytest.mark.proof
@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
async def test_a_migration_waits_for_another_one_however_long_that_takes(
    postgres_url: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres_links._SETTINGS, limit, SHORT)  # noqa: SLF001 (the address cannot say it)
    first = database(postgres_url)

    def migrate_slowly(connection: Connection) -> None:
        first.lock_schema(connection)
        connection.exec_driver_sql(f"SELECT pg_sleep({LONGER})")
        connection.exec_driver_sql("COMMIT")

    migrating = asyncio.create_task(first.run_sync(migrate_slowly, is_long=True))
    await asyncio.sleep(LONGER / 4)
    await upgrade(postgres_url)
    await migrating
    await first.close()


def _in_one_statement(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_sleep({LONGER})")


def _between_two(connection: Connection) -> None:
    time.sleep(LONGER)
    connection.exec_driver_sql("SELECT 1")


@pytest.mark.parametrize(
    ("limit", "works"),
    [("statement_timeout", _in_one_statement), ("idle_in_transaction_session_timeout", _between_two)],
)
async def test_an_inspection_of_everything_may_take_its_time(
    migrated_postgres: str, limit: str, works: Callable[[Connection], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres_links._SETTINGS, limit, SHORT)  # noqa: SLF001 (as above)
    inspected = database(migrated_postgres)
    await inspected.inspect(works)
    await inspected.close()


async def test_what_is_computed_large_may_take_longer_than_anybody_waits(migrated_postgres: str) -> None:
    links = PostgresLinks(read_postgres_address(migrated_postgres), UNHURRIED)
    link = await links.connect()
    limit, page = [await link.fetchval(f"SHOW {name}") for name in ("statement_timeout", "random_page_cost")]
    await links.end([link])
    assert limit == f"{UNHURRIED * MS - 500:.0f}ms"
    assert float(page) < 2


@pytest.mark.proof
async def test_a_statement_of_a_process_that_computes_outlasts_the_others(migrated_postgres: str) -> None:
    slow = select(func.pg_sleep(DEADLINE + 1, type_=Text()))
    async with Store.beside(migrated_postgres) as store, store.reading() as session:
        assert len(await session.fetch(slow)) == 1
