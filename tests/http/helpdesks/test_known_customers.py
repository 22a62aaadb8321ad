"""Whom a help desk's ticket is about: who has bound a chat and has its number or address, and nobody by a guess."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scoring.values import replace
from tests.http.helpdesks.test_desk_door import case, deliver, options
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.sheet import edited
from tests.support.web.house import House, open_house

ZAMMAD = SHEETS["zammad"]
PHONE = "+8613800138000"


async def knows(house: House, customer: str, chat: str = "10001", **said: str) -> None:
    """Let another system tell of a customer, with a chat unless that is empty."""
    contacts = [{"channel": "telegram", "address": chat}] if chat else []
    body = {"status": "open", "customer": {"id": customer, "name": "王女士", "contacts": contacts, **said}}
    async with house.client() as client:
        assert (await client.put(f"/api/v1/tickets/crm/{customer}", json=body)).is_success


async def closes(house: House, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON is anything)
    made = case(house, "solved")
    body = edited(ZAMMAD.make(made), {f"ticket.customer.{name}": value for name, value in changes.items()})
    answer: httpx.Response = await deliver(house, ZAMMAD, ZAMMAD.send(made, body=body))
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
async def china(folder: Path) -> AsyncIterator[House]:
    """Open a house in which numbers without a country's code are of China."""
    connectors = {name: replace(options(sheet), region="CN") for name, sheet in SHEETS.items()}
    async with open_house(folder, connectors=connectors) as house:
        yield house


@pytest.mark.parametrize("stored", [PHONE, "138 0013 8000", "13800138000", "+86 138 0013 8000", "8613800138000"])
async def test_who_has_the_number_and_a_chat_is_asked(stored: str, china: House) -> None:
    await knows(china, "c-1001", phone=stored)
    told = await closes(china, mobile="138-0013-8000", email=None)
    assert told["ticket"]["customer"]["id"] == "c-1001"
    assert told["ticket"]["customer"]["contacts"] == [{"channel": "telegram", "address": "10001"}]
    assert told["ticket"]["customer"]["name"] == "王女士", "what is known of them stays"


@pytest.mark.parametrize("written", ["wang@mail.example", "Wang@Mail.Example", " wang@mail.example "])
@pytest.mark.parametrize("known", ["wang@mail.example", "Wang@mail.Example"])
async def test_who_has_the_address_and_a_chat_is_asked(known: str, written: str, china: House) -> None:
    await knows(china, "c-1001", email=known)
    told = await closes(china, email=written, mobile=None)
    assert told["ticket"]["customer"]["id"] == "c-1001"


async def test_who_has_no_chat_is_nobody_to_be_asked(china: House) -> None:
    await knows(china, "c-1001", chat="", phone=PHONE)
    assert (await closes(china))["ticket"]["customer"]["id"] == "zammad:3017"


async def test_of_several_with_one_number_nobody_is_taken(china: House) -> None:
    await knows(china, "c-1001", phone=PHONE)
    await knows(china, "c-1002", chat="10002", phone="138 0013 8000")
    assert (await closes(china, email=None))["ticket"]["customer"]["id"] == "zammad:3017"


async def test_a_number_and_an_address_of_two_people_are_no_one(china: House) -> None:
    await knows(china, "c-1001", phone=PHONE)
    await knows(china, "c-1002", chat="10002", email="wang@mail.example")
    assert (await closes(china, email="wang@mail.example"))["ticket"]["customer"]["id"] == "zammad:3017"


async def test_who_has_bound_a_chat_as_this_help_desks_customer_stays_so(china: House) -> None:
    await knows(china, "c-1001", phone=PHONE)
    await knows(china, "zammad:3017", chat="10003")
    assert (await closes(china, email=None))["ticket"]["customer"]["id"] == "zammad:3017"


async def test_a_chat_that_the_help_desk_names_comes_first(china: House) -> None:
    await knows(china, "c-1001", phone=PHONE)
    told = await closes(china, telegram_id="10009")
    assert told["ticket"]["customer"]["id"] == "zammad:3017"


@pytest.mark.parametrize("mobile", ["138****8000", "none", "", None, "12"])
async def test_what_can_not_be_read_matches_nobody(mobile: str | None, china: House) -> None:
    await knows(china, "c-1001", phone=mobile or "138****8000")
    assert (await closes(china, mobile=mobile, email="nobody"))["ticket"]["customer"]["id"] == "zammad:3017"


async def test_numbers_are_kept_in_one_form_and_others_as_they_are(china: House) -> None:
    assert (await closes(china, mobile="138 0013 8000"))["ticket"]["customer"]["phone"] == PHONE
    assert (await closes(china, mobile="138****8000"))["ticket"]["customer"]["phone"] == "138****8000"


async def test_whom_only_an_address_names_is_found_too(china: House) -> None:
    await knows(china, "c-1001", email="wang3017@mail.example")
    freshdesk = SHEETS["freshdesk"]
    answer = await deliver(china, freshdesk, freshdesk.send(case(china, "solved")))
    assert answer.json()["ticket"]["customer"]["id"] == "c-1001"
