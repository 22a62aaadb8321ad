"""Checks across settings that are valid each: conflicts stop the start, advice is for `huifang doctor`."""

import base64
from collections.abc import Iterator

from config.errors import ConfigError
from config.settings.calendar_consistency import calendar_conflicts
from config.settings.group import mistake
from config.settings.settings import Settings

__all__ = ["advice", "conflicts"]

_SHORT_SIGNING_KEY = 24  # bytes, standardwebhooks.com, "Signature scheme"


def conflicts(settings: Settings) -> Iterator[ConfigError]:
    """Yield what keeps these settings from working together."""
    yield from _times(settings)
    yield from calendar_conflicts(settings)
    for group in settings.groups():
        yield from group.conflicts(settings)
    yield from _folder(settings)


def _times(settings: Settings) -> Iterator[ConfigError]:
    survey = settings.survey
    if survey.delay > survey.deadline:
        where = settings.where("survey.delay", "survey.deadline")
        problem = "It is longer than survey.deadline: nobody would ever be asked."
        yield ConfigError(where, "survey.delay", problem, "Make the delay shorter or the deadline longer.")


def _folder(settings: Settings) -> Iterator[ConfigError]:
    directory = settings.files.directory
    if not directory.is_dir():
        where = settings.where("files.directory")
        yield ConfigError(where, "files.directory", f"{directory} is no folder.", "Make it, or correct the path.")


def advice(settings: Settings) -> Iterator[ConfigError]:
    """Yield a warning for each setting that works but should be changed."""
    yield from _signing_secret(settings)
    for group in settings.groups():
        yield from group.advice(settings)
    yield from _reminder(settings)
    yield from _company(settings)


def _signing_secret(settings: Settings) -> Iterator[ConfigError]:
    if any(len(_key_in(secret.get_secret_value())) < _SHORT_SIGNING_KEY for secret in settings.hooks.secret):
        problem = f"It holds fewer than {_SHORT_SIGNING_KEY} bytes."
        yield mistake(settings, "hooks.secret", problem, "Draw a longer one: echo whsec_$(openssl rand -base64 32).")


def _reminder(settings: Settings) -> Iterator[ConfigError]:
    if settings.survey.reminder_after >= settings.survey.expires_after:
        problem = "It is not shorter than survey.expires_after, so nobody is ever reminded."
        yield mistake(settings, "survey.reminder_after", problem, "Make it shorter.", "survey.expires_after")


def _company(settings: Settings) -> Iterator[ConfigError]:
    serves = settings.telegram.token is not None or settings.wechat.app_id is not None
    if serves and settings.privacy.company is None:
        problem = "It is missing, so customers are not told who asks them."
        fix = "Write the company's name as customers know it."
        yield mistake(settings, "privacy.company", problem, fix, "telegram.token", "wechat.app_id")


def _key_in(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_") + "==")
