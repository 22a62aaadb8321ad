"""Telegram as the registry of channels lists it."""

import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from types import ModuleType
from typing import ClassVar, cast

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection, SettingProblem
from bot.channels.webhooks import CallParameter, Operation, WebhookAddress
from bot.ports import Capabilities, ChatIds
from config.settings.settings import Settings

__all__ = ["TELEGRAM"]


_UNUSED = ("cryptography", "rich")
"""For Telegram Passport, and for the command line of httpx below python-telegram-bot: 10 MB that nothing here uses."""


_WHOLE = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_LARGEST = 2**63 - 1


@lru_cache(maxsize=1024)
def _is_private(chat: str) -> bool:
    """Return whether an id is a private chat's: those of groups and channels are negative (Bot API, Chat)."""
    return _WHOLE.fullmatch(chat) is not None and int(chat) <= _LARGEST


_PRIVATE_CHATS = ChatIds(
    _is_private,
    "must be the id of a private chat: a whole number above 0, in digits, such as 10001",
    are_people=True,
)


class _Telegram(ChannelDescriptor):
    name = "telegram"
    capabilities = Capabilities(
        customers=True,
        chat_ids=_PRIVATE_CHATS,
        binding=True,
        buttons=True,
        edits=True,
        files=True,
        groups=True,
        roster=True,
        numbered=True,
        repeats_within=timedelta(hours=24),  # updates are kept no longer (Bot API, getting updates)
    )
    address: ClassVar[WebhookAddress] = WebhookAddress(
        "/hooks/telegram",
        {
            "post": Operation(
                "An update from Telegram",
                (CallParameter("header", "X-Telegram-Bot-Api-Secret-Token", "`telegram.webhook_secret`"),),
                takes="application/json",
                answer="Stored",
                problems=(400, 401, 413, 503),
            )
        },
    )
    loggers = ("telegram", "httpx", "httpcore")
    switch = "telegram.token"

    def is_on(self, settings: Settings) -> bool:
        return settings.telegram.token is not None

    def team(self, settings: Settings) -> tuple[str, ...]:
        chat = settings.telegram.team_chat
        return (str(chat),) if chat is not None else ()

    def admins(self, settings: Settings) -> frozenset[str]:
        return frozenset(map(str, settings.telegram.admins))

    def max_rate(self, settings: Settings) -> float:
        return settings.telegram.rate

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        with _without(*_UNUSED):
            from bot.channels.telegram.connect import connect_telegram  # noqa: PLC0415 (only where it is configured)

        return connect_telegram(settings, services, self.address.path)

    async def examine(self, settings: Settings) -> AsyncIterator[SettingProblem]:
        from bot.channels.telegram.doctor import examine_telegram  # noqa: PLC0415 (only where it is configured)

        telegram = settings.telegram
        if telegram.token is not None:
            token, chat = telegram.token.get_secret_value(), str(telegram.team_chat or "")
            proxy = telegram.proxy.get_secret_value() if telegram.proxy is not None else ""
            async for problem in examine_telegram(token, telegram.api_base, chat, proxy):
                yield problem


@contextmanager
def _without(*packages: str) -> Iterator[None]:
    """Hide packages from the imports of a block, as if not installed; those that are loaded already stay.

    A name with None in `sys.modules` raises ModuleNotFoundError when it is imported (Python reference, 5.3.1), which is
    how libraries find out whether an extra of theirs is there.
    """
    absent = [package for package in packages if package not in sys.modules]
    sys.modules.update(cast("dict[str, ModuleType]", dict.fromkeys(absent)))
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]


TELEGRAM = _Telegram()
