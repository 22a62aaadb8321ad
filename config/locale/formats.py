"""How each language counts, and writes dates, spans of time and numbers: the rules are CLDR's, read by Babel.

Other modules use `dialogs.phrases.Phrases`; a language's rules are loaded when it is first used.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

__all__ = ["Cldr"]

_NARROW = "\u202f"
"""CLDR's narrow space before PM; some chat fonts draw a box for it, so it is replaced by a plain one."""
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


class Cldr:
    """What `dialogs.phrases.Formats` asks for; languages are tags such as `zh-Hans`."""

    def plural(self, locale: str, count: float) -> str:
        """Return the plural category of a number, such as `one` or `other`."""
        return str(_locale(locale).plural_form(count))

    def moment(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Write a moment near today on the reader's clock: 11月22日 14:30, Nov 22, 2:30 PM."""
        return _written(locale, at, zone, "MMMd")

    def dated(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Write a moment of any year: 2026年11月22日 14:30."""
        return _written(locale, at, zone, "yMMMd")

    def day(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Write a day with its year: 2026年11月22日, Nov 22, 2026."""
        return format_skeleton("yMMMd", at, zone, locale=_locale(locale))

    def time(self, locale: str, at: datetime, zone: ZoneInfo) -> str:
        """Write a time of day: 14:30, 2:30 PM."""
        return format_time(at, "short", zone, _locale(locale)).replace(_NARROW, " ")

    def span(self, locale: str, length: timedelta) -> str:
        """Write how long something takes in its two largest units: 1小时30分钟; seconds only below a minute."""
        ours = _locale(locale)
        width: Literal["short", "long"] = "short" if ours.language == "zh" else "long"  # Babel lacks the long zh ones
        parts = [format_unit(count, f"duration-{unit}", width, locale=ours) for unit, count in _counted(length)]
        return format_list(parts[:2], style="unit", locale=ours)

    def number(self, locale: str, number: float) -> str:
        """Write a number: 12,345.5."""
        return format_decimal(number, locale=_locale(locale))


def _written(locale: str, at: datetime, zone: ZoneInfo, skeleton: str) -> str:
    ours = _locale(locale)
    day, hour = format_skeleton(skeleton, at, zone, locale=ours), format_time(at, "short", zone, ours)
    both = str(ours.datetime_formats["medium"]).replace("{1}", day).replace("{0}", hour)
    return both.replace(_NARROW, " ")


def _counted(length: timedelta) -> Iterator[tuple[str, int]]:
    """Yield each unit that there is some of."""
    whole = max(length, timedelta(0))
    if whole < timedelta(minutes=1):
        yield "second", round(whole.total_seconds())
    for unit, one in _UNITS:
        count, whole = divmod(whole, one)
        if count:
            yield unit, count


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")
