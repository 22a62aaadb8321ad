"""Merits, demerits and who is left out: lines of their own beside the sheets, with author and reason."""

from typing import Any

import httpx
import pytest

from tests.rows.raters.test_all_round import gives, joined

URL = "/api/v1/assessments/adjustments"


def line(points: float | None = 5, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Return a line that 王经理 adds to the result of a17."""
    about = {"form": "all_round", "subject": "a17", "period": "2026-Q3", "by": "王经理"}
    return about | {"points": points, "reason": "季度表彰"} | changed


@pytest.mark.row("S3-29")
async def test_merits_and_demerits_are_lines_of_their_own_and_never_silent(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 80)
    assert (await api.post(URL, json=line(5))).status_code == 201
    assert (await api.post(URL, json=line(-2.5, reason="记过一次", by="陈总"))).status_code == 201
    found = await joined(api)
    assert (found["total"], found["formula"]) == (82.5, "superior 80 × 100 % + 5 - 2.5")
    told = [(one["points"], one["reason"], one["by"]) for one in found["adjustments"]]
    assert told == [(5.0, "季度表彰", "王经理"), (-2.5, "记过一次", "陈总")]
    assert [(one["role"], one["mean"]) for one in found["roles"]] == [("superior", 80.0)], "the sheets stay as they are"


@pytest.mark.row("S3-29")
async def test_somebody_is_left_out_by_a_line_that_says_why(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 80)
    added = await api.post(URL, json=line(None, reason="两次记大过，本季不评"))
    assert (added.status_code, added.json()["points"]) == (201, None)
    found = await joined(api)
    assert (found["total"], found["grade"], found["left_out"], found["formula"]) == (None, None, True, "")
    assert found["adjustments"][0]["reason"] == "两次记大过，本季不评"


async def test_the_same_line_again_adds_nothing_and_the_opposite_takes_it_back(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 80)
    first = await api.post(URL, json=line(5))
    again = await api.post(URL, json=line(5, reason=" 季度表彰 "))
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await joined(api))["total"] == 85.0
    await api.post(URL, json=line(-5, reason="表彰撤回"))
    assert ((await joined(api))["total"], len((await joined(api))["adjustments"])) == (80.0, 2)


async def test_a_line_changes_its_own_period_and_the_mean_of_a_longer_one(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 80, period="2026-Q2")
    await gives(api, "superior", 80)
    await api.post(URL, json=line(10))
    year = await joined(api, "2026")
    assert ([one["total"] for one in year["parts"]], year["total"]) == ([80.0, 90.0], 85.0)
    await api.post(URL, json=line(1, period="2026", reason="全年"))
    year = await joined(api, "2026")
    assert (year["total"], year["formula"]) == (86.0, "mean of 2: 2026-Q2 80, 2026-Q3 90 + 1")


async def test_a_line_tells_nothing_of_peers_who_are_too_few(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 80)
    await gives(api, "peer", 60, 60)
    await api.post(URL, json=line(5))
    found = await joined(api)
    assert (found["total"], found["withheld"], found["formula"]) == (None, True, "")


@pytest.mark.parametrize(
    ("changed", "field", "problem"),
    [
        ({"points": 0}, "points", "must be above or below 0, and at most 100"),
        ({"points": 101}, "points", "must be above or below 0, and at most 100"),
        ({"points": "many"}, "points", "must be a number, with at most nine digits behind the point"),
        ({"reason": "\u200b"}, "reason", "is empty; say why"),
        ({"by": "A17 "}, "by", "is a17, whose result it is"),
        ({"period": "2027-Q1"}, "period", "has not begun yet"),
    ],
)
async def test_what_cannot_be_a_line_is_refused_and_nothing_is_added(
    api: httpx.AsyncClient, changed: dict[str, Any], field: str, problem: str
) -> None:
    answer = await api.post(URL, json=line() | changed)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"] == [{"field": field, "problem": problem}]
    assert (await joined(api))["adjustments"] == []


async def test_a_line_alone_is_no_result_and_is_told(api: httpx.AsyncClient) -> None:
    await api.post(URL, json=line())
    found = await joined(api)
    assert (found["total"], found["missing"], len(found["adjustments"])) == (None, ["superior"], 1)
