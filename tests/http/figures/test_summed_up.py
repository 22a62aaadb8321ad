"""Figures are the same whether ratings are counted one by one or read from their sums, and are read from those."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.jobs.rollups import RollupJob
from dialogs.interview.model import InterviewState
from storage.rollups.sums import rebuild
from storage.unit_of_work.writer import Writer
from tests.storage.rollups.turmoil import GONE, MORE
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

SUMMARY = "/api/v1/reports/summary"
BEGUN = datetime(2026, 9, 20, 13, 30, tzinfo=UTC)
CUTS = ("", "agent,dimension", "team", "survey", "question", "station")
PERIODS = (
    {"from": "2026-10-01", "to": "2026-11-01"},
    {"from": "2026-09-21", "to": "2026-11-04"},
    {"period": "2026-W41"},
    {"period": "2026-10-05"},
    {"period": "2026"},
)


async def figures(api: httpx.AsyncClient) -> list[Any]:
    """Return what is told of each period, in each cut."""
    told = []
    for period in PERIODS:
        for by in CUTS:
            answer = await api.get(SUMMARY, params={**period, "by": by})
            assert answer.status_code == 200, answer.text
            told.append(answer.json())
    return told


async def summed(house: House, zone: str = "Asia/Shanghai") -> None:
    """Add up what was rated, as the service does."""
    writer = Writer(house.store, lambda: BEGUN)
    try:
        await RollupJob(house.store, writer, lambda: ZoneInfo(zone)).look()
    finally:
        await writer.stop()


async def visits(house: House) -> None:
    """Store six weeks of visits, of which some go on."""
    for number in range(45):
        at = BEGUN + timedelta(hours=23 * number)
        cut = {"team": ("north", "south")[number % 2], "agent": f"a{number % 3}"}
        state = InterviewState.RATING if number % 7 == 0 else InterviewState.COMPLETED
        ratings = {"attitude": number % 5 + 1, "response_speed": 5 - number % 4}
        await store_records(house.store, at, *closed_visit(f"{number}", at, ratings, state=state, **cut))


@pytest.mark.proof
async def test_figures_are_the_same_from_sums_of_any_time_zone(house: House, api: httpx.AsyncClient) -> None:
    await visits(house)
    one_by_one = await figures(api)
    assert max(figure["n"] for told in one_by_one for figure in told["figures"] if figure["metric"] == "csat") > 50
    assert any("unfinished" in figure["excluded"] for told in one_by_one for figure in told["figures"])
    for zone in ("Asia/Shanghai", "America/St_Johns"):
        await summed(house, zone)
        assert await figures(api) == one_by_one


@pytest.mark.proof
async def test_figures_are_read_from_the_sums_while_these_are_complete(house: House, api: httpx.AsyncClient) -> None:
    await visits(house)
    one_by_one = await figures(api)
    await summed(house)
    writer = Writer(house.store, lambda: BEGUN)
    try:
        await writer.perform(lambda session, _now: session.write(MORE, [("day",), ("month",)]))
        assert await figures(api) != one_by_one
        await rebuild(house.store, writer, ZoneInfo("Asia/Shanghai"))
        assert await figures(api) == one_by_one
    finally:
        await writer.stop()


async def test_a_change_is_in_the_next_figure_whether_it_is_added_up_or_not(
    house: House, api: httpx.AsyncClient
) -> None:
    await visits(house)
    await summed(house)
    period = {"from": "2026-09-01", "to": "2026-12-01", "metric": "csat"}

    async def number() -> int:
        answer = await api.get(SUMMARY, params=period)
        (figure,) = answer.json()["figures"]
        return int(figure["n"])

    before = await number()
    writer = Writer(house.store, lambda: BEGUN)
    try:
        await writer.perform(lambda session, _now: session.write(GONE, [("int_1", "attitude")]))
        assert await number() == before - 1
        await summed(house)
        assert await number() == before - 1
        at = BEGUN + timedelta(days=3)
        await store_records(house.store, at, *closed_visit("new", at, {"attitude": 4, "skill": 1}))
        assert await number() == before + 1
    finally:
        await writer.stop()
    await summed(house)
    assert await number() == before + 1
    assert await number() == before + 1
