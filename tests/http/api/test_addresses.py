"""Chats that a help desk reports: only those in which a customer can be are stored, written to, and listened to."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.registry import CHANNELS
from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.inbound.parse import parse_update
from bot.channels.telegram.inbound.webhook import TelegramWebhook
from dialogs.interview.model import Interview
from dialogs.messages import Address, Tap, Verb
from scoring.values import replace
from storage.model.records import Contact, ContactState, Customer, OutboxMessage, Purpose, Token
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision
from tests.support.web.house import TELEGRAM_SECRET, House, open_house

SECRET = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
GROUP, BOSS, ROOM = "-5001", "700", "team"
TEAM = (Address("telegram", GROUP), Address("telegram", BOSS), Address("sandbox", ROOM))
WRONG = {
    "telegram": [
        GROUP, BOSS, "-1001234567890", "@someChannel", "abc", "0", "007", "+10001", "10001 ", "1e4", "1_0", "１２",
        "٣٤", "9223372036854775808", "9" * 30, "10001.0", "0x10",
    ],
    "wechat": ["10001", "王女士", "abc", "o", "oAb c", "o" + "x" * 64, "oAbc!", "oÄbc"],
    "sandbox": [ROOM],
}  # fmt: skip
RIGHT = {"telegram": ["1", "10001", "9223372036854775807"], "wechat": ["oAbc", "oHf4k3Fake000000000000000001", "o_-9"]}


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    async def take(raw: bytes) -> object:
        parsed = parse_update(raw, opened.clock.now(), "bot")
        return await opened.web.receiver.receive(parsed, "telegram", raw)

    async with open_house(folder, webhooks={"telegram": TelegramWebhook(TELEGRAM_SECRET, take)}) as opened:
        receiver = opened.web.receiver
        receiver.adopt(replace(receiver.policy, channels=("telegram", "wechat", "sandbox"), team=TEAM))
        yield opened


def closed(customer: str, *contacts: tuple[str, str], **said: str) -> dict[str, Any]:
    chats = [{"channel": channel, "address": address} for channel, address in contacts]
    return {"status": "closed", "customer": {"id": customer, "contacts": chats, **said}}


async def found(house: House, kind: type, wanted: Callable[[Any], bool] = lambda _one: True) -> list[Any]:
    async with house.store.reading() as session:
        everything: list[Any] = await session.records(kind, all_of(kind))
    return [one for one in everything if wanted(one)]


async def given(house: House, *records: Record) -> None:
    await house.web.receiver.do(Needs(), lambda _context: Decision(Changes(records), None))


async def hears(api: httpx.AsyncClient, **update: Any) -> None:  # noqa: ANN401 (JSON is anything)
    answer = await api.post("/hooks/telegram", json=update, headers=SECRET)
    assert answer.status_code == 200, answer.text


def test_every_channel_of_customers_but_the_sandbox_says_which_chats_there_can_be() -> None:
    without = {c.name for c in CHANNELS if c.capabilities.customers and c.capabilities.chat_ids is None}
    assert without == {"sandbox"}


async def test_an_address_in_which_no_customer_can_be_is_named_and_nothing_is_stored(
    house: House, api: httpx.AsyncClient
) -> None:
    for channel, addresses in WRONG.items():
        for address in addresses:
            body = closed("c-1", ("telegram", "10001"), (channel, address))
            told = await api.put("/api/v1/tickets/desk/1", json=body)
            fields = [one["field"] for one in told.json()["errors"]]
            assert (told.status_code, fields) == (422, ["customer.contacts.1.address"]), (channel, address)
    assert await found(house, Customer) == await found(house, Contact) == []


async def test_a_signed_delivery_with_such_an_address_is_refused_and_may_come_again_mended(
    house: House, api: httpx.AsyncClient
) -> None:
    for address, status in ((GROUP, 422), ("abc", 422), ("10001", 201)):
        data = {"source": "desk", "ticket": "2", **closed("c-2", ("telegram", address))}
        raw = json.dumps({"type": "ticket.closed", "data": data})
        told = await api.post("/hooks/tickets", content=raw, headers=house.signed(raw))
        assert told.status_code == status, told.text
        if status == 422:
            assert [one["field"] for one in told.json()["errors"]] == ["data.customer.contacts.0.address"]
    assert [one.chat for one in await found(house, Contact)] == ["10001"]


async def test_addresses_of_the_right_shape_are_stored(house: House, api: httpx.AsyncClient) -> None:
    pairs = [(channel, address) for channel, addresses in RIGHT.items() for address in addresses]
    assert (await api.put("/api/v1/tickets/desk/3", json=closed("c-3", *pairs))).status_code == 201
    assert {(one.channel, one.chat) for one in await found(house, Contact)} == set(pairs)


async def test_a_bad_address_stored_before_is_never_written_to_and_the_answer_says_so(
    house: House, api: httpx.AsyncClient
) -> None:
    await given(house, Customer("c-4"), Contact("c-4", "telegram", "-1007"), Contact("c-4", "wechat", "10001"))
    told = (await api.put("/api/v1/tickets/desk/4", json=closed("c-4"))).json()
    assert (told["survey"]["status"], told["survey"]["reason"]) == ("scheduled", "no_contact")
    assert [one["field"] for one in told["warnings"]] == ["customer.contacts.0.address", "customer.contacts.1.address"]
    asked = (await api.post("/api/v1/tickets/desk/4/survey")).json()
    assert (asked["survey"]["status"], asked["survey"]["reason"]) == ("scheduled", "no_contact")
    assert await found(house, OutboxMessage) == []
    shown = (await api.get("/api/v1/tickets/desk/4")).json()
    assert shown["warnings"] == told["warnings"]


async def test_a_rating_counts_only_from_the_person_of_the_private_chat(house: House, api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/desk/5", json=closed("c-5", ("telegram", "10005")))
    await api.post("/api/v1/tickets/desk/5/survey")
    (interview,) = await found(house, Interview)
    chats = {"10005": 10005, "666": 10005, "667": -5999}
    await given(house, Contact("c-5", "telegram", "-5999"))
    for number, (person, chat) in enumerate(chats.items()):
        data = CALLBACK_DATA.encode(Tap(Verb.RATE, interview.id, "response_speed", 1))
        kind = "private" if chat > 0 else "supergroup"
        query = {
            "id": f"q{number}",
            "from": {"id": int(person), "is_bot": False, "first_name": "X"},
            "message": {"message_id": 7, "chat": {"id": chat, "type": kind}},
            "data": data,
        }
        before = (await found(house, Interview))[0].answers
        await hears(api, update_id=50 + number, callback_query=query)
        after = (await found(house, Interview))[0].answers
        assert (before != after) is (person == "10005"), (person, chat)


async def test_words_and_commands_of_others_change_nothing_for_a_customer(house: House, api: httpx.AsyncClient) -> None:
    await given(house, Customer("c-6"), Contact("c-6", "telegram", "-5999"), Contact("c-6", "telegram", "10006"))
    for number, (person, chat) in enumerate([(666, -5999), (666, 10006)]):
        for place, text in enumerate(("/stop", "/forgetme", "/mydata", "投诉！")):
            message = {
                "message_id": 8,
                "from": {"id": person, "is_bot": False, "first_name": "X"},
                "chat": {"id": chat, "type": "private" if chat > 0 else "group"},
                "text": text,
            }
            await hears(api, update_id=600 + 10 * number + place, message=message)
    assert (await found(house, Customer))[0].opted_out_at is None
    replies = await found(house, OutboxMessage)
    assert replies
    assert {message.customer for message in replies} == {None}
    assert {message.purpose for message in replies} == {Purpose.REPLY}


async def test_a_link_binds_no_group_and_stays_good_for_the_private_chat(house: House, api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/desk/7", json=closed("c-7"))
    made = (await api.post("/api/v1/customers/c-7/links", json={"channel": "sandbox"})).json()
    (token,) = await found(house, Token)
    await given(house, replace(token, channel="telegram"))
    secret = httpx.URL(made["url"]).params["start"]
    for number, (place, kind, text) in enumerate(
        [(-5999, "group", "/start"), (-5999, "supergroup", "/start@bot"), (int(BOSS), "private", "/start")]
    ):
        message = {
            "message_id": 9,
            "from": {"id": 10007, "is_bot": False, "first_name": "X"},
            "chat": {"id": place, "type": kind},
            "text": f"{text} {secret}",
        }
        await hears(api, update_id=700 + number, message=message)
    assert await found(house, Contact) == []
    assert [one.used_at for one in await found(house, Token)] == [None]
    mine = {"id": 10007, "is_bot": False, "first_name": "X"}
    chat = {"id": 10007, "type": "private"}
    message = {"message_id": 9, "from": mine, "chat": chat, "text": f"/start {secret}"}
    await hears(api, update_id=710, message=message)
    assert [(one.chat, one.state) for one in await found(house, Contact)] == [("10007", ContactState.OK)]


@pytest.mark.parametrize(
    ("field", "value", "instead"),
    [
        ("locale", "fr", "zh-Hans"),
        ("locale", "de-DE", "zh-Hans"),
        ("timezone", "Mars/Base", "Asia/Shanghai"),
        ("timezone", "Asia/Peking", "Asia/Shanghai"),
    ],
)
async def test_a_language_or_zone_not_known_here_falls_back_and_the_answer_says_so(
    api: httpx.AsyncClient, field: str, value: str, instead: str
) -> None:
    told = await api.put("/api/v1/tickets/desk/8", json=closed("c-8", **{field: value}))
    again = await api.put("/api/v1/tickets/desk/8", json=closed("c-8", **{field: value}))
    (warning,) = told.json()["warnings"]
    assert warning["field"] == f"customer.{field}"
    assert instead in warning["problem"]
    shown = (await api.get("/api/v1/tickets/desk/8")).json()
    assert shown["warnings"] == again.json()["warnings"] == [warning]
    assert shown["ticket"]["customer"][field] == value
    assert (await api.post("/api/v1/tickets/desk/8/survey")).is_success


@pytest.mark.parametrize("said", [{}, {"locale": "zh-HK"}, {"locale": "en_GB"}, {"timezone": "UTC"}, {"locale": ""}])
async def test_what_is_known_here_needs_no_warning(api: httpx.AsyncClient, said: dict[str, str]) -> None:
    told = await api.put("/api/v1/tickets/desk/9", json=closed("c-9", ("telegram", "10009"), **said))
    assert (told.status_code, told.json()["warnings"]) == (201, [])
