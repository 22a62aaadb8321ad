"""A figure is shown of five customers, not of five answers, by every door that shows figures."""

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import httpx

from storage.model.records import Customer
from storage.unit_of_work.changes import Record
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)
OCTOBER = {"period": "2026-10"}
SUMMARY = "/api/v1/reports/summary"


async def visits(house: House, *given: tuple[str, str, int]) -> None:
    """Store a visit for each customer, team and rating."""
    records, known = list[Record](), set[str]()
    for number, (customer, team, value) in enumerate(given):
        visit = closed_visit(f"{number}", NOON, {"attitude": value}, customer=customer, team=team, agent=team)
        records += [one for one in visit if not isinstance(one, Customer) or customer not in known]
        known.add(customer)
    await store_records(house.store, NOON, *records)


async def asked(api: httpx.AsyncClient, path: str, **wanted: str) -> Any:  # noqa: ANN401 (an answer in JSON, or a text)
    answer = await api.get(path, params={**OCTOBER, **wanted})
    assert answer.status_code == 200, answer.text
    return answer.text if "format" in wanted else answer.json()


async def test_five_tickets_of_one_customer_tell_nothing(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, *[("ann", "north", 2)] * 5)
    (mean,) = (await asked(api, SUMMARY, metric="mean"))["figures"]
    assert (mean["value"], mean["state"], mean["n"], mean["people"]) == (None, "few", 5, 5)
    (line,) = csv.DictReader(StringIO((await asked(api, SUMMARY, metric="mean", format="csv")).lstrip("\ufeff")))
    assert (line["value"], line["n"], line["state"]) == ("", "5", "few")
    score = await asked(api, "/api/v1/scores/team:north")
    assert {one["value"] for one in score["figures"] if one["metric"] in ("mean", "csat", "index")} == {None}
    levels = await asked(api, "/api/v1/surveys/after_service/answers")
    (attitude,) = [one for one in levels["questions"] if one["question"] == "attitude"]
    assert (attitude["n"], attitude["levels"]) == (5, [])
    explained = await asked(api, "/api/v1/reports/explain", figure="mean:2026-10")
    assert explained["inputs"] == []


async def test_five_customers_are_shown(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, *[(f"{number}", "north", 4) for number in range(5)] * 3)
    (mean,) = (await asked(api, SUMMARY, metric="mean"))["figures"]
    assert (mean["value"], mean["state"], mean["n"], mean["people"]) == (4, "small", 15, 15)


async def test_no_difference_between_cuts_is_of_fewer_customers(house: House, api: httpx.AsyncClient) -> None:
    """All but north are nine answers, of two customers."""
    north = [(f"{number}", "north", 4) for number in range(9)]
    await visits(house, *north, *[("ann", "south", 1)] * 5, *[("bob", "south", 2)] * 4)
    told = {one["cut"]["team"]: one for one in (await asked(api, SUMMARY, metric="mean", by="team"))["figures"]}
    assert {team: one["state"] for team, one in told.items()} == {"north": "withheld", "south": "few"}
    (whole,) = (await asked(api, SUMMARY, metric="mean"))["figures"]
    assert (whole["state"], whole["n"], whole["people"]) == ("small", 18, 18)


async def test_a_period_is_published_with_the_same_withheld(house: House, api: httpx.AsyncClient) -> None:
    await visits(house, *[(f"{number}", "north", 4) for number in range(9)], *[("ann", "south", 1)] * 5)
    body = {"by": "boss", "revision": 1, "cuts": ["", "team"], "metrics": ["mean"]}
    answer = await api.post("/api/v1/periods/2026-10/figures", json=body)
    assert answer.status_code == 201, answer.text
    _, by_team = (await api.get("/api/v1/periods/2026-10/figures")).json()["content"]
    assert {one["cut"]["team"]: one["value"] for one in by_team["figures"]} == {"north": None, "south": None}
