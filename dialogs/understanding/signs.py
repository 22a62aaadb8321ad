"""Emoji and their like: taken out of a text before its words are read."""

import unicodedata
from collections.abc import Iterator

from dialogs.understanding.folded import Folded
from dialogs.understanding.lexicon import Lexicon
from scoring.values import Value

__all__ = ["Signs", "take_signs"]

_KEPT = frozenset("⭐★☆🌟°")
_SIGN = "sign."
_THANKS = "sign.thanks"
_MIDDLE = 3
_BEST, _WORST = 5, 1


class Signs(Value):
    """What the emoji of a text tell: levels on a scale of five, in order, and whether they give thanks."""

    levels: tuple[int, ...] = ()
    is_thanks: bool = False

    @property
    def praises(self) -> bool:
        """Whether any of them praises."""
        return any(level > _MIDDLE for level in self.levels)

    @property
    def blames(self) -> bool:
        """Whether any of them blames."""
        return any(level < _MIDDLE for level in self.levels)

    @property
    def level(self) -> int | None:
        """The level that they state together, None where there are none or they disagree."""
        if not self.levels or (self.praises and self.blames):
            return None
        return max(self.levels) if self.praises else min(self.levels)


def take_signs(folded: Folded, lexicon: Lexicon) -> tuple[Folded, Signs]:
    """Return the text without signs, and what they tell; those that tell nothing are taken out, too."""
    taken, kinds = set[int](), list[str]()
    for start, length, kind in _found(folded.text, lexicon):
        taken.update(range(start, start + length))
        kinds.append(kind)
    levels = tuple(int(kind[-1]) for kind in kinds if kind and kind != _THANKS)
    return folded.without(frozenset(taken)), Signs(levels, _THANKS in kinds)


def _found(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Yield start, length and meaning of each sign; an unknown one means nothing."""
    place = 0
    while place < len(text):
        signs = [(len(word), kind) for word, kinds in lexicon.words_at(text, place) for kind in kinds if _is_sign(kind)]
        length, kind = max(signs, default=(0, ""))
        if not length and unicodedata.category(text[place]) in ("So", "Sk") and text[place] not in _KEPT:
            length = 1
        if length:
            yield place, length, kind
        place += length or 1


def _is_sign(kind: str) -> bool:
    return kind.startswith(_SIGN)
