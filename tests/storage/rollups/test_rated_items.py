"""What is rated is stored once, whoever rates it first, and nobody waits for others who rate the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import pytest
from sqlalchemy import func, select

from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.fact_records import RatingFact
from storage.rollups.sums import add_up
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from storage.unit_of_work.writes import write_ratings
from tests.storage.rollups.turmoil import SHANGHAI
from tests.storage.samples import NOW, asked, person, save

GIVEN = RatingFact("desk", "42", 1, "int_42", "care", "after_service", 1, "attitude", 2, 1, 5, NOW, "telegram")
ITEMS = ("care", "speed", "skill", "price", "place")
PATIENCE = 5.0


@pytest.fixture(name="other")
async def _other(migrated_postgres: str) -> AsyncIterator[Store]:
    """Open the database of a service on PostgreSQL a second time."""
    async with Store.open(migrated_postgres) as store:
        yield store


def rated(number: int, items: Sequence[str] = ITEMS) -> list[RatingFact]:
    """Return a response's ratings."""
    return [replace(GIVEN, item=item, response=f"int_{number}") for item in items]


async def counts(store: Store) -> list[int]:
    """Return how many items, ratings and noted changes there are."""
    async with store.reading() as session:
        tables = (t.rated_items, t.ratings, t.rating_deltas)
        return [(await session.fetch(select(func.count()).select_from(table)))[0][0] for table in tables]


async def test_what_two_processes_rate_first_at_once_is_stored_once(migrated_postgres: str, other: Store) -> None:
    async with Store.open(migrated_postgres) as store:
        writers = [Writer(each, lambda: NOW) for each in (store, other)]
        try:
            await asyncio.gather(
                *(save(writers[number % 2], *rated(number, ITEMS[number % 5 :] + ITEMS)) for number in range(20))
            )
            assert await counts(store) == [5, 100, 100]
        finally:
            for writer in writers:
                await writer.stop()


async def test_whoever_rates_waits_for_nobody_who_rates_the_same_or_adds_up(
    migrated_postgres: str, other: Store
) -> None:
    async with Store.open(migrated_postgres) as store:
        writer = Writer(other, lambda: NOW)
        try:
            others = [one for number in (43, 44, 45) for one in asked(ticket=str(number))]
            await save(writer, *person(), *asked(), *others, *rated(42))

            async def meanwhile(session: Session) -> None:
                await write_ratings(session, rated(43))
                async with asyncio.timeout(PATIENCE):
                    await save(writer, *rated(44))
                    await add_up(writer, SHANGHAI)
                    await save(writer, *rated(45))

            await store.transaction(meanwhile)
            assert await counts(store) == [5, 20, 10]
            async with store.reading() as session:
                waiting = await session.fetch(select(t.rating_deltas.c.response).distinct())
            assert sorted(waiting) == [("int_43",), ("int_45",)]
        finally:
            await writer.stop()


async def test_an_item_whose_survey_changes_is_another_one(store: Store, writer: Writer) -> None:
    versions = [replace(GIVEN, survey_number=number, response=f"int_{number}") for number in (1, 2, 2, 3)]
    await save(writer, *versions)
    await save(writer, replace(GIVEN, dimension="manners", response="int_9"))
    assert (await counts(store))[:2] == [4, 4]
    async with store.reading() as session:
        found = await session.fetch(select(t.rated_items.c.survey_number, t.rated_items.c.dimension))
    assert sorted(found) == [(1, "attitude"), (1, "manners"), (2, "attitude"), (3, "attitude")]


async def test_a_rating_keeps_its_moment_to_the_microsecond(store: Store, writer: Writer) -> None:
    moment = datetime.fromisoformat("2026-03-29T00:59:59.000001Z")
    await save(writer, replace(GIVEN, at=moment))
    async with store.reading() as session:
        assert await session.fetch(select(t.ratings.c.at)) == [(moment,)]
