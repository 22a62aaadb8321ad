"""Several hosts: one that is silent, away or not to be written costs its share of the time, and no more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from storage.connection.store import Store
from storage.dialects.postgres_links import DEADLINE
from storage.model.errors import Unavailable
from storage.reads.outbox import pending
from tests.storage.samples import NOW
from tests.support.database.wire import Wire, wire_to
from tests.support.ports import reserved_port

READ_ONLY = "options=-c%20default_transaction_read_only%3Don"


@asynccontextmanager
async def wires(url: str, number: int) -> AsyncIterator[list[Wire]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(wire_to(url)) for _ in range(number)]


def behind(url: str, *ports: int, more: str = "") -> str:
    """Return the URL of a database with a host for each of these ports."""
    before, _, database = url.rpartition("/")
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return f"{before.rpartition('@')[0]}@{hosts}/{database}?{more}"


async def read(store: Store) -> None:
    assert await pending(store, {"telegram"}, NOW, 1) == []


async def reads(store: Store) -> None:
    """Read as soon as somebody tries again, which nobody does for a moment after a failure."""
    async with asyncio.timeout(120):
        while True:
            with suppress(Unavailable):
                return await read(store)
            await asyncio.sleep(0.1)


async def take_role(store: Store) -> None:
    """Take a role, which needs a connection of its own."""
    async with store.singleton("poll") as seat:
        assert seat.held


async def test_a_host_that_fails_in_any_way_leaves_time_for_the_next_one_which_is_the_first_from_then_on(
    migrated_postgres: str,
) -> None:
    async with wires(migrated_postgres, 3) as (silent, closing, well):
        silent.freeze()
        closing.cut()
        with reserved_port() as nobody:
            ports = (silent.listening, closing.listening, nobody, well.listening)
            async with Store.open(behind(migrated_postgres, *ports, more="connect_timeout=1&sslmode=disable")) as store:
                before, of_well = (silent.taken, closing.taken), well.taken
                await take_role(store)
        assert (before, of_well) == ((1, 1), 1)
        assert (silent.taken, closing.taken) == before
        assert well.taken > of_well


async def test_where_no_host_will_do_the_failure_is_that_of_the_one_that_is_away(migrated_postgres: str) -> None:
    async with wires(migrated_postgres, 2) as (closing, standby):
        closing.cut()
        with pytest.raises(Unavailable, match=r"cannot be used: Connection\w+Error"):
            async with Store.open(behind(migrated_postgres, closing.listening, standby.listening, more=READ_ONLY)):
                pass


@pytest.mark.proof  # each limit is waited for in full
async def test_without_a_limit_of_its_own_an_address_leaves_each_host_a_part(migrated_postgres: str) -> None:
    async with wires(migrated_postgres, 2) as (first, second), AsyncExitStack() as stack:
        first.freeze()
        url = behind(migrated_postgres, first.listening, second.listening)
        store = await stack.enter_async_context(Store.open(url))
        assert (first.taken, second.taken) == (1, 1)
        second.freeze()
        first.mend()
        with pytest.raises(Unavailable):  # over the connection that was
            await read(store)
        await reads(store)
        assert (first.taken, second.taken) == (2, 2)
        await take_role(store)
        assert (first.taken, second.taken) == (3, 2)


@pytest.mark.proof  # as above
async def test_where_every_host_is_silent_a_caller_hears_of_it_and_for_a_moment_nobody_tries_again(
    migrated_postgres: str,
) -> None:
    async with wires(migrated_postgres, 2) as (first, second), AsyncExitStack() as stack:
        url = behind(migrated_postgres, first.listening, second.listening)
        store = await stack.enter_async_context(Store.open(url))
        before = first.taken, second.taken
        first.freeze()
        second.freeze()
        with pytest.raises(Unavailable, match=f"does not answer within {DEADLINE:.0f} s"):
            await take_role(store)
        tried = first.taken, second.taken
        assert tried == (before[0] + 1, before[1] + 1)
        with pytest.raises(Unavailable, match=r"does not answer$"):
            await take_role(store)
        assert (first.taken, second.taken) == tried
