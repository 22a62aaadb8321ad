"""The page behind a ticket's link: what it shows, what it makes, and to whom it opens nothing."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.signed_links import LinkPurpose
from storage.model.errors import Unavailable
from storage.model.records import Token
from storage.unit_of_work.selects import all_of
from tests.http.ticket_page.written import asked_about, link_of
from tests.support.web.house import URL, House
from tests.support.web.survey_pages import LINKS

HERE = {"origin": URL}


async def tokens(house: House) -> list[Token]:
    async with house.store.reading() as session:
        return await session.records(Token, all_of(Token))


async def test_the_page_offers_every_channel_and_stores_nothing(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    page = await api.get(await link_of(house))
    assert page.status_code == 200
    assert set(re.findall(r'name="channel" value="(\w+)"', page.text)) == {"sandbox", "web"}
    assert "Just answer here" in page.text
    assert "no-store" in page.headers["cache-control"]
    assert await tokens(house) == []


@pytest.mark.row("S2-22")
async def test_a_press_makes_a_link_of_its_own_with_a_code(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    path = await link_of(house)
    opened = await api.post(path, data={"channel": "sandbox"}, headers=HERE)
    assert opened.status_code == 200
    assert "/console/sandbox?start=" in opened.text
    assert "data:image/png;base64," in opened.text
    (token,) = await tokens(house)
    assert token.expires_at - house.clock.now() == timedelta(hours=1), "nobody keeps it until there is a chat to join"
    assert (token.customer, token.channel, token.source, token.ticket) == ("zammad:17", "sandbox", "zammad", "7")


async def test_whoever_has_no_chat_answers_on_the_page(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    opened = await api.post(await link_of(house), data={"channel": "web"}, headers=HERE)
    assert opened.status_code == 303
    survey = await api.get(opened.headers["location"].removeprefix(URL))
    assert (survey.status_code, "<form" in survey.text) == (200, True)


@pytest.mark.parametrize("said", ["nobody", "", "telegram"])
async def test_a_channel_that_there_is_not_shows_the_choice_again(
    house: House, api: httpx.AsyncClient, said: str
) -> None:
    await asked_about(api)
    again = await api.post(await link_of(house), data={"channel": said}, headers=HERE)
    assert (again.status_code, 'value="web"' in again.text) == (200, True)
    assert await tokens(house) == []


async def test_a_forged_an_old_and_another_pages_link_open_nothing(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    path = await link_of(house)
    forged = path[:-4] + ("AAAA" if path[-4:] != "AAAA" else "BBBB")
    place = LINKS.token(LinkPurpose.PLACE, "team=north", house.clock.now() + timedelta(days=1))
    old = LINKS.token(LinkPurpose.TICKET, "zammad", house.clock.now() + timedelta(days=1))
    for wrong in (forged, f"/b/{place}", f"/b/{old}", "/b/x"):
        assert (await api.get(wrong)).status_code == 404
        assert (await api.post(wrong, data={"channel": "web"}, headers=HERE)).status_code == 404
    house.clock.passes(timedelta(days=31))
    assert (await api.get(path)).status_code == 410
    assert await tokens(house) == []


async def test_who_tries_links_has_to_wait(house: House, api: httpx.AsyncClient) -> None:
    del house
    answers = [(await api.get(f"/b/forged-{number}")).status_code for number in range(40)]
    assert (answers[0], answers[-1]) == (404, 429)


async def test_the_link_is_worth_nothing_once_the_ticket_is_anothers(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    path = await link_of(house)
    other = {"status": "closed", "customer": {"id": "zammad:18"}}
    assert (await api.put("/api/v1/tickets/zammad/7", json=other)).is_success
    assert (await api.get(path)).status_code == 404


async def test_whoever_has_a_chat_binds_no_other_by_it(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    path = await link_of(house)
    contact = {"channel": "sandbox", "address": "phone"}
    known = {"status": "open", "customer": {"id": "zammad:17", "contacts": [contact]}}
    assert (await api.put("/api/v1/tickets/zammad/8", json=known)).is_success
    page = await api.post(path, data={"channel": "web"}, headers=HERE)
    assert "You are connected already" in page.text
    assert await tokens(house) == []


async def test_a_form_on_another_page_makes_no_link(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api)
    headers = {"origin": "https://elsewhere.example.com"}
    answer = await api.post(await link_of(house), data={"channel": "web"}, headers=headers)
    assert answer.status_code == 403
    assert await tokens(house) == []


@pytest.mark.parametrize("at", ["sight", "press"])
async def test_a_database_that_is_away_is_told_as_such(
    house: House, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    await asked_about(api)
    path, do = await link_of(house), type(house.web.receiver).do
    calls = []

    async def away(*arguments: Any) -> object:  # noqa: ANN401 (whatever is decided)
        calls.append(arguments)
        if at == "sight" or len(calls) > 1:
            raise Unavailable("away")
        return await do(*arguments)

    monkeypatch.setattr(type(house.web.receiver), "do", away)
    assert (await api.post(path, data={"channel": "sandbox"}, headers=HERE)).status_code == 503
