"""Reasons for a low rating: tapped in the chat or on the page, kept as the remark, and counted."""

from datetime import timedelta
from typing import Any

import httpx

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.messages import Tap, Verb
from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, asked, open_house_with_pages, survey_link

COURSE = "/api/v1/surveys/e_commerce/course"


async def taps(house: House, verb: Verb, response: str, step: str, value: int) -> None:
    """Let the customer press a button of the chat."""
    house.clock.passes(timedelta(seconds=10))
    tap = BUTTON.encode(Tap(verb, response, step, value)).replace('"', '\\"')
    key = f"{house.clock.now():%H%M%S}-{response[4:]}"
    raw = f'{{"id":"{key}","chat":"phone","person":"customer","tap":"{tap}"}}'.encode()
    await house.web.receiver.receive(parse_action(raw, house.clock.now()), "sandbox:phone", raw)


async def answers(api: httpx.AsyncClient, ticket: str = "42") -> list[tuple[str, int, str | None]]:
    """Return what was answered about a ticket."""
    (response,) = (await api.get("/api/v1/responses", params={"ticket": f"zendesk/{ticket}"})).json()["items"]
    return [(one["question"], one["value"], one["text"]) for one in response["answers"]]


async def counted(api: httpx.AsyncClient) -> dict[str, int]:
    """Return how often each reason was given for slow replies."""
    told: dict[str, Any] = (await api.get(COURSE)).json()["questions"][0]
    return {one["reason"]: one["n"] for one in told["reasons"]}


async def test_a_tapped_reason_is_the_remark_and_the_next_question_follows(
    house: House, api: httpx.AsyncClient
) -> None:
    contact = {"channel": "sandbox", "address": "phone"}
    response = await asked(api, "e_commerce", contacts=[contact])
    await taps(house, Verb.RATE, response, "response_speed", 2)
    await taps(house, Verb.REASON, response, "remark:response_speed", 2)
    await taps(house, Verb.REASON, response, "remark:response_speed", 1)
    await taps(house, Verb.RATE, response, "overall", 5)
    assert await answers(api) == [("response_speed", 2, "回得慢"), ("overall", 5, None)]
    assert await counted(api) == {"没人回": 0, "回得慢": 1, "答非所问": 0}


async def test_a_reason_that_there_is_not_changes_nothing(house: House, api: httpx.AsyncClient) -> None:
    contact = {"channel": "sandbox", "address": "phone"}
    response = await asked(api, "e_commerce", contacts=[contact])
    await taps(house, Verb.RATE, response, "response_speed", 2)
    for number in (0, 4, 9):
        await taps(house, Verb.REASON, response, "remark:response_speed", number)
    assert await answers(api) == [("response_speed", 2, None)]


async def test_the_page_has_the_reasons_as_buttons_and_keeps_what_is_written_beside(folder: Any) -> None:  # noqa: ANN401 (a path)
    async with open_house_with_pages(folder) as house, house.client() as api:
        phone = await Phone.at(api, survey_link(house, await asked(api, "e_commerce")))
        page = await phone.press("rate", 1)
        assert {"没人回", "回得慢", "答非所问"} <= set(page.text.splitlines())
        await phone.press("reason", 3, text="问保修，答的是运费")
        assert await answers(api) == [("response_speed", 1, "问保修，答的是运费\n答非所问")]
        house.clock.passes(timedelta(seconds=1))
        assert await counted(api) == {"没人回": 0, "回得慢": 0, "答非所问": 1}
