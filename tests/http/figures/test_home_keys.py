"""The key of a home: made with the closing, told to nobody by number or address, gone with its customer."""

from typing import Any

import httpx

from storage.model.fact_records import Closing
from storage.unit_of_work.selects import all_of
from tests.support.rights import fulfil
from tests.support.traces import traces
from tests.support.web.house import House
from tests.support.web.tickets import ticket

HOME = {"phone": "+86 138-0013-8000", "postal_address": "长安街1号，３单元 502"}
SPELLED = {"phone": "13800138000", "postal_address": "长安街 1 号 3 单元 502"}


async def closed(api: httpx.AsyncClient, number: str, customer: str, **told: str) -> None:
    body = ticket(customer={"id": customer, **told})
    assert (await api.put(f"/api/v1/tickets/desk/{number}", json=body)).status_code == 201


async def keys(house: House) -> dict[str, str]:
    """Return the key of each closed ticket."""
    async with house.store.reading() as session:
        found = await session.records(Closing, all_of(Closing))
    return {closing.ticket: closing.contact_key for closing in found}


async def test_two_customers_of_one_home_share_a_key_and_others_have_none(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, "1", "mei", **HOME)
    await closed(api, "2", "wang", **SPELLED)
    await closed(api, "3", "li", phone=HOME["phone"])
    await closed(api, "4", "zhao", **{**HOME, "phone": "138****8000"})
    found = await keys(house)
    assert found["1"] == found["2"] != ""
    assert (found["3"], found["4"]) == ("", "")


async def test_a_closing_keeps_the_home_as_it_was_when_the_customer_moves(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, "1", "mei", **HOME)
    await closed(api, "2", "mei", **{**HOME, "postal_address": "和平路9号"})
    found = await keys(house)
    assert found["1"] != found["2"]
    again: dict[str, Any] = ticket(customer={"id": "mei", **SPELLED, "phone": "13900139000"})
    assert (await api.put("/api/v1/tickets/desk/1", json=again)).status_code == 200
    assert await keys(house) == found


async def test_the_key_goes_with_its_customer_and_nobody_elses(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, "1", "mei", **HOME)
    await closed(api, "2", "wang", **SPELLED)
    key = (await keys(house))["1"]
    assert (await api.delete("/api/v1/customers/mei")).status_code == 202
    await fulfil(house)
    assert await keys(house) == {"1": "", "2": key}
    assert (await api.delete("/api/v1/customers/wang")).status_code == 202
    await fulfil(house)
    assert await traces(house.store, key, "13800138000", "长安街") == []
