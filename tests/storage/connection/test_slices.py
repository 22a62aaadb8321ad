"""Slices hold every row once, in the order of the key, whatever their size."""

import pytest
from sqlalchemy import bindparam, select

from dialogs.messages import Prompt
from scoring.values import replace
from storage.connection.slices import KeyOrder
from storage.connection.store import Store
from storage.model.records import InboxRow
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.inbox_conditions import has_content
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, message, person, save, soon

_inbox = t.inbox.c
BY_KEY = KeyOrder(_inbox.key)
BY_TIME = KeyOrder(_inbox.received_at, _inbox.key, before=_inbox.received_at < bindparam("cutoff", type_=Instant()))
WITH_CONTENT = KeyOrder(_inbox.received_at, _inbox.key, where=has_content())
BY_NUMBER = KeyOrder(t.outbox.c.seq)
KEYS = select(_inbox.key)


async def read(store: Store, order: KeyOrder, rows: int, **values: object) -> list[list[str]]:
    """Return the keys in each slice."""
    found = []
    async for part in order.slices(store, rows, **values):
        async with store.reading() as session:
            statement = order.portion(KEYS if order is not BY_NUMBER else select(t.outbox.c.id), part)
            keys = await session.fetch(statement, **part.parameters, **values, limit=rows)
        found.append([key for (key,) in keys])
    return found


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 8])
async def test_every_row_is_in_one_slice(store: Store, writer: Writer, rows: int) -> None:
    await save(writer, *(InboxRow(f"hook:{n}", "/hooks/tickets", b"", soon(hours=-n)) for n in range(7)))
    by_key, by_time = await read(store, BY_KEY, rows), await read(store, BY_TIME, rows, cutoff=soon(hours=9))
    assert [key for part in by_key for key in part] == [f"hook:{n}" for n in range(7)]
    assert [key for part in by_time for key in part] == [f"hook:{n}" for n in reversed(range(7))]
    assert max(map(len, by_key + by_time)) == min(rows, 7)


async def test_rows_of_one_moment_are_cut_by_the_rest_of_the_key(store: Store, writer: Writer) -> None:
    await save(writer, *(InboxRow(f"hook:{n}", "/hooks/tickets", b"", NOW) for n in range(5)))
    assert await read(store, BY_TIME, 2, cutoff=soon(hours=1)) == [
        ["hook:0", "hook:1"],
        ["hook:2", "hook:3"],
        ["hook:4"],
    ]


async def test_what_does_not_count_is_left_out(store: Store, writer: Writer) -> None:
    rows = [
        InboxRow(f"hook:{n}", "/hooks/tickets", b"", soon(hours=n), answer="200 {}" if n % 2 else "200 {1}")
        for n in range(6)
    ]
    await save(writer, *rows)
    assert await read(store, BY_TIME, 2, cutoff=soon(hours=3)) == [["hook:0", "hook:1"], ["hook:2"]]
    assert await read(store, WITH_CONTENT, 2) == [["hook:0", "hook:2"], ["hook:4"]]


async def test_numbers_are_cut_as_numbers(store: Store, writer: Writer) -> None:
    await save(writer, *person())
    await save(writer, *(replace(message(f"out_{n:02}"), prompt=Prompt("你好")) for n in range(12)))
    assert [len(part) for part in await read(store, BY_NUMBER, 5)] == [5, 5, 2]
