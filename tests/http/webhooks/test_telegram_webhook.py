"""Telegram's door answers 200 once an update is stored, and says no to everybody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram.inbound.webhook import TelegramWebhook
from storage.model.errors import DecisionFailed, Unavailable
from tests.support.web.house import TELEGRAM_SECRET, House, open_house

DOOR = "/hooks/telegram"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}


class Desk:
    """Takes updates as the composition root's door does."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.trouble: Exception | None = None

    async def __call__(self, raw: bytes) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(raw)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def telegram(folder: Path, desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        open_house(folder, webhooks={"telegram": TelegramWebhook(TELEGRAM_SECRET, desk)}) as house,
        house.client(key=None) as client,
    ):
        yield client


async def test_an_update_is_handed_over_as_it_came(telegram: httpx.AsyncClient, desk: Desk) -> None:
    answer = await telegram.post(DOOR, content=b'{"update_id": 1}', headers=SECRET)
    assert (answer.status_code, answer.content) == (200, b"")
    assert desk.taken == [b'{"update_id": 1}']


@pytest.mark.parametrize("secret", ["", "wrong", f"{TELEGRAM_SECRET} ", "秘密"])
async def test_without_the_secret_nothing_is_taken(telegram: httpx.AsyncClient, desk: Desk, secret: str) -> None:
    headers = {b"x-telegram-bot-api-secret-token": secret.encode()}
    answer = await telegram.post(DOOR, content=b'{"update_id": 1}', headers=headers)
    assert answer.status_code == 401
    assert desk.taken == []


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (ValueError("no update"), 400),
        (Unavailable("disk full"), 503),
        (DecisionFailed("a bug of ours"), 200),
        (RuntimeError("a bug of ours"), 500),
    ],
)
async def test_what_cannot_be_stored_is_sent_again(
    telegram: httpx.AsyncClient, desk: Desk, trouble: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    desk.trouble = trouble
    assert (await telegram.post(DOOR, content=b"{}", headers=SECRET)).status_code == status
    assert [line for line in caplog.messages if "no update" in line] == []


async def test_too_much_is_refused(telegram: httpx.AsyncClient, desk: Desk) -> None:
    assert (await telegram.post(DOOR, content=b"x" * 65537, headers=SECRET)).status_code == 413
    assert desk.taken == []


async def test_updates_come_by_post_only(telegram: httpx.AsyncClient) -> None:
    assert (await telegram.get(DOOR, headers=SECRET)).status_code == 405


async def test_without_telegram_there_is_no_such_door(house: House) -> None:
    async with house.client() as client:
        assert (await client.post(DOOR, content=b"{}", headers=SECRET)).status_code == 404
