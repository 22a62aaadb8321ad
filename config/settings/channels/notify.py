"""Settings of further places for the team's alerts."""

from config.settings import setting_types
from config.settings.group import Group, setting

__all__ = ["NotifySettings"]


class NotifySettings(Group):
    """Further places for alerts."""

    urls: setting_types.Targets = setting("", "list of Apprise addresses to which alerts go, too")
