"""Whether a secret that somebody made up can be guessed: too short, one pattern, or words that are tried first."""

import re

__all__ = ["SHORTEST_SECRET", "weakness"]

SHORTEST_SECRET = 16
"""Characters; sixteen random letters and digits are beyond guessing over a network."""

_FEWEST_DIFFERENT = 5
_LONGEST_REPEATED = 8
_LEAST_OF_ITS_OWN = 4
"""Characters besides words that everybody tries."""
_GUESSED_FIRST = re.compile(
    r"changeme|change|please|passw[o0]rd|secret|letmein|welcome|qwerty(?:uiop)?|asdfgh|admin(?:istrator)?|default|example"
    r"|placeholder|replace|huifang|random|long|key|your|[\W_]+"
)
_NEIGHBOURS = frozenset({"90", "09"})
"""Pairs that follow each other besides those of the alphabet."""


def weakness(secret: str) -> str:
    """Return what makes a secret easy to guess, as the end of a sentence ("it …"); empty where nothing does.

    Bytes are told as Latin-1.
    """
    own = _GUESSED_FIRST.sub("", secret.lower()) if secret.isascii() else secret
    if len(secret) < SHORTEST_SECRET:
        return f"has {len(secret)} characters, and {SHORTEST_SECRET} are the least"
    if len(set(secret)) < _FEWEST_DIFFERENT:
        return "has too few different characters"
    if _repeats(secret):
        return "says the same again and again"
    if len(own) < _LEAST_OF_ITS_OWN:
        return "consists of words that are tried first"
    return "is a sequence" if _is_sequence(secret) or _is_sequence(own) else ""


def _repeats(text: str) -> bool:
    """Return whether a text is one short part, repeated."""
    parts = range(1, min(_LONGEST_REPEATED, len(text) // 2) + 1)
    return any(text[part:] == text[:-part] for part in parts)


def _is_sequence(text: str) -> bool:
    """Return whether of digits, or letters, three of four follow the one before, up or down, or repeat it."""
    if not (text.isdigit() or text.isalpha()):
        return False
    pairs = [text[place : place + 2] for place in range(len(text) - 1)]
    following = sum(abs(ord(pair[0]) - ord(pair[1])) <= 1 or pair in _NEIGHBOURS for pair in pairs)
    return following * 4 >= len(pairs) * 3
