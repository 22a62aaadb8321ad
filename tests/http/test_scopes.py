"""A key opens what its scope allows, and what it lacks is told by name; and each route of the API has its scope."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.http.scopes import ROUTE_SCOPES, ApiKey
from config.values.key_scopes import KeyScope
from tests.support.web.house import House, open_house
from tests.support.web.tickets import TICKET

KEYS = {scope: f"the-{scope}-key-8f3a1c5e" for scope in KeyScope}
TICKET_HERE, LINKS = "/api/v1/tickets/zendesk/42", "/api/v1/customers/c-1001/links"


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house with a key of each scope."""
    async with open_house(folder, api_keys=tuple(ApiKey(key, scope) for scope, key in KEYS.items())) as opened:
        yield opened


async def asked(house: House, key: str, method: str, path: str, body: object = None) -> httpx.Response:
    async with house.client(key=key) as client:
        return await client.request(method, path, json=body)


@pytest.mark.parametrize("scope", list(KeyScope))
@pytest.mark.row("S0-21", "S1-54")
async def test_each_route_opens_to_keys_of_its_scope_and_names_it_to_others(house: House, scope: KeyScope) -> None:
    for route, scopes in ROUTE_SCOPES.items():
        method, _, path = route.partition(" ")
        answer = await asked(house, KEYS[scope], method, re.sub(r"\{\w+\}", "none", path))
        if scope is KeyScope.ADMIN or scope in scopes:
            assert answer.status_code not in {401, 403, 405}, (route, answer.text)
            continue
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json"), route
        assert f"lacks the scope {scopes[0]}" in answer.json()["detail"]
        assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scopes[0]}"'


async def test_a_help_desks_key_writes_a_ticket_reads_it_back_and_makes_a_link(house: House) -> None:
    key = KEYS[KeyScope.TICKETS]
    assert (await asked(house, key, "PUT", TICKET_HERE, TICKET)).status_code == 201
    assert (await asked(house, key, "GET", TICKET_HERE)).status_code == 200
    assert (await asked(house, key, "POST", LINKS, {"channel": "sandbox"})).status_code == 200
    assert (await asked(house, key, "GET", "/api/v1/responses")).status_code == 403


async def test_without_a_key_it_is_401_and_with_one_an_unknown_path_is_404(house: House) -> None:
    async with house.client(key=None) as nobody:
        for route in ROUTE_SCOPES:
            method, _, path = route.partition(" ")
            assert (await nobody.request(method, re.sub(r"\{\w+\}", "none", path))).status_code == 401, route
    assert (await asked(house, KEYS[KeyScope.READ], "GET", "/api/v1/nowhere")).status_code == 404


async def test_a_key_is_taken_as_it_stands_in_the_settings_too(house: House) -> None:
    read = KEYS[KeyScope.READ]
    assert (await asked(house, f"read:{read}", "GET", "/api/v1/issues")).status_code == 200
    for wrong in (f"admin:{read}", f"tickets:{read}", "read:", ":"):
        assert (await asked(house, wrong, "GET", "/api/v1/issues")).status_code == 401


async def test_a_key_that_stands_with_two_scopes_has_both(folder: Path) -> None:
    both = tuple(ApiKey("one-key-8f3a1c5e7d", scope) for scope in (KeyScope.READ, KeyScope.TICKETS))
    async with open_house(folder, api_keys=both) as house:
        assert (await asked(house, both[0].secret, "PUT", TICKET_HERE, TICKET)).status_code == 201
        assert (await asked(house, both[0].secret, "GET", "/api/v1/responses")).status_code == 200
        assert (await asked(house, both[0].secret, "POST", "/api/v1/issues", {"title": "x"})).status_code == 403
