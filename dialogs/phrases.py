"""The product's sentences, per locale: what is said, never when."""

import re
from collections.abc import Mapping

from dialogs.survey import DEFAULT_LOCALE
from scoring.values import Value

__all__ = ["Phrases", "placeholders"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def placeholders(template: str) -> frozenset[str]:
    """Name the `{holes}` of a template."""
    return frozenset(_PLACEHOLDER.findall(template))


class Phrases(Value):
    """Templates per locale and key; `default` is spoken to whoever asks for a language that is not there."""

    texts: Mapping[str, Mapping[str, str]]
    default: str = DEFAULT_LOCALE

    def say(self, locale: str, key: str, **values: object) -> str:
        """Fill a template; braces inside a value stay what they are. KeyError for an unknown key or a missing value."""
        spoken = self.texts.get(locale) or self.texts[self.locale(locale)]
        template = spoken[key]
        return _PLACEHOLDER.sub(lambda hole: str(values[hole[1]]), template) if "{" in template else template

    def locale(self, tag: str) -> str:
        """Pick the locale for any language tag or none: exact, then Chinese by script or region, then by language."""
        if tag in self.texts:
            return tag
        parts = tag.strip().replace("_", "-").casefold().split("-")
        known = {locale.casefold(): locale for locale in self.texts}
        wanted = "-".join(parts)
        if parts[0] == "zh" and wanted not in known:
            wanted = _script(parts)
        return known.get(wanted) or known.get(parts[0]) or self.default


def _script(parts: list[str]) -> str:
    """Give zh-hans or zh-hant; a script in the tag counts before the region (RFC 5646, 2.2.3)."""
    if "hans" in parts:
        return "zh-hans"
    return "zh-hant" if _TRADITIONAL.intersection(parts) else "zh-hans"
