"""Everything that is kept comes back as it was."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from msgspec import NODEFAULT
from sqlalchemy import select

from dialogs.interview.model import Interview
from scoring.values import fields, replace
from storage.connection.codec import TABLES
from storage.connection.store import Store
from storage.model.errors import WriteConflict
from storage.model.records import Customer
from storage.schema import tables
from storage.unit_of_work.layers import key_of
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from storage.unit_of_work.writes import MUTABLE
from tests.storage.samples import NOW, asked, everything, person, save


async def stored(store: Store) -> dict[type, list[Any]]:
    async with store.reading() as session:
        return {kind: await session.records(kind, all_of(kind)) for kind in TABLES}


def as_saved(record: Any) -> Any:  # noqa: ANN401 - any record
    return replace(record, version=record.version + 1) if type(record) in MUTABLE else record


def test_there_is_a_sample_of_every_kind_with_every_field_filled() -> None:
    samples = {type(record): record for record in everything()}
    assert set(samples) == set(TABLES)
    for record in samples.values():
        empty = {f.name for f in fields(record) if getattr(record, f.name) in (None, "", (), 0)}
        assert empty <= {"version"}


async def test_every_record_comes_back_as_it_was_saved(store: Store, writer: Writer) -> None:
    await save(writer, *everything())
    assert await stored(store) == {type(record): [as_saved(record)] for record in everything()}


async def test_every_change_comes_back_as_it_was_saved(store: Store, writer: Writer) -> None:
    await save(writer, *everything())
    first = {kind: rows[0] for kind, rows in (await stored(store)).items() if kind in MUTABLE}
    bare = [_emptied(record) for record in first.values()]
    await save(writer, *bare)
    again = await stored(store)
    assert [again[type(record)] for record in bare] == [[as_saved(record)] for record in bare]


def _emptied(record: Any) -> Any:  # noqa: ANN401 - any record
    """Take away whatever may be missing, and may change."""
    stays = {column.name for column in TABLES[type(record)].columns if "fixed" in column.info} | {"version"}
    optional = {f.name: f.default for f in fields(record) if f.default is not NODEFAULT and f.name not in stays}
    return replace(record, **optional)


async def test_a_record_saved_twice_as_new_is_a_conflict(writer: Writer) -> None:
    await save(writer, *person())
    with pytest.raises(WriteConflict):
        await save(writer, Customer("c-mei"))


async def test_a_moment_without_a_zone_is_refused(writer: Writer) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a time zone"):
        await save(writer, Customer("c-mei", opted_out_at=naive))


async def test_moments_of_other_zones_come_back_as_the_same_instant_in_utc(store: Store, writer: Writer) -> None:
    shanghai = timezone(timedelta(hours=8))
    whole = datetime(2026, 11, 22, 10, 30, tzinfo=shanghai)
    await save(writer, Customer("c-mei", opted_out_at=whole))
    (customer,) = (await stored(store))[Customer]
    assert customer.opted_out_at == whole
    assert customer.opted_out_at.utcoffset() == timedelta(0)


async def test_scalar_fields_can_be_asked_for_with_plain_sql(store: Store, writer: Writer) -> None:
    await save(writer, *person(), *asked())
    table = tables.interviews.c
    statement = select(table.survey, table.survey_number, table.state, table.wake_at)
    async with store.reading() as session:
        (row,) = await session.fetch(statement)
    interview = asked()[1]
    assert row == ("after_service", 2, interview.state, interview.wake_at)


async def test_an_interview_that_is_over_wakes_nobody(store: Store, writer: Writer) -> None:
    ended = asked(state=type(asked()[1].state).COMPLETED)
    await save(writer, *person(), *ended)
    async with store.reading() as session:
        assert await session.fetch(select(tables.interviews.c.wake_at)) == [(None,)]
    assert (await stored(store))[Interview][0].wake_at is None


_STORED_AS = {"rated_item": "item"}
"""The field that a number stands for."""


def test_keys_are_the_tables_primary_keys() -> None:
    for record in everything():
        table = TABLES[type(record)]
        if table is not tables.outbox:
            names = (_STORED_AS.get(column.name, column.name) for column in table.primary_key)
            assert key_of(record) == tuple(getattr(record, name) for name in names)


async def test_whose_an_interview_is_never_changes(writer: Writer) -> None:
    await save(writer, *person(), *person("bo", "43"), *asked())
    stolen = replace(asked()[1], customer="c-bo", version=1)
    with pytest.raises(WriteConflict):
        await save(writer, stolen)
