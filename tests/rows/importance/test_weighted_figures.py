"""Figures weighted by importance, and importance beside performance with the crosshair, by API and command line."""

import csv
from io import StringIO
from typing import Any

import httpx
import pytest

from dialogs.messages import Verb
from tests.rows.importance.test_asking import CONTACT, ITEMS, MATRIX, says, taps
from tests.support.web.house import House
from tests.support.web.survey_pages import asked

GOLDEN = tuple(zip(ITEMS, (5, 3, 4, 4), (5, 5, 3, 2), strict=True))
Told = tuple[str, int, int | None]


async def enters(api: httpx.AsyncClient, number: int, *told: Told, team: str = "north") -> str:
    """Enter one customer's paper: question, rating, importance; gives the id of the response."""
    who = {"id": f"c-{number}", "contacts": [{"channel": "sandbox", "address": f"chat-{number}"}]}
    ticket = {"status": "closed", "customer": who, "team": team}
    assert (await api.put(f"/api/v1/tickets/desk/{number}", json=ticket)).is_success
    answers = {item: {"value": value, "importance": weight} for item, value, weight in told}
    body = {"ticket": f"desk/{number}", "survey": MATRIX, "source": "paper", "by": "王芳", "answers": answers}
    entered = await api.post("/api/v1/responses", json=body)
    assert entered.status_code == 201, entered.text
    return str(entered.json()["id"])


async def figures(api: httpx.AsyncClient, by: str = "", metric: str = "weighted_score,importance") -> dict[str, Any]:
    """Return the figures of this month by metric and cell."""
    answer = await api.get("/api/v1/reports/summary", params={"by": by, "metric": metric})
    assert answer.is_success, answer.text
    return {":".join((one["metric"], *one["cut"].values())): one for one in answer.json()["figures"]}


async def answers_in_the_chat(house: House, api: httpx.AsyncClient, number: int) -> None:
    """Let a customer tap the golden ratings, each with its importance."""
    contact = CONTACT | {"address": "phone"}
    response = await asked(api, MATRIX, str(number), contacts=[contact])
    for item, value, weight in GOLDEN:
        await taps(house, Verb.RATE, response, item, value)
        if value <= 3:
            await taps(house, Verb.SKIP, response, f"remark:{item}")
        await taps(house, Verb.WEIGH, response, item, weight)
    await taps(house, Verb.SKIP, response, "comment")


@pytest.mark.row("S0-13")
async def test_ratings_are_weighted_by_the_importance_that_was_tapped(house: House, api: httpx.AsyncClient) -> None:
    await answers_in_the_chat(house, api, 1)
    few = (await figures(api))["weighted_score"]
    assert (few["value"], few["state"], few["people"]) == (None, "few", 1)
    for number in range(2, 6):
        await enters(api, number, *GOLDEN)
    told = await figures(api)
    weighted = told["weighted_score"]
    assert (weighted["value"], weighted["numerator"], weighted["denominator"]) == (80.0, 5 * 60, 5 * 75)
    assert (weighted["n"], weighted["people"], weighted["weighting"]) == (20, 5, "given")
    assert weighted["interval"]["low"] < 80 < weighted["interval"]["high"]
    assert (told["importance"]["value"], told["importance"]["numerator"]) == (3.75, 75)
    why = (await api.get("/api/v1/reports/explain", params={"figure": weighted["id"]})).json()
    first = [
        (one["question"], one["value"], one["importance"], one["numerator"], one["denominator"])
        for one in why["inputs"]
    ]
    assert first[:4] == sorted((item, value, weight, value * weight, 5 * weight) for item, value, weight in GOLDEN)
    assert sum(one["numerator"] for one in why["inputs"]) == weighted["numerator"]


@pytest.mark.row("S0-13")
async def test_where_nobody_says_it_all_count_alike_and_the_figure_says_so(
    api: httpx.AsyncClient,
) -> None:
    for number in range(1, 6):
        await enters(api, number, *((item, value, None) for item, value, _ in GOLDEN))
    told = await figures(api)
    equal = told["weighted_score"]
    assert (equal["value"], equal["weighting"]) == (80.0, "equal")
    assert "没人选重要程度，各题一样重" in equal["text"]
    english = await api.get("/api/v1/reports/summary", params={"metric": "weighted_score", "locale": "en"})
    assert "equal weights: nobody said what is important" in english.json()["figures"][0]["text"]
    assert (told["importance"]["value"], told["importance"]["state"]) == (None, "empty")


@pytest.mark.row("S0-13")
async def test_only_items_with_importance_are_weighted_and_a_correction_and_an_exclusion_move_it(
    api: httpx.AsyncClient,
) -> None:
    last = ""
    for number in range(1, 7):
        last = await enters(api, number, (ITEMS[0], 5, 5), (ITEMS[1], 1, None), (ITEMS[2], 3, 1))
    before = (await figures(api))["weighted_score"]
    assert (before["numerator"], before["denominator"]) == (6 * 28, 6 * 30)
    fixed = {"value": 1, "importance": 5}
    body = {"ticket": "desk/6", "survey": MATRIX, "source": "paper", "by": "王芳", "reason": "看错了"}
    again = await api.post("/api/v1/responses", json=body | {"answers": {ITEMS[0]: fixed, ITEMS[2]: {"value": 3}}})
    assert again.status_code == 200, again.text
    moved = (await figures(api))["weighted_score"]
    assert (moved["numerator"], moved["denominator"]) == (5 * 28 + 5, 5 * 30 + 25)
    for step, who in (("", "王芳"), ("/approve", "李工")):
        call = {"reason": "malicious"} if not step else {}
        done = await api.post(f"/api/v1/responses/{last}/exclusion{step}", json=call | {"by": who, "note": "不是真的"})
        assert done.is_success, done.text
    left = (await figures(api))["weighted_score"]
    assert (left["numerator"], left["denominator"], left["excluded"]["malicious"]) == (5 * 28, 5 * 30, 2)


@pytest.mark.row("S0-13")
async def test_a_survey_that_does_not_ask_has_no_such_figure_and_who_passes_it_over_is_counted_as_before(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, "after_service", contacts=[CONTACT])
    await taps(house, Verb.RATE, response, "response_speed", 5)
    assert await figures(api) == {}
    await asked(api, MATRIX, "43", contacts=[CONTACT])
    for words in ("5", "都不选", "4", "4", "5", "跳过"):
        await says(house, words)
    told = await figures(api, metric="score_rate", by="survey")
    assert told[f"score_rate:{MATRIX}"]["n"] == 4


async def told_of(api: httpx.AsyncClient, **params: str) -> Any:  # noqa: ANN401 (JSON is anything)
    answer = await api.get("/api/v1/reports/quadrants", params=params)
    assert answer.is_success, answer.text
    return answer.json()


FOUR = ((ITEMS[0], 5, 5), (ITEMS[1], 1, 5), (ITEMS[2], 5, 1), (ITEMS[3], 1, 1))
PLACES = {
    "attitude": "keep_up",
    "solving_speed": "concentrate",
    "solving_result": "overkill",
    "convenience": "low_priority",
}


@pytest.mark.row("S0-14")
async def test_importance_beside_performance_makes_four_quadrants_with_their_crosshair(
    api: httpx.AsyncClient,
) -> None:
    for number in range(12):
        await enters(api, number, *FOUR)
    (grid,) = (await told_of(api, locale="zh-Hans"))["items"]
    assert {one["dimension"]: one["quadrant"] for one in grid["points"]} == PLACES
    texts = {one["quadrant"]: one["text"] for one in grid["points"]}
    assert texts == {"keep_up": "继续保持", "concentrate": "重点改进", "overkill": "可能过度", "low_priority": "低优先"}
    assert (grid["crosshair_importance"], grid["crosshair_performance"]) == (3.0, 50.0)
    assert grid["crosshair"] == "十字线：重要程度 3，表现 50%（各项的平均）"
    for one in grid["points"]:
        assert one["importance"]["n"] == one["performance"]["n"] == 12
        assert one["importance"]["interval"]["low"] < one["importance"]["interval"]["high"]
        why = await api.get("/api/v1/reports/explain", params={"figure": one["importance"]["id"]})
        assert len(why.json()["inputs"]) == 12


@pytest.mark.row("S0-14")
async def test_a_point_whose_interval_crosses_is_not_clear_and_of_few_there_is_none(
    api: httpx.AsyncClient,
) -> None:
    for number in range(12):
        await enters(api, number, *FOUR[:2], (ITEMS[2], 3, 3))
    (grid,) = (await told_of(api, locale="en"))["items"]
    places = {one["dimension"]: (one["quadrant"], one["text"]) for one in grid["points"]}
    assert places["solving_result"] == ("not_clear", "not clear")
    for number in range(20, 24):
        await enters(api, number, FOUR[0], team="south")
    by_team = {one["cut"]["team"]: one for one in (await told_of(api, by="team"))["items"]}
    assert (by_team["south"]["points"], by_team["south"]["untold"]) == ([], ["attitude"])
    assert by_team["south"]["crosshair_importance"] is None
    assert "attitude：回答不够，先不画" in by_team["south"]["untold_text"]


@pytest.mark.row("S0-14")
@pytest.mark.parametrize(
    ("by", "problem"), [("question", "give one key"), ("team,agent", "give one key"), ("x", "none of")]
)
async def test_a_cut_that_quadrants_have_not_is_refused(by: str, problem: str, api: httpx.AsyncClient) -> None:
    refused = await api.get("/api/v1/reports/quadrants", params={"by": by})
    assert refused.status_code == 422
    assert problem in refused.text


@pytest.mark.row("S0-14")
async def test_a_period_in_which_nobody_said_it_is_told_as_that(api: httpx.AsyncClient) -> None:
    assert await told_of(api) | {"from": "", "to": ""} == {
        "from": "",
        "to": "",
        "by": "",
        "items": [],
        "text": "这段时间没有客户说过哪一项重要",
    }


@pytest.mark.row("S0-13")
async def test_what_fewer_than_five_say_is_not_told_nor_had_by_difference(api: httpx.AsyncClient) -> None:
    for number in range(1, 7):
        weight = 5 if number < 5 else None
        await enters(api, number, (ITEMS[0], 4, weight), team="north")
    told = await figures(api, by="team")
    assert (told["weighted_score:north"]["value"], told["weighted_score:north"]["state"]) == (None, "few")
    for number in range(11, 13):
        await enters(api, number, (ITEMS[0], 4, 5), team="south")
    every, teams = await figures(api), await figures(api, by="team")
    assert every["weighted_score"]["people"] == 6
    assert all(one["value"] is None for one in teams.values())
    hidden = await api.get("/api/v1/reports/explain", params={"figure": teams["importance:south"]["id"]})
    assert hidden.json()["inputs"] == []


@pytest.mark.row("S0-13")
async def test_a_copy_of_what_is_kept_of_somebody_has_it_and_an_erasure_keeps_the_figure(
    api: httpx.AsyncClient,
) -> None:
    for number in range(1, 6):
        await enters(api, number, *GOLDEN)
    copy = (await api.get("/api/v1/customers/c-1")).json()
    (kept,) = copy["interviews"]
    assert [one["importance"] for one in kept["answers"]] == [5, 5, 3, 2]
    assert [one["importance"] for one in copy["ratings"] if one["item"] == ITEMS[1]] == [5]
    assert {line["question"]: line["value"] for line in copy["answers"]}[f"weight:{ITEMS[2]}"] == 3
    forgotten = await api.delete("/api/v1/customers/c-1")
    assert forgotten.is_success, forgotten.text
    told = await figures(api)
    assert (told["weighted_score"]["value"], told["importance"]["value"]) == (80.0, 3.75)


@pytest.mark.row("S0-13")
async def test_the_csv_has_the_same_figures_with_how_they_were_weighted(api: httpx.AsyncClient) -> None:
    for number in range(1, 6):
        await enters(api, number, *GOLDEN)
    wanted = {"metric": "weighted_score", "by": "dimension", "format": "csv"}
    rows = list(csv.DictReader(StringIO((await api.get("/api/v1/reports/summary", params=wanted)).text)))
    assert {row["dimension"]: float(row["value"]) for row in rows} == {
        "attitude": 100,
        "solving_speed": 60,
        "solving_result": 80,
        "convenience": 80,
    }
    assert {row["weighting"] for row in rows} == {"given"}
