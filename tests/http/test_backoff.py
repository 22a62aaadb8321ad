"""After wrong keys, signatures and secrets in a row an address has to wait; what is right is taken at any time."""

import tracemalloc
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram.inbound.webhook import TelegramWebhook
from bot.http.backoff import AT_ONCE, REMEMBERED, WrongSecrets, client_address
from bot.http.problems import Problem
from tests.support.web.clockwork import Clockwork
from tests.support.web.house import KEY, TELEGRAM_SECRET, URL, House, open_house

WRONG: dict[str, Mapping[str, str]] = {
    "/api/v1/issues": {"authorization": "Bearer a-wrong-key-of-a-stranger"},
    "/hooks/tickets": {"webhook-id": "e", "webhook-timestamp": "1", "webhook-signature": "v1,bm9wZQ=="},
    "/hooks/telegram": {"x-telegram-bot-api-secret-token": "wrong"},
}
BODY = '{"type": "ticket.noted", "data": {}}'


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house whose doors for Telegram and the help desk are open."""

    async def take(raw: bytes) -> None:
        assert raw == BODY.encode()

    async with open_house(folder, webhooks={"telegram": TelegramWebhook(TELEGRAM_SECRET, take)}) as opened:
        yield opened


async def sent(house: House, path: str, headers: Mapping[str, str], address: str = "192.0.2.1") -> httpx.Response:
    method, body = ("GET", None) if path.startswith("/api") else ("POST", BODY)
    transport = httpx.ASGITransport(house.app, client=(address, 1234))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        return await client.request(method, path, headers=headers, content=body)


def right(house: House, path: str) -> Mapping[str, str]:
    return {
        "/api/v1/issues": {"authorization": f"Bearer {KEY}"},
        "/hooks/tickets": house.signed(BODY),
        "/hooks/telegram": {"x-telegram-bot-api-secret-token": TELEGRAM_SECRET},
    }[path]


@pytest.mark.parametrize("path", sorted(WRONG))
async def test_who_is_wrong_again_and_again_has_to_wait_and_whoever_is_right_does_not(
    house: House, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = [await sent(house, path, WRONG[path]) for _ in range(AT_ONCE)]
    assert {answer.status_code for answer in first} == {401}
    waits = await sent(house, path, WRONG[path])
    assert (waits.status_code, waits.headers["content-type"]) == (429, "application/problem+json")
    assert (await sent(house, path, right(house, path))).status_code in {200, 202}
    assert (await sent(house, path, WRONG[path], "192.0.2.2")).status_code == 401
    others = [other for other in WRONG if other != path]
    assert [(await sent(house, other, WRONG[other])).status_code for other in others] == [401, 401]
    house.clock.passes(timedelta(seconds=int(waits.headers["retry-after"])))
    assert [(await sent(house, path, WRONG[path])).status_code for _ in range(2)] == [401, 429]
    told = [record.getMessage() for record in caplog.records if "wrong secrets" in record.getMessage()]
    assert told[0].endswith("from 192.0.2.1: it has to wait now")
    assert len(told) == 2


async def test_who_sends_no_key_guesses_nothing_and_is_told_401_each_time(house: House) -> None:
    answers = [await sent(house, "/api/v1/issues", {}) for _ in range(AT_ONCE + 1)]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::"),
        (("::ffff:192.0.2.1", 1), "192.0.2.1"),
        (("x" * 9000, 1), "x" * 64),
        (None, ""),
    ],
)
def test_one_customer_of_a_network_is_one_address(client: tuple[str, int] | None, address: str) -> None:
    assert client_address({"client": client}) == address


@pytest.mark.proof
def test_the_memory_does_not_grow_with_the_addresses() -> None:
    wrong, refusal = WrongSecrets(Clockwork()), Problem(HTTPStatus.UNAUTHORIZED, "wrong")

    def come(first: int) -> None:
        for number in range(first, first + REMEMBERED):
            wrong.counted("api", {"client": (f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 1)}, refusal)

    come(0)
    tracemalloc.start()
    come(REMEMBERED)
    come(2 * REMEMBERED)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 2 * 2**20
