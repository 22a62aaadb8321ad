"""A walk meets every record once, whatever the size of its pages and wherever it goes on, on both databases."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from storage.bulk.snapshot_session import SnapshotSession, read_snapshot
from storage.bulk.table_walk import WalkPlace
from storage.bulk.whole_tables import WHOLE_TABLES
from storage.connection.migrate import upgrade
from storage.model.errors import SchemaMismatch, Unavailable
from storage.model.records import Customer, Ticket
from storage.model.registers import AuditEntry
from tests.storage.migrations.sample import execute, load_sample

Walked = list[Any]
_LINE = """
    INSERT INTO audit (id, at, by, action, subject, detail) VALUES ('aud_x', '2026-11-22T02:30:00Z', '', '', '', '{}')
"""


@pytest.fixture(params=["sqlite", "postgres"])
async def filled_url(request: pytest.FixtureRequest, tmp_path: object) -> str:
    url = f"sqlite:///{tmp_path}/huifang.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    await load_sample(url)
    await upgrade(url)
    return url


def _walked(session: SnapshotSession, kind: type, most: int, after: WalkPlace | None = None) -> Walked:
    pages = WHOLE_TABLES[kind].pages(session, None, after, most)
    return [record for page in pages for record in page.records]


@pytest.mark.proof
@pytest.mark.some(2)
@pytest.mark.parametrize("most", [1, 7, 1000])
async def test_every_record_is_met_once_however_large_the_pages_are(filled_url: str, most: int) -> None:
    def look(session: SnapshotSession) -> None:
        for kind in WHOLE_TABLES:
            whole, parts = _walked(session, kind, 10_000), _walked(session, kind, most)
            assert parts == whole, kind
        assert len(_walked(session, Ticket, most)) > 80
        assert len(_walked(session, Customer, most)) > 70

    await read_snapshot(filled_url, look)


@pytest.mark.proof
async def test_another_process_goes_on_from_any_place(filled_url: str) -> None:
    def places(session: SnapshotSession) -> dict[type, list[WalkPlace]]:
        return {kind: [page.place for page in WHOLE_TABLES[kind].pages(session, None, None, 5)] for kind in all_kinds}

    def rest(session: SnapshotSession) -> None:
        for kind, stops in found.items():
            whole = _walked(session, kind, 10_000)
            for number, place in enumerate(stops, 1):
                assert _walked(session, kind, 10_000, place) == whole[5 * number :], (kind, place)

    all_kinds = tuple(WHOLE_TABLES)
    found = await read_snapshot(filled_url, places)
    await read_snapshot(filled_url, rest)


async def test_a_time_bounds_what_has_a_moment_and_its_end_is_excluded(filled_url: str) -> None:
    def look(session: SnapshotSession) -> None:
        every = _walked(session, AuditEntry, 1000)
        since, until = every[3].at, every[-1].at
        within = [
            line for page in WHOLE_TABLES[AuditEntry].pages(session, (since, until), None, 4) for line in page.records
        ]
        assert within == [line for line in every if since <= line.at < until]
        assert 0 < len(within) < len(every)
        people = [
            one for page in WHOLE_TABLES[Customer].pages(session, (since, until), None, 50) for one in page.records
        ]
        assert people == _walked(session, Customer, 1000)

    await read_snapshot(filled_url, look)


@pytest.mark.proof
async def test_what_comes_meanwhile_is_not_met(filled_url: str) -> None:
    def look(session: SnapshotSession) -> int:
        pages = WHOLE_TABLES[AuditEntry].pages(session, None, None, 5)
        met = len(next(pages).records)
        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: asyncio.run(execute(filled_url, _LINE))).result()
        return met + sum(len(page.records) for page in pages)

    before = await read_snapshot(filled_url, lambda session: len(_walked(session, AuditEntry, 100)))
    assert await read_snapshot(filled_url, look) == before
    assert await read_snapshot(filled_url, lambda session: len(_walked(session, AuditEntry, 100))) == before + 1


@pytest.mark.proof
async def test_a_database_that_is_not_there_or_of_another_version_is_told(tmp_path: object, filled_url: str) -> None:
    def nothing(_session: SnapshotSession) -> None:
        raise AssertionError("nothing is to be read")

    with pytest.raises(Unavailable, match=r"there is no database at .*none\.db"):
        await read_snapshot(f"sqlite:///{tmp_path}/none.db", nothing)
    await execute(filled_url, "UPDATE alembic_version SET version_num = '0040_findings'")
    with pytest.raises(SchemaMismatch, match="huifang migrate"):
        await read_snapshot(filled_url, nothing)
