"""How a survey was answered: levels in the words of each question, the median time, where people stop."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import httpx
import pytest

from dialogs.interview.model import Interview, InterviewState
from scoring.values import replace
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)
QUESTIONS = ("product_quality", "service_quality", "price", "after_sales")
COUNTED = {
    "product_quality": (54, 33, 13),
    "service_quality": (63, 32, 5),
    "price": (48, 38, 14),
    "after_sales": (58, 34, 8),
}
WORDS = {
    "product_quality": ("非常满意", "满意", "不满意"),
    "service_quality": ("很好", "还可以", "不满意"),
    "price": ("很合理", "还可以", "不合理"),
    "after_sales": ("非常满意", "满意", "不满意"),
}


async def answered(house: House, ratings: list[dict[str, int]], survey: str, start: int = 0, **interview: Any) -> None:  # noqa: ANN401 (fields of Interview)
    """Store a response of October for each set of ratings."""
    visits = [closed_visit(str(n), NOON, rated, survey=survey, version="1") for n, rated in enumerate(ratings, start)]
    records = (record for visit in visits for record in visit)
    changed = (replace(one, **interview) if isinstance(one, Interview) else one for one in records)
    await store_records(house.store, NOON, *changed)


async def told(api: httpx.AsyncClient, survey: str, **wanted: str) -> dict[str, Any]:
    answer = await api.get(f"/api/v1/surveys/{survey}/answers", params={"period": "2026-10", **wanted})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def spread(best: int, middle: int, worst: int) -> list[int]:
    return [3] * best + [2] * middle + [1] * worst


@pytest.mark.row("S3-20")
async def test_three_levels_are_told_in_the_words_of_each_question_with_their_number(
    house: House, api: httpx.AsyncClient
) -> None:
    columns = [spread(*COUNTED[question]) for question in QUESTIONS]
    ratings = [dict(zip(QUESTIONS, row, strict=True)) for row in zip(*columns, strict=True)]
    visits = [
        closed_visit(str(n), NOON, rated, survey="satisfaction_3", version="1") for n, rated in enumerate(ratings)
    ]
    await store_records(house.store, NOON, *(record for records in visits for record in records))
    found = {one["question"]: one for one in (await told(api, "satisfaction_3"))["questions"]}
    assert {name: one["n"] for name, one in found.items()} == dict.fromkeys(QUESTIONS, 100)
    for question in QUESTIONS:
        levels = [(level["label"], level["count"], level["share"]) for level in found[question]["levels"]]
        assert levels == [(word, n, float(n)) for word, n in zip(WORDS[question], COUNTED[question], strict=True)], (
            question
        )
    answer = await api.get("/api/v1/surveys/satisfaction_3/answers", params={"period": "2026-10", "format": "csv"})
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [(row["label"], row["share"], row["n"]) for row in rows if row["question"] == "price"] == [
        ("很合理", "48.0", "100"),
        ("还可以", "38.0", "100"),
        ("不合理", "14.0", "100"),
    ]


async def test_four_levels_are_told_alike_and_of_few_answers_only_the_number(
    house: House, api: httpx.AsyncClient
) -> None:
    await answered(house, [{"product_quality": value} for value in (4, 4, 3, 3, 1) * 2], "satisfaction_4")
    await answered(house, [{"service_quality": 3}] * 5, "satisfaction_4", start=20)
    await answered(house, [{"price": 2}] * 4, "satisfaction_4", start=50)
    found = {one["question"]: one for one in (await told(api, "satisfaction_4"))["questions"]}
    levels = [(level["label"], level["share"]) for level in found["product_quality"]["levels"]]
    assert levels == [("很满意", 40.0), ("满意", 40.0), ("一般", 0.0), ("不满意", 20.0)]
    assert (found["price"]["n"], found["price"]["levels"]) == (4, [])
    withheld = found["service_quality"]  # with it, what all say together would tell how the four rated the price
    assert (withheld["n"], withheld["levels"]) == (5, [])


async def test_answers_of_a_survey_count_as_its_figures_do(house: House, api: httpx.AsyncClient) -> None:
    await answered(house, [{"product_quality": 4}] * 6, "satisfaction_4")
    await answered(house, [{"product_quality": 1}], "satisfaction_4", start=50, state=InterviewState.RATING)
    (first, *_) = (await told(api, "satisfaction_4"))["questions"]
    assert (first["question"], first["n"]) == ("product_quality", 6)
    assert [level["count"] for level in first["levels"]] == [6, 0, 0, 0]


@pytest.mark.row("S0-20")
async def test_the_median_time_and_where_people_stopped_are_told_by_the_course(
    house: House, api: httpx.AsyncClient
) -> None:
    for number, seconds in enumerate((20, 40, 60, 80, 100)):
        done = NOON + timedelta(seconds=seconds)
        await answered(house, [dict.fromkeys(QUESTIONS, 3)], "satisfaction_3", start=number, completed_at=done)
    lapsed = {"state": InterviewState.EXPIRED, "at": "price"}
    await answered(house, [{"product_quality": 2, "service_quality": 1}] * 2, "satisfaction_3", start=50, **lapsed)
    unbegun = {"state": InterviewState.EXPIRED, "at": "product_quality"}
    await answered(house, [{}], "satisfaction_3", start=60, **unbegun)
    found = (await api.get("/api/v1/surveys/satisfaction_3/course")).json()
    assert (found["asked"], found["started"], found["completed"], found["seconds"]) == (8, 7, 5, 60)
    assert {one["question"]: one["left"] for one in found["questions"]} == {
        "product_quality": 1,
        "service_quality": 0,
        "price": 2,
        "after_sales": 0,
    }
    assert not {"asked", "seconds", "median_seconds"} & (await told(api, "satisfaction_3")).keys()


async def test_what_there_is_not_is_told(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/v1/surveys/nothing/answers")).status_code == 404
    answer = await api.get("/api/v1/surveys/customer_5/answers", params={"period": "soon"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "period")
