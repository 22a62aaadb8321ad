"""Cuts a text into the pieces of a vocabulary, the likeliest way: by the sum of their scores (a unigram model)."""

from collections.abc import Sequence
from unicodedata import normalize

__all__ = ["UNKNOWN", "UnigramPieces"]

UNKNOWN = 3
"""The number of a character that is part of no piece; smaller ones stand for no text."""
_SPACE = "▁"
"""How a blank is written in pieces: each word begins with one."""
_RARER = 10.0
"""How much less likely than the rarest piece an unknown character is."""


class UnigramPieces:
    """The pieces, each with its number and score (a logarithm of how often it occurs)."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        """Take the pieces in the order of their numbers; the first ones stand for no text."""
        rows = list(enumerate(zip(pieces, scores, strict=True)))[UNKNOWN + 1 :]
        self._known = {piece: (number, score) for number, (piece, score) in rows}
        self._longest = max(map(len, self._known), default=1)
        self._unknown = min((score for _, (_, score) in rows), default=0.0) - _RARER

    def cut(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text; linear in its length, since no piece is long."""
        line = "".join(_SPACE + word for word in normalize("NFKC", text).split()) or _SPACE
        best = [0.0] + [float("-inf")] * len(line)
        ways = [(UNKNOWN, 0)] * (len(line) + 1)
        for start in range(len(line)):
            begun = best[start]
            if begun + self._unknown > best[start + 1]:
                best[start + 1], ways[start + 1] = begun + self._unknown, (UNKNOWN, start)
            for end in range(start + 1, min(start + self._longest, len(line)) + 1):
                number, score = self._known.get(line[start:end], (UNKNOWN, 0.0))
                if number != UNKNOWN and begun + score > best[end]:
                    best[end], ways[end] = begun + score, (number, start)
        return _walked(ways)


def _walked(ways: Sequence[tuple[int, int]]) -> list[int]:
    """Return the pieces on the best way to the end, first to last."""
    numbers, place = [], len(ways) - 1
    while place:
        number, place = ways[place]
        numbers.append(number)
    return numbers[::-1]
