"""`GET /api/v1/metrics` and `/api/v1/reports/summary`: figures that are exact, and say what they rest on."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import httpx
import pytest

from dialogs.interview.model import InterviewState
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

SUMMARY = "/api/v1/reports/summary"
NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)
OCTOBER = {"from": "2026-10-01", "to": "2026-11-01"}


async def visits(house: House, ratings: list[dict[str, int] | None], start: int = 0, **cut: Any) -> None:  # noqa: ANN401 (as `closed_visit`)
    at = cut.pop("at", NOON)
    each = [closed_visit(f"{start + number}", at, rated, **cut) for number, rated in enumerate(ratings)]
    await store_records(house.store, at, *(record for records in each for record in records))


async def figures(api: httpx.AsyncClient, metric: str = "", **wanted: str) -> list[dict[str, Any]]:
    answer = await api.get(SUMMARY, params={**({} if "period" in wanted else OCTOBER), "metric": metric, **wanted})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["figures"]
    return found


def rated(*values: int, question: str = "attitude") -> list[dict[str, int] | None]:
    return [{question: value} for value in values]


@pytest.mark.row("S4-05")
async def test_the_catalogue_has_every_metric_with_its_formula_in_three_languages(api: httpx.AsyncClient) -> None:
    told = (await api.get("/api/v1/metrics")).json()
    assert told["rule_version"] == 1
    by_id = {metric["id"]: metric for metric in told["items"]}
    assert {"csat", "mean", "full_mark_rate", "score_rate", "index", "nps", "ces", "response_rate"} <= by_id.keys()
    for metric in told["items"]:
        assert set(metric["name"]) == set(metric["formula"]) == {"zh-Hans", "zh-Hant", "en"}
        assert metric["instant"] in ("closing", "opening", "period")
        assert (metric["hours"] == "calendar") == (metric["unit"] == "seconds")
    assert by_id["full_mark_rate"]["name"]["zh-Hans"] == "满分率"


async def test_csat_is_74_of_107_and_says_what_it_rests_on(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(*[4] * 40, *[5] * 34, *[3] * 20, *[1] * 13))
    (csat,) = await figures(api, "csat", locale="en")
    assert (csat["numerator"], csat["denominator"], csat["n"], csat["people"]) == (74, 107, 107, 107)
    assert csat["value"] == pytest.approx(100 * 74 / 107, abs=1e-12)
    assert csat["text"] == "69.16%"
    assert csat["interval"] == {
        "low": pytest.approx(59.87151, abs=1e-5),
        "high": pytest.approx(77.11826, abs=1e-5),
        "level": 0.95,
        "method": "Wilson",
    }
    assert (csat["state"], csat["provisional"], csat["instant"]) == ("full", False, "closing")
    assert csat["formula"].startswith("answers of 4 or 5 ÷ all valid answers")
    assert (csat["excluded"], csat["rule_version"], csat["cut"]) == ({}, 1, {})


async def test_every_metric_of_one_set_of_answers(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(5, 5, 4, 3, 2, 1, 5, 4, 5, 1))
    told = {one["metric"]: one["value"] for one in await figures(api)}
    expected = {"csat": 60, "mean": 3.5, "full_mark_rate": 40, "score_rate": 70, "index": 62.5, "bad_review_rate": 30}
    assert {metric: told[metric] for metric in expected} == expected
    rates = {"closings": 10, "asked": 10, "answered": 10, "coverage": 100, "response_rate": 100, "aapor_rr1": 100}
    assert {metric: told[metric] for metric in rates} == rates
    assert "nps" not in told  # never derived from another scale


async def test_where_nobody_answered_there_is_no_value_rather_than_0(api: httpx.AsyncClient) -> None:
    told = {one["metric"]: one for one in await figures(api, locale="en")}
    for metric in ("csat", "mean", "response_rate", "time_to_claim"):
        assert (told[metric]["value"], told[metric]["text"], told[metric]["state"]) == (None, "no data yet", "empty")
    assert (told["closings"]["value"], told["low_scores"]["value"]) == (0, 0)


async def test_of_fewer_than_five_only_the_count_is_told(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(1, 5, 5, 5))
    (csat,) = await figures(api, "csat", locale="en")
    assert (csat["value"], csat["numerator"], csat["interval"]) == (None, None, None)
    assert (csat["n"], csat["state"], csat["text"]) == (4, "few", "only 4 so far; computed from 5 on")


async def test_a_team_is_withheld_where_the_total_would_tell_of_the_other(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(5, 5, 5, 4, 4, 4), team="north")
    await visits(house, rated(1, 1), start=100, team="south")
    (total,) = await figures(api, "csat")
    assert (total["value"], total["n"]) == (75, 8)
    north, south = await figures(api, "csat", by="team")
    assert (north["cut"], north["value"], north["state"], north["n"]) == ({"team": "north"}, None, "withheld", 6)
    assert (south["cut"], south["value"], south["state"], south["n"]) == ({"team": "south"}, None, "few", 2)


async def test_cuts_have_one_line_each_and_agents_a_name(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, [{"attitude": 5, "response_speed": 3}] * 6, agent="a1")
    await visits(house, [{"attitude": 4, "response_speed": 2}] * 5, start=50, agent="a2")
    told = await figures(api, "mean", by="agent,question")
    assert [(one["cut"], one["value"]) for one in told] == [
        ({"agent": "a1", "question": "attitude"}, 5),
        ({"agent": "a1", "question": "response_speed"}, 3),
        ({"agent": "a2", "question": "attitude"}, 4),
        ({"agent": "a2", "question": "response_speed"}, 2),
    ]
    assert told[0]["label"] == {"agent": "agent a1", "question": "attitude"}


async def test_answers_of_one_person_count_as_one_for_the_interval(house: House, api: httpx.AsyncClient) -> None:
    five = dict.fromkeys(("response_speed", "problem_solving", "attitude", "convenience", "after_care"), 5)
    await visits(house, [five] * 5)
    (csat,) = await figures(api, "csat")
    assert (csat["n"], csat["people"], csat["interval"]["high"]) == (25, 5, 100)
    assert csat["interval"]["low"] == pytest.approx(56.55175, abs=1e-5)  # Wilson 5/5


async def test_means_of_different_scales_are_never_mixed(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(5, 5, 5, 5, 5, 5))
    await visits(house, rated(10, 10, 1, 1, 1, 1, question="attitude"), start=50, survey="ten_point", version="3")
    told = {one["metric"]: one for one in await figures(api)}
    assert (told["mean"]["value"], told["mean"]["state"]) == (None, "mixed")
    assert told["csat"]["value"] == pytest.approx(100 * 8 / 12)
    by_survey = {one["cut"]["survey"]: one["value"] for one in await figures(api, "mean", by="survey")}
    assert by_survey == {"after_service": 5, "ten_point": 4}


async def test_what_is_not_finished_is_excluded_by_name_and_makes_it_provisional(
    house: House, api: httpx.AsyncClient
) -> None:
    await visits(house, rated(5, 5, 5, 5, 5))
    await visits(house, rated(1), start=50, state=InterviewState.RATING)
    (csat,) = await figures(api, "csat")
    assert (csat["value"], csat["n"], csat["excluded"], csat["provisional"]) == (100, 5, {"unfinished": 1}, True)


async def test_a_period_that_goes_on_is_provisional(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(5, 5, 5, 5, 5), at=house.clock.now() - timedelta(hours=1))
    told = (await api.get(SUMMARY, params={"metric": "csat"})).json()
    assert told["figures"][0]["provisional"] is True
    assert (told["from"], told["to"]) == ("2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00")


async def test_the_rates_of_asking_name_what_was_left_out(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, [*rated(5, 5, 5, 5, 5, 5), None, None])
    await visits(house, [{}, {}], start=50, state=InterviewState.EXPIRED)
    await visits(house, rated(2), start=60, state=InterviewState.EXPIRED)
    await visits(house, [{}], start=70, state=InterviewState.DECLINED)
    told = {one["metric"]: one for one in await figures(api)}
    assert {name: (told[name]["numerator"], told[name]["denominator"]) for name in told if "aapor" in name} == {
        "aapor_rr1": (6, 10),
        "aapor_rr2": (7, 10),
        "aapor_coop1": (6, 8),
        "aapor_ref1": (1, 10),
        "aapor_con1": (8, 10),
    }
    assert told["aapor_rr1"]["excluded"] == {"quarantine": 2}
    assert (told["response_rate"]["numerator"], told["response_rate"]["denominator"]) == (6, 10)
    assert (told["coverage"]["numerator"], told["coverage"]["denominator"]) == (12, 12)


async def test_csv_is_what_is_shown(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(5, 5, 5, 5, 3), team="=1+1")
    wanted = {**OCTOBER, "by": "team", "metric": "csat,mean"}
    shown = (await api.get(SUMMARY, params=wanted)).json()["figures"]
    answer = await api.get(SUMMARY, params={**wanted, "format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [(row["metric"], row["text"], row["n"], float(row["value"])) for row in rows] == [
        (one["metric"], one["text"], str(one["n"]), one["value"]) for one in shown
    ]
    assert {row["team"] for row in rows} == {"'=1+1"}  # no formula for a spreadsheet
    assert float(rows[0]["low"]) == shown[0]["interval"]["low"]


@pytest.mark.parametrize(
    ("wanted", "field", "problem"),
    [
        ({"by": "colour"}, "by", "has 'colour', which is none of team, agent, station, area, product, category"),
        ({"by": "team,product", "metric": "csat"}, "by", "one of them, with question or dimension beside it, or team"),
        ({"by": "team,agent,survey"}, "by", "has 3 keys; give at most 2"),
        ({"metric": "csat,luck"}, "metric", "has 'luck', which is not in the catalogue (/api/v1/metrics)"),
        ({"by": "question", "metric": "coverage"}, "by", "can only be cut by team, agent, station, area"),
        ({"period": "2026-13"}, "period", "there is no '2026-13' in the calendar"),
        ({"period": "soon"}, "period", "is no period: write one like 2026-11"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to", "is not after from"),
        ({"from": "0001-01-01"}, "from", "is not within the years 1971 to 2198"),
        ({"to": "9999-12-31"}, "to", "is not within the years 1971 to 2198"),
        ({"from": "2026-11-02", "period": "2026"}, "period", "is given beside from and to"),
    ],
)
async def test_what_is_no_figure_is_refused_by_field(
    api: httpx.AsyncClient, wanted: dict[str, str], field: str, problem: str
) -> None:
    answer = await api.get(SUMMARY, params=wanted)
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert told["field"] == field
    assert problem in told["problem"]


async def test_a_figure_is_compared_with_the_month_before_and_says_whether_it_clearly_differs(
    house: House, api: httpx.AsyncClient
) -> None:
    september = datetime(2026, 9, 15, 4, tzinfo=UTC)
    await visits(house, rated(*[2] * 20, *[4] * 10), start=1000, at=september)
    await visits(house, rated(*[4] * 10, *[5] * 20))
    await visits(house, [{"convenience": value} for value in (5, 4, 5, 4, 5, 3)], start=200)
    await visits(house, [{"convenience": value} for value in (5, 4, 5, 4, 5, 3)], start=1200, at=september)
    wanted = {"by": "question", "metric": "mean,csat", "compare": "previous", "locale": "en"}
    told = {(one["cut"]["question"], one["metric"]): one["change"] for one in await figures(api, **wanted)}
    mean = told["attitude", "mean"]
    assert (mean["verdict"], mean["text"], mean["n"], mean["method"]) == (
        "higher",
        "higher than before",
        30,
        "Mann-Whitney, exact",
    )
    assert mean["before"] == pytest.approx(80 / 30)
    assert mean["effect"] > 0.9
    assert mean["p"] < 0.001
    assert told["attitude", "csat"]["verdict"] == "higher"
    few = told["convenience", "mean"]
    assert (few["verdict"], few["effect"], few["p"], few["n"]) == ("too_few", None, None, 6)


async def test_without_being_asked_nothing_is_compared(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(5, 5, 5, 5, 5))
    assert [one["change"] for one in await figures(api, "csat", by="question")] == [None]
    assert [one["change"] for one in await figures(api, "csat", by="question", compare="previous")] == [None]


async def test_beside_a_period_of_which_nothing_is_known_no_cut_counts_none(
    house: House, api: httpx.AsyncClient
) -> None:
    await visits(house, rated(5, 5, 5, 5, 5), team="north")
    (north,) = await figures(api, "closings", by="team", compare="previous")
    assert north["change"] is None
    await visits(house, rated(5), start=300, at=datetime(2026, 8, 15, 4, tzinfo=UTC), team="south")
    await visits(house, rated(5, 5, 5, 5, 5), start=100, at=datetime(2026, 9, 15, 4, tzinfo=UTC), team="south")
    (north,) = await figures(api, "closings", by="team", compare="previous")
    assert (north["cut"], north["change"]["before"]) == ({"team": "north"}, 0)


async def test_csv_holds_what_was_compared(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(*[2] * 15), start=1000, at=datetime(2026, 9, 15, 4, tzinfo=UTC))
    await visits(house, rated(*[5] * 15))
    wanted = {**OCTOBER, "by": "question", "metric": "mean", "compare": "previous"}
    (shown,) = (await api.get(SUMMARY, params=wanted)).json()["figures"]
    (row,) = csv.DictReader(StringIO((await api.get(SUMMARY, params={**wanted, "format": "csv"})).text))
    change = shown["change"]
    assert (row["verdict"], row["n_before"], float(row["before"])) == (change["verdict"], str(change["n"]), 2)
    assert (float(row["effect"]), float(row["p"])) == (change["effect"], change["p"]) == (1, change["p"])
    plain = await api.get(SUMMARY, params={**OCTOBER, "metric": "csat", "format": "csv"})
    (alone,) = csv.DictReader(StringIO(plain.text))
    assert (alone["before"], alone["verdict"], alone["n_before"]) == ("", "", "")


async def test_a_week_is_compared_with_the_week_before(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, rated(*[4] * 15), start=1000, at=NOON - timedelta(days=7))
    await visits(house, rated(*[4] * 15))
    wanted = {"period": "2026-W42", "by": "question", "metric": "mean", "compare": "previous"}
    (mean,) = await figures(api, **wanted)
    assert (mean["change"]["verdict"], mean["change"]["before"], mean["change"]["effect"]) == ("not_clear", 4, 0.5)
    assert mean["change"]["p"] == 1


async def test_what_else_is_not_offered_to_be_compared_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.get(SUMMARY, params={**OCTOBER, "compare": "last year"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "compare"


async def test_those_who_completed_an_anonymous_survey_have_started_it(house: House, api: httpx.AsyncClient) -> None:
    """Its answers are taken away from the interview as it ends."""
    await visits(house, [{}] * 6, survey="anonymous_pulse")
    told = {one["metric"]: (one["numerator"], one["denominator"]) for one in await figures(api)}
    assert (told["started_rate"], told["completion_rate"], told["response_rate"]) == ((6, 6), (6, 6), (6, 6))
