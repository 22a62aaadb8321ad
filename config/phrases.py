"""The product's sentences: the shipped ones, and over them the owner's own from `phrases/*.toml`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config.errors import ConfigError, ConfigErrors
from config.places import LOCALES
from config.texts import did_you_mean
from config.tomlfile import read_toml
from dialogs.phrases import Phrases, placeholders
from dialogs.survey import DEFAULT_LOCALE

__all__ = ["load_phrases"]

_SHIPPED = Path(__file__).parent / "defaults" / "phrases"

Texts = dict[str, str]


def load_phrases(directory: Path | None = None, default: str = DEFAULT_LOCALE) -> Phrases:
    """Give all sentences; `directory` is the owner's folder (`files.directory`), `default` the setting `locale`.

    Raises ConfigErrors naming every sentence of the owner's that cannot be used, and why.
    """
    texts = {locale: dict(_flat(read_toml(_SHIPPED / f"{locale}.toml"))) for locale in LOCALES}
    mistakes: list[ConfigError] = []
    for path in sorted((directory / "phrases").glob("*.toml")) if directory else ():
        mistakes.extend(_lay_over(texts, path))
    if mistakes:
        raise ConfigErrors(mistakes)
    return Phrases(texts, default)


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
    if key not in shipped:
        fix = did_you_mean(key, shipped, "The keys are those of the shipped phrases.")
        return ConfigError(file, key, "There is no such phrase.", fix)
    if not isinstance(text, str):
        return ConfigError(file, key, "This is not a text.", 'Put it in "double quotes".')
    if not text.strip() and shipped[key]:
        return ConfigError(file, key, "It is empty.", "Write a sentence, or leave the key out.")
    return _hole(file, key, text, shipped[key])


def _hole(file: str, key: str, text: str, shipped: str) -> ConfigError | None:
    """Find a placeholder that the product does not fill here, or one that is missing."""
    filled, written = placeholders(shipped), placeholders(text)
    for name in sorted(written - filled):
        known = ", ".join(f"{{{one}}}" for one in sorted(filled)) or "none"
        return ConfigError(file, key, f"Nothing fills {{{name}}} here.", f"Possible are: {known}.")
    for name in sorted(filled - written):
        return ConfigError(file, key, f"{{{name}}} is missing.", f"Write {{{name}}} where it belongs in the sentence.")
    return None


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{above}.{name}" if above else name
        if isinstance(value, dict):
            yield from _flat(value, key)
        else:
            yield key, value
