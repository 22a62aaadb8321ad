"""The sample company goes into an empty database or the sandbox, once, and out again without a trace."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.jobs.sample.sample_database import CompanySize, SampleDatabase, SampleRefused
from dialogs.improvement.model import FindingState
from storage.bulk.import_register import list_imports, move_import
from storage.connection.store import Store
from storage.model.import_records import ImportState
from storage.model.records import Customer
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.rollups.differences import check_rollups
from storage.schema import tables as t
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from storage.verification.verify import verify_database
from tests.support.database.migrated import copy_migrated
from tests.support.web.house import House, open_house

SMALL = CompanySize(customers=60, months=5)
ALL = timedelta(minutes=5)
NO_TIME = timedelta(0)
KEPT = {"notes", "surveys", "rated_items", "figure_changes", "figure_days"}
"""What a start of the product writes by itself, the questions that were rated once, and how often a day changed."""


@pytest.fixture(params=["sqlite", "postgres"], name="url")
def _url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture(name="house")
async def _house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, url) as house:
        yield house


@pytest.fixture(name="company")
def _company(house: House) -> SampleDatabase:
    assert house.web.sample is not None
    return house.web.sample


async def rows_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    found = {}
    async with store.reading() as session:
        for table in t.METADATA.sorted_tables:
            if table.name not in KEPT:
                found[table.name] = sorted(map(tuple, await session.fetch(select(table))), key=str)
    return found


async def counted(store: Store, name: str) -> int:
    async with store.reading() as session:
        return int((await session.fetch(select(func.count()).select_from(t.METADATA.tables[name])))[0][0])


async def add_customer(house: House, id_: str) -> None:
    def decide(_context: object) -> Decision[None]:
        return Decision(Changes((Customer(id_, "王梅"),)), None)

    await house.web.receiver.do(Needs(), decide)


async def test_it_goes_in_whole_keeps_every_promise_and_leaves_no_trace(
    house: House, company: SampleDatabase, url: str
) -> None:
    before = await rows_of(house.store)
    told = await company.load(SMALL, ALL)
    assert (told.is_whole, told.month) == (True, "2026-10")
    assert await counted(house.store, "ratings") > 100
    assert await counted(house.store, "outbox") == 0
    assert (await verify_database(url, house.clock.now())).violations == ()
    assert await check_rollups(url) == []
    assert await company.remove()
    assert await rows_of(house.store) == before
    assert await company.standing() is None


@pytest.mark.proof
async def test_the_same_again_changes_nothing(house: House, company: SampleDatabase) -> None:
    first = await company.load(SMALL, ALL)
    rows = await rows_of(house.store)
    house.clock.passes(timedelta(hours=5))
    assert await company.load(SMALL, ALL) == first
    assert await rows_of(house.store) == rows


@pytest.mark.proof
async def test_what_was_broken_off_goes_on_and_is_the_same_in_the_end(house: House, company: SampleDatabase) -> None:
    await company.load(SMALL, ALL)
    whole = {name: len(rows) for name, rows in (await rows_of(house.store)).items()}
    await company.remove()
    steps = 0
    while not (told := await company.load(SMALL, NO_TIME)).is_whole:
        steps += 1
        assert told.done == steps
        assert await company.standing() == told
        house.clock.passes(timedelta(hours=1))
    assert steps == told.of - 1
    assert {name: len(rows) for name, rows in (await rows_of(house.store)).items()} == whole


@pytest.mark.proof
async def test_half_of_it_can_be_taken_out(house: House, company: SampleDatabase) -> None:
    before = await rows_of(house.store)
    await company.load(SMALL, NO_TIME)
    await company.load(SMALL, NO_TIME)
    assert await counted(house.store, "customers") == 25
    assert await company.remove()
    assert await rows_of(house.store) == before


@pytest.mark.proof
async def test_nothing_is_taken_out_where_nothing_is(company: SampleDatabase) -> None:
    assert not await company.remove()


@pytest.mark.proof
@pytest.mark.parametrize("customer", ["c-1", "a", "sample", "sampler-1", "sandboxes", "zz"])
async def test_it_never_stands_among_customers_of_the_owner(
    house: House, company: SampleDatabase, customer: str
) -> None:
    await add_customer(house, customer)
    with pytest.raises(SampleRefused, match="customers of your own"):
        await company.load(SMALL)
    assert await counted(house.store, "imports") == 0


@pytest.mark.proof
async def test_it_stands_beside_what_was_played_in_the_sandbox(house: House, company: SampleDatabase) -> None:
    await add_customer(house, "sandbox")
    await add_customer(house, "sandbox-0a1b")
    before = await rows_of(house.store)
    assert (await company.load(SMALL, ALL)).is_whole
    await company.remove()
    assert await rows_of(house.store) == before


@pytest.mark.proof
async def test_a_company_of_which_a_part_is_taken_out_is_not_loaded_beside_the_rest(
    house: House, company: SampleDatabase
) -> None:
    size = CompanySize(customers=30, months=2)
    await company.load(size)
    (there,) = await list_imports(house.store)
    await move_import(company.writer, there.id, ImportState.UNDOING)  # as a kill leaves it
    with pytest.raises(SampleRefused, match="a part of it is taken out already: end that with `huifang sample remove`"):
        await company.load(size)
    assert await company.remove()
    assert await list_imports(house.store) == []
    await company.load(size)


@pytest.mark.proof
async def test_another_company_waits_until_the_first_is_gone(company: SampleDatabase) -> None:
    await company.load(SMALL, ALL)
    with pytest.raises(SampleRefused, match="huifang sample remove"):
        await company.load(CompanySize(seed=8, customers=60, months=5))
    await company.remove()
    assert (await company.load(CompanySize(seed=8, customers=30, months=5), ALL)).is_whole


@pytest.mark.proof
@pytest.mark.parametrize(
    ("size", "what"),
    [
        (CompanySize(customers=0), "--customers 0"),
        (CompanySize(customers=1_000_001), "1 to 1000000"),
        (CompanySize(months=0), "--months 0"),
        (CompanySize(months=37), "1 to 36"),
    ],
)
async def test_sizes_that_make_no_sense_are_refused_by_name(
    company: SampleDatabase, size: CompanySize, what: str
) -> None:
    with pytest.raises(SampleRefused, match=what):
        await company.load(size)


@pytest.mark.proof
async def test_what_was_read_and_emptied_since_goes_too(house: House, company: SampleDatabase) -> None:
    before = await rows_of(house.store)
    await company.load(SMALL, ALL)
    await apply_retention(house.store, company.writer, RetentionPeriods(), house.clock.now())
    assert await company.remove()
    assert await rows_of(house.store) == before


@pytest.mark.proof
async def test_the_changes_of_a_company_of_a_few_months_are_looked_at_when_they_can_be(
    house: House, company: SampleDatabase
) -> None:
    await company.load(CompanySize(customers=60, months=2), ALL)
    async with house.store.reading() as session:
        states = [row[0] for row in await session.fetch(select(t.findings.c.state, t.findings.c.look_at))]
    assert states == [FindingState.PLANNED]
