"""Apprise's targets as the registry of channels lists them."""

from collections.abc import AsyncIterator

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection, SettingProblem
from bot.ports import Capabilities
from config.settings.settings import Settings

__all__ = ["NOTIFY"]


class _Notify(ChannelDescriptor):
    name = "notify"
    capabilities = Capabilities()
    switch = "notify.urls"

    def is_on(self, settings: Settings) -> bool:
        return bool(settings.notify.urls)

    def team(self, settings: Settings) -> tuple[str, ...]:
        return tuple(str(number) for number, _ in enumerate(settings.notify.urls, 1))

    def summary(self, settings: Settings) -> str:
        return f"further addresses for alerts: {len(settings.notify.urls)}"

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        from bot.channels.notify.channel import open_targets  # noqa: PLC0415 (Apprise takes 50 MB: for those who use it)

        where = settings.where("notify.urls")
        return Connection(channel=open_targets(_urls(settings), where, services.read_file))

    async def examine(self, settings: Settings) -> AsyncIterator[SettingProblem]:
        from bot.channels.notify.channel import unreadable  # noqa: PLC0415 (as above)

        for problem in unreadable(_urls(settings)):
            yield problem


def _urls(settings: Settings) -> list[str]:
    return [url.get_secret_value() for url in settings.notify.urls]


NOTIFY = _Notify()
