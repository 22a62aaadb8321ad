"""Many rows at once are stored as each alone would be, also where a column holds nothing in any of them, or in some."""

from datetime import datetime, timedelta

import pytest

from storage.connection.store import Store
from storage.model.records import Customer
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from storage.unit_of_work.writes import INSERT, UPDATE
from tests.storage.samples import NOW, save

MANY = 120


def crowd(opted_out: tuple[datetime | None, ...], invited: tuple[datetime | None, ...]) -> list[Customer]:
    """Return as many customers, to whom these moments are dealt out in turn."""
    return [
        Customer(
            f"c-{number:03}",
            opted_out_at=opted_out[number % len(opted_out)],
            invited_at=invited[number % len(invited)],
        )
        for number in range(MANY)
    ]


async def kept(store: Store) -> list[tuple[datetime | None, datetime | None]]:
    async with store.reading() as session:
        found = await session.records(Customer, all_of(Customer))
    assert {one.version for one in found} == {1}
    return [(one.opted_out_at, one.invited_at) for one in sorted(found, key=lambda one: one.id)]


@pytest.mark.parametrize(
    ("opted_out", "invited"),
    [
        ((None,), (None,)),
        ((None,), (NOW,)),
        ((NOW,), (None,)),
        ((NOW, None), (None,)),
        ((None, None, NOW), (NOW, NOW - timedelta(days=1))),
    ],
    ids=["none", "one column", "the other", "some of one", "some of each"],
)
async def test_what_is_empty_stays_empty_and_what_is_there_is_kept(
    store: Store, writer: Writer, opted_out: tuple[datetime | None, ...], invited: tuple[datetime | None, ...]
) -> None:
    people = crowd(opted_out, invited)
    await save(writer, *people)
    assert await kept(store) == [(one.opted_out_at, one.invited_at) for one in people]


async def test_the_same_statement_takes_every_mixture_one_after_the_other(store: Store, writer: Writer) -> None:
    for opted_out in (None, NOW, None):
        people = [Customer(f"{opted_out}-{number}-{id(writer)}", opted_out_at=opted_out) for number in range(MANY)]
        async with store.reading() as session:
            known = {one.id for one in await session.records(Customer, all_of(Customer))}
        await save(writer, *(one for one in people if one.id not in known))
    async with store.reading() as session:
        found = await session.records(Customer, all_of(Customer))
    assert [sum(one.opted_out_at == moment for one in found) for moment in (None, NOW)] == [MANY, MANY]


def test_only_what_is_inserted_may_stand_as_null() -> None:
    """A comparison with NULL is never true, where one with an empty value may have been."""
    assert all(write.writes_null for write in INSERT.values())
    assert not any(write.writes_null for write in UPDATE.values())
