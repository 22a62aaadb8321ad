"""Settings of the Telegram bot."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.group import AllSettings, Group, is_loopback, loopback_links, mistake, setting

__all__ = ["TelegramSettings"]

_CLOUD = "https://api.telegram.org"
"""Telegram's own Bot API server; another one takes any webhook address."""
_PORTS = (443, 80, 88, 8443)  # Bot API, setWebhook, note 2
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")


class TelegramSettings(Group):
    """The Telegram bot. Callback answers are not counted by the rates."""

    token: setting_types.BotToken | None = setting(None, "bot token from @BotFather; without it Telegram is off")
    api_base: setting_types.Url = setting(_CLOUD, "Bot API server")
    mode: setting_types.Mode = setting("polling", "`polling`, or `webhook`, which needs `telegram.webhook_secret`")
    webhook_secret: setting_types.WebhookSecret | None = setting(
        None, "1 to 256 letters, digits, `_` and `-`; you make it up"
    )
    proxy: setting_types.ProxyUrl | None = setting(
        None,
        "proxy by which Telegram is reached, `http://…` or `socks5://…`, which also looks the names up; left out, the "
        "environment's `HTTPS_PROXY` or `ALL_PROXY`",
    )
    rate: setting_types.Rate = setting(30, "messages and edits per second over all")
    chat_rate: setting_types.Rate = setting(1, "messages and edits per second in one private chat")
    chat_burst: setting_types.Burst = setting(5, "messages and edits at once in one private chat")
    group_rate: setting_types.Rate = setting(20, "messages and edits per minute in one group")
    team_chat: setting_types.ChatId | None = setting(None, "chat id of the team's group, where alerts go")
    leave_other_groups: setting_types.YesNo = setting(
        "false", "leave every group that is not `telegram.team_chat`; otherwise the bot only keeps silent there"
    )
    admins: setting_types.UserIds = setting("", "list of user ids that may administer from the chat")

    def conflicts(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield what keeps Telegram from calling us, where it shall."""
        if self.mode != "webhook":
            return
        if self.webhook_secret is None:
            problem = "It is missing, and telegram.mode is webhook."
            fix = "Make up 1 to 256 letters, digits, `_` and `-`."
            yield ConfigError(settings.where("telegram.mode"), "telegram.webhook_secret", problem, fix)
        if self.api_base == _CLOUD:
            yield from _unreachable(settings)

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for each setting that works but should be changed."""
        yield from self._credentials(settings)
        if self.token is not None:
            is_called = self.mode == "webhook" and self.api_base == _CLOUD
            reader = "Telegram" if is_called else "A customer who opens a link in a message"
            yield from loopback_links(settings, reader, "telegram.mode", "telegram.token")

    def _credentials(self, settings: AllSettings) -> Iterator[ConfigError]:
        if self.token is None:
            if self.team_chat or self.admins or self.mode == "webhook":
                problem = "It is missing, so Telegram stays off whatever else is set for it."
                others = ("telegram.team_chat", "telegram.admins", "telegram.mode")
                yield mistake(settings, "telegram.token", problem, "Copy it from @BotFather.", *others)
            return
        if not _TOKEN.fullmatch(self.token.get_secret_value()):
            problem = "It does not look like a bot token."
            yield mistake(settings, "telegram.token", problem, "Copy it from @BotFather again.")
        if self.team_chat is None:
            leaves = ", and the bot leaves every group it is added to" if self.leave_other_groups else ""
            problem = f"It is missing, so alerts reach nobody in Telegram{leaves}."
            fix = "Write the chat id of the team's group."
            yield mistake(settings, "telegram.team_chat", problem, fix, "telegram.token")


def _unreachable(settings: AllSettings) -> Iterator[ConfigError]:
    parts = urlsplit(settings.public_url)
    if is_loopback(parts.hostname or ""):
        return
    if parts.scheme != "https":
        problem = f"{settings.public_url} is not https, and Telegram calls nothing else."
        fix = "Write https://…, or use telegram.mode polling."
        yield mistake(settings, "http.public_url", problem, fix, "telegram.mode")
    elif (parts.port or 443) not in _PORTS:
        problem = f"Telegram calls no port {parts.port}."
        yield mistake(settings, "http.public_url", problem, "Use port 443, 80, 88 or 8443.", "telegram.mode")
