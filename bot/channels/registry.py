"""Every channel there is. To add one, write its package with a descriptor, and list it here."""

from collections.abc import Mapping, Sequence

from bot.channels.descriptor import ChannelDescriptor
from bot.channels.notify.descriptor import NOTIFY
from bot.channels.sandbox.descriptor import SANDBOX
from bot.channels.telegram.descriptor import TELEGRAM
from bot.channels.web.descriptor import WEB
from bot.channels.wechat.descriptor import WECHAT
from bot.channels.wecom.descriptor import WECOM
from bot.ports import Capabilities
from config.settings.settings import Settings

__all__ = ["CHANNELS", "capabilities_of", "customer_channels", "platform_channels", "sandbox_only", "switched_on"]

CHANNELS: tuple[ChannelDescriptor, ...] = (TELEGRAM, WECHAT, WEB, WECOM, NOTIFY, SANDBOX)
"""The preferred first: of a customer's chats, that of the earlier channel is written to."""


def switched_on(settings: Settings, channels: Sequence[ChannelDescriptor] = CHANNELS) -> list[ChannelDescriptor]:
    """Return the channels that the settings switch on, and where none of them is for customers what stands in."""
    on = {channel.name for channel in channels if channel.may_be_on and channel.is_on(settings)}
    if not any(channel.capabilities.customers for channel in channels if channel.name in on):
        on |= {channel.name for channel in channels if channel.stands_in}
    return [channel for channel in channels if channel.name in on]


def sandbox_only(channels: Sequence[ChannelDescriptor] = CHANNELS) -> tuple[ChannelDescriptor, ...]:
    """Return the channels with all off that a setting switches on, the team's too: what is played calls nobody."""
    return tuple(channel.switched_off() if channel.switch else channel for channel in channels)


def platform_channels(channels: Sequence[ChannelDescriptor] = CHANNELS) -> tuple[ChannelDescriptor, ...]:
    """Return the channels on which real customers are asked, configured or not."""
    return tuple(channel for channel in channels if channel.capabilities.customers and not channel.stands_in)


def customer_channels(channels: Sequence[ChannelDescriptor] = CHANNELS) -> tuple[str, ...]:
    """Return the names of the channels on which customers are asked, configured or not."""
    return tuple(channel.name for channel in channels if channel.capabilities.customers)


def capabilities_of(channels: Sequence[ChannelDescriptor] = CHANNELS) -> Mapping[str, Capabilities]:
    """Return what each channel can do, by name."""
    return {channel.name: channel.capabilities for channel in channels}
