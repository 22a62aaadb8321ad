"""Settings that work but should be changed: the warnings of `huifang doctor`, each with its fix."""

import base64
from collections.abc import Iterator

from config.errors import ConfigError
from config.settings.group import mistake
from config.settings.settings import Settings

__all__ = ["advice"]

_SHORT_KEY = 16  # characters; sixteen random letters and digits are beyond guessing over a network
_SHORT_SIGNING_KEY = 24  # bytes, standardwebhooks.com, "Signature scheme"


def advice(settings: Settings) -> Iterator[ConfigError]:
    """Yield a warning for each setting that works but should be changed."""
    yield from _keys(settings)
    yield from _signing_secret(settings)
    for group in settings.groups():
        yield from group.advice(settings)
    yield from _reminder(settings)


def _keys(settings: Settings) -> Iterator[ConfigError]:
    if any(len(key.get_secret_value()) < _SHORT_KEY for key in settings.api.keys):
        problem = f"A key is shorter than {_SHORT_KEY} characters and can be guessed."
        yield mistake(settings, "api.keys", problem, "Draw a longer one: openssl rand -hex 24.")


def _signing_secret(settings: Settings) -> Iterator[ConfigError]:
    secret = settings.hooks.secret
    if secret and len(_key_in(secret.get_secret_value())) < _SHORT_SIGNING_KEY:
        problem = f"It holds fewer than {_SHORT_SIGNING_KEY} bytes."
        yield mistake(settings, "hooks.secret", problem, "Draw a longer one: echo whsec_$(openssl rand -base64 32).")


def _reminder(settings: Settings) -> Iterator[ConfigError]:
    if settings.survey.reminder_after >= settings.survey.expires_after:
        problem = "It is not shorter than survey.expires_after, so nobody is ever reminded."
        yield mistake(settings, "survey.reminder_after", problem, "Make it shorter.", "survey.expires_after")


def _key_in(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_") + "==")
