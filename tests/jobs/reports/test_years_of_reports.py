"""Over years, with processes that come and go, each period of each cadence is made once at most."""

import asyncio
import itertools
from datetime import timedelta
from random import Random  # noqa: TID251 (seeded)

import pytest

from dialogs.reports.report_schedules import ReportCadence
from storage.model.archive.report_records import ReportRun, RunOutcome
from tests.jobs.reports.desk import ReportDesk, local
from tests.support.web.service import Service

RULES = "".join(
    f'[[reports]]\nname = "{every}"\nkind = "summary"\nevery = "{every}"\ndue = "off"\nformats = ["csv"]\n'
    for every in ReportCadence
)
IN_A_YEAR = {
    "week": 52,
    "half-month": 24,
    "month": 12,
    "quarter": 4,
    "half-year": 2,
    "year": 1,
}


def by_schedule(runs: list[ReportRun]) -> dict[str, list[ReportRun]]:
    """Return the runs of each schedule, in the order of their periods."""
    found: dict[str, list[ReportRun]] = {}
    for run in sorted(runs, key=lambda one: one.since):
        found.setdefault(run.schedule, []).append(run)
    return found


async def begun(service: Service) -> ReportDesk:
    desk = ReportDesk(service)
    await service.rules(RULES)
    await desk.job.look()
    return desk


async def all_runs(desk: ReportDesk) -> list[ReportRun]:
    runs, cursor = list[ReportRun](), None
    while True:
        page = await desk.service.house.web.reader.archive.runs("", cursor, 100)
        runs += page.items
        if page.next is None:
            return runs
        cursor = page.next


@pytest.mark.row("S1-10")
async def test_a_year_has_every_period_of_every_cadence_once(service: Service) -> None:
    desk = await begun(service)
    await desk.until("2027-11-23 09:00", step=timedelta(hours=24))
    found = by_schedule(await all_runs(desk))
    assert {name: len(runs) for name, runs in found.items()} == IN_A_YEAR | {"week": 53}
    for runs in found.values():
        assert len({run.period for run in runs}) == len(runs)
        for earlier, later in itertools.pairwise(runs):
            assert earlier.until == later.since  # no day is missing


@pytest.mark.proof
@pytest.mark.some(1)
@pytest.mark.parametrize("seed", range(3))
async def test_processes_that_come_and_go_make_nothing_twice(service: Service, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 (as above)
    desks = [await begun(service), ReportDesk(service)]
    ends, number = local("2027-12-01 12:00"), 0
    while service.now < ends:
        if dice.random() < 0.4:
            number += 1
            await service.closes(str(number))
        if dice.random() < 0.3:
            desks[dice.randrange(2)] = ReportDesk(service)  # one has been started anew
        service.house.clock.passes(timedelta(hours=dice.choice((5, 24, 24 * 9, 24 * 40))))
        await asyncio.gather(*(desk.job.look() for desk in desks[: dice.randrange(3)]))
    await desks[0].job.look()
    found = by_schedule(await all_runs(desks[0]))
    for runs in found.values():
        assert len({run.period for run in runs}) == len(runs)
    latest = {name: runs[-1].period for name, runs in found.items()}
    assert {name: latest[name] for name in ("month", "quarter", "half-year", "year")} == {
        "month": "2027-11",
        "quarter": "2027-Q3",
        "half-year": "2027-H1",
        "year": "2026",
    }


async def test_what_is_made_late_is_what_would_have_been_made_in_time(service: Service) -> None:
    desk = await begun(service)
    await service.closes("1")
    await desk.away("2026-12-09 12:00")
    await desk.job.look()
    (run,) = [one for one in await desk.runs("month") if one.outcome is RunOutcome.MADE]
    kept = await desk.files(run.report)
    asked = {"period": "2026-11", "format": "csv"}
    document = await service.api.get("/api/v1/reports/documents/summary", params=asked)
    assert kept["csv"] == document.content
