"""Name and telephone number may be left at the end of the page, last of all, and never after an anonymous survey."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.signed_links import LinkPurpose
from scoring.values import replace
from tests.support.web.house import House
from tests.support.web.tickets import ticket

TITLE = "方便的话，留个联系方式（选填）"
WHY = "只用来就这次评价联系您，不留也没关系。"


def ask_for(house: House, *names: str) -> None:
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, ask_contact=names))


async def page_of(house: House, api: httpx.AsyncClient, survey: str = "", **person: Any) -> str:  # noqa: ANN401 (JSON is anything)
    """Close a ticket and ask; gives the address of the customer's page."""
    who = {"id": "c-1", "contacts": [{"channel": "sandbox", "address": "phone"}], **person}
    assert (await api.put("/api/v1/tickets/desk/1", json=ticket(customer=who))).is_success
    asked = await api.post("/api/v1/tickets/desk/1/survey", json={"survey": survey} if survey else {})
    assert asked.is_success, asked.text
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    expires_at = house.clock.now() + timedelta(days=1)
    return f"/s/{house.web.receiver.policy.links.token(LinkPurpose.SURVEY, response['id'], expires_at)}"


async def finish(api: httpx.AsyncClient, path: str) -> str:
    """Rate everything with the best and pass the comment over; gives the last page."""
    shown = (await api.get(path)).text
    while (step := re.search(r'name="step" value="([^"]*)"', shown)) and "data-over" not in shown:
        assert TITLE not in shown, "it is asked last"
        press = {"skip": "1"} if 'name="skip"' in shown and 'name="rate"' not in shown else {"rate": "5"}
        await api.post(path, data={**press, "step": step[1]})
        shown = (await api.get(path)).text
    return shown


async def customer(api: httpx.AsyncClient) -> dict[str, Any]:
    told: dict[str, Any] = (await api.get("/api/v1/customers/c-1")).json()["customer"]
    return told


@pytest.mark.row("S0-26")
async def test_name_and_phone_are_asked_last_say_what_for_and_may_be_left_empty(
    house: House, api: httpx.AsyncClient
) -> None:
    ask_for(house, "name", "phone")
    path = await page_of(house, api)
    end = await finish(api, path)
    assert TITLE in end
    assert WHY in end
    nothing = await api.post(path, data={"contact": "1", "name": " ", "phone": ""})
    assert nothing.headers["location"].endswith("?said=empty")
    assert (await customer(api))["name"] == ""
    left = await api.post(path, data={"contact": "1", "name": "王\u202e女士\n", "phone": "138 0000 1111"})
    assert left.headers["location"].endswith("?said=left")
    told = await customer(api)
    assert (told["name"], told["phone"]) == ("王女士", "138 0000 1111")
    again = (await api.get(path)).text
    assert TITLE not in again
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert response["completed_at"], "the time is automatic"


@pytest.mark.row("S0-26")
async def test_an_anonymous_survey_asks_for_neither_and_stores_neither(house: House, api: httpx.AsyncClient) -> None:
    ask_for(house, "name", "phone")
    path = await page_of(house, api, "anonymous_pulse")
    assert TITLE not in await finish(api, path)
    await api.post(path, data={"contact": "1", "name": "王女士", "phone": "13800001111"})
    told = await customer(api)
    assert (told["name"], told["phone"]) == ("", "")


async def test_what_the_help_desk_knows_is_neither_asked_for_nor_replaced(house: House, api: httpx.AsyncClient) -> None:
    ask_for(house, "name", "phone")
    path = await page_of(house, api, name="李先生")
    end = await finish(api, path)
    assert 'name="phone"' in end
    assert 'name="name"' not in end
    await api.post(path, data={"contact": "1", "name": "别人", "phone": "13800001111"})
    told = await customer(api)
    assert (told["name"], told["phone"]) == ("李先生", "13800001111")


async def test_without_the_setting_and_before_the_end_nothing_is_asked_or_stored(
    house: House, api: httpx.AsyncClient
) -> None:
    path = await page_of(house, api)
    await api.post(path, data={"contact": "1", "name": "王女士"})
    assert TITLE not in await finish(api, path)
    await api.post(path, data={"contact": "1", "name": "王女士"})
    assert (await customer(api))["name"] == ""
