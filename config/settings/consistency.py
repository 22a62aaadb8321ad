"""Settings that must agree with each other; each value alone is already right when this is asked."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings.calendar_consistency import calendar_conflicts
from config.settings.settings import Settings
from config.settings.wechat_consistency import wechat_conflicts

__all__ = ["TELEGRAM_CLOUD", "conflicts", "is_loopback"]

TELEGRAM_CLOUD = "https://api.telegram.org"
"""Telegram's own Bot API server; another one takes any webhook address."""

_TELEGRAM_PORTS = (443, 80, 88, 8443)  # Bot API, setWebhook, note 2


def conflicts(settings: Settings) -> Iterator[ConfigError]:
    """Yield what keeps these settings from working together."""
    yield from _times(settings)
    yield from calendar_conflicts(settings)
    yield from _webhook(settings)
    yield from wechat_conflicts(settings)
    yield from _folder(settings)


def _times(settings: Settings) -> Iterator[ConfigError]:
    survey = settings.survey
    if survey.delay > survey.deadline:
        where = settings.where("survey.delay", "survey.deadline")
        problem = "It is longer than survey.deadline: nobody would ever be asked."
        yield ConfigError(where, "survey.delay", problem, "Make the delay shorter or the deadline longer.")


def _webhook(settings: Settings) -> Iterator[ConfigError]:
    if settings.telegram.mode != "webhook":
        return
    if settings.telegram.webhook_secret is None:
        where = settings.where("telegram.mode")
        problem = "It is missing, and telegram.mode is webhook."
        yield ConfigError(where, "telegram.webhook_secret", problem, "Make up 1 to 256 letters, digits, `_` and `-`.")
    if settings.telegram.api_base == TELEGRAM_CLOUD:
        yield from _public_address(settings)


def _public_address(settings: Settings) -> Iterator[ConfigError]:
    where = settings.where("http.public_url", "telegram.mode")
    parts = urlsplit(settings.http.public_url)
    if is_loopback(parts.hostname or ""):
        return
    if parts.scheme != "https":
        problem = f"{settings.http.public_url} is not https, and Telegram calls nothing else."
        yield ConfigError(where, "http.public_url", problem, "Write https://…, or use telegram.mode polling.")
    elif (parts.port or 443) not in _TELEGRAM_PORTS:
        problem = f"Telegram calls no port {parts.port}."
        yield ConfigError(where, "http.public_url", problem, "Use port 443, 80, 88 or 8443.")


def _folder(settings: Settings) -> Iterator[ConfigError]:
    directory = settings.files.directory
    if not directory.is_dir():
        where = settings.where("files.directory")
        yield ConfigError(where, "files.directory", f"{directory} is no folder.", "Make it, or correct the path.")


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
