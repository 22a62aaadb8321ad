"""`GET /api/v1/reports/explain` and `/api/v1/scores/{subject}`: from a figure to tickets, and all of one subject."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from dialogs.interview.model import InterviewState
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

EXPLAIN, SCORES, SUMMARY = "/api/v1/reports/explain", "/api/v1/scores", "/api/v1/reports/summary"
NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)


async def visits(house: House, values: list[int], start: int = 0, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    each = [closed_visit(f"{start + n}", NOON, {"attitude": value}, **cut) for n, value in enumerate(values)]
    await store_records(house.store, NOON, *(record for records in each for record in records))


async def explained(api: httpx.AsyncClient, figure: str) -> dict[str, Any]:
    answer = await api.get(EXPLAIN, params={"figure": figure, "locale": "en"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.row("S1-19")
async def test_a_figure_leads_to_its_tickets_which_add_up_to_it(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, [5, 5, 4, 3, 1, 2], team="north & co, ltd")
    await visits(house, [1], start=50, team="north & co, ltd", state=InterviewState.RATING)
    await visits(house, [5] * 6, start=70, team="south")
    wanted = {"period": "2026-10", "by": "team", "metric": "csat"}
    shown = (await api.get(SUMMARY, params=wanted)).json()["figures"][0]
    told = await explained(api, shown["id"])
    assert {**told["figure"], "name": "", "text": "", "formula": ""} == {**shown, "name": "", "text": "", "formula": ""}
    assert [one["ticket"] for one in told["inputs"]] == [f"desk/{n}" for n in (0, 1, 2, 3, 4, 5, 50)]
    counted = [one for one in told["inputs"] if one["excluded"] is None]
    assert sum(one["numerator"] for one in counted) == shown["numerator"] == 3
    assert sum(one["denominator"] for one in counted) == shown["denominator"] == 6
    assert [(one["id"], one["excluded"]) for one in told["inputs"] if one["excluded"]] == [("int_50", "unfinished")]
    assert told["more"] is False


@pytest.mark.row("S1-19")
async def test_every_figure_of_a_period_can_be_explained(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, [5, 4, 3, 2, 1, 5])
    shown = (await api.get(SUMMARY, params={"from": "2026-10-01", "to": "2026-10-20"})).json()["figures"]
    assert len(shown) > 25
    for figure in shown:
        told = await explained(api, figure["id"])
        assert told["figure"]["value"] == figure["value"]
        tops = [one["numerator"] for one in told["inputs"] if one["numerator"] is not None]
        assert figure["numerator"] is None or sum(tops) == figure["numerator"]


async def test_what_is_not_told_is_not_explained_answer_by_answer(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, [1, 5, 5])
    told = await explained(api, "mean:2026-10")
    assert (told["figure"]["state"], told["inputs"]) == ("few", [])
    assert len((await explained(api, "asked:2026-10"))["inputs"]) == 3


async def test_the_score_of_a_team_has_its_figures_and_its_questions(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, [5] * 6, team="north")
    await visits(house, [3] * 6, start=50, team="south")
    told = (await api.get(f"{SCORES}/team:north", params={"period": "2026-10"})).json()
    by_cut = {(one["metric"], *one["cut"].values()): one["value"] for one in told["figures"]}
    assert (by_cut["csat", "north"], by_cut["mean", "north"], by_cut["csat", "north", "attitude"]) == (100, 5, 100)
    assert by_cut["response_rate", "north"] == 100
    assert (told["subject"], told["name"], told["standing"]) == ("team:north", "north", None)


@pytest.mark.row("S1-66")
async def test_from_thirty_on_there_are_bands_and_nobody_wins_by_few_answers(
    house: House, api: httpx.AsyncClient
) -> None:
    await visits(house, [5] * 58 + [1] * 2, agent="good")
    await visits(house, [5] * 30 + [1] * 30, start=100, agent="bad")
    await visits(house, [5] * 25 + [1] * 5, start=200, agent="middle")
    await visits(house, [5] * 6, start=300, agent="new")

    async def standing(agent: str) -> dict[str, Any] | None:
        answer = await api.get(f"{SCORES}/agent:{agent}", params={"period": "2026-10"})
        found: dict[str, Any] | None = answer.json()["standing"]
        return found

    bands = {agent: (await standing(agent) or {}).get("band") for agent in ("good", "middle", "bad", "new")}
    assert bands == {"good": "A", "middle": "B", "bad": "C", "new": None}
    good = await standing("good")
    assert good is not None
    assert good["common"] < good["csat"] < 100 * 58 / 60
    assert good["peers"] == 3


@pytest.mark.parametrize(
    ("path", "wanted", "field", "problem"),
    [
        (EXPLAIN, {"figure": "csat"}, "figure", "write it as csat:2026-11"),
        (EXPLAIN, {"figure": "csat:2026-10:team"}, "figure", "write it as csat:2026-11"),
        (EXPLAIN, {"figure": "csat:1.10.2026..2.10.2026"}, "figure", "write its days as 2026-11-01..2026-12-01"),
        (EXPLAIN, {"figure": "csat:2026-10:team=nobody"}, "figure", "there is nothing of that kind in the period"),
        (EXPLAIN, {"figure": "csat:0001-01-01..9999-12-31"}, "from", "is not within the years"),
        (f"{SCORES}/agent:a1", {"from": "0001-01-01"}, "from", "is not within the years"),
        (EXPLAIN, {"figure": "luck:2026-10"}, "metric", "is not in the catalogue"),
        (f"{SCORES}/mood:blue", {}, "subject", "write it as agent:ID"),
        (f"{SCORES}/agent:nobody", {}, "subject", "of whom there is nothing in the period"),
    ],
)
async def test_what_is_not_there_is_refused_by_field(
    api: httpx.AsyncClient, path: str, wanted: dict[str, str], field: str, problem: str
) -> None:
    answer = await api.get(path, params=wanted)
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert (told["field"], problem in told["problem"]) == (field, True), told
