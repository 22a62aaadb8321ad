"""Any other group, mailbox or pager, through Apprise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from config.errors import ConfigError

if TYPE_CHECKING:
    from bot.channels.notify.channel import NotifyChannel

__all__ = ["connect", "unreadable"]


def connect(urls: Sequence[str], where: str) -> "NotifyChannel":
    """Make the channel of these Apprise addresses, which stand in `where`; the first is the chat `1`.

    Raises ConfigErrors where Apprise cannot read some.
    """
    from bot.channels.notify import channel  # noqa: PLC0415 (Apprise takes a second and 50 MB: for those who use it)

    return channel.connect(urls, where)


def unreadable(urls: Sequence[str], where: str) -> list[ConfigError]:
    """Name the addresses that Apprise cannot read."""
    from bot.channels.notify import channel  # noqa: PLC0415 (Apprise takes a second and 50 MB: for those who use it)

    return channel.unreadable(urls, where)
