"""A report of figures that are kept tells what one tells that computes them, whichever kind it is of."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.figures.figure_job import FigureJob
from bot.jobs.reports.report_documents import REPORT_KINDS, asked_report, make_report
from bot.jobs.reports.report_sources import ReportRequest
from bot.reports.report_formats import written_report
from dialogs.reports.document import ReportDocument
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.support.database.answered import closed_visit, store_records
from tests.support.database.migrated import copy_migrated
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 4, tzinfo=UTC)
MONTHS = (OCTOBER, datetime(2026, 9, 15, 4, tzinfo=UTC), datetime(2025, 10, 15, 4, tzinfo=UTC))
OF_KIND = {"subject": "team:north", "team": "team:north", "scorecard": "agent:a1"}
RATED = ("response_speed", "problem_solving", "attitude")
KINDS = [kind.value for kind in REPORT_KINDS]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'reports.db')}") as opened:
        for place, month in enumerate(MONTHS):
            for n in range(36):
                await served(opened, f"{place}-{n}", month + timedelta(hours=7 * n), n)
        yield opened


async def served(store: Store, number: str, at: datetime, n: int) -> None:
    """Store a closing that was rated, by one of three agents in two teams."""
    ratings = {name: 1 + (n * 7 + k * k + len(number)) % 5 for k, name in enumerate(RATED)}
    cut: Any = {"team": ("north", "south")[n % 2], "agent": f"a{n % 3}", "category": ("leak", "noise", "")[n % 3]}
    await store_records(store, at, *closed_visit(number, at, ratings, **cut))


def asked(house: House, kind: str) -> ReportRequest:
    wanted = dict.fromkeys(("by", "metric", "locale"), "") | {"kind": kind, "period": "2026-10"}
    return asked_report(wanted | {"of": OF_KIND.get(kind, "")}, house.web.receiver.policy, LATER)


async def made(house: House, reader: Reader, kind: str) -> ReportDocument:
    return await make_report(reader, house.web.receiver.policy, asked(house, kind), LATER)


@pytest.mark.some(2)
@pytest.mark.parametrize("kind", KINDS)
async def test_it_tells_the_same(house: House, store: Store, kind: str) -> None:
    keeping = Reader(store, much=1, computes=True)
    computed = await made(house, Reader(store), kind)
    assert await made(house, keeping, kind) == computed
    kept = {one.key for one in keeping.kept.waiting()}
    assert await made(house, keeping, kind) == computed
    assert {one.key for one in keeping.kept.waiting()} == kept, "nothing was computed again"
    await served(store, "late", OCTOBER + timedelta(days=9), 5)
    changed = await made(house, keeping, kind)
    assert changed == await made(house, Reader(store), kind)


@pytest.mark.some(1)
@pytest.mark.parametrize("form", ["csv", "json", "html"])
async def test_each_format_of_it_is_the_same_to_the_byte(house: House, store: Store, form: str) -> None:
    keeping = Reader(store, much=1, computes=True)
    for _ in range(2):
        kept, computed = await made(house, keeping, "summary"), await made(house, Reader(store), "summary")
        assert await written_report(kept, form) == await written_report(computed, form)


AHEAD = [kind for kind in KINDS if kind not in {"figures", "improvements"}]


@pytest.mark.some(3)
@pytest.mark.parametrize("kind", AHEAD)
async def test_of_the_last_month_every_report_is_there_before_it_is_asked_for(
    house: House, store: Store, kind: str
) -> None:
    """All its figures are kept: nothing has to be computed by whoever asks first."""
    now, calendar = datetime(2026, 11, 5, 4, tzinfo=UTC), house.web.receiver.policy.calendar
    writer, keeping = Writer(store, lambda: now), Reader(store, much=1, computes=True)
    try:
        await FigureJob(store, writer, keeping, lambda: calendar, lambda: now).look_ahead()
    finally:
        await writer.stop()
    assert keeping.kept.waiting() == []
    document = await make_report(keeping, house.web.receiver.policy, asked(house, kind), now)
    assert keeping.kept.waiting() == [], "something had to be computed"
    assert document == await make_report(Reader(store), house.web.receiver.policy, asked(house, kind), now)
