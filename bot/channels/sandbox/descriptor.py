"""The sandbox as the registry of channels lists it: on while no other channel for customers is configured."""

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection
from bot.ports import Capabilities
from config.settings.settings import Settings

__all__ = ["SANDBOX"]


class _Sandbox(ChannelDescriptor):
    name = "sandbox"
    capabilities = Capabilities(customers=True, binding=True, buttons=True, edits=True, simulated=True)
    stands_in = True

    def is_on(self, settings: Settings) -> bool:
        del settings
        return False

    def team(self, settings: Settings) -> tuple[str, ...]:
        del settings
        return ("team",)

    def summary(self, settings: Settings) -> str:
        del settings
        return "stands in for a channel: nothing is sent to anybody"

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        from bot.channels.sandbox.channel import SandboxChannel, parse_action  # noqa: PLC0415 (only where it is on)

        channel = SandboxChannel(settings.http.public_url)
        clock = services.clock
        return Connection(channel=channel, read=lambda raw: (parse_action(raw, clock.now()),), simulated=channel)


SANDBOX = _Sandbox()
