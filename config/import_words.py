"""The words by which tables from outside are understood: how columns are headed, and what cells call things."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from config.tomlfile import read_toml
from scoring.values import Value

__all__ = ["ImportWords", "header_key", "import_words"]

_FILE = Path(__file__).parent / "defaults" / "imports" / "words.toml"
_HEADERS, _ANSWERS = "headers", "answers"


class ImportWords(Value):
    """`headers` are the columns that a header may mean, by its key; `cells` what words of a cell stand for, by kind.

    `answers` are the ends of names of columns (`text`, `importance`), by what stands behind a question in a header.
    """

    headers: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, str]
    cells: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Return what is the same for all spellings of a header: letters and digits in half width and lower case."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


@cache
def import_words() -> ImportWords:
    """Return the shipped words, which are read once for a process."""
    tables: dict[str, dict[str, list[str]]] = read_toml(_FILE)
    headers, answers = tables.pop(_HEADERS), tables.pop(_ANSWERS)
    meant: dict[str, list[str]] = {}
    for name, words in headers.items():
        for key in {header_key(word) for word in words}:
            meant.setdefault(key, []).append(name)
    cells = {kind: _stands_for(words) for kind, words in tables.items()}
    ends = {header_key(word): end for end, words in answers.items() for word in words}
    return ImportWords({key: tuple(names) for key, names in meant.items()}, ends, cells)


def _stands_for(words: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """Return the value that each word stands for, by the word in half width and lower case."""
    return {unicodedata.normalize("NFKC", word).casefold(): value for value, listed in words.items() for word in listed}
