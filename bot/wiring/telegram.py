"""Telegram's part in the process: what it says comes in, by polling or by webhook; its menus and webhook are set."""

from collections.abc import Awaitable, Callable, Sequence

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.commands import Menu, Menus, register_commands
from bot.channels.telegram.parse import parse
from bot.channels.telegram.poll import Poller
from bot.channels.telegram.webhook import remove_webhook, set_webhook
from bot.process.singletons import run_singleton
from bot.wiring.container import Container
from dialogs.phrases import Phrases

__all__ = ["hear_telegram", "poll_telegram", "set_up_telegram"]

_COMMANDS = ("start", "feedback", "status", "mydata", "forgetme", "language", "stop", "help")
_LEADS = ("report", "issues")
_ADMINS = (*_LEADS, "campaign", "team", "pause_surveys")


def hear_telegram(container: Container) -> Callable[[bytes], Awaitable[object]] | None:
    """Return what takes one raw update and returns once it is stored; ValueError for a body that is none."""
    channel = container.telegram
    if channel is None:
        return None

    async def hear(raw: bytes) -> object:
        return await container.services.receiver.hear(
            parse(raw, container.services.clock.now(), channel.username), "telegram", raw, channel.binding
        )

    return hear


async def poll_telegram(container: Container) -> None:
    """Poll for updates, where the settings say so; only one process may."""
    channel, hear = container.telegram, hear_telegram(container)
    if channel is None or hear is None or container.settings.telegram.mode != "polling":
        return

    async def poll() -> None:
        await channel.start(container.alarms.sound)
        await remove_webhook(channel, container.alarms.sound)
        await Poller(channel, hear, container.alarms.sound).run()

    await run_singleton(container.services.store, "poll", poll)


async def set_up_telegram(container: Container) -> None:
    """Tell Telegram about us: the bot's name, the webhook where it is wanted, the command menus."""
    channel, telegram = container.telegram, container.settings.telegram
    if channel is None:
        return
    await channel.start(container.alarms.sound)
    if telegram.mode == "webhook" and telegram.webhook_secret is not None:
        secret = telegram.webhook_secret.get_secret_value()
        await set_webhook(channel, container.settings.http.public_url, secret, container.alarms.sound)
    await _register(channel, container)


async def _register(channel: TelegramChannel, container: Container) -> None:
    phrases, team = container.services.receiver.policy.phrases, container.settings.telegram.team_chat
    in_team = _menu(phrases, _ADMINS)
    menus = Menus(_menu(phrases, _COMMANDS), in_team, str(team or ""), await _of_admins(container))
    await register_commands(channel, menus, container.alarms.sound)


async def _of_admins(container: Container) -> dict[str, Menu]:
    """Return the menu of each admin's own chat: theirs by role, and a customer's below."""
    by_role = {"owner": _ADMINS, "admin": _ADMINS, "lead": _LEADS}
    roster = {
        m.telegram: by_role[m.role]
        for m in await container.services.reader.admins.roster()
        if m.telegram and m.role in by_role
    }
    chats = {**roster, **dict.fromkeys(sorted(container.services.receiver.policy.admins), _ADMINS)}
    phrases = container.services.receiver.policy.phrases
    return {chat: _menu(phrases, (*commands, *_COMMANDS)) for chat, commands in chats.items()}


def _menu(phrases: Phrases, commands: Sequence[str]) -> Menu:
    """Describe commands in each language."""
    return {
        locale: [(command, phrases.say(locale, f"command.{command}")) for command in commands]
        for locale in phrases.texts
    }
