"""What names somebody in a large inbox is emptied in portions, and what comes in meanwhile is not overlooked."""

import asyncio
from itertools import count

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import InboxOutcome, InboxRow
from storage.privacy.erasure import ErasureTask, erase
from storage.unit_of_work.writer import Committed, Writer
from tests.storage.samples import NOW, person, save
from tests.support.traces import traces

GONE = ErasureTask("c-mei", "gone_x", b"key-of-the-house")
MANY = 1203


def named(key: str) -> InboxRow:
    return InboxRow(key, "/hooks/tickets", b"", NOW, InboxOutcome.DONE, '200 {"customer":{"id":"c-mei"}}')


@pytest.fixture
async def _full(writer: Writer) -> None:
    """Keep a person, deliveries that name them, passive replies, and as many deliveries that name nobody of them."""
    others = (InboxRow(f"hook:b{n}", "/hooks/tickets", b"", NOW, answer='200 {"id":"c-liu"}') for n in range(MANY))
    replies = (InboxRow(f"wechat:{n}", "wechat", b"", NOW, answer='{"text":"1"}') for n in range(MANY))
    rows = (*(named(f"hook:a{n:05}") for n in range(MANY)), *others, *replies)
    await save(writer, *person(), *rows)


@pytest.mark.proof
@pytest.mark.usefixtures("_full")
async def test_no_transaction_empties_more_than_a_portion(
    writer: Writer, store: Store, committed: list[Committed]
) -> None:
    committed.clear()
    assert await erase(store, writer, GONE)
    assert await traces(store, "c-mei", '{"text"') == []
    assert len(committed) >= 2 * MANY // 500


@pytest.mark.usefixtures("_full")
async def test_what_comes_in_behind_the_look_is_emptied_too(store: Store) -> None:
    coming: list[asyncio.Task[None]] = []
    commits = count()

    def told(_: Committed) -> None:
        if next(commits) == 1:  # the first portion: the row's place in the order has been passed
            coming.append(asyncio.create_task(save(writer, named("hook:a"))))

    writer = Writer(store, lambda: NOW, on_commit=told)
    assert await erase(store, writer, GONE)
    await asyncio.gather(*coming)
    await writer.stop()
    assert len(coming) == 1
    assert await traces(store, "c-mei") == []


@pytest.mark.usefixtures("_full")
async def test_one_that_was_cut_off_is_done_again_as_a_whole(store: Store) -> None:
    commits, tasks = count(), list[asyncio.Task[bool]]()

    def told(_: Committed) -> None:
        if next(commits) == 2:
            tasks[0].cancel()

    writer = Writer(store, lambda: NOW, on_commit=told)
    tasks.append(asyncio.create_task(erase(store, writer, GONE)))
    await asyncio.wait(tasks)
    assert tasks[0].cancelled()
    assert await traces(store, "c-mei")
    assert await erase(store, writer, replace(GONE, anonymous_id="gone_y"))
    await writer.stop()
    assert await traces(store, "c-mei", "gone_x") == []
