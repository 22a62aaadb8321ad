"""The words that a folded text may consist of: at each place, those that begin there."""

import re
from collections.abc import Iterable, Iterator

from dialogs.understanding.folded import SEPARATORS
from dialogs.understanding.lexicon import Lexicon
from dialogs.understanding.pattern import Edge
from dialogs.understanding.survey_words import SurveyWords
from scoring.values import replace

__all__ = ["WordGraph", "after_separators", "is_letter", "word_graph"]

WordGraph = list[list[Edge]]
"""By the index of a character the words that begin there; one entry more for the end of the text."""

_WORD = re.compile(r"[a-z]+")
_LONG_ENOUGH = 6  # letters, from which a word is known with one letter wrong
_FARTHEST = 1
_GUESSED = 2
_DOUBLED = 4
_GUESSED_UP_TO = 60  # characters of a text in which misspelt words are looked up
_NONE = SurveyWords()
_STATED = frozenset({"stated"})


def is_letter(character: str) -> bool:
    """Return whether a character belongs to a word that is set off by spaces."""
    return character.isascii() and character.isalnum()


def after_separators(text: str, start: int) -> int:
    """Return the index of the first character from `start` on that is no separator."""
    while start < len(text) and text[start] in SEPARATORS:
        start += 1
    return start


def word_graph(text: str, lexicon: Lexicon, own: SurveyWords = _NONE) -> WordGraph:
    """Return the graph of a folded text."""
    graph: WordGraph = [[] for _ in range(len(text) + 1)]
    lengths = sorted({len(word) for word in own.stated})
    for start in range(len(text)):
        if start and is_letter(text[start]) and is_letter(text[start - 1]):
            continue
        graph[start].extend(_marked(list(_edges(text, start, lexicon, own, lengths))))
    return graph


def _marked(edges: list[Edge]) -> list[Edge]:
    """Return the words that begin at a place; those that begin with a denial, such as 不好, are `negated`."""
    denials = [edge.end for edge in edges if any(kind.startswith("degree.not") for kind in edge.kinds)]
    shortest = min(denials, default=None)
    if shortest is None:
        return edges
    return [replace(edge, kinds=edge.kinds | {"negated"}) if edge.end > shortest else edge for edge in edges]


def _edges(text: str, start: int, lexicon: Lexicon, own: SurveyWords, lengths: Iterable[int]) -> Iterator[Edge]:
    known = {word: kinds for word, kinds in lexicon.words_at(text, start) if _ends(text, start + len(word))}
    for word, kinds in known.items():
        yield _edge(text, start + len(word), own.kinds(kinds), own.stated.get(word))
    for length in lengths:
        word = text[start : start + length]
        if word in own.stated and word not in known and _ends(text, start + length):
            yield _edge(text, start + length, _STATED, own.stated[word])
    doubled = _doubled(text, start)
    is_word = any(len(word) == 2 * len(doubled) for word in known)
    if doubled and not is_word and (kinds := lexicon.kinds(doubled)):
        yield _edge(text, start + 2 * len(doubled), own.kinds(kinds))
    if not known and start < _GUESSED_UP_TO:
        yield from _guessed(text, start, lexicon, own)


def _doubled(text: str, start: int) -> str:
    """Return the adjective of which four characters are the doubled form: 清楚 of 清清楚楚; empty for any others."""
    four = text[start : start + 4]
    is_doubled = len(four) == _DOUBLED and four[0] == four[1] != four[2] == four[3] and not four.isascii()
    return four[::2] if is_doubled else ""


def _edge(text: str, end: int, kinds: frozenset[str], value: int | None = None, cost: int = 1) -> Edge:
    return Edge(end, after_separators(text, end), kinds, value, cost)


def _ends(text: str, end: int) -> bool:
    """Return whether a word may end here: not within another one."""
    return end <= len(text) and (end == len(text) or not (is_letter(text[end - 1]) and is_letter(text[end])))


def _guessed(text: str, start: int, lexicon: Lexicon, own: SurveyWords) -> Iterator[Edge]:
    """Read an English word with one letter wrong, where all words that are as near say the same."""
    found = _WORD.match(text, start)
    if found is None or len(found[0]) < _LONG_ENOUGH or not _ends(text, found.end()) or found[0] in own.stated:
        return
    near = {own.kinds(kinds) for word, kinds in lexicon.near(found[0]) if _is_near(found[0], word)}
    near = {kinds for kinds in near if any(kind.startswith("adjective.") for kind in kinds)} or near
    values = {value for word, value in own.stated.items() if _is_near(found[0], word)}
    if len(near) == 1 and len(values) <= 1:
        yield _edge(text, found.end(), near.pop(), values.pop() if values else None, _GUESSED)
    elif not near and len(values) == 1:
        yield _edge(text, found.end(), _STATED, values.pop(), _GUESSED)


def _is_near(word: str, known: str) -> bool:
    """Return whether two words differ by one letter too many, missing, wrong, or swapped with its neighbour."""
    if abs(len(word) - len(known)) > _FARTHEST or len(known) < _LONG_ENOUGH - 1:
        return False
    same = 0
    while same < min(len(word), len(known)) and word[same] == known[same]:
        same += 1
    left, right = word[same:], known[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
