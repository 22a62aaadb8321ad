"""Figures of a period by API: what is compared, what is bad, and what each one rests on."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from config.settings.loading import load_settings
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)


async def visits(house: House, values: str, start: int = 0, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    """Store a closing of October for each rating of one question."""
    each = [closed_visit(f"{start + n}", NOON, {"q": int(value)}, **cut) for n, value in enumerate(values.split())]
    await store_records(house.store, NOON, *(record for records in each for record in records))


async def figures(api: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    answer = await api.get("/api/v1/reports/summary", params={"period": "2026-10", **wanted})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["figures"]
    return found


@pytest.mark.row("S0-25")
async def test_scales_are_compared_by_declared_shares_and_never_by_raw_means(
    house: House, api: httpx.AsyncClient
) -> None:
    await visits(house, "5 5 4 4 3 3", survey="after_service")
    await visits(house, "10 10 7 7 4 4", start=50, survey="ten_point", version="3")
    (mean,) = await figures(api, metric="mean")
    assert (mean["value"], mean["state"]) == (None, "mixed")
    by_survey = {
        metric: {one["cut"]["survey"]: one["value"] for one in await figures(api, metric=metric, by="survey")}
        for metric in ("score_rate", "index")
    }
    assert by_survey["score_rate"] == {"after_service": 80, "ten_point": 70}
    assert by_survey["index"] == {"after_service": 75, "ten_point": pytest.approx(100 * 6 / 9)}
    catalogue = {one["id"]: one for one in (await api.get("/api/v1/metrics")).json()["items"]}
    assert catalogue["score_rate"]["name"]["zh-Hans"] == "得分率"
    assert catalogue["score_rate"]["formula"]["en"] != catalogue["index"]["formula"]["en"]


@pytest.mark.row("S1-01")
async def test_the_catalogue_has_formula_unit_source_and_direction_of_each_metric(api: httpx.AsyncClient) -> None:
    catalogue = {one["id"]: one for one in (await api.get("/api/v1/metrics")).json()["items"]}
    assert all(one["formula"]["zh-Hans"] and one["formula"]["en"] for one in catalogue.values())
    kinds = {"csat": "quality", "time_to_claim": "response time", "complaints_resolved": "solved"}
    assert {
        kinds[name]: (catalogue[name]["unit"], catalogue[name]["source"], catalogue[name]["lower_is_better"])
        for name in kinds
    } == {
        "quality": ("percent", "ratings", False),
        "response time": ("seconds", "issues", True),
        "solved": ("percent", "issues", False),
    }


@pytest.mark.row("S2-04")
async def test_agents_are_compared_with_their_intervals_and_few_answers_are_called_so(
    house: House, api: httpx.AsyncClient
) -> None:
    await visits(house, "5 5 5 5 5", agent="a1")
    await visits(house, " ".join(["5"] * 30 + ["1"] * 10), start=50, agent="a2")
    await visits(house, "1 1 1 1", start=200, agent="a3")
    await visits(house, "5 5 5 5", start=300, agent="a4")
    told = {one["cut"]["agent"]: one for one in await figures(api, metric="csat", by="agent")}
    assert (told["a1"]["value"], told["a1"]["n"], told["a1"]["state"]) == (100, 5, "small")
    assert told["a1"]["interval"]["low"] == pytest.approx(56.55, abs=0.01)
    assert (told["a2"]["value"], told["a2"]["state"], told["a2"]["interval"]["method"]) == (75, "full", "Wilson")
    assert told["a1"]["interval"]["low"] < told["a2"]["interval"]["high"]  # nothing shows that a1 is better
    assert (told["a3"]["value"], told["a3"]["interval"], told["a3"]["state"]) == (None, None, "few")


@pytest.mark.row("S1-79")
@pytest.mark.parametrize(
    ("survey", "values", "bad"),
    [
        ("after_service/2", "1 2 3 4 5", 40),  # one or two stars of five
        ("satisfaction_3/1", "1 2 2 3 3", 20),  # 不满意 is the lowest of three
        ("satisfaction_4/1", "1 2 3 4 4", 20),  # and of four
        ("quality_5/3", "1 2 3 4 5", 40),  # 非常不满意 and 不满意
    ],
)
async def test_a_review_is_bad_at_two_of_five_or_at_dissatisfied(
    survey: str, values: str, bad: int, house: House, api: httpx.AsyncClient
) -> None:
    name, _, version = survey.partition("/")
    await visits(house, values, survey=name, version=version)
    (rate,) = await figures(api, metric="bad_review_rate")
    assert (rate["value"], rate["n"], rate["excluded"]) == (bad, 5, {})


@pytest.mark.row("S1-26")
async def test_a_month_is_a_period_and_the_digest_may_come_each_month(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, "5 5 4 4 3")
    answer = await api.get("/api/v1/reports/summary", params={"period": "2026-10", "metric": "csat"})
    told = answer.json()
    assert (told["period"], told["from"], told["to"], told["timezone"]) == (
        "2026-10",
        "2026-10-01T00:00:00+08:00",
        "2026-11-01T00:00:00+08:00",
        "Asia/Shanghai",
    )
    assert (told["figures"][0]["value"], told["figures"][0]["provisional"]) == (80, False)
    assert str(load_settings({"HUIFANG_TEAM__DIGEST": "monthly 1 09:00"}).team.digest) == "monthly 1 09:00"
