"""What is said around a number: nothing (`给你4分吧`), all questions (`都是5分`), a reason (`3分，太慢了`)."""

from collections.abc import Iterator, Sequence

from dialogs.understanding.folded import Folded
from dialogs.understanding.model import AllChosen, AskedQuestion, Chosen, OffScale, Reading
from dialogs.understanding.opinion import opinion
from dialogs.understanding.pattern import reachable
from dialogs.understanding.scores import Score
from dialogs.understanding.word_graph import WordGraph, after_separators, is_letter
from scoring.values import Value

__all__ = ["ScoredText", "score_alone", "score_with_reason"]

_BEFORE = frozenset({"score.before", "score.give", "around.soft", "around.particle"})
_BEHIND = frozenset({"score.behind", "around.particle", "around.soft", "wish.thanks"})
_DENYING = frozenset({"score.not", "score.original"})
_ALL = frozenset({"score.all"})
_BETWEEN = frozenset({"around.particle", "around.soft", "around.conjunction"})
_OPINION = ("adjective.", "degree.", "stated", "around.subject", "around.conjunction", "around.filler")
_PAUSES = frozenset(",.!;:~、。…·-–—()[]【】\n")
_JOINED_AT_LEAST = 4  # digits in a row, one for each question; fewer are a number, or the sound of laughter


class ScoredText(Value):
    """A text without its signs, its words, and its scores."""

    folded: Folded
    graph: WordGraph
    scores: Sequence[Score]
    asked: AskedQuestion

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @property
    def start(self) -> int:
        """Where the first word begins."""
        return after_separators(self.text, 0)

    def value(self, score: Score) -> int | None:
        """Return the rating that a score is, None where it is not on the scale."""
        return score.on(self.asked.survey.scale)


def score_alone(said: ScoredText) -> Reading | None:
    """Return the reading of a text that is nothing but a number or several; None for any other text."""
    ends, end = reachable({said.start}, _BEFORE, said.graph), len(said.text)
    for score in said.scores:
        if score.start in ends and end in reachable({score.after}, _BEHIND, said.graph) and not score.is_plural:
            return _chosen(said, score)
    return _for_all(said) or _corrected(said) or _in_a_row(said)


def score_with_reason(said: ScoredText) -> Reading | None:
    """Return the reading of a number with words beside it; None where it is no rating, or there is a doubt."""
    return _reason_behind(said) or _reason_before(said)


def _chosen(said: ScoredText, score: Score, rest: str = "") -> Reading:
    value = said.value(score)
    return OffScale() if value is None else Chosen(value, rest)


def _for_all(said: ScoredText) -> Reading | None:
    """Read `都是5分`, `fives across the board`, `same for the rest, 4`."""
    end, graph = len(said.text), said.graph
    heads = reachable({said.start}, _BEFORE | _ALL, graph)
    for score in said.scores:
        if score.start in heads and end in reachable({score.after}, _BEHIND | _ALL | _BETWEEN, graph):
            value = said.value(score)
            return OffScale() if value is None else AllChosen((value,))
    return None


def _corrected(said: ScoredText) -> Reading | None:
    """Read `本来想给5分，还是4分吧` and `不是3，是4` as the second number."""
    graph, end = said.graph, len(said.text)
    plain, denied = reachable({said.start}, _BEFORE, graph), reachable({said.start}, _BEFORE | _DENYING, graph)
    for first in said.scores:
        is_denied = first.start in denied and first.start not in plain
        if first.start not in denied:
            continue
        behind = reachable({first.after}, _BEHIND, graph)
        between = reachable(behind, _BEHIND | _BEFORE | {"score.instead"}, graph)
        between = between if is_denied else between - reachable(behind, _BEHIND | _BEFORE, graph)
        for second in said.scores:
            if second.start in between and end in reachable({second.after}, _BEHIND, graph):
                return _chosen(said, second)
    return None


def _in_a_row(said: ScoredText) -> Reading | None:
    """Read `5 4 5 5 3`, one number for each question that is left."""
    row = _row(said)
    values = tuple(said.value(score) for score in row)
    if len(row) == 1 or len(row) != said.asked.left:
        return None
    ratings = tuple(value for value in values if value is not None)
    return AllChosen(ratings) if len(ratings) == len(values) else OffScale()


def _row(said: ScoredText) -> list[Score]:
    """Return the scores that are the whole text, with nothing but pauses and particles between; none otherwise."""
    row: list[Score] = []
    at = {said.start}
    for score in said.scores:
        if score.start in at:
            row.append(score)
            at = reachable({score.after}, _BETWEEN, said.graph)
    return row if len(said.text) in at else []


def _reason_behind(said: ScoredText) -> Reading | None:
    """Read `3分，太慢了`."""
    heads = reachable({said.start}, _BEFORE, said.graph)
    for score in said.scores:
        if score.start in heads and not score.is_plural:
            for end, after in _tails(said, score):
                if _begins_a_reason(said, score, end, after):
                    return _with_rest(said, score, after, len(said.text))
    return None


def _tails(said: ScoredText, score: Score) -> Iterator[tuple[int, int]]:
    """Yield where the score ends, with as many particles as there are first, and where what follows begins."""
    found = [(score.end, score.after)]
    for end, after in found:
        del end
        found.extend((edge.end, edge.after) for edge in said.graph[after] if "around.particle" in edge.kinds)
    yield from reversed(found)


def _begins_a_reason(said: ScoredText, score: Score, end: int, after: int) -> bool:
    """Return whether words may follow this score: it has a unit, or a pause sets them off, or they are known words."""
    text, edges = said.text, said.graph[after] if after < len(said.text) else []
    if after >= len(text) or any("score.refused" in edge.kinds for edge in edges):
        return False
    gap = text[end:after]
    if any("score.measure" in edge.kinds for edge in edges) and not _PAUSES & set(gap):
        return False
    is_known = any(kind.startswith(_OPINION) for edge in edges for kind in edge.kinds)
    if not gap:
        return is_known or (end > score.end and not score.is_plain)
    if _PAUSES & set(gap):
        return not text[after].isdigit()
    return not score.is_plain or is_known or not is_letter(text[after])


def _reason_before(said: ScoredText) -> Reading | None:
    """Read `师傅人特别好，给5分`."""
    graph, end = said.graph, len(said.text)
    for score in reversed(said.scores):
        if end not in reachable({score.after}, _BEHIND, graph) or score.is_plural:
            continue
        for start in range(1, score.start + 1):
            if score.start in reachable({start}, _BEFORE, graph) and _ends_a_reason(said, score, start):
                return _with_rest(said, score, said.start, start)
    return None


def _ends_a_reason(said: ScoredText, score: Score, start: int) -> bool:
    """Return whether words may stand before this score: a pause sets it off, or they are an opinion as a whole."""
    if after_separators(said.text, start) != start or start <= said.start:
        return False
    before = said.text[:start]
    gap = before[len(before.rstrip("".join(_PAUSES) + " ")) :]
    if _PAUSES & set(gap):
        return not score.is_plain or not before.rstrip("".join(_PAUSES) + " ")[-1:].isdigit()
    return opinion(said.graph, said.start, start, said.asked.survey.scale.lowest) is not None


def _with_rest(said: ScoredText, score: Score, start: int, end: int) -> Reading | None:
    if _other_score(said, start, end) or _doubted(said, start, end):
        return None
    return _chosen(said, score, said.folded.written(start, end))


def _other_score(said: ScoredText, start: int, end: int) -> bool:
    """Return whether a stretch has another rating, such as `maybe 4`; a figure such as `3天` is none."""
    inside = [score for score in said.scores if start <= score.start and score.end <= end]
    return any(not score.is_plain or _stands_alone(said, score, end) for score in inside)


def _stands_alone(said: ScoredText, score: Score, end: int) -> bool:
    """Return whether a number has nothing behind it that it could count."""
    after = said.text[score.end : end].lstrip(" ")
    before = said.text[: score.start]
    is_within_chinese = bool(before) and not before[-1].isascii() and not said.text[score.start].isascii()
    return not is_within_chinese and (not after or after[0] in _PAUSES)


def _doubted(said: ScoredText, start: int, end: int) -> bool:
    """Return whether what stands before a number makes it a wish or a condition; behind it, it may say anything."""
    if start > said.start:
        return False
    return any("score.if" in edge.kinds for place in range(start, end) for edge in said.graph[place])
