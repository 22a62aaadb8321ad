"""A text in one script, one width and one case, each character with its place in what was written."""

import re
from collections.abc import Mapping

from dialogs.understanding.numerals import fold, fold_character
from scoring.values import Value

__all__ = ["SEPARATORS", "Folded", "Spelling", "make_spelling"]

SEPARATORS = frozenset(" \t\n\"“”‘「」『』《》()[]【】<>.,!;:~、。・·…-–—_=|/\\*'`")
"""What may stand between words without changing what they say."""
_PAUSE = SEPARATORS | {""}
_SEPARATED = frozenset({"", ",", ";", ":", "-", "–", "—", "、"})
"""What is cut from the end; a full stop or an exclamation mark is part of what was said."""
_BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】", "「": "」", "“": "”", '"': '"'}
_APOSTROPHES = frozenset("'’ʼ`´")
_LONGEST_RUN = 2  # of one letter: "soooo good" is "soo good"
_LONGER_RUN = re.compile(rf"([A-Za-z])\1{{{_LONGEST_RUN},}}")


class Folded(Value):
    """`text` is what is compared with words; `places[i]` tells where its character i begins in the original."""

    text: str
    places: tuple[int, ...]
    original: str

    def written(self, start: int, end: int) -> str:
        """Return the original of a stretch, without the separators at its ends."""
        first = self.places[start] if start < len(self.places) else len(self.original)
        last = self.places[end] if end < len(self.places) else len(self.original)
        return _trimmed(self.original, first, last)

    def without(self, dropped: frozenset[int]) -> "Folded":
        """Return it with spaces instead of the characters at these indices."""
        if not dropped:
            return self
        text = "".join(" " if index in dropped else character for index, character in enumerate(self.text))
        return Folded(text, self.places, self.original)


class _Characters(dict[int, str]):
    """What each character is folded to, as `str.translate` looks it up; filled as they come."""

    def __init__(self, simplified: Mapping[int, str]) -> None:
        self.simplified = simplified

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code)).translate(self.simplified)
        self[code] = kept = "".join(one for one in folded if one not in _APOSTROPHES)
        return kept


class Spelling(Value):
    """How things are written otherwise: traditional characters, and common mistakes with their pattern."""

    simplified: Mapping[int, str]
    typos: Mapping[str, str]
    wrong: re.Pattern[str] | None
    characters: Mapping[int, str]

    def fold(self, text: str) -> Folded:
        """Return a text folded: simplified characters, no apostrophes, no letter more than twice in a row."""
        characters: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            for one in fold_character(character).translate(self.simplified):
                if one in _APOSTROPHES or _runs_on(characters, one):
                    continue
                characters.append(one)
                places.append(place)
        folded = "".join(characters)
        found = self.wrong.search(folded) if self.wrong else None
        while self.wrong and found:
            start, end = found.span()
            right = self.typos[found[0]]
            places[start:end] = [places[start + min(index, end - start - 1)] for index in range(len(right))]
            folded = folded[:start] + right + folded[end:]
            found = self.wrong.search(folded, start + len(right))
        return Folded(folded, tuple(places), text)

    def folded_word(self, word: str) -> str:
        """Return `fold(word).text` in a fifth of its time, for the thousands of words that a start reads.

        It remembers every character that it meets, so it is for words of files, not for what customers write.
        """
        folded = _LONGER_RUN.sub(r"\1\1", word.translate(self.characters))
        found = self.wrong.search(folded) if self.wrong else None
        while self.wrong and found:
            start, end = found.span()
            right = self.typos[found[0]]
            folded = folded[:start] + right + folded[end:]
            found = self.wrong.search(folded, start + len(right))
        return folded


def make_spelling(simplified: Mapping[str, str], typos: Mapping[str, str]) -> Spelling:
    """Return the spelling of these tables; a wrong word in letters is one only as a whole word."""
    words = sorted(typos, key=len, reverse=True)
    anywhere = [re.escape(word) for word in words if not word.isascii()]
    alone = "|".join(re.escape(word) for word in words if word.isascii())
    wrong = "|".join([*anywhere, *([rf"\b(?:{alone})\b"] if alone else [])])  # one look at the edge for all of them
    by_code = {ord(one): other for one, other in simplified.items()}
    return Spelling(by_code, typos, re.compile(wrong) if wrong else None, _Characters(by_code))


def _trimmed(text: str, start: int, end: int) -> str:
    """Return a stretch of an original without pauses at its ends, nor the brackets around all of it."""
    while start < end and fold(text[start]).strip() in _PAUSE:
        start += 1
    while end > start and fold(text[end - 1]).strip() in _SEPARATED:
        end -= 1
    kept = text[start:end]
    opened = text[start - 1] if start else ""
    closing = _BRACKETS.get(opened, "")
    return kept[:-1] if closing and kept.endswith(closing) and kept.count(closing) > kept.count(opened) else kept


def _runs_on(characters: list[str], one: str) -> bool:
    return characters[-_LONGEST_RUN:] == [one] * _LONGEST_RUN and one.isascii() and one.isalpha()
