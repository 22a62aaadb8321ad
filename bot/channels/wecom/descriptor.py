"""WeCom's group robot as the registry of channels lists it."""

from collections.abc import AsyncIterator

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection, SettingProblem
from bot.ports import Capabilities
from config.settings.settings import Settings

__all__ = ["WECOM"]

_CHAT = "robot"  # a robot speaks into one group, and is never told its id


class _Wecom(ChannelDescriptor):
    name = "wecom"
    capabilities = Capabilities(merges=True)
    switch = "wecom.robot_url"

    def is_on(self, settings: Settings) -> bool:
        return settings.wecom.robot_url is not None

    def team(self, settings: Settings) -> tuple[str, ...]:
        del settings
        return (_CHAT,)

    def summary(self, settings: Settings) -> str:
        return f"robot of a group; people mentioned: {len(settings.wecom.on_call)}"

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        from bot.channels.wecom.channel import open_robot  # noqa: PLC0415 (only where it is configured)

        on_call, phrases = settings.wecom.on_call, services.phrases
        robot = open_robot(
            _url(settings),
            on_call,
            phrases,
            settings.team.locale or settings.locale,
            services.clock,
            watch=services.watch,
            read_file=services.read_file,
        )
        return Connection(channel=robot, pace=robot.rate_limit)

    async def examine(self, settings: Settings) -> AsyncIterator[SettingProblem]:
        from bot.channels.wecom.channel import examine_robot  # noqa: PLC0415 (only where it is configured)

        async for problem in examine_robot(_url(settings)):
            yield problem


def _url(settings: Settings) -> str:
    url = settings.wecom.robot_url
    return url.get_secret_value() if url is not None else ""


WECOM = _Wecom()
