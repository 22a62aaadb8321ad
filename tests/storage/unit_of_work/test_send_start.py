"""Between a lease and the sending a customer may opt out: the last look gives the message up."""

import asyncio
from collections.abc import Collection
from datetime import datetime

import asyncpg
import pytest

from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.samples import NOW, look, message, person, save, soon

MEI = Needs(customers=frozenset({"c-mei"}))


@pytest.fixture(autouse=True)
async def leased(writer: Writer) -> None:
    await save(writer, *person(), *person("li", "43"), message("out_1"), message("out_2", "li"))
    await writer.claim(["out_1", "out_2"], soon(seconds=90))


async def opt_out(writer: Writer) -> None:
    customer = (await look(writer, MEI)).customer("c-mei")
    assert customer is not None
    await save(writer, replace(customer, opted_out_at=NOW))


class Gone:
    """Remembers what went."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def __call__(self, messages: Collection[str]) -> None:
        self.ids += sorted(messages)


async def status_of(writer: Writer, message_id: str) -> tuple[SendingState, str]:
    found = (await look(writer, Needs(messages=frozenset({message_id})))).message(message_id)
    assert found is not None
    return found.status, found.why


async def test_what_was_leased_before_an_opt_out_and_has_not_begun_is_given_up(writer: Writer) -> None:
    await opt_out(writer)
    gone = Gone()
    kept = await writer.start_sending({"out_1": "c-mei", "out_2": "c-li"}, gone)
    assert [(one.id, one.status) for one in kept] == [("out_1", SendingState.CANCELLED)]
    assert gone.ids == ["out_2"]
    assert await status_of(writer, "out_1") == (SendingState.CANCELLED, "opted_out")
    assert await status_of(writer, "out_2") == (SendingState.LEASED, "")


async def test_an_opt_out_in_the_same_commit_is_seen(writer: Writer, store: Store) -> None:
    if store.is_alone:
        return  # what begins there without a commit of its own begins before the opt-out is saved
    customer = (await look(writer, MEI)).customer("c-mei")
    assert customer is not None
    gone = Gone()
    await asyncio.gather(
        writer.start_sending({"out_1": "c-mei"}, gone), save(writer, replace(customer, opted_out_at=NOW))
    )
    assert gone.ids == []


async def test_an_opt_out_that_is_just_being_saved_is_waited_for(writer: Writer) -> None:
    saving, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_session: object, _now: object) -> None:
        saving.set()
        await go_on.wait()

    pressing = asyncio.gather(_opt_out_now(writer), writer.perform(wait))
    await saving.wait()
    gone = Gone()
    going = asyncio.create_task(writer.start_sending({"out_1": "c-mei", "out_2": "c-li"}, gone))
    await asyncio.sleep(0.05)
    assert gone.ids == []
    go_on.set()
    await pressing
    assert [(one.id, one.status) for one in await going] == [("out_1", SendingState.CANCELLED)]
    assert gone.ids == ["out_2"]


async def test_an_opt_out_that_another_process_is_saving_holds_the_message_back(
    url: str, store: Store, writer: Writer
) -> None:
    if store.is_alone:
        return  # there is no other process
    async with Store.open(url) as elsewhere:
        saving, go_on = asyncio.Event(), asyncio.Event()
        other = Writer(elsewhere, lambda: NOW)

        async def wait(_session: object, _now: object) -> None:
            saving.set()
            await go_on.wait()

        pressing = asyncio.gather(_opt_out_now(other), other.perform(wait))
        await saving.wait()
        gone = Gone()
        kept = await writer.start_sending({"out_1": "c-mei"}, gone)
        assert [(one.id, one.status) for one in kept] == [("out_1", SendingState.PENDING)]
        go_on.set()
        await pressing
        (claimed,) = await writer.claim(["out_1"], soon(seconds=90))
        assert (claimed.status, claimed.why, gone.ids) == (SendingState.CANCELLED, "opted_out", [])
        await other.stop()


async def test_an_opt_out_of_another_process_waits_while_messages_begin_to_go(
    url: str, store: Store, writer: Writer
) -> None:
    if store.is_alone:
        return  # there is no other process
    async with Store.open(url) as elsewhere:
        other = Writer(elsewhere, lambda: NOW)
        pressing: list[asyncio.Task[None]] = []

        async def go(_messages: Collection[str]) -> None:
            pressing.append(asyncio.create_task(_opt_out_now(other)))
            await asyncio.sleep(0.2)
            assert not pressing[0].done()

        assert await writer.start_sending({"out_1": "c-mei"}, go) == []
        await pressing[0]
        await other.stop()


async def _opt_out_now(writer: Writer) -> None:
    def decide(rows: Snapshot, _now: datetime) -> Decision[None]:
        customer = rows.customer("c-mei")
        assert customer is not None
        return Decision(Changes((replace(customer, opted_out_at=NOW),)), None)

    await writer.decide(Job(MEI, decide))


@pytest.mark.parametrize("is_being_saved", [True, False])
async def test_what_has_begun_is_not_taken_back_where_the_connection_is_lost_afterwards(
    url: str, store: Store, *, writer: Writer, is_being_saved: bool
) -> None:
    if store.is_alone:
        return  # a file has no connection that is lost
    async with Store.open(url) as elsewhere:
        other, begun = Writer(elsewhere, lambda: NOW), list[str]()
        saving, go_on = asyncio.Event(), asyncio.Event()
        pressing = list[asyncio.Future[list[None]]]()

        async def wait(_session: object, _now: object) -> None:
            saving.set()
            await go_on.wait()

        async def go(messages: Collection[str]) -> None:
            begun.extend(messages)
            if len(begun) == len(messages) == 1:
                await _end_transactions(url)
                pressing.append(asyncio.gather(_opt_out_now(other), *([other.perform(wait)] if is_being_saved else [])))
                await (saving.wait() if is_being_saved else pressing[0])

        kept = await writer.start_sending({"out_1": "c-mei"}, go)
        go_on.set()
        await pressing[0]
        assert (kept, begun) == ([], ["out_1"])
        assert await status_of(writer, "out_1") == (SendingState.LEASED, "")
        await other.stop()


async def _end_transactions(url: str) -> None:
    """End the connections that are in a transaction, and wait until their rows are free."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state = 'idle in transaction'"
    )
    await connection.close()
