"""`GET /api/v1/surveys/…/course`: how people went through a survey, over HTTP and on the command line."""

from datetime import timedelta

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.messages import Tap, Verb
from tests.http.api.test_responses import asked
from tests.support.web.house import House

URL = "/api/v1/surveys/after_service/course"


async def rates(house: House, response: str, question: str) -> None:
    """Let somebody tap the best rating ten seconds later."""
    house.clock.passes(timedelta(seconds=10))
    tap = BUTTON.encode(Tap(Verb.RATE, response, question, 5)).replace('"', '\\"')
    raw = f'{{"id":"{response}-{question}","chat":"phone","person":"customer","tap":"{tap}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


@pytest.mark.row("S0-20")
async def test_people_are_counted_and_timed_question_by_question(house: House, api: httpx.AsyncClient) -> None:
    for number in range(6):
        response = await asked(api, f"t-{number}", f"c-{number}")
        await rates(house, response["id"], "response_speed")
        if number:
            house.clock.passes(timedelta(seconds=number))
            await rates(house, response["id"], "problem_solving")
    told = (await api.get(URL)).json()
    assert {name: told[name] for name in ("survey", "version", "asked", "started", "completed", "seconds")} == {
        "survey": "after_service",
        "version": 2,
        "asked": 6,
        "started": 6,
        "completed": 0,
        "seconds": None,
    }
    assert [(one["reached"], one["rated"], one["seconds"]) for one in told["questions"]] == [
        (6, 6, None),
        (6, 5, 13.0),
        (5, 0, None),
        (0, 0, None),
        (0, 0, None),
    ]


async def test_only_the_time_that_is_asked_for_counts(house: House, api: httpx.AsyncClient) -> None:
    await asked(api)
    house.clock.passes(timedelta(days=1))
    later = house.clock.now().isoformat()
    assert (await api.get(URL)).json()["asked"] == 1
    assert (await api.get(URL, params={"since": later})).json()["asked"] == 0
    house.clock.passes(timedelta(days=100))
    assert (await api.get(URL)).json()["asked"] == 0


@pytest.mark.parametrize("survey", ["nothing", "anonymous_pulse"])
async def test_of_no_survey_and_of_an_anonymous_one_nothing_is_told(api: httpx.AsyncClient, survey: str) -> None:
    answer = await api.get(f"/api/v1/surveys/{survey}/course")
    assert answer.status_code == 404
    assert survey in answer.json()["detail"]
