"""What is said around a number: nothing (`给你4分吧`), all questions (`都是5分`), a reason (`3分，太慢了`)."""

import re
from collections.abc import Iterator, Sequence

from dialogs.understanding.folded import Folded
from dialogs.understanding.model import AllChosen, AskedQuestion, Chosen, OffScale, Reading
from dialogs.understanding.numerals import NUMERAL, read_numeral
from dialogs.understanding.opinion import opinion
from dialogs.understanding.pattern import Edge, reachable
from dialogs.understanding.scores import Score
from dialogs.understanding.word_graph import WordGraph, after_separators, is_letter
from scoring.values import Value

__all__ = ["ScoredText", "all_with_reason", "score_alone", "score_with_reason"]

_BEFORE = frozenset({"score.before", "score.give", "around.soft", "around.particle"})
_BEHIND = frozenset({"score.behind", "around.particle", "around.soft", "wish.thanks"})
_DENYING = frozenset({"score.not", "score.original"})
_ALL = frozenset({"score.all"})
_BETWEEN = frozenset({"around.particle", "around.soft", "around.conjunction"})
_BEFORE_ALL, _BEHIND_ALL = _BEFORE | _ALL, _BEHIND | _ALL | _BETWEEN
_OPINION = ("score.reason", "adjective.", "degree.", "stated", "around.subject", "around.conjunction", "around.filler")
_ANEW = _BEFORE | {"score.instead", "score.therefore"}
_NO_RATING_BEHIND = frozenset({"score.less", "score.paid"})
_PAUSES = frozenset(",.!;:~、。…·-–—()[]【】\n")
_NUMBERS = re.compile(NUMERAL)
_JOINED = re.compile(r"(?:[0-9]{4,20}|[零一二三四五六七八九]{4,20})(?![0-9分])|([0-9]分)\1{2,20}")
_ROW = re.compile(rf"{NUMERAL}(?: ?分)?(?:[\s,.、;/~-]+{NUMERAL}(?: ?分)?)+")
_RANGE = re.compile(r"[/~-]|,\S")
_PAIR = 2  # questions: two numbers may be a range as well, `4-5`


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
        is_whole = score.start in ends and end in reachable({score.after}, _BEHIND, said.graph)
        if is_whole and not score.is_plural and not _tells_more(said, score):
            return _chosen(said, score)
    return _in_a_row(said) or _labelled(said) or _for_all(said) or _corrected(said) or _changed(said)


def _tells_more(said: ScoredText, score: Score) -> bool:
    """Return whether an opinion stands beside a number, so that it is kept as the reason."""
    lowest = said.asked.survey.scale.lowest
    stretches = ((said.start, score.start), (score.after, len(said.text)))
    return any(start < end and opinion(said.graph, start, end, lowest) is not None for start, end in stretches)


def score_with_reason(said: ScoredText) -> Reading | None:
    """Return the reading of a number with words beside it; None where it is no rating, or there is a doubt."""
    return _reason_behind(said) or _reason_before(said)


def all_with_reason(said: ScoredText) -> Reading | None:
    """Read `都是5分，不用一个个问了`, `all 5s, the fitter was kind` and `服务很好，都给5分`; None for anything else."""
    return _all_and_why(said) or _why_and_all(said)


def _chosen(said: ScoredText, score: Score, rest: str = "") -> Reading:
    value = said.value(score)
    return OffScale() if value is None else Chosen(value, rest)


def _for_all(said: ScoredText) -> Reading | None:
    """Read `都是5分`, `fives across the board`, `same for the rest, 4`."""
    end, graph = len(said.text), said.graph
    plain, heads = reachable({said.start}, _BEFORE, graph), reachable({said.start}, _BEFORE | _ALL, graph)
    for score in said.scores:
        tails = reachable({score.after}, _BEHIND | _ALL | _BETWEEN, graph)
        is_of_one = score.start in plain and end in reachable({score.after}, _BEHIND | _BETWEEN, graph)
        if score.start in heads and end in tails and not (is_of_one and not score.is_plural):
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


def _changed(said: ScoredText) -> Reading | None:
    """Read `本来想给5分，但迟到了，4分` and `would be a 5 but he got lost so 4` as the last number, with the reason."""
    if len(said.scores) != _PAIR:
        return None
    first, last = said.scores
    graph, end = said.graph, len(said.text)
    heads = reachable({said.start}, _BEFORE, graph)
    meant = {edge.after for at in heads for edge in graph[at] if "score.original" in edge.kinds}
    is_meant = first.start in reachable(meant, _BEFORE | {"score.original"}, graph)
    if not is_meant or end not in reachable({last.after}, _BEHIND, graph):
        return None
    starts = [at for at in range(first.end + 1, last.start + 1) if last.start in reachable({at}, _ANEW, graph)]
    start = next((at for at in starts if not _by_pause(said, at)[0] or _leads_on(said, at)), None)
    if start is None or _doubted(said, first.after, start):
        return None
    return _chosen(said, last, said.folded.written(first.after, start))


def _leads_on(said: ScoredText, start: int) -> bool:
    """Return whether a word such as so or 所以 stands at or before a place."""
    edges = [edge for at in range(start + 1) for edge in said.graph[at] if start in (at, edge.after)]
    return any("score.therefore" in edge.kinds for edge in edges)


def _in_a_row(said: ScoredText) -> Reading | None:
    """Read `5 4 5 5 3` and `54553`, one number for each question that is left, and `5555` of another length as a 5."""
    scale, left = said.asked.survey.scale, said.asked.left
    parts, is_joined = _row(said)
    numbers = [read_numeral(part) for part in parts]
    values = tuple(number for number in numbers if number in scale and number is not None)
    if is_joined and len(set(numbers)) == 1 and values and "分" in said.text:
        return Chosen(values[0])
    if len(parts) == left > 1 and (left > _PAIR or not _RANGE.search(said.text)):
        return AllChosen(values) if len(values) == left else OffScale()
    return Chosen(values[0]) if is_joined and len(set(numbers)) == 1 and values else None


def _row(said: ScoredText) -> tuple[list[str], bool]:
    """Return the numbers of which a text consists, and whether nothing sets them off; none for any other text."""
    end, text = len(said.text), said.text
    for pattern, is_joined in ((_JOINED, True), (_ROW, False)):
        found = pattern.match(text, said.start)
        if found and end in reachable({after_separators(text, found.end())}, _BEHIND, said.graph):
            parts = list(found[0]) if is_joined and "分" not in found[0] else _NUMBERS.findall(found[0])
            return parts, is_joined
    return [], False


def _labelled(said: ScoredText) -> Reading | None:
    """Read `响应3 解决2 态度5 方便4 后续1`, each number with the side of its question, in the survey's order."""
    survey, left = said.asked.survey, said.asked.left
    questions = survey.questions[survey.place(said.asked.question) :]
    if len(said.scores) != left or len(questions) != left or left == 1:
        return None
    at = said.start
    for score, question in zip(said.scores, questions, strict=True):
        if not _names(said, at, score.start, question.topics):
            return None
        at = score.after
    ratings = tuple(value for score in said.scores if (value := said.value(score)) is not None)
    is_whole = len(said.text) in reachable({at}, _BEHIND, said.graph)
    return AllChosen(ratings) if is_whole and len(ratings) == left else None


def _names(said: ScoredText, start: int, end: int, topics: Sequence[str]) -> bool:
    """Return whether the words between two places name one of these topics, and no other."""
    edges = [edge for place in range(start, end) for edge in said.graph[place] if edge.end <= end]
    sides = {kind.removeprefix("about.") for edge in edges for kind in edge.kinds if kind.startswith("about.")}
    words = _BEFORE | {"around.subject"} | {f"about.{side}" for side in sides}
    is_name = end in reachable({start}, words, said.graph)
    return is_name and bool(sides.intersection(topics))


def _reason_behind(said: ScoredText) -> Reading | None:
    """Read `3分，太慢了`."""
    heads = reachable({said.start}, _BEFORE, said.graph)
    for score in said.scores:
        if score.start not in heads or score.is_plural:
            continue
        for end, after in _tails(said, score):
            if _begins_a_reason(said, score, end, after):
                return _with_rest(said, score, after, len(said.text))
    return None


def _all_and_why(said: ScoredText) -> Reading | None:
    for score in said.scores:
        tails = _reached_with(said, {(score.end, score.after, _is_headed(said, score, said.start))}, _BEHIND_ALL)
        is_first = score.start in reachable({said.start}, _BEFORE_ALL, said.graph)
        for end, after, is_all in sorted(tails, reverse=True) if is_first else ():
            is_closed = end == score.end or _closes(said, end, after)
            if is_all and is_closed and _begins_a_reason(said, score, end, after):
                return _all_because(said, score, after, len(said.text))
    return None


def _why_and_all(said: ScoredText) -> Reading | None:
    end = len(said.text)
    for score in reversed(said.scores):
        if end not in reachable({score.after}, _BEHIND_ALL, said.graph):
            continue
        is_tailed = end not in reachable({score.after}, _BEHIND | _BETWEEN, said.graph)
        heads = _BEFORE if is_tailed else _BEFORE_ALL
        starts = [at for at in range(1, score.start + 1) if score.start in reachable({at}, heads, said.graph)]
        for start in sorted(starts, key=lambda at: _by_pause(said, at)):
            is_one = not _PAUSES & set(said.text[start : score.start])
            is_all = is_one and (is_tailed or _is_headed(said, score, start))
            if is_all and _ends_a_reason(said, score, start):
                return _all_because(said, score, said.start, start)
    return None


def _is_headed(said: ScoredText, score: Score, start: int) -> bool:
    """Return whether the words from a place to a number say that it is one for all questions."""
    heads = _reached_with(said, {(start, start, False)}, _BEFORE_ALL)
    is_all = any(after == score.start and is_all for _, after, is_all in heads)
    return is_all and (score.is_plural or score.start not in reachable({start}, _BEFORE, said.graph))


def _reached_with(
    said: ScoredText, places: set[tuple[int, int, bool]], kinds: frozenset[str]
) -> set[tuple[int, int, bool]]:
    """Return the places reached by words of these lists: where the word ends, the next begins, one means all."""
    reached, fresh = set(places), set(places)
    while fresh:
        fresh = {
            (edge.end, edge.after, is_all or not edge.kinds.isdisjoint(_ALL))
            for _, at, is_all in fresh
            for edge in said.graph[at]
            if not edge.kinds.isdisjoint(kinds)
        } - reached
        reached |= fresh
    return reached


def _all_because(said: ScoredText, score: Score, start: int, end: int) -> Reading | None:
    """Return the rating of all questions with the words beside it; None where these leave a question out."""
    if any("score.except" in edge.kinds for place in range(start, end) for edge in said.graph[place]):
        return None
    reading = _with_rest(said, score, start, end)
    return AllChosen((reading.value,), reading.rest) if isinstance(reading, Chosen) else reading


def _tails(said: ScoredText, score: Score) -> Iterator[tuple[int, int]]:
    """Yield where the score ends, with as many words as belong to it first, and where what follows begins."""
    found = [(score.end, score.after)]
    for end, after in found:
        if end == after < len(said.text) and not said.text[after].isascii():
            edges = said.graph[after]
            found.extend((edge.end, edge.after) for edge in edges if edge.kinds & _BEHIND)
    yield from (tail for tail in reversed(found) if tail == found[0] or _closes(said, *tail))


def _closes(said: ScoredText, end: int, after: int) -> bool:
    """Return whether words behind a score end there: with a particle, or at a pause."""
    is_particle = any(edge.end == end and "around.particle" in edge.kinds for edges in said.graph for edge in edges)
    return is_particle or bool(_PAUSES & set(said.text[end:after]))


def _begins_a_reason(said: ScoredText, score: Score, end: int, after: int) -> bool:
    """Return whether words may follow this score: it has a unit, or a pause sets them off, or they are known words."""
    text, edges = said.text, said.graph[after] if after < len(said.text) else []
    gap = text[end:after]
    if after >= len(text) or any(edge.kinds & _refused(gap) for edge in edges):
        return False
    if (score.is_plain or not gap) and _counts(edges, gap):
        return False
    is_known = any(kind.startswith(_OPINION) for edge in edges for kind in edge.kinds)
    if not gap and score.is_plain and not text[score.start].isascii():
        return False  # 二话不说, 一直很好
    if not gap:
        return is_known or (end > score.end and not score.is_plain)
    if _PAUSES & set(gap):
        return not text[after].isdigit()
    return not score.is_plain or is_known or not is_letter(text[after])


def _refused(gap: str) -> frozenset[str]:
    """Return the lists whose words cannot follow a rating: none of a choice such as 还是 where they are set off."""
    if _PAUSES & set(gap):
        return frozenset({"score.never"})
    return frozenset({"score.never", "score.refused"} if gap else {"score.never", "score.refused", "score.or"})


def _counts(edges: Sequence[Edge], gap: str) -> bool:
    """Return whether a number counts what follows: 3天, 3 个师傅; not 3 来回, 1 根本 with a longer word there."""
    if _PAUSES & set(gap):
        return False
    longest = max((edge.end for edge in edges), default=0)
    measures = [edge for edge in edges if "score.measure" in edge.kinds]
    if not gap:
        return bool(measures)
    return any(edge.end == longest and "score.reason" not in edge.kinds for edge in measures)


def _reason_before(said: ScoredText) -> Reading | None:
    """Read `师傅人特别好，给5分`."""
    graph, end = said.graph, len(said.text)
    for score in reversed(said.scores):
        if end not in reachable({score.after}, _BEHIND, graph) or score.is_plural:
            continue
        starts = [at for at in range(1, score.start + 1) if score.start in reachable({at}, _BEFORE, graph)]
        for start in sorted(starts, key=lambda at: _by_pause(said, at)):
            if _ends_a_reason(said, score, start):
                return _with_rest(said, score, said.start, start)
    return None


def _by_pause(said: ScoredText, start: int) -> tuple[bool, bool, int]:
    """Return what sorts the places at which words may give way to a number: behind a pause first, 的 of theirs last."""
    is_particle = any("around.particle" in edge.kinds for edge in said.graph[start])
    return said.text[:start].rstrip(" ")[-1:] not in _PAUSES, is_particle, start


def _ends_a_reason(said: ScoredText, score: Score, start: int) -> bool:
    """Return whether words may stand before this score: a pause sets it off, or they are an opinion as a whole."""
    if after_separators(said.text, start) != start or start <= said.start:
        return False
    before = said.text[:start]
    gap = before[len(before.rstrip("".join(_PAUSES) + " ")) :]
    if _PAUSES & set(gap):
        return not score.is_plain or not before.rstrip("".join(_PAUSES) + " ")[-1:].isdigit()
    if opinion(said.graph, said.start, start, said.asked.survey.scale.lowest) is not None:
        return True
    return bool(gap) and not before.rstrip()[-1:].isascii() and _judges(said, start)


def _judges(said: ScoredText, end: int) -> bool:
    """Return whether the words before a place, which no pause ends, have an adjective: 回访还算及时 4."""
    kinds = frozenset[str]().union(*(edge.kinds for at in range(end) for edge in said.graph[at] if edge.end <= end))
    has_another = any(score.end <= end and said.value(score) is not None for score in said.scores)
    return not has_another and any(kind.startswith(("adjective.", "other.", "stated")) for kind in kinds)


def _with_rest(said: ScoredText, score: Score, start: int, end: int) -> Reading | None:
    if _other_score(said, score, start, end) or _doubted(said, start, end):
        return None
    return _chosen(said, score, said.folded.written(start, end))


def _other_score(said: ScoredText, score: Score, start: int, end: int) -> bool:
    """Return whether a stretch has another rating, such as `maybe 4`; a figure such as `3天` is none."""
    inside = [other for other in said.scores if start <= other.start and other.end <= end]
    counted = {edge.after for edges in said.graph for edge in edges if edge.kinds & _NO_RATING_BEHIND}
    missing = reachable(counted, frozenset({"around.soft"}), said.graph)  # 花了我150
    others = [other for other in inside if other.value != score.value or other.value is None]
    others = [other for other in others if other.start not in missing]
    return any(not other.is_plain or _stands_alone(said, other, end) for other in others)


def _stands_alone(said: ScoredText, score: Score, end: int) -> bool:
    """Return whether a number has nothing behind it that it could count."""
    after = said.text[score.end : end].lstrip(" ")
    before = said.text[: score.start]
    is_within_chinese = bool(before) and not before[-1].isascii() and not said.text[score.start].isascii()
    edges = said.graph[score.after] if score.after < end else []
    is_rated = any(edge.kinds & {"score.behind", "around.soft"} for edge in edges)  # 1 for the company
    return not is_within_chinese and (not after or after[0] in _PAUSES or is_rated)


def _doubted(said: ScoredText, start: int, end: int) -> bool:
    """Return whether the words beside a number ask, or, before it, make it a wish, a condition or another occasion."""
    for place in range(start, end):
        for edge in said.graph[place]:
            asks = "around.question" in edge.kinds and (edge.after >= end or said.text[place] == "?")
            if asks or (start <= said.start and "score.if" in edge.kinds):
                return True
    return False
