"""Finds the words of a lexicon in a text: longest first, from left to right, in time linear in its length."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from scoring.text.lexicons import Entry

__all__ = ["Hit", "WordScanner"]

Hit = tuple[int, int, Entry]
"""Start, end, and what stands there."""

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_RUN = re.compile("[a-z0-9'’`´ʼ -]+")
_WORD = re.compile("[a-z0-9'’`´ʼ]+")
_APOSTROPHES = str.maketrans("", "", "'’`´ʼ")
_BEYOND = "\0"
_SHORT = 3
_TWICE = 2
_VOWELS = frozenset("aeiou")
_SHORTEST_TYPO = 7
_LONGEST_TYPO = 16


class WordScanner:
    """Words by how they begin, so that most places of a text are passed by one look."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._phrases = {word: entry for word, entry in entries.items() if _is_latin(word)}
        self._words = {word: entry for word, entry in entries.items() if word not in self._phrases}
        self._longest_word = max(map(len, self._words), default=0)
        self._starts = _LETTERS.union(word[0] for word in self._words)
        self._heads = _by_length((word[:2], len(word)) for word in self._words)
        self._openings = _by_length((word.partition(" ")[0], word.count(" ") + 1) for word in self._phrases)
        self._near = _neighbours(self._phrases)

    def hits(self, text: str) -> list[Hit]:
        """Return the words of a folded text in order; none overlaps another."""
        found: list[Hit] = []
        words, heads, starts, place, end = self._words, self._heads, self._starts, 0, len(text)
        text += _BEYOND * self._longest_word  # so that no piece is cut short by the end
        while place < end:
            one = text[place]
            if one not in starts:
                place += 1
                continue
            for length in heads.get(text[place : place + 2], ()):
                entry = words.get(text[place : place + length])
                if entry is not None:
                    break
            else:
                entry, length = words.get(one), 1
            if entry is not None:
                found.append((place, place + length, entry))
            elif one in _LETTERS:
                length = self._add_run(text, place, found) - place
            place += length
        return found

    def _add_run(self, text: str, start: int, found: list[Hit]) -> int:
        """Add the words of a run of Latin letters, and return where it ends."""
        run = _RUN.match(text, start)
        if run is None:
            return start + 1
        places = [(one.start(), one.end()) for one in _WORD.finditer(text, start, run.end())]
        words = [text[begin:end].translate(_APOSTROPHES) for begin, end in places]
        index = 0
        while index < len(words):
            count, entry = self._longest(words, index)
            if entry is not None:
                found.append((places[index][0], places[index + count - 1][1], entry))
            index += count
        return run.end()

    def _longest(self, words: list[str], index: int) -> tuple[int, Entry | None]:
        """Return of how many words the longest phrase from here is, and its entry."""
        word = words[index]
        for count in self._openings.get(word, ()):
            entry = self._phrases.get(" ".join(words[index : index + count]) if count > 1 else word)
            if entry is not None and index + count <= len(words):
                return count, entry
        return 1, self._similar(word) if len(word) > _SHORT else None

    def _similar(self, word: str) -> Entry | None:
        """Return the entry of a word drawn out, or with one letter missing, too many or wrong."""
        short = _drawn_in(word)
        if short != word:
            return self._phrases.get(short) or self._phrases.get(_drawn_in(word, 1))
        if word in self._openings or not _SHORTEST_TYPO <= len(word) <= _LONGEST_TYPO:
            return None
        if word in self._near:  # a letter is missing
            return self._phrases[self._near[word]]
        for place in range(1, len(word)):
            shorter = word[:place] + word[place + 1 :]
            if shorter in self._phrases and self._phrases[shorter].weight:
                return self._phrases[shorter]
            meant = self._near.get(shorter, "")
            if len(meant) == len(word) and _is_slip(word, meant):
                return self._phrases[meant]
        return None


def _is_latin(word: str) -> bool:
    return _RUN.fullmatch(word) is not None


def _by_length(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    """Return for each beginning the lengths of what begins so, the longest first."""
    found: dict[str, set[int]] = {}
    for head, length in pairs:
        found.setdefault(head, set()).add(length)
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _neighbours(phrases: Mapping[str, Entry]) -> dict[str, str]:
    """Return long words by each way to leave one letter of them out, where this is of one word only."""
    found: dict[str, str] = {}
    for word, entry in phrases.items():
        if entry.weight and _SHORTEST_TYPO <= len(word) <= _LONGEST_TYPO and word.isalpha():
            for near in {word[:place] + word[place + 1 :] for place in range(1, len(word))}:
                other = found.setdefault(near, word)
                if other and phrases[other] != entry:
                    found[near] = ""
    return {near: word for near, word in found.items() if word and near not in phrases}


def _is_slip(word: str, meant: str) -> bool:
    """Return whether two words of one length differ by two neighbours swapped, or by one vowel for another."""
    pairs = [(one, other) for one, other in zip(word, meant, strict=True) if one != other]
    if len(pairs) == 1:
        return _VOWELS.issuperset(pairs[0])
    return len(pairs) == _TWICE and pairs[0] == pairs[1][::-1]


def _drawn_in(word: str, kept: int = _TWICE) -> str:
    """Return a word in which a letter that stands three times and more in a row stands `kept` times."""
    runs = ((letter, len(list(same))) for letter, same in groupby(word))
    return "".join(letter * (count if count <= _TWICE else kept) for letter, count in runs)
