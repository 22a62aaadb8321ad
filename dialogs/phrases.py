"""The product's phrases in every locale."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from dialogs.survey import DEFAULT_LOCALE
from scoring.values import Value

__all__ = ["VARIANT", "Formats", "Phrases", "placeholders"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TRADITIONAL = {"hant", "tw", "hk", "mo"}
_GROUPED_FROM = 1000
VARIANT = "#"
"""Between a phrase's key and one of its plural forms: `invite.length#one`."""


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the placeholders in a template."""
    return frozenset(_PLACEHOLDER.findall(template))


class Formats(Protocol):
    """How languages count and write dates and numbers; `config.locale.formats` implements it."""

    def plural(self, locale: str, count: float) -> str:
        """Return the plural category of a number."""

    def moment(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return day and time, without the year."""

    def dated(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return day, year and time."""

    def day(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return a day with its year."""

    def time(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return the time of day."""

    def span(self, locale: str, length: timedelta) -> str:
        """Return a length of time in units."""

    def number(self, locale: str, number: float) -> str:
        """Return a number with the separators of the language."""


class Phrases(Value):
    """Templates by locale and key; `default` is used for languages that are not there.

    A phrase may have plural forms, each a text of its own under `key#form`; the value named `count` decides.
    """

    texts: Mapping[str, Mapping[str, str]]
    formats: Formats
    default: str = DEFAULT_LOCALE

    def say(self, locale: str, key: str, **values: object) -> str:
        """Return a filled template; braces in values are kept. Raises KeyError for an unknown key or missing value."""
        ours = locale if locale in self.texts else self.locale(locale)
        spoken, count = self.texts[ours], values.get("count")
        if isinstance(count, int):
            key = key if key in spoken else self._form(spoken, ours, key, count)
            values["count"] = self.formats.number(ours, count) if count >= _GROUPED_FROM else count
        template = spoken[key]
        return _PLACEHOLDER.sub(lambda hole: str(values[hole[1]]), template) if "{" in template else template

    def moment(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return day and time in a zone, without the year, for moments near today: 11月22日 14:30, Nov 22, 2:30 PM."""
        return self.formats.moment(self.locale(locale), at, zone)

    def dated(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return day, year and time in a zone: 2026年11月22日 14:30."""
        return self.formats.dated(self.locale(locale), at, zone)

    def day(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return a day in a zone with its year: 2026年11月22日."""
        return self.formats.day(self.locale(locale), at, zone)

    def time(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Return the time of day in a zone: 14:30, 2:30 PM."""
        return self.formats.time(self.locale(locale), at, zone)

    def span(self, locale: str, length: timedelta) -> str:
        """Return a length of time in units: 1小时30分钟."""
        return self.formats.span(self.locale(locale), length)

    def number(self, locale: str, number: float) -> str:
        """Return a number with the separators of the language: 12,345."""
        return self.formats.number(self.locale(locale), number)

    def locale(self, tag: str) -> str:
        """Return the locale for any language tag or none: that of its language, else the default."""
        return self.spoken(tag) or self.default

    def spoken(self, tag: str) -> str:
        """Return the locale of a tag's language: exact, else Chinese by script or region; empty where there is none."""
        if tag in self.texts:
            return tag
        parts = tag.strip().replace("_", "-").casefold().split("-")
        known = {locale.casefold(): locale for locale in self.texts}
        wanted = "-".join(parts)
        if parts[0] == "zh" and wanted not in known:
            wanted = _script(parts)
        return known.get(wanted) or known.get(parts[0]) or ""

    def _form(self, spoken: Mapping[str, str], locale: str, key: str, count: int) -> str:
        form = f"{key}{VARIANT}{self.formats.plural(locale, count)}"
        return form if form in spoken else f"{key}{VARIANT}other"


def _script(parts: list[str]) -> str:
    """Return zh-hans or zh-hant; a script in the tag counts before the region (RFC 5646, 2.2.3)."""
    if "hans" in parts:
        return "zh-hans"
    return "zh-hant" if _TRADITIONAL.intersection(parts) else "zh-hans"
