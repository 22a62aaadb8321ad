"""Telegram's way to call us: setting the webhook, taking it away, knowing that it is Telegram who calls."""

import hmac

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.persist import RetryDelay, until_done
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.ports import RaiseAlarm

__all__ = ["PATH", "WEBHOOK", "check_secret", "remove_webhook", "set_webhook"]

PATH = "/hooks/telegram"
WEBHOOK = "telegram.webhook"
_CONNECTIONS = 100  # the most that Telegram opens: what arrives together is committed together


def check_secret(header: str | None, secret: str) -> bool:
    """Compare `X-Telegram-Bot-Api-Secret-Token` with ours, in constant time. Without a secret nobody passes."""
    sent = (header or "").encode(errors="surrogatepass")
    return bool(secret) and hmac.compare_digest(sent, secret.encode())


async def set_webhook(
    channel: TelegramChannel, public_url: str, secret: str, alarm: RaiseAlarm, delay: RetryDelay | None = None
) -> None:
    """Ask Telegram to call `{public_url}/hooks/telegram`; tries until it agrees, alarm `telegram.webhook`."""

    async def ask() -> bool:
        return await channel.bot.set_webhook(
            public_url.rstrip("/") + PATH,
            max_connections=_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=secret,
        )

    await until_done(ask, WEBHOOK, alarm, delay)


async def remove_webhook(channel: TelegramChannel, alarm: RaiseAlarm, delay: RetryDelay | None = None) -> None:
    """Ask Telegram to call no more, so that updates can be polled; what waits there is kept."""
    await until_done(channel.bot.delete_webhook, WEBHOOK, alarm, delay)
