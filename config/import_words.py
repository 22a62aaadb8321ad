"""The words of tables from outside: how columns are headed, what cells call things, what is told of wrong rows."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from config.tomlfile import read_toml
from scoring.values import Value

__all__ = ["ImportWords", "header_key", "import_words", "told_mistake"]

_FOLDER = Path(__file__).parent / "defaults" / "imports"
_HOLE = re.compile(r"\{(\w+)\}")
_WITHIN = ("problem", "fix")
"""Holes in a sentence that hold another one."""
_DEEPEST = 3
"""So many sentences hold each other at most."""
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
    most words of its own is meant. A text quotes what stands in a file, whatever that is: the time grows as it does.
    """
    return _told(locale, text, _DEEPEST)


def _told(locale: str, text: str, deepest: int) -> str:
    for sentence, spoken in _sentences() if deepest else ():
        said = _between(sentence.parts, text) if locale in spoken else None
        if said is not None:
            holes = {
                hole: _told(locale, one, deepest - 1) if hole in _WITHIN else one
                for hole, one in zip(sentence.holes, said, strict=True)
            }
            return _filled(spoken[locale], holes)
    return text


def _between(parts: Sequence[str], text: str) -> list[str] | None:
    """Return what stands between the parts of a sentence, something everywhere; None where the text is another one.

    Where a part stands in several places it is the last of them.
    """
    first, *others = parts
    if not others:
        return [] if text == first else None
    if not (text.startswith(first) and text.endswith(others[-1])):
        return None
    said, end = list[str](), len(text) - len(others[-1])
    for part in reversed(others[:-1]):
        begin = text.rfind(part, len(first) + 1, end - 1)
        if begin < 0:
            return None
        said.append(text[begin + len(part) : end])
        end = begin
    return [text[len(first) : end], *reversed(said)] if end > len(first) else None


def _filled(sentence: str, holes: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: holes[hole[1]], sentence)


class _Sentence(Value):
    """What stands before, between and behind its holes, and their names."""

    parts: tuple[str, ...]
    holes: tuple[str, ...]


@cache
def _sentences() -> list[tuple[_Sentence, Mapping[str, str]]]:
    """Return each sentence with its languages; that of most words first."""
    known: dict[str, dict[str, str]] = read_toml(_FOLDER / "mistakes.toml")
    cut = [(_HOLE.split(sentence), spoken) for sentence, spoken in known.items()]
    ordered = sorted(cut, key=lambda one: -sum(map(len, one[0][::2])))
    return [(_Sentence(tuple(parts[::2]), tuple(parts[1::2])), spoken) for parts, spoken in ordered]
