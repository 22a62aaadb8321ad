"""An opinion beside a story: `太方便了，上门、付款都不用我操心`."""

import re
from collections.abc import Iterator, Sequence

from dialogs.understanding.folded import SEPARATORS
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.opinion import opinion
from dialogs.understanding.pattern import Edge
from dialogs.understanding.score_phrases import ScoredText
from dialogs.understanding.word_graph import after_separators

__all__ = ["opinion_in_clauses", "wish_in_clauses"]

_PAUSE = re.compile(r"[,.!;。…、\n]+")
_MIDDLE = 3
_SEPARATORS = "".join(SEPARATORS)
_DENIED_WITHIN = 3  # characters between a denial and what it denies: 不用我操心
_SHORTEST = 2  # characters of an adjective that is seen within a story
_DOUBTED = frozenset({"clause.doubted", "around.question"})
_EASY = frozenset({Intent.THANKS})
_ENDS = frozenset({Intent.END, Intent.THANKS})

Stretch = tuple[int, int]


def opinion_in_clauses(said: ScoredText, lexicon: Lexicon) -> tuple[int, str] | None:
    """Return the level of the clauses that are opinions, and what stands beside them as written; None where in doubt.

    All opinions agree, and the rest neither objects nor asks, nor has figures, a wish or an opinion to the contrary.
    """
    clauses, lowest = list(_clauses(said.text)), said.asked.survey.scale.lowest
    levels = {clause: opinion(said.graph, *clause, lowest) for clause in clauses}
    found = [level for level in levels.values() if level is not None]
    story = [clause for clause, level in levels.items() if level is None]
    if not found or not story or len({_side(level) for level in found}) > 1:
        return None
    if any(character.isdecimal() for character in said.text) or any(not score.is_plain for score in said.scores):
        return None
    if not all(_goes_along(said, clause, found[0], lexicon) for clause in story):
        return None
    level = max(found) if _side(found[0]) >= 0 else min(found)
    return level, _beside(said, clauses, story)


def wish_in_clauses(text: str, graph: Sequence[Sequence[Edge]], lexicon: Lexicon) -> Intent | None:
    """Return the one wish of a text of which every clause is a wish: STOP where one asks for it, thanks go along."""
    wishes = {_wish(graph, clause, lexicon) for clause in _clauses(text)}
    if None in wishes or len(wishes) == 0:
        return None
    if Intent.STOP in wishes and wishes <= {Intent.STOP, *_ENDS}:
        return Intent.STOP
    told = wishes - _EASY
    return told.pop() if len(told) == 1 else None


def _clauses(text: str) -> Iterator[Stretch]:
    """Yield start and end of each part between pauses."""
    start = after_separators(text, 0)
    for pause in (*_PAUSE.finditer(text), None):
        end = pause.start() if pause else len(text)
        if end > start:
            yield start, end
        start = max(start, after_separators(text, pause.end())) if pause else start


def _wish(graph: Sequence[Sequence[Edge]], clause: Stretch, lexicon: Lexicon) -> Intent | None:
    return lexicon.wish(graph, *clause)


def _side(level: int) -> int:
    return (level > _MIDDLE) - (level < _MIDDLE)


def _goes_along(said: ScoredText, clause: Stretch, level: int, lexicon: Lexicon) -> bool:
    """Return whether a clause of a story leaves an opinion as it is."""
    if _wish(said.graph, clause, lexicon) not in (None, Intent.THANKS):
        return False
    start, end = clause
    if "acknowledgement" in lexicon.kinds(said.text[start:end].strip(_SEPARATORS)):
        return False
    edges = [edge for place in range(start, end) for edge in said.graph[place] if edge.end <= end]
    if any(edge.kinds & _DOUBTED or "complaint.word" in edge.kinds for edge in edges):
        return False
    return not any(_objects(said, place, edge, level) for place in range(start, end) for edge in said.graph[place])


def _objects(said: ScoredText, place: int, edge: Edge, level: int) -> bool:
    """Return whether an adjective within a story is of another side than the opinion, and not denied."""
    levels = [
        int(kind[-1]) for kind in edge.kinds if kind.startswith(("adjective.", "other.")) and kind[-1].isdecimal()
    ]
    is_short = edge.end - place < _SHORTEST
    if is_short or not levels or all(_side(one) in (0, _side(level)) for one in levels):
        return False
    near = range(max(0, place - _DENIED_WITHIN), place + 1)
    before = (other for start in range(place) for other in said.graph[start] if other.after in near)
    return not any(kind.startswith("degree.not") for other in before for kind in other.kinds)


def _beside(said: ScoredText, clauses: Sequence[Stretch], story: Sequence[Stretch]) -> str:
    """Return the story as written: what stands before or behind the opinions, else the whole text."""
    if clauses[-len(story) :] == list(story):
        return said.folded.written(story[0][0], len(said.text))
    if clauses[: len(story)] == list(story):
        return said.folded.written(clauses[0][0], story[-1][1])
    return said.folded.written(0, len(said.text))
