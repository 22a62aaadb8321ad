"""Telegram calls us where we asked, with our secret, and nobody else gets in."""

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.inbound.webhook import TelegramWebhook, remove_webhook, set_webhook
from tests.channels.telegram.conftest import HASTY, Alarms
from tests.support.botapi import FakeTelegram, Html, Refuse, refused
from tests.support.channels import PlatformCall

SECRET = "a-secret_of-ours"
PUBLIC = "http://127.0.0.1:1"


async def let_in(header: str | None, secret: str) -> bool:
    """Return whether a call with this header is heard."""
    heard: list[bytes] = []

    async def hear(raw: bytes) -> None:
        heard.append(raw)

    headers = {} if header is None else {"x-telegram-bot-api-secret-token": header}
    answer = await TelegramWebhook(secret, hear)(PlatformCall(headers=headers))
    assert (answer.status == 200) == bool(heard)
    return bool(heard)


@pytest.mark.parametrize("header", [None, "", "wrong", SECRET + "x", SECRET.upper(), "秘密", "\udcff"])
async def test_a_wrong_or_missing_secret_is_not_let_in(header: str | None) -> None:
    assert not await let_in(header, SECRET)


async def test_the_right_secret_is_let_in() -> None:
    assert await let_in(SECRET, SECRET)


@pytest.mark.parametrize("header", [None, ""])
async def test_without_a_secret_of_ours_nobody_is_let_in(header: str | None) -> None:
    assert not await let_in(header, "")


async def test_the_webhook_is_set_with_secret_and_kinds_and_taken_away(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms
) -> None:
    await set_webhook(channel.bot, f"{PUBLIC}/hooks/telegram", SECRET, alarms, HASTY)
    subscription = telegram.bot.webhook.subscription
    assert subscription is not None
    assert (subscription.url, subscription.secret) == (f"{PUBLIC}/hooks/telegram", SECRET)
    assert telegram.bot.updates.allowed == {"message", "edited_message", "callback_query", "my_chat_member"}
    await remove_webhook(channel.bot, alarms, HASTY)
    assert telegram.bot.webhook.subscription is None
    assert alarms == []


async def test_a_webhook_is_asked_for_until_it_stands_and_a_refusal_is_an_alarm(
    channel: TelegramChannel, telegram: FakeTelegram, alarms: Alarms
) -> None:
    why = "Bad Request: bad webhook: failed to resolve host: Name or service not known"
    telegram.faults.plant(Html(502), method="setWebhook")
    telegram.faults.plant(Refuse(refused(400, why)), method="setWebhook")
    telegram.faults.plant(Refuse(refused(429, "Too Many Requests: retry after 1", retry_after=1)), method="setWebhook")
    await set_webhook(channel.bot, PUBLIC, SECRET, alarms, HASTY)
    assert telegram.bot.webhook.subscription is not None
    assert alarms == [("telegram.webhook", f"400 {why}")]
