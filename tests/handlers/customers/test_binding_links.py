"""A link binds a chat to a customer: single-use, expiring, and kept only as a hash."""

from datetime import timedelta
from pathlib import Path

import httpx

from bot.channels.telegram.channel import open_bot
from bot.handlers.customers.binding_links import token_hash
from storage.model.records import Token
from storage.unit_of_work.selects import TOKENS
from tests.support.database.ledger import Ledger
from tests.support.web.house import DATABASE, House, open_house
from tests.support.web.tickets import TICKET

LINKS = "/api/v1/customers/c-1001/links"


async def known(api: httpx.AsyncClient) -> None:
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET)


def written_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob(f"{DATABASE}*"))


async def test_a_link_leads_to_the_channel_and_has_a_picture(api: httpx.AsyncClient, house: House) -> None:
    await known(api)
    answer = await api.post(LINKS, json={"channel": "sandbox", "ticket": "zendesk/42"})
    told = answer.json()
    assert answer.status_code == 200
    assert told["url"].startswith("http://127.0.0.1:8480/console/sandbox?start=")
    assert told["qr_svg"].startswith("<svg")
    assert told["expires_at"] > (house.clock.now() + timedelta(days=1)).isoformat()


async def test_only_the_hash_of_a_link_is_kept(api: httpx.AsyncClient, house: House, folder: Path) -> None:
    await known(api)
    answer = await api.post(LINKS, json={"channel": "sandbox"}, headers={"idempotency-key": "once"})
    secret = answer.json()["url"].rpartition("=")[2]
    async with house.store.reading() as session:
        (token,) = await session.records(Token, TOKENS, keys=[token_hash(secret)])
    assert token.customer == "c-1001"
    assert secret.encode() not in written_in(folder)


async def test_the_same_idempotency_key_gets_the_same_link(api: httpx.AsyncClient) -> None:
    await known(api)
    headers = {"idempotency-key": "once"}
    first = await api.post(LINKS, json={"channel": "sandbox"}, headers=headers)
    again = await api.post(LINKS, json={"channel": "sandbox"}, headers=headers)
    other = await api.post(LINKS, json={"channel": "sandbox"})
    assert first.json() == again.json()
    assert other.json()["url"] != first.json()["url"]


async def test_a_channel_that_is_not_configured_is_refused(api: httpx.AsyncClient) -> None:
    await known(api)
    answer = await api.post(LINKS, json={"channel": "telegram"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "channel", "problem": "telegram is not configured here"}]


async def test_unknown_customers_and_tickets_are_not_found_however_often_one_asks(api: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "once"}
    for _ in range(2):
        assert (await api.post(LINKS, json={"channel": "sandbox"}, headers=headers)).status_code == 404
    await known(api)
    answer = await api.post(LINKS, json={"channel": "sandbox", "ticket": "zendesk/none"})
    assert answer.status_code == 404


async def test_what_a_platform_has_not_told_yet_is_a_503_with_the_reason_and_leaves_no_row(folder: Path) -> None:
    bot = open_bot("123456:not-a-token", "http://127.0.0.1:9")
    async with open_house(folder, bindable={"telegram": bot}) as house, house.client() as api:
        await known(api)
        headers, wanted = {"idempotency-key": "once"}, {"channel": "telegram"}
        refused = await api.post(LINKS, json=wanted, headers=headers)
        assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
        assert "Telegram has not told the bot's name yet" in refused.json()["detail"]
        assert int(refused.headers["retry-after"]) > 0
        assert Ledger(folder / DATABASE).rows("SELECT * FROM tokens") == []
        bot.username = "huifang_test_bot"
        first, again = [await api.post(LINKS, json=wanted, headers=headers) for _ in range(2)]
        assert (first.status_code, first.json()) == (200, again.json())
        assert len(Ledger(folder / DATABASE).rows("SELECT * FROM tokens")) == 1
    await bot.close()
