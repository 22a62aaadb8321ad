"""The description of the API as pages says what `/openapi.json` says: each operation, its scope, its fields."""

import html
import re

import httpx
import pytest

from bot.http.scopes import ROUTE_SCOPES

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def section(client: httpx.AsyncClient, tag: str, anchor: str) -> str:
    """Return a part of the page of a tag as text."""
    page = (await client.get(f"/docs/api/{tag}", params={"lang": "en"})).text
    _, _, rest = page.partition(f'<section id="{anchor}">')
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", rest.partition("</section>")[0])))


async def test_every_operation_has_its_place_on_the_page_of_its_tag(anybody: httpx.AsyncClient) -> None:
    described = (await anybody.get("/openapi.json")).json()
    index = (await anybody.get("/docs/api")).text
    pages: dict[str, str] = {}
    for path, verbs in described["paths"].items():
        for verb, told in verbs.items():
            (tag,) = told["tags"]
            if tag not in pages:
                pages[tag] = (await anybody.get(f"/docs/api/{tag}")).text
            title = f'<h2 lang="en"><b>{verb.upper()}</b> <code>{path}</code></h2>'
            assert title in pages[tag], (verb, path)
            assert f"<b>{verb.upper()}</b> <code>{path}</code>" in index, (verb, path)
    assert len(pages) > 10


async def test_an_operation_says_who_may_call_it_and_with_what(anybody: httpx.AsyncClient) -> None:
    text = await section(anybody, "Campaigns", "post-api-v1-campaigns-campaign-start")
    scopes = ROUTE_SCOPES["POST /api/v1/campaigns/{campaign}/start"]
    assert f"Scope of the key: {scopes[0]}" in text
    assert "campaign path required" in text
    assert "404 There is no such thing" in text
    health = await section(anybody, "Health", "get-healthz")
    assert "Scope of the key: no key" in health


async def test_an_object_shows_its_fields_with_their_limits(anybody: httpx.AsyncClient) -> None:
    page = (await anybody.get("/docs/api/Tickets")).text
    names = set(re.findall(r'<a href="#(\w+)">', page))
    assert names
    assert names <= set(re.findall(r'<section id="(\w+)">', page)), "an object is referred to and not shown"
    text = await section(anybody, "Tickets", "TicketBody")
    assert "status" in text
    assert "customer" in text


@pytest.mark.proof
async def test_what_a_parameter_may_be_is_shown_beside_the_objects(anybody: httpx.AsyncClient) -> None:
    text = await section(anybody, "Imports", "ImportKind")
    assert "tickets" in text
    assert "contacts" in text
