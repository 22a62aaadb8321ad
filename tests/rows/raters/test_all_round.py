"""360°: what superiors, peers and subordinates send from their pages is joined by who has rated."""

from typing import Any

import httpx
import pytest

from tests.support.web.rater_pages import RaterPhone, rater_link

RESULTS = "/api/v1/assessments/results"


async def gives(
    api: httpx.AsyncClient,
    role: str,
    *points: int,
    period: str = "2026-Q3",
    who: str = "",
    form: str = "all_round",
) -> None:
    """Let raters of a role send their sheets from their pages."""
    for number, given in enumerate(points):
        rater = who or f"{role}{number}"
        link = await rater_link(api, role, rater, form=form, period=period)
        phone = await RaterPhone.at(api, link)
        await phone.press("review", v__points=str(given))
        await phone.press("send")
        assert "收到了，谢谢！" in phone.text


async def joined(api: httpx.AsyncClient, period: str = "2026-Q3", **wanted: str) -> dict[str, Any]:
    """Return the result about a17."""
    answer = await api.get(RESULTS, params={"form": "all_round", "subject": "a17", "period": period} | wanted)
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.row("S1-95")
async def test_superior_peers_and_subordinates_by_40_30_30(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 90, 86)
    await gives(api, "peer", 70, 80, 90)
    await gives(api, "subordinate", 90, 90, 90)
    found = await joined(api)
    assert found["total"] == 86.2
    assert found["formula"] == "superior 88 × 40 % + peer 80 × 30 % + subordinate 90 × 30 %"
    assert [(one["role"], one["mean"], one["raters"], one["weight"]) for one in found["roles"]] == [
        ("superior", 88.0, 2, 40.0),
        ("peer", 80.0, 3, 30.0),
        ("subordinate", 90.0, 3, 30.0),
    ]


@pytest.mark.row("S1-96")
async def test_who_is_missing_moves_the_weights_and_without_a_superior_there_is_no_result(
    api: httpx.AsyncClient,
) -> None:
    await gives(api, "subordinate", 90, 90, 90)
    found = await joined(api)
    assert (found["total"], found["grade"], found["missing"]) == (None, None, ["superior"])
    await gives(api, "superior", 88)
    found = await joined(api)
    assert (found["total"], found["formula"]) == (88.8, "superior 88 × 60 % + subordinate 90 × 40 %")
    await gives(api, "superior", 88, period="2026-Q2")
    assert ((await joined(api, "2026-Q2"))["total"], (await joined(api, "2026-Q2"))["missing"]) == (88.0, [])
    await gives(api, "superior", 88, period="2026-Q1")
    await gives(api, "peer", 80, 80, 80, period="2026-Q1")
    assert (await joined(api, "2026-Q1"))["total"] == 84.8


@pytest.mark.row("S1-93")
async def test_a_year_is_the_mean_of_its_quarters_and_tells_which(api: httpx.AsyncClient) -> None:
    for quarter, points in (("2026-Q1", 80), ("2026-Q2", 85), ("2026-Q3", 87)):
        await gives(api, "superior", points, period=quarter)
    found = await joined(api, "2026")
    assert (found["total"], found["provisional"]) == (84.0, True)
    assert found["formula"] == "mean of 3: 2026-Q1 80, 2026-Q2 85, 2026-Q3 87"


@pytest.mark.row("S0-11")
async def test_what_somebody_gives_themselves_stands_beside_and_counts_for_nothing(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 70)
    await gives(api, "self", 100, who="a17")
    found = await joined(api)
    assert found["total"] == 70.0
    assert [(one["role"], one["mean"], one["weight"]) for one in found["roles"]] == [
        ("superior", 70.0, 100.0),
        ("self", 100.0, 0.0),
    ]


async def test_two_peers_stay_hidden_and_three_show(api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 88)
    await gives(api, "peer", 70, 80)
    found = await joined(api)
    assert (found["total"], found["withheld"], found["too_few"]) == (None, True, ["peer"])
    assert [one["role"] for one in found["roles"]] == ["superior"]
    await gives(api, "peer", 90, who="peer2")
    found = await joined(api)
    assert (found["total"], found["withheld"], found["too_few"]) == (84.8, False, [])
