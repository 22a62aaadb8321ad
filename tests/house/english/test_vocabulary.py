"""Code and docstrings use the field's words: none of the words coined here once, and nothing that feels or thinks."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from tests.house.english.prose import comments, docstrings, identifiers, words_of
from tests.house.english.words import COINED, COINED_NAMES, COINED_PAIRS, PERSONIFIED
from tests.house.tree import plant, product_files

_LIVELY = re.compile(rf"\b(?:{'|'.join(PERSONIFIED)})\b")


def coined(root: Path) -> list[str]:
    """Name each coined word in a name or a docstring, with the word of the field."""
    found = (
        (path, line, word, standard)
        for path in product_files(root)
        if "migrations" not in path.parts
        for line, word, standard in (*_among_names(path), *_among_sentences(path))
    )
    return [f"{path.relative_to(root)}:{line}: {word}, say {standard}" for path, line, word, standard in found]


def lively(root: Path) -> list[str]:
    """Name each docstring or comment that speaks of code as of somebody."""
    return [
        f"{path.relative_to(root)}:{line}: {found.group()}"
        for path in product_files(root)
        for line, text in (*((each.line, each.text) for each in docstrings(path)), *comments(path))
        if (found := _LIVELY.search(text))
    ]


def _among_names(path: Path) -> Iterator[tuple[int, str, str]]:
    names = COINED | COINED_NAMES
    for line, name in [(1, path.stem), *identifiers(path)]:
        words = words_of(name)
        yield from ((line, name, names[word]) for word in words if word in names)
        pairs = pairwise(words)
        yield from ((line, name, COINED_PAIRS[pair]) for pair in pairs if pair in COINED_PAIRS)


def _among_sentences(path: Path) -> Iterator[tuple[int, str, str]]:
    for each in docstrings(path):
        words = re.findall(r"[a-z]+", each.text.lower())
        yield from ((each.line, word, COINED[word]) for word in words if word in COINED)


def test_a_coined_word_is_seen(tmp_path: Path) -> None:
    code = '"""A scene."""\ndef set_off(tried: int): return "mailroom"\nclass HeardAgain: around = 1\nparted = 2\n'
    assert coined(plant(tmp_path, {"bot/lanes.py": code})) == [
        "bot/lanes.py:1: lanes, say queues",
        "bot/lanes.py:2: set_off, say start sending",
        "bot/lanes.py:3: HeardAgain, say received",
        "bot/lanes.py:2: tried, say attempt",
        "bot/lanes.py:3: around, say dependencies",
        "bot/lanes.py:1: scene, say decision context",
    ]


def test_a_sentence_about_code_as_about_somebody_is_seen(tmp_path: Path) -> None:
    plant(tmp_path, {"bot/a.py": 'x = "Know of it"\n"""Know of it."""\ny = 1  # nobody minds\n'})
    assert lively(tmp_path) == ["bot/a.py:2: Know of", "bot/a.py:3: nobody minds"]
