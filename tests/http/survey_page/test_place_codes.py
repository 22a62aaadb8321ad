"""A code that hangs at a place: signed, it expires, and whoever scans it rates that place on the page."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.signed_links import LinkPurpose
from tests.support.web.house import House

YEAR = timedelta(days=365)


async def code(api: httpx.AsyncClient, **about: Any) -> str:  # noqa: ANN401 (JSON is anything)
    """Return the address behind a new code, without the host."""
    answer = await api.post("/api/v1/codes", json=about)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["qr_svg"].startswith("<svg")
    return str(told["url"]).removeprefix(str(told["url"]).split("/s/")[0])


async def scanned(visitor: httpx.AsyncClient, path: str, ratings: str = "54555") -> str:
    """Let somebody scan a code and rate; gives the address of their page."""
    begun = await visitor.post(path, data={"begin": "1"})
    assert begun.status_code == 303, begun.text
    page = f"/s/{begun.headers['location'].removeprefix('./')}"
    for value in ratings:
        shown = (await visitor.get(page)).text
        step = re.search(r'name="step" value="([^"]*)"', shown)
        assert step is not None, shown
        await visitor.post(page, data={"rate": value, "step": step[1]})
    return page


async def figure(api: httpx.AsyncClient, metric: str, by: str) -> dict[str, Any]:
    answer = await api.get("/api/v1/reports/summary", params={"metric": metric, "by": by})
    return {one["cut"][by]: one["numerator"] or one["value"] for one in answer.json()["figures"]}


@pytest.mark.row("S2-22")
async def test_whoever_scans_the_code_of_a_station_rates_it_and_each_scan_counts_once(api: httpx.AsyncClient) -> None:
    path = await code(api, station="北京站")
    front = await api.get(path)
    assert "北京站：请您评价" in front.text
    assert (await api.get("/api/v1/responses")).json()["items"] == [], "a preview records nothing"
    pages = [await scanned(api, path) for _ in range(6)]
    assert len(set(pages)) == 6
    assert await figure(api, "answered", "station") == {"北京站": 6}
    tickets = {one["ticket"] for one in (await api.get("/api/v1/responses")).json()["items"]}
    assert len(tickets) == 6
    assert all(ticket.startswith("code/") for ticket in tickets)
    again = await api.get(pages[0])
    assert again.status_code == 200
    assert await figure(api, "answered", "station") == {"北京站": 6}, "an answered page asks nobody again"


@pytest.mark.row("S2-22")
@pytest.mark.parametrize(("about", "by"), [({"team": "北区"}, "team"), ({"product": "AC-300"}, "product")])
async def test_a_team_and_a_product_have_codes_of_their_own(
    api: httpx.AsyncClient, about: dict[str, str], by: str
) -> None:
    await scanned(api, await code(api, **about))
    assert await figure(api, "answered", by) == {about[by]: 1}


@pytest.mark.row("S2-22")
async def test_a_device_has_a_code_and_its_ticket_names_the_device(api: httpx.AsyncClient) -> None:
    await scanned(api, await code(api, device="SN-7"))
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    ticket = (await api.get(f"/api/v1/tickets/{response['ticket']}")).json()["ticket"]
    assert (ticket["device"], ticket["source_channel"], ticket["customer"]["name"]) == ("SN-7", "code", None)


@pytest.mark.row("S2-22")
async def test_a_code_expires_and_cannot_be_forged(house: House, api: httpx.AsyncClient) -> None:
    path = await code(api, team="北区", days=1)
    forged = path[:-4] + ("AAAA" if path[-4:] != "AAAA" else "BBBB")
    assert (await api.get(forged)).status_code == 404
    assert (await api.post(forged, data={"begin": "1"})).status_code == 404
    house.clock.passes(timedelta(days=2))
    assert (await api.get(path)).status_code == 410
    assert (await api.post(path, data={"begin": "1"})).status_code == 410
    assert (await api.get("/api/v1/responses")).json()["items"] == []


@pytest.mark.proof
async def test_a_code_is_followed_so_often_a_day_and_again_on_the_next(house: House, api: httpx.AsyncClient) -> None:
    path = await code(api, team="北区")
    for _ in range(300):
        assert (await api.post(path, data={"begin": "1"})).status_code == 303
    assert (await api.post(path, data={"begin": "1"})).status_code == 503
    other = await code(api, team="南区")
    assert (await api.post(other, data={"begin": "1"})).status_code == 303
    house.clock.passes(timedelta(days=1))
    assert (await api.post(path, data={"begin": "1"})).status_code == 303


@pytest.mark.parametrize(
    "about", [{}, {"team": "北区", "station": "一站"}, {"team": ""}, {"team": "北区", "days": 0}, {"area": "x"}]
)
async def test_a_code_is_about_exactly_one_thing(api: httpx.AsyncClient, about: dict[str, Any]) -> None:
    assert (await api.post("/api/v1/codes", json=about)).status_code == 422


async def test_a_form_on_another_page_begins_nothing(house: House, api: httpx.AsyncClient) -> None:
    path = await code(api, team="北区")
    headers = {"origin": "https://elsewhere.example.com"}
    assert (await api.post(path, data={"begin": "1"}, headers=headers)).status_code == 403
    assert house.web.receiver.policy.links.read(path.rpartition("/")[2], house.clock.now()) == (
        LinkPurpose.PLACE,
        "team=北区",
    )


@pytest.mark.parametrize(("language", "said"), [("en", "Begin"), ("zh-Hant", "開始評價")])
async def test_the_page_of_a_code_speaks_the_readers_language(api: httpx.AsyncClient, language: str, said: str) -> None:
    page = await api.get(await code(api, team="北区"), headers={"accept-language": language})
    assert said in page.text
