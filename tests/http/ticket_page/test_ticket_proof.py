"""The page behind the line in every signature: nobody gets on by a ticket's number alone."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.connectors.descriptor import ConnectorOptions
from storage.model.errors import Unavailable
from tests.support.web.house import URL, House
from tests.support.web.survey_pages import open_house_with_pages

HERE = {"origin": URL}
DOOR = "/b/for/osticket"
KNOWN = {"id": "osticket:5", "email": "Wang@mail.example", "phone": "+86 138 0013 8000"}


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house to which one help desk delivers."""
    options = {"osticket": ConnectorOptions(secrets=("s",), region="CN"), "generic": ConnectorOptions()}
    async with open_house_with_pages(folder, connectors=options) as opened:
        yield opened


async def closed(api: httpx.AsyncClient, **customer: Any) -> None:  # noqa: ANN401 (any JSON)
    body = {"status": "closed", "customer": KNOWN | customer}
    assert (await api.put("/api/v1/tickets/osticket/100007", json=body)).is_success


async def says(api: httpx.AsyncClient, who: str, ticket: str = "100007") -> httpx.Response:
    return await api.post(DOOR, data={"ticket": ticket, "who": who}, headers=HERE)


async def test_the_page_knows_the_ticket_and_asks_whose_it_is(house: House, api: httpx.AsyncClient) -> None:
    del house
    page = await api.get(f"{DOOR}?ticket=100007", headers={"accept-language": "en"})
    assert (page.status_code, 'value="100007"' in page.text, 'name="who"' in page.text) == (200, True, True)
    assert "Your e-mail address or phone number" in page.text


@pytest.mark.parametrize("who", ["wang@mail.example", " WANG@MAIL.EXAMPLE ", "13800138000", "+86 138-0013-8000"])
async def test_whoever_knows_the_address_is_led_to_the_tickets_page(
    house: House, api: httpx.AsyncClient, who: str
) -> None:
    del house
    await closed(api)
    led = await says(api, who)
    assert led.status_code == 303
    page = await api.get(str(httpx.URL(f"{URL}{DOOR}").join(led.headers["location"])).removeprefix(URL))
    assert (page.status_code, set(re.findall(r'name="channel" value="(\w+)"', page.text))) == (200, {"sandbox", "web"})


@pytest.mark.parametrize(
    ("who", "ticket"),
    [("li@mail.example", "100007"), ("", "100007"), ("13900139000", "100007"), ("wang@mail.example", "100008")],
)
async def test_nobody_else_gets_on(house: House, api: httpx.AsyncClient, who: str, ticket: str) -> None:
    del house
    await closed(api)
    answer = await says(api, who, ticket)
    assert (answer.status_code, 'role="alert"' in answer.text) == (404, True)


async def test_a_customer_without_an_address_is_not_anybodys(house: House, api: httpx.AsyncClient) -> None:
    del house
    await closed(api, email="", phone="")
    for who in ("", "wang@mail.example", "0"):
        assert (await says(api, who)).status_code == 404


async def test_who_tries_addresses_has_to_wait_with_a_right_one_too(house: House, api: httpx.AsyncClient) -> None:
    await closed(api)
    answers = [(await says(api, f"{number}@mail.example")).status_code for number in range(40)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert (await says(api, "wang@mail.example")).status_code == 429, "or they would be told which one is right"
    house.clock.passes(timedelta(seconds=11))
    assert (await says(api, "wang@mail.example")).status_code == 303


async def test_text_that_no_database_takes_is_no_ticket(folder: Path, migrated_postgres: str) -> None:
    options = {"osticket": ConnectorOptions(secrets=("s",), region="CN")}
    async with (
        open_house_with_pages(folder, database=migrated_postgres, connectors=options) as opened,
        opened.client() as api,
    ):
        await closed(api)
        assert (await says(api, "x\0", "100008\0")).status_code == 404


@pytest.mark.parametrize("name", ["generic", "zammad", "nobody"])
async def test_a_help_desk_that_does_not_deliver_here_has_no_page(
    house: House, api: httpx.AsyncClient, name: str
) -> None:
    del house
    assert (await api.get(f"/b/for/{name}?ticket=1")).status_code == 404
    assert (await api.post(f"/b/for/{name}", data={"ticket": "1", "who": "x"}, headers=HERE)).status_code == 404
    assert (await api.get(f"/b/for/{name}.png?ticket=1")).status_code == 404


async def test_the_code_is_a_picture_that_may_be_kept(house: House, api: httpx.AsyncClient) -> None:
    del house
    picture = await api.get(f"{DOOR}.png?ticket=octo/shop%237")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    assert "max-age" in picture.headers["cache-control"]
    assert (await api.get(f"{DOOR}.png?ticket={'9' * 5000}")).status_code == 200
    assert (await api.get(f"{DOOR}.png", params={"ticket": "😀" * 200})).status_code == 404


async def test_a_form_on_another_page_leads_nowhere(house: House, api: httpx.AsyncClient) -> None:
    del house
    await closed(api)
    data = {"ticket": "100007", "who": "wang@mail.example"}
    answer = await api.post(DOOR, data=data, headers={"origin": "https://elsewhere.example.com"})
    assert answer.status_code == 403


async def test_a_database_that_is_away_is_told_as_such(
    house: House, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_arguments: object) -> object:
        raise Unavailable("away")

    monkeypatch.setattr(type(house.web.receiver), "do", away)
    assert (await says(api, "wang@mail.example")).status_code == 503
