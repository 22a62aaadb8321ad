"""The product's sentences: the shipped ones, and over them the owner's own from `phrases/*.toml`."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.errors import ConfigError, ConfigErrors
from config.locale.formats import Cldr
from config.tomlfile import read_toml
from config.values.strings import did_you_mean
from config.values.urls_and_zones import LOCALES
from dialogs.phrases import VARIANT, Phrases, placeholders
from dialogs.survey import DEFAULT_LOCALE

__all__ = ["load_phrases"]

_SHIPPED = Path(__file__).parents[1] / "defaults" / "phrases"
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
"""Plural categories of CLDR (https://cldr.unicode.org/index/cldr-spec/plural-rules)."""

Texts = dict[str, str]


def load_phrases(directory: Path | None = None, default: str = DEFAULT_LOCALE) -> Phrases:
    """Return all phrases; `directory` is the owner's folder (`files.directory`), `default` the setting `locale`.

    Raises ConfigErrors naming every sentence of the owner's that cannot be used, and why.
    """
    texts = {locale: dict(_shipped(locale)) for locale in LOCALES}
    mistakes: list[ConfigError] = []
    for path in sorted((directory / "phrases").glob("*.toml")) if directory else ():
        mistakes.extend(_lay_over(texts, path))
    if mistakes:
        raise ConfigErrors(mistakes)
    return Phrases(texts, Cldr(), default)


@cache
def _shipped(locale: str) -> Mapping[str, str]:
    """Return the shipped sentences of a language; they belong to the program, and are read once for a process."""
    return dict(_flat(read_toml(_SHIPPED / f"{locale}.toml")))


def _lay_over(texts: Mapping[str, Texts], path: Path) -> Iterator[ConfigError]:
    file = f"phrases/{path.name}"
    if path.stem not in texts:
        fix = did_you_mean(path.stem, texts, f"Name it {', '.join(f'{locale}.toml' for locale in texts)}.")
        yield ConfigError(file, "", f"There is no language {path.stem}.", fix)
        return
    shipped = texts[path.stem]
    try:
        own = dict(_flat(read_toml(path, file)))
    except ConfigError as error:
        yield error
        return
    for key, text in own.items():
        mistake = _mistake(file, key, text, shipped)
        if mistake is None:
            shipped[key] = text
        else:
            yield mistake


def _mistake(file: str, key: str, text: object, shipped: Texts) -> ConfigError | None:
    """Return what is wrong with an owner's sentence; one without plural forms may replace all of the shipped forms."""
    name, form = key.replace(VARIANT, "."), f"{key.partition(VARIANT)[0]}{VARIANT}other"
    like = shipped.get(key, shipped.get(form))
    if like is None:
        fix = did_you_mean(name, shipped, "The keys are those of the shipped phrases.")
        return ConfigError(file, name, "There is no such phrase.", fix)
    if not isinstance(text, str):
        return ConfigError(file, name, "This is not a text.", 'Put it in "double quotes".')
    if not text.strip() and like:
        return ConfigError(file, name, "It is empty.", "Write a sentence, or leave the key out.")
    return _hole(file, name, text, placeholders(like), frozenset({"count"}) if form in shipped else frozenset())


def _hole(file: str, key: str, text: str, filled: frozenset[str], spare: frozenset[str]) -> ConfigError | None:
    """Return a placeholder that is not filled here, or one that is missing and required."""
    written = placeholders(text)
    for name in sorted(written - filled - spare):
        known = ", ".join(f"{{{one}}}" for one in sorted(filled | spare)) or "none"
        return ConfigError(file, key, f"Nothing fills {{{name}}} here.", f"Possible are: {known}.")
    for name in sorted(filled - written - spare):
        return ConfigError(file, key, f"{{{name}}} is missing.", f"Write {{{name}}} where it belongs in the sentence.")
    return None


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    between = VARIANT if table.keys() <= _FORMS and "other" in table else "."
    for name, value in table.items():
        key = f"{above}{between}{name}" if above else name
        if isinstance(value, dict):
            yield from _flat(value, key)
        else:
            yield key, value
