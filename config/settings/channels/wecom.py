"""Settings of the team's group in WeCom."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.group import AllSettings, Group, loopback_links, mistake, setting

__all__ = ["WecomSettings"]

_HOST = "qyapi.weixin.qq.com"


class WecomSettings(Group):
    """The team's WeCom group."""

    robot_url: setting_types.SecretUrl | None = setting(None, "address of the group robot to which alerts go")
    on_call: setting_types.WordList = setting("", "list of user ids or mobile numbers to mention")

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for a robot that is missing or cut short, and for links that nobody can open."""
        if self.robot_url is None:
            if self.on_call:
                problem = "It is missing, so nobody of wecom.on_call is called."
                fix = "Copy the address of the group's robot."
                yield mistake(settings, "wecom.robot_url", problem, fix, "wecom.on_call")
            return
        yield from loopback_links(settings, "A colleague who opens the link of an alert", "wecom.robot_url")
        parts = urlsplit(self.robot_url.get_secret_value())
        if parts.hostname == _HOST and not parse_qs(parts.query).get("key"):
            problem = "It has no `key=`, so WeCom does not know which robot is meant."
            yield mistake(settings, "wecom.robot_url", problem, "Copy the whole address of the group's robot.")
