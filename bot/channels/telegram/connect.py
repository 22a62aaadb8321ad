"""Makes the channel of a Telegram bot, with its webhook or poll, and what Telegram is told at the start."""

import logging
from functools import partial

import msgspec
from pydantic import SecretStr

from bot.channels.descriptor import ChannelServices, Connection
from bot.channels.http_client.errors import CallError
from bot.channels.telegram.channel import TelegramChannel, open_bot
from bot.channels.telegram.commands import CommandMenus, follow_commands, menus_for
from bot.channels.telegram.inbound.groups import Groups
from bot.channels.telegram.inbound.parse import parse_update
from bot.channels.telegram.inbound.poll import Poller
from bot.channels.telegram.inbound.structs import Chat
from bot.channels.telegram.inbound.updates import TELEGRAM_CHANNEL
from bot.channels.telegram.inbound.webhook import TelegramWebhook, remove_webhook, set_webhook
from bot.channels.telegram.rate_limits import RateLimiter, RateLimits, is_group
from bot.channels.webhooks import UnreadableDelivery
from bot.ports import Parsed
from config.settings.channels.telegram import TelegramSettings
from config.settings.settings import Settings

__all__ = ["connect_telegram"]

logger = logging.getLogger(__name__)


def connect_telegram(settings: Settings, services: ChannelServices, path: str) -> Connection:
    """Return the bot of `telegram.token`, called at `path` of ours; nothing is sent before the first call."""
    telegram = settings.telegram
    token = _revealed(telegram.token)
    proxy = _revealed(telegram.proxy)
    channel = open_bot(token, telegram.api_base, read_file=services.read_file, watch=services.watch, proxy=proxy)
    inbound = _Inbound(channel, services, leaves=telegram.leave_other_groups)

    address = settings.http.public_url.rstrip("/") + path

    async def menus() -> CommandMenus:
        return menus_for(services.phrases, str(telegram.team_chat or ""), await services.administrators())

    async def set_up() -> None:
        await channel.start(services.alarm)
        if telegram.mode == "webhook" and telegram.webhook_secret is not None:
            await set_webhook(channel.bot, address, _revealed(telegram.webhook_secret), services.alarm)
        logger.info("telegram: %s", await _summary(channel, telegram, address))
        await follow_commands(channel.bot, menus, services.alarm)

    return Connection(
        channel=channel,
        pace=_pace(telegram),
        webhook=TelegramWebhook(_revealed(telegram.webhook_secret), inbound.take),
        read=inbound.read,
        bind=channel.binding,
        poll=inbound.poll if telegram.mode == "polling" else None,
        set_up=set_up,
        learn=lambda: channel.start(services.alarm),
    )


async def _summary(channel: TelegramChannel, settings: TelegramSettings, address: str) -> str:
    """Return the bot, how updates come, and whether the bot sees the team's chat, for the log of a start."""
    how = f"webhook {address}" if settings.mode == "webhook" else "polling"
    return f"@{channel.username}, {how}, {await _team_chat(channel, settings.team_chat)}"


async def _team_chat(channel: TelegramChannel, chat: int | None) -> str:
    if chat is None:
        return "no team chat (telegram.team_chat)"
    try:
        found = msgspec.json.decode(await channel.api.call("getChat", {"chat_id": chat}), type=Chat)
    except (CallError, msgspec.MsgspecError) as error:
        why = str(error) if isinstance(error, CallError) else type(error).__name__
        return f"team chat {chat} not found: {why}"
    return f"team chat {chat} found: {found.title}"


class _Inbound:
    """Parses and stores updates, from the webhook and the poll alike."""

    def __init__(self, channel: TelegramChannel, services: ChannelServices, *, leaves: bool) -> None:
        self._channel = channel
        self._services = services
        self._groups = Groups(channel.bot, services.alarm, leaves=leaves)

    async def take(self, raw: bytes) -> object:
        """Store one raw update, and return once that is done; raises MalformedDelivery for a body that is no JSON.

        An update that cannot be read is kept as failed, so that Telegram does not repeat it.
        """
        try:
            (parsed,) = self.read(raw)
        except UnreadableDelivery as unread:
            return await self._services.keep_unread(TELEGRAM_CHANNEL, raw, str(unread), unread.key)
        receive = partial(self._services.receive, parsed, TELEGRAM_CHANNEL, raw, self._channel.binding)
        result = await receive()
        if parsed.inbound is not None and is_group(parsed.inbound.place.chat):
            self._groups.note(parsed.inbound, raw, result, receive)
        return result

    def read(self, raw: bytes) -> tuple[Parsed]:
        """Return what one raw update says; raises MalformedDelivery also for one that cannot be read."""
        return (parse_update(raw, self._services.clock.now(), self._channel.username, self._channel.id),)

    async def poll(self) -> None:
        """Poll for updates until cancelled."""
        channel, alarm = self._channel, self._services.alarm
        await channel.start(alarm)
        await remove_webhook(channel.bot, alarm)
        await Poller(channel.api, self.take, alarm).run()


def _pace(settings: TelegramSettings) -> RateLimiter:
    limits = RateLimits(settings.rate, settings.chat_rate, settings.chat_burst, int(settings.group_rate))
    return RateLimiter(limits)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
