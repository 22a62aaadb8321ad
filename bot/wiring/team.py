"""The team's further places put together: a WeCom group's robot, and whatever Apprise reaches."""

from bot.channels import notify, wecom
from bot.channels.wecom import RobotChannel
from bot.ports import Channel, Clock
from config.settings.settings import Settings
from dialogs.phrases import Phrases

__all__ = ["connect_others", "connect_robot"]


def connect_robot(settings: Settings, phrases: Phrases, clock: Clock) -> RobotChannel | None:
    """Make the channel of `wecom.robot_url`; None where there is none."""
    url = settings.wecom.robot_url
    if url is None:
        return None
    return wecom.connect(url.get_secret_value(), settings.wecom.on_call, phrases, settings.locale, clock)


def connect_others(settings: Settings) -> Channel | None:
    """Make the channel of `notify.urls`; None where there are none."""
    urls = [url.get_secret_value() for url in settings.notify.urls]
    return notify.connect(urls, settings.where("notify.urls")) if urls else None
