"""Reads one file of words for comments: its lists, written out word by word."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from config.values.strings import did_you_mean
from scoring.text.lexicons import Entry, Role

__all__ = ["COMBINED", "Mistake", "WordRow", "entry_rows", "removed_words", "role_of", "word_list"]

Mistake = tuple[str, str, str]
"""Key, problem, fix."""
WordRow = tuple[str, str, Entry]
"""Key of the list, the word, and its entry."""

_ANY = "any"
_REMOVE, _VERSION, _ROLES, _ASPECT = "remove", "version", "role", "aspect"
COMBINED = "combined"
_DIMENSION = re.compile("[a-z][a-z0-9_]{0,40}")
_SEPARATED = re.compile("[,、\n]")
_STEERING = frozenset(Role) - {Role.OPINION, Role.ASPECT}
_PRAISING = (Role.SOFT, Role.MOCKING)
_VOWELS = "aeiou"
_SHORT = 6
"""Letters of an adjective that is compared by -er."""


def role_of(name: str) -> Role | None:
    """Return the role of a list of `[role]`, None where there is no such role."""
    return next((role for role in _STEERING if role.name.lower() == name), None)


def removed_words(table: Mapping[str, Any]) -> list[str]:
    """Return the words that a file takes away."""
    return list(word_list(table.get(_REMOVE, [])) or ())


def entry_rows(table: Mapping[str, Any], levels: Mapping[str, int], mistakes: list[Mistake]) -> Iterator[WordRow]:
    """Yield the words of a file; what is wrong in it is added to `mistakes`."""
    for name, group in table.items():
        if name == COMBINED:
            yield from _combined(group, levels, mistakes)
        elif name == _VERSION:
            if not isinstance(group, int):
                mistakes.append((name, "This is no number.", "Write version = 1."))
        elif name == _REMOVE:
            if word_list(group) is None:
                mistakes.append((name, "This is not a list of words.", 'Write ["one", "another"].'))
        elif name in (_ROLES, _ASPECT) or name in levels:
            yield from _lists(name, group, levels, mistakes)
        else:
            known = (*levels, _ROLES, _ASPECT, COMBINED, _REMOVE)
            mistakes.append(
                (name, "There is no such list.", did_you_mean(name, known, f"There are {', '.join(known)}."))
            )


def _lists(name: str, group: object, levels: Mapping[str, int], mistakes: list[Mistake]) -> Iterator[WordRow]:
    if not isinstance(group, dict):
        mistakes.append((name, "This is not a table of lists.", f'Write any = ["…"] below [{name}].'))
        return
    for about, value in group.items():
        key, words = f"{name}.{about}", word_list(value)
        entry = _entry(name, about, levels)
        if entry is None:
            mistakes.append((key, "There is no such list.", "Name a dimension, or any; below [role] one of its roles."))
        elif words is None:
            mistakes.append((key, "This is not a list of words.", 'Write ["one", "another"].'))
        else:
            yield from ((key, form, entry) for word in words for form in _forms(word))


def _entry(name: str, about: str, levels: Mapping[str, int]) -> Entry | None:
    """Return what the words of a list mean; None where there is no such list."""
    if name == _ROLES:
        role = role_of(about)
        return None if role is None else Entry(role, levels["good"] if role in _PRAISING else 0)
    if not _DIMENSION.fullmatch(about):
        return None
    if name == _ASPECT:
        return Entry(Role.ASPECT, 0, about)
    return Entry(Role.OPINION, levels[name], "" if about == _ANY else about)


def _combined(groups: object, levels: Mapping[str, int], mistakes: list[Mistake]) -> Iterator[WordRow]:
    for index, group in enumerate(groups if isinstance(groups, list) else [groups]):
        key = f"{COMBINED}.{index}"
        parts = (
            [word_list(group.get(part)) for part in ("before", "after")] if isinstance(group, dict) else [None, None]
        )
        entry = _entry(str(group.get("level")), str(group.get("dimension") or _ANY), levels) if all(parts) else None
        if entry is None or group.get("level") not in levels:
            mistakes.append(
                (key, "This is no list of two parts.", "Write level, before and after; see zh_service.toml.")
            )
            continue
        glue = "" if not f"{parts[0]}{parts[1]}".isascii() else " "
        yield from ((key, glue.join(pair), entry) for pair in product(parts[0] or (), parts[1] or ()))


def word_list(value: object) -> list[str] | None:
    """Return the words of a list, or of a text in which commas or line ends stand between them; None of neither."""
    if isinstance(value, str):
        return [word for part in _SEPARATED.split(value) if (word := part.strip())]
    if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
        return value
    return None


def _forms(word: str) -> Iterator[str]:
    """Yield a word; with + behind also its forms as an English verb, with * those as an adjective."""
    if word.endswith("+") and len(word) > 1:
        yield from _verb_forms(word[:-1])
    elif word.endswith("*") and len(word) > 1:
        yield from _adjective_forms(word[:-1])
    else:
        yield word


def _verb_forms(word: str) -> Iterator[str]:
    verb, _, rest = word.partition(" ")
    behind = f" {rest}" if rest else ""
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        forms = (verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
    elif verb.endswith(("s", "sh", "ch", "x", "z")):
        forms = (verb, f"{verb}es", f"{verb}ed", f"{verb}ing")
    else:
        forms = (verb, f"{verb}s", f"{stem}ed", f"{stem}ing")
    yield from (form + behind for form in forms)


def _adjective_forms(word: str) -> Iterator[str]:
    yield word
    if word.endswith("y"):
        yield from (f"{word[:-1]}ily", f"{word[:-1]}ier", f"{word[:-1]}iest", f"{word[:-1]}iness")
    elif word.endswith("le"):
        yield f"{word[:-1]}y"
    elif word.endswith("ic"):
        yield f"{word}ally"
    else:
        stem = word.removesuffix("e")
        yield from (f"{word}ly", f"{word}ness")
        if len(word) <= _SHORT:
            yield from (f"{stem}er", f"{stem}est")
