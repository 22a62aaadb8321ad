"""Telegram's part in the process: what it says comes in, by polling or by webhook; its menus and webhook are set."""

from collections.abc import Awaitable, Callable

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.commands import Menus, register_commands
from bot.channels.telegram.parse import parse
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.webhook import remove_webhook, set_webhook
from bot.parts import Parts
from bot.roles import alone
from dialogs.phrases import Phrases

__all__ = ["hear_telegram", "poll_telegram", "set_up_telegram"]

_COMMANDS = ("start", "stop", "feedback", "status", "language", "help")


def hear_telegram(parts: Parts) -> Callable[[bytes], Awaitable[object]] | None:
    """Give what takes one raw update and returns once it is stored; ValueError for a body that is none."""
    channel = parts.telegram
    if channel is None:
        return None

    async def hear(raw: bytes) -> object:
        return await parts.receiver.hear(parse(raw, parts.clock.now(), channel.username), "telegram", raw)

    return hear


async def poll_telegram(parts: Parts) -> None:
    """Poll for updates, where the settings say so; only one process may."""
    channel, hear = parts.telegram, hear_telegram(parts)
    if channel is None or hear is None or parts.settings.telegram.mode != "polling":
        return

    async def poll() -> None:
        await channel.start(parts.alarms.sound)
        await remove_webhook(channel, parts.alarms.sound)
        await Poller(channel, hear, parts.alarms.sound).run()

    await alone(parts.store, "poll", poll)


async def set_up_telegram(parts: Parts) -> None:
    """Tell Telegram about us: the bot's name, the webhook where it is wanted, the command menus."""
    channel, telegram = parts.telegram, parts.settings.telegram
    if channel is None:
        return
    await channel.start(parts.alarms.sound)
    if telegram.mode == "webhook" and telegram.webhook_secret is not None:
        secret = telegram.webhook_secret.get_secret_value()
        await set_webhook(channel, parts.settings.http.public_url, secret, parts.alarms.sound)
    await _register(channel, parts)


async def _register(channel: TelegramChannel, parts: Parts) -> None:
    phrases, team = parts.receiver.policy.phrases, parts.settings.telegram.team_chat
    customers = {locale: _menu(phrases, locale) for locale in phrases.texts}
    await register_commands(channel, Menus(customers, {}, str(team or "")), parts.alarms.sound)


def _menu(phrases: Phrases, locale: str) -> list[tuple[str, str]]:
    return [(command, phrases.say(locale, f"command.{command}")) for command in _COMMANDS]
