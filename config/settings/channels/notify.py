"""Settings of further places for the team's alerts."""

from collections.abc import Iterator

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.group import AllSettings, Group, loopback_links, setting

__all__ = ["NotifySettings"]


class NotifySettings(Group):
    """Further places for alerts."""

    urls: setting_types.Targets = setting("", "list of Apprise addresses to which alerts go, too")

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for links in alerts that nobody can open."""
        if self.urls:
            yield from loopback_links(settings, "A colleague who opens the link of an alert", "notify.urls")
