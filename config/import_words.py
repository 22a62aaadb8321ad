"""The words of tables from outside: how columns are headed, what cells call things, what is told of wrong rows."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from config.tomlfile import read_toml
from scoring.values import Value

__all__ = ["ImportWords", "header_key", "import_words", "told_mistake"]

_FOLDER = Path(__file__).parent / "defaults" / "imports"
_HOLE = re.compile(r"\{(\w+)\}")
_WITHIN = ("problem", "fix")
"""Holes in a sentence that hold another one."""
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
    tables: dict[str, dict[str, list[str]]] = read_toml(_FOLDER / "words.toml")
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


@lru_cache(maxsize=4096)
def told_mistake(locale: str, text: str) -> str:
    """Return what the code says of a wrong row or file in the language of a person; as it is where there are no words.

    What differs from row to row is a hole in the sentences, `write at most {most}`; of those that fit, the one with
    most words of its own is meant.
    """
    for pattern, spoken in _sentences():
        found = pattern.fullmatch(text) if locale in spoken else None
        if found is not None:
            holes = {
                hole: told_mistake(locale, said) if hole in _WITHIN else said
                for hole, said in found.groupdict().items()
            }
            return _filled(spoken[locale], holes)
    return text


def _filled(sentence: str, holes: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: holes[hole[1]], sentence)


@cache
def _sentences() -> list[tuple[re.Pattern[str], Mapping[str, str]]]:
    """Return what each sentence looks like, with its languages; that of most words first."""
    known: dict[str, dict[str, str]] = read_toml(_FOLDER / "mistakes.toml")
    ordered = sorted(known.items(), key=lambda one: -len(_HOLE.sub("", one[0])))
    return [(_pattern(sentence), spoken) for sentence, spoken in ordered]


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = enumerate(_HOLE.split(sentence))
    return re.compile("".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in parts), re.DOTALL)
