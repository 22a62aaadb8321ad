"""One verdict on a ticket from a text message, a call by headquarters and a dealer's report, each of them visible."""

from fractions import Fraction
from typing import Any

import httpx
import pytest

from scoring.joint_verdict import SourceScore, joint_verdict
from scoring.values import replace
from tests.rows.sources.test_counted_once import closed, enter
from tests.support.database.duplicates import settle_duplicates_of
from tests.support.web.house import House

WEIGHTS = {"sms": Fraction(50), "phone": Fraction(30), "platform": Fraction(20)}


async def verdict(api: httpx.AsyncClient, ticket: str = "1") -> Any:  # noqa: ANN401 (JSON is anything)
    answer = await api.get(f"/api/v1/tickets/desk/{ticket}/verdict")
    assert answer.status_code == 200, answer.text
    return answer.json()


def weigh(house: House, weights: dict[str, Fraction]) -> None:
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, lists=replace(receiver.policy.lists, source_weights=weights)))


@pytest.mark.row("S1-75")
async def test_three_sources_become_one_verdict_by_declared_weights_and_each_is_visible(
    house: House, api: httpx.AsyncClient
) -> None:
    weigh(house, WEIGHTS)
    await closed(api, "1", {"id": "mei"})
    await enter(api, "1", "sms", 1)
    await enter(api, "1", "phone", 5)
    await enter(api, "1", "platform", 3)
    await settle_duplicates_of(house)
    assert await verdict(api) == {
        "score": 40.0,
        "bad": False,
        "formula": "phone 100 × 30 % + platform 50 × 20 % + sms 0 × 50 %",
        "sources": [
            {"source": "phone", "score": 100.0, "responses": 1, "weight": 30.0},
            {"source": "platform", "score": 50.0, "responses": 1, "weight": 20.0},
            {"source": "sms", "score": 0.0, "responses": 1, "weight": 50.0},
        ],
    }
    weigh(house, {**WEIGHTS, "sms": Fraction(250)})
    assert (await verdict(api))["bad"] is True


async def test_a_source_that_says_nothing_leaves_its_weight_to_the_others(house: House, api: httpx.AsyncClient) -> None:
    weigh(house, WEIGHTS)
    await closed(api, "1", {"id": "mei"})
    await enter(api, "1", "phone", 5)
    await enter(api, "1", "paper", 1)
    told = await verdict(api)
    assert (told["score"], told["bad"]) == (100, False)
    assert [(one["source"], one["weight"]) for one in told["sources"]] == [("paper", 0), ("phone", 100)]


async def test_what_people_excluded_is_not_heard_and_as_shipped_all_sources_weigh_alike(api: httpx.AsyncClient) -> None:
    await closed(api, "1", {"id": "mei"})
    bad, _good = await enter(api, "1", "sms", 1), await enter(api, "1", "phone", 5)
    assert (await verdict(api))["score"] == 50
    said = {"reason": "malicious", "by": "李工", "note": "同行恶意打分"}
    assert (await api.post(f"/api/v1/responses/{bad}/exclusion", json=said)).is_success
    assert (await verdict(api))["score"] == 50, "a proposal excludes nothing"
    approved = {"by": "王工", "note": "查过了"}
    assert (await api.post(f"/api/v1/responses/{bad}/exclusion/approve", json=approved)).is_success
    assert (await verdict(api))["score"] == 100


async def test_without_an_answer_there_is_no_verdict_and_without_a_ticket_none_is_found(api: httpx.AsyncClient) -> None:
    await closed(api, "1", {"id": "mei"})
    assert await verdict(api) == {"score": None, "bad": None, "formula": "", "sources": []}
    assert (await api.get("/api/v1/tickets/desk/none/verdict")).status_code == 404


def test_several_responses_of_one_source_are_its_mean_and_the_bound_is_bad_itself() -> None:
    given = [("sms", Fraction(0)), ("sms", Fraction(50)), ("web", Fraction(25))]
    told = joint_verdict(given, {"sms": Fraction(1), "web": Fraction(1)}, Fraction(25))
    assert told.sources[0] == SourceScore("sms", Fraction(25), 2, Fraction(50))
    assert told.score == Fraction(25)
    assert told.is_bad
    assert joint_verdict(given, {}, Fraction(25)).score is None
