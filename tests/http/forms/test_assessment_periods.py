"""The same sheets come to the same result, however their period is written and whichever time zone is set."""

from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from config.forms.load import read_forms
from scoring.values import replace
from tests.support.web.house import House

URL = "/api/v1/assessments"
ITEMS = [item.id for item in read_forms()["appraisal_360"].items]
Given = tuple[str, int]
"""A period, and the rating that the superior gives everywhere: 4 comes to 80."""


def sheet(period: str, rating: int, **changed: str) -> dict[str, Any]:
    """Return a sheet about a17 by the superior."""
    who = {"form": "appraisal_360", "subject": "a17", "role": "superior", "rater": "王经理", "by": "王经理"}
    return who | {"period": period, "values": dict.fromkeys(ITEMS, rating)} | changed


async def stored(api: httpx.AsyncClient, *given: Given) -> None:
    """Store sheets by the superior."""
    for period, rating in given:
        assert (await api.post(URL, json=sheet(period, rating))).status_code == 201, period


async def result(api: httpx.AsyncClient, period: str) -> dict[str, Any]:
    """Return the result about a17."""
    told = await api.get(f"{URL}/results", params={"form": "appraisal_360", "subject": "a17", "period": period})
    found: dict[str, Any] = told.json()
    return found


@pytest.mark.parametrize(
    ("written", "name"), [("2026-Q03", "2026-Q3"), ("2026-w1", "2026-W01"), ("2026-h01", "2026-H1")]
)
async def test_a_period_is_one_however_it_is_written(api: httpx.AsyncClient, written: str, name: str) -> None:
    first = (await api.post(URL, json=sheet(written, 4))).json()
    again = await api.post(URL, json=sheet(name, 4))
    assert (first["period"], again.status_code, again.json()["id"]) == (name, 200, first["id"])
    assert (await api.post(URL, json=sheet(name, 5))).status_code == 409
    for asked in (written, name):
        assert (await result(api, asked))["total"] == 80.0
        assert len((await api.get(URL, params={"period": asked})).json()["items"]) == 1


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Niue"])
async def test_sheets_are_found_after_the_time_zone_was_changed(
    house: House, api: httpx.AsyncClient, zone: str
) -> None:
    await stored(api, ("2026-Q1", 5), ("2026-Q3", 4))
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, timezone=ZoneInfo(zone)))
    assert [(await result(api, period))["total"] for period in ("2026-Q3", "2026", "2025")] == [80.0, 90.0, None]
    assert (await api.post(URL, json=sheet("2026-Q3", 4))).status_code == 200
    assert (await api.post(URL, json=sheet("2026-Q3", 5, reason="抄错了"))).status_code == 200
    assert (await result(api, "2026-Q3"))["total"] == 100.0


QUARTERS = (("2025-Q1", 5), ("2025-Q2", 5), ("2025-Q3", 5))
MONTHS = (("2025-10", 1), ("2025-11", 2), ("2025-12", 3))


@pytest.mark.parametrize(
    ("given", "formula"),
    [
        ((*QUARTERS, *MONTHS), "mean of 4: 2025-Q1 100, 2025-Q2 100, 2025-Q3 100, 2025-Q4 40"),
        ((*QUARTERS, ("2025-09", 1)), "mean of 3: 2025-Q1 100, 2025-Q2 100, 2025-Q3 100"),
        ((("2025-H1", 5), *MONTHS), "mean of 2: 2025-H1 100, 2025-H2 40"),
        ((("2025-11", 5), ("2025-W49", 3), ("2025-W50", 1)), "mean of 2: 2025-11 100, 2025-12 40"),
        ((("2025-W01", 5), ("2026-W01", 1)), "mean of 1: 2025-W01 100"),
        ((("2025-W27", 4), ("2025-07-03", 1)), "mean of 1: 2025-W27 80"),
    ],
)
async def test_no_shorter_sheet_is_dropped_beside_longer_ones(
    api: httpx.AsyncClient, given: tuple[Given, ...], formula: str
) -> None:
    await stored(api, *given)
    assert (await result(api, "2025"))["formula"] == formula


async def test_the_parts_say_what_the_quarter_says_alone(api: httpx.AsyncClient) -> None:
    await stored(api, *QUARTERS, *MONTHS)
    assert (await result(api, "2025-Q4"))["total"] == 40.0
    year = await result(api, "2025")
    assert (year["total"], [part["total"] for part in year["parts"]]) == (85.0, [100.0, 100.0, 100.0, 40.0])


async def test_a_sheet_of_oneself_for_the_year_does_not_take_the_quarters_away(api: httpx.AsyncClient) -> None:
    await stored(api, *QUARTERS)
    assert (await api.post(URL, json=sheet("2025", 1, role="self", rater="a17", by="a17"))).status_code == 201
    year = await result(api, "2025")
    assert (year["total"], year["missing"]) == (100.0, [])
    assert [(role["role"], role["mean"], role["weight"]) for role in year["roles"]] == [("self", 20.0, 0.0)]
    await stored(api, ("2025", 3))
    assert (await result(api, "2025"))["total"] == 60.0
