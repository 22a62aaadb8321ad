"""Settings that work but should be changed: the warnings of `huifang doctor`, each with its fix."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings.consistency import TELEGRAM_CLOUD, is_loopback
from config.settings.settings import Settings
from config.settings.wechat_consistency import wechat_advice

__all__ = ["advice"]

_SHORT_KEY = 16  # characters; sixteen random letters and digits are beyond guessing over a network
_SHORT_SIGNING_KEY = 24  # bytes, standardwebhooks.com, "Signature scheme"
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")


def advice(settings: Settings) -> Iterator[ConfigError]:
    """Yield a warning for each setting that works but should be changed."""
    yield from _keys(settings)
    yield from _signing_secret(settings)
    yield from _telegram(settings)
    yield from _webhook(settings)
    yield from wechat_advice(settings)
    yield from _reminder(settings)


def _keys(settings: Settings) -> Iterator[ConfigError]:
    if any(len(key.get_secret_value()) < _SHORT_KEY for key in settings.api.keys):
        problem = f"A key is shorter than {_SHORT_KEY} characters and can be guessed."
        yield _at(settings, "api.keys", problem, "Draw a longer one: openssl rand -hex 24.")


def _signing_secret(settings: Settings) -> Iterator[ConfigError]:
    secret = settings.hooks.secret
    if secret and len(_key_in(secret.get_secret_value())) < _SHORT_SIGNING_KEY:
        problem = f"It holds fewer than {_SHORT_SIGNING_KEY} bytes."
        yield _at(settings, "hooks.secret", problem, "Draw a longer one: echo whsec_$(openssl rand -base64 32).")


def _telegram(settings: Settings) -> Iterator[ConfigError]:
    telegram = settings.telegram
    if telegram.token is None:
        if telegram.team_chat or telegram.admins or telegram.mode == "webhook":
            problem = "It is missing, so Telegram stays off whatever else is set for it."
            others = ("telegram.team_chat", "telegram.admins", "telegram.mode")
            yield _at(settings, "telegram.token", problem, "Copy it from @BotFather.", *others)
        return
    if not _TOKEN.fullmatch(telegram.token.get_secret_value()):
        yield _at(settings, "telegram.token", "It does not look like a bot token.", "Copy it from @BotFather again.")
    if telegram.team_chat is None:
        problem = "It is missing, so alerts reach nobody in Telegram."
        yield _at(settings, "telegram.team_chat", problem, "Write the chat id of the team's group.", "telegram.token")


def _webhook(settings: Settings) -> Iterator[ConfigError]:
    address = settings.http.public_url
    outside = settings.telegram.mode == "webhook" and settings.telegram.api_base == TELEGRAM_CLOUD
    if outside and is_loopback(urlsplit(address).hostname or ""):
        problem = f"Telegram cannot reach {address}."
        yield _at(settings, "http.public_url", problem, "Write the https address of this machine.", "telegram.mode")


def _reminder(settings: Settings) -> Iterator[ConfigError]:
    if settings.survey.reminder_after >= settings.survey.expires_after:
        problem = "It is not shorter than survey.expires_after, so nobody is ever reminded."
        yield _at(settings, "survey.reminder_after", problem, "Make it shorter.", "survey.expires_after")


def _at(settings: Settings, key: str, problem: str, fix: str, *others: str) -> ConfigError:
    return ConfigError(settings.where(key, *others), key, problem, fix)


def _key_in(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_") + "==")
