"""Answers come out as they were given, in the survey's order, finished or not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.messages import Tap, Verb
from tests.support.web.house import House
from tests.support.web.tickets import TICKET, ticket

RESPONSES = "/api/v1/responses"


async def asked(api: httpx.AsyncClient, number: str = "42", customer: str = "c-1001", **said: str) -> dict[str, Any]:
    contact = {"channel": "sandbox", "address": "phone"}
    body = ticket(customer={"id": customer, "contacts": [contact]})
    await api.put(f"/api/v1/tickets/zendesk/{number}", json=body)
    answer = await api.post(f"/api/v1/tickets/zendesk/{number}/survey", json=said)
    assert answer.status_code == 200, answer.text
    return (await listed(api, ticket=f"zendesk/{number}"))[0]


async def listed(api: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    answer = await api.get(RESPONSES, params=wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def rate(house: House, response: dict[str, Any], question: str, value: int) -> None:
    house.clock.passes(timedelta(seconds=10))
    tap = BUTTON.encode(Tap(Verb.RATE, response["id"], question, value)).replace('"', '\\"')
    raw = f'{{"id":"rate-{question}-{value}","chat":"phone","person":"customer","tap":"{tap}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


async def test_an_asked_customer_is_listed_before_the_first_answer(api: httpx.AsyncClient) -> None:
    response = await asked(api)
    assert response.pop("id").startswith("int_")
    assert response == {
        "ticket": "zendesk/42",
        "survey": "after_service",
        "status": "scheduled",
        "channel": "sandbox",
        "entered": None,
        "score": None,
        "answers": [],
        "comment": None,
        "comment_polarity": None,
        "comment_dimensions": [],
        "said": [],
        "started_at": None,
        "completed_at": None,
        "flags": [],
    }


async def test_answers_stand_in_the_surveys_order_with_their_mean(house: House, api: httpx.AsyncClient) -> None:
    response = await asked(api)
    await rate(house, response, "response_speed", 5)
    await rate(house, response, "problem_solving", 4)
    await rate(house, response, "response_speed", 4)
    (told,) = await listed(api)
    assert (told["status"], told["score"]) == ("started", 4.0)
    assert [(answer["question"], answer["value"], answer["text"]) for answer in told["answers"]] == [
        ("response_speed", 4, None),
        ("problem_solving", 4, None),
    ]
    assert told["started_at"] == min(answer["at"] for answer in told["answers"])


async def test_a_response_to_a_survey_with_sections_has_their_scores_and_a_total(
    house: House, api: httpx.AsyncClient
) -> None:
    response = await asked(api, survey="customer_5")
    assert (response["total"], response["grade"]) == (None, None)
    for question, value in {"response_speed": 4, "professionalism": 5, "staff_attitude": 5, "solving_speed": 4}.items():
        await rate(house, response, question, value)
    (partly,) = await listed(api)
    assert partly["total"] is None
    assert partly["sections"][1] == {
        "section": "solving",
        "name": "解决问题",
        "weight": 40.0,
        "score": None,
        "answered": 1,
        "asked": 2,
    }
    await rate(house, response, "solving_result", 5)
    (told,) = await listed(api)
    assert [section["score"] for section in told["sections"]] == [56.0, 36.0]
    assert (told["total"], told["grade"], told["score"]) == (92.0, None, 4.6)


async def test_responses_are_found_by_ticket_customer_time_and_status(house: House, api: httpx.AsyncClient) -> None:
    first = await asked(api, "42", "c-1")
    house.clock.passes(timedelta(hours=1))
    between = house.clock.now().isoformat()
    house.clock.passes(timedelta(hours=1))
    second = await asked(api, "43", "c-2")
    await rate(house, second, "response_speed", 5)
    for wanted, found in (
        ({}, [first, second]),
        ({"ticket": "zendesk/43"}, [second]),
        ({"customer": "c-1"}, [first]),
        ({"since": between}, [second]),
        ({"until": between}, [first]),
        ({"status": "started"}, [second]),
        ({"status": "completed"}, []),
    ):
        assert [one["id"] for one in await listed(api, **wanted)] == [one["id"] for one in found], wanted


async def test_a_long_list_is_read_page_by_page(house: House, api: httpx.AsyncClient) -> None:
    made = [(await asked(api, str(number), f"c-{number}"))["id"] for number in range(3)]
    first = (await api.get(RESPONSES, params={"limit": "2"})).json()
    rest = (await api.get(RESPONSES, params={"limit": "2", "cursor": first["next"]})).json()
    assert sorted(one["id"] for one in (*first["items"], *rest["items"])) == sorted(made)
    assert rest["next"] is None
    assert house.web.api_keys


@pytest.mark.parametrize(
    "wanted",
    [
        {"status": "happy"},
        {"ticket": "42"},
        {"ticket": "a\0/b"},
        {"customer": ""},
        {"customer": "a\0b"},
        {"until": "soon"},
        {"limit": "-1"},
        {"cursor": "bm9uZQ"},
    ],
)
async def test_a_wrong_question_says_which_parameter(api: httpx.AsyncClient, wanted: dict[str, str]) -> None:
    answer = await api.get(RESPONSES, params=wanted)
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == list(wanted)


async def test_a_ticket_without_an_asking_has_no_response(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)
    assert await listed(api) == []
