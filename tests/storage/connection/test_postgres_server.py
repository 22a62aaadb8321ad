"""On PostgreSQL several processes share the work, and a server that goes away comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime

import asyncpg
import pytest

from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.dialects.postgres import HEARTBEAT
from storage.dialects.postgres_links import DEADLINE
from storage.dialects.postgres_reserved import CONNECTIONS
from storage.model.errors import Unavailable, WriteConflict
from storage.reads.outbox import pending
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import CUSTOMERS, LOCKED_CUSTOMERS
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.samples import NOW, asked, inbox_row, look, message, person, save, soon
from tests.support.database.postgres import END_CONNECTIONS, PostgresServer
from tests.support.time.patience import PATIENCE

MEI = Needs(customers=frozenset({"c-mei"}))


@pytest.fixture
async def stores(migrated_postgres: str) -> AsyncIterator[tuple[Store, Store]]:
    """Return two stores, as two processes would have them."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(Store.open(migrated_postgres))
        second = await stack.enter_async_context(Store.open(migrated_postgres))
        yield first, second


@pytest.fixture
async def writers(stores: tuple[Store, Store]) -> AsyncIterator[tuple[Writer, Writer]]:
    first, second = (Writer(store, lambda: NOW) for store in stores)
    await save(first, *person(), *asked())
    yield first, second
    await first.stop()
    await second.stop()


async def cut_all_connections(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(END_CONNECTIONS)
    await connection.close()


# -- several processes ----------------------------------------------------------------------------------------


async def test_processes_that_work_for_the_same_customer_wait_for_each_other(writers: tuple[Writer, Writer]) -> None:
    def count(rows: Snapshot, _now: datetime) -> Decision[int]:
        interview = rows.interview("int_42")
        assert interview is not None
        return Decision(Changes((replace(interview, misses=interview.misses + 1),)), interview.misses + 1)

    job = Job(Needs(interviews=frozenset({"int_42"})), count)
    waves = [asyncio.gather(*(writer.decide(job) for writer in writers)) for _ in range(20)]
    answers = [answer for wave in await asyncio.gather(*waves) for answer in wave]
    assert sorted(answers) == list(range(1, 41))


async def test_what_two_processes_hear_at_once_is_decided_once(writers: tuple[Writer, Writer]) -> None:
    def hear(key: str) -> Job[str]:
        def decide(rows: Snapshot, _now: datetime) -> Decision[str]:
            known = rows.inbox_row(key) is not None
            return Decision(Changes(() if known else (inbox_row(key),)), "again" if known else "first")

        return Job(Needs(inbox=frozenset({key})), decide)

    keys = [f"telegram:{number}" for number in range(20)]
    answers = await asyncio.gather(*(writer.decide(hear(key)) for writer in writers for key in keys))
    assert sorted(answers) == ["again"] * 20 + ["first"] * 20


async def test_a_message_is_leased_by_one_process_only(writers: tuple[Writer, Writer]) -> None:
    names = [f"out_{number}" for number in range(50)]
    await save(writers[0], *(message(name) for name in names))
    found = await asyncio.gather(*(writer.claim(names, soon(minutes=1)) for writer in writers for _ in range(3)))
    leased = [claimed.id for claims in found for claimed in claims if claimed.status is SendingState.LEASED]
    assert sorted(leased) == sorted(names)


async def test_while_an_opt_out_is_on_its_way_nothing_starts(
    stores: tuple[Store, Store], writers: tuple[Writer, Writer]
) -> None:
    await save(writers[0], message())
    customer = (await look(writers[0], MEI)).customer("c-mei")
    assert customer is not None
    locked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(session: Session) -> None:
        await session.fetch(LOCKED_CUSTOMERS, customers=["c-mei"])
        locked.set()
        await go_on.wait()

    holding = asyncio.create_task(stores[0].transaction(hold))
    await locked.wait()
    (meanwhile,) = await writers[1].claim(["out_1"], soon(minutes=1))
    go_on.set()
    await holding
    await save(writers[0], replace(customer, opted_out_at=NOW))
    (afterwards,) = await writers[1].claim(["out_1"], soon(minutes=1))
    assert (meanwhile.status, afterwards.status) == (SendingState.PENDING, SendingState.CANCELLED)


async def test_a_part_is_played_by_one_process_and_passes_on(stores: tuple[Store, Store]) -> None:
    async with stores[0].singleton("poll") as mine:
        async with stores[1].singleton("poll") as theirs:
            assert (mine.held, theirs.held) == (True, False)
        async with stores[1].singleton("token") as other:
            assert other.held
    async with stores[1].singleton("poll") as theirs:
        assert theirs.held


async def test_whoever_loses_the_connection_is_told_that_the_part_is_gone(
    stores: tuple[Store, Store], migrated_postgres: str
) -> None:
    async with stores[0].singleton("poll") as mine:
        assert not mine.lost.is_set()
        await cut_all_connections(migrated_postgres)
        async with asyncio.timeout(PATIENCE):
            await mine.lost.wait()
        async with stores[1].singleton("poll") as theirs:
            assert theirs.held


@pytest.mark.proof  # it stops for longer than a heartbeat
async def test_whoever_was_stopped_notices_a_part_that_is_gone(
    stores: tuple[Store, Store], migrated_postgres: str, postgres_server: PostgresServer
) -> None:
    async with stores[0].singleton("poll") as mine:
        await asyncio.sleep(0.1)  # it is being watched
        postgres_server.end_connections(migrated_postgres)
        postgres_server.run(f"SELECT pg_sleep({HEARTBEAT + 0.5})")
        async with asyncio.timeout(PATIENCE):
            await mine.lost.wait()


@pytest.mark.proof  # nobody is taken for standing still before five seconds
async def test_rows_of_a_process_that_stands_still_in_the_middle_of_a_statement_are_freed(
    stores: tuple[Store, Store], writers: tuple[Writer, Writer], migrated_postgres: str
) -> None:
    paused = await asyncpg.connect(migrated_postgres, server_settings={"application_name": "huifang"})
    await paused.execute("BEGIN")
    await paused.execute("SELECT FROM customers FOR UPDATE")
    await paused.prepare("SELECT 1")  # parsed, and not executed: the server waits for what comes next
    ended = asyncio.Event()
    paused.add_termination_listener(lambda _: ended.set())
    with pytest.raises(WriteConflict, match="lock timeout"):
        await look(writers[0], MEI)
    async with stores[0].singleton("send"), asyncio.timeout(5 + 2 * HEARTBEAT):
        await ended.wait()
    await look(writers[0], MEI)


# -- a server that goes away ------------------------------------------------------------------------------------


async def test_work_goes_on_after_all_connections_were_cut(
    stores: tuple[Store, Store], writers: tuple[Writer, Writer], migrated_postgres: str
) -> None:
    await cut_all_connections(migrated_postgres)
    await save(writers[0], message())
    assert [waiting.message.id for waiting in await pending(stores[0], {"telegram"}, NOW, 9)] == ["out_1"]


async def _read(store: Store, _writer: Writer) -> object:
    return await pending(store, {"telegram"}, NOW, 9)


async def _write(_store: Store, writer: Writer) -> object:
    return await look(writer, MEI)


@pytest.mark.parametrize("call", [_read, _write])
async def test_connections_that_died_unread_cost_no_caller_an_error(
    stores: tuple[Store, Store],
    writers: tuple[Writer, Writer],
    migrated_postgres: str,
    postgres_server: PostgresServer,
    call: Callable[[Store, Writer], Awaitable[object]],
) -> None:
    store, writer = stores[0], writers[0]
    await _open_connections(store, 4)
    # psql is waited for without the event loop, as if this process were paused: it has not read yet what happened.
    postgres_server.end_connections(migrated_postgres)
    await call(store, writer)
    await asyncio.gather(*(call(store, writer) for _ in range(4)))


async def _open_connections(store: Store, number: int) -> None:
    """Open so many connections of the pool."""
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(store.reading()) for _ in range(number)]
        await asyncio.gather(*(session.fetch(CUSTOMERS, customers=["c-mei"]) for session in sessions))


@pytest.mark.proof  # it stops for longer than a statement may take
@pytest.mark.parametrize("is_connected", [True, False])
async def test_what_was_under_way_while_this_process_was_stopped_is_no_silence_of_the_database(
    stores: tuple[Store, Store],
    writers: tuple[Writer, Writer],
    postgres_server: PostgresServer,
    *,
    is_connected: bool,
) -> None:
    if is_connected:
        await _open_connections(stores[0], CONNECTIONS)
    reading = [asyncio.create_task(_read(stores[0], writers[0])) for _ in range(CONNECTIONS)]
    writing = asyncio.create_task(_write(stores[0], writers[0]))
    await asyncio.sleep(0)  # all have sent something
    postgres_server.run(f"SELECT pg_sleep({DEADLINE + 2})")
    await asyncio.gather(*reading, writing)
    await asyncio.gather(_read(stores[0], writers[0]), _write(stores[0], writers[0]))


async def test_a_transaction_that_loses_its_connection_before_the_commit_runs_once_more(
    stores: tuple[Store, Store],
    writers: tuple[Writer, Writer],
    migrated_postgres: str,
    postgres_server: PostgresServer,
) -> None:
    runs = []

    async def step(session: Session, now: datetime) -> int:
        runs.append(now)
        if len(runs) == 1:
            postgres_server.end_connections(migrated_postgres)
        return len(await session.fetch(LOCKED_CUSTOMERS, customers=["c-mei"]))

    saved = await asyncio.gather(save(writers[0], message()), writers[0].perform(step))
    assert (saved[1], len(runs), writers[0].has_failed) == (1, 2, False)
    assert [waiting.message.id for waiting in await pending(stores[1], {"telegram"}, NOW, 9)] == ["out_1"]


async def test_a_connection_cut_in_the_middle_saves_nothing(
    stores: tuple[Store, Store], writers: tuple[Writer, Writer], migrated_postgres: str
) -> None:
    async def cut(session: Session, _now: datetime) -> None:
        await cut_all_connections(migrated_postgres)
        await session.fetch(LOCKED_CUSTOMERS, customers=["c-mei"])

    saved, performed = await asyncio.gather(
        save(writers[0], message()), writers[0].perform(cut), return_exceptions=True
    )
    assert (type(saved), type(performed)) == (Unavailable, Unavailable)
    assert await pending(stores[1], {"telegram"}, NOW, 9) == []
    await save(writers[0], message())


async def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(Unavailable, match="the database cannot be used"):
        async with Store.open("postgresql://huifang:secret-word@127.0.0.1:1/none"):
            pass
