"""Numbers that are meant as ratings: `4分`, `4/5`, `4 stars`, `⭐⭐⭐⭐`, `满分`; told from figures such as `4天`."""

import re
from collections.abc import Iterable, Iterator

from dialogs.understanding.numerals import NUMERAL, read_numeral
from dialogs.understanding.word_graph import WordGraph, after_separators, is_letter
from scoring.scale import Scale
from scoring.values import Value, replace

__all__ = ["Score", "find_scores", "named_top"]

_STAR = "⭐★🌟"
_HOLLOW = "☆"
_DIGITS = r"[0-9]{1,3}(?:\.[0-9]+)?"
_SPELT = rf"{NUMERAL}(?:点(?:[零一二三四五六七八九半]|{NUMERAL}))?"
_NUMBER = re.compile(
    rf"(?P<minus>(?:-|−|负|minus )\s?)?(?P<value>{_DIGITS}|{_SPELT})(?P<plural>'?e?s(?![a-z]))?"
    rf"\s?(?P<unit>分儿?(?![钟之半店公类期币手开])|[颗个粒]?星[级星]?(?!期)|[颗个粒]?[⭐★🌟]|stars?(?![a-z])|points?(?![a-z])|pts?(?![a-z])|marks?(?![a-z]))?"
    rf"(?:\s?(?:/|out of|over)\s?(?P<top>{NUMERAL})\s?(?:分|星|stars?(?![a-z])|points?(?![a-z])|marks?(?![a-z]))?)?"
)
_STARS = re.compile(rf"[{_STAR}](?: ?[{_STAR}])*(?: ?{_HOLLOW})*")
_RANGE = re.compile(rf"\s?(?:-|~|–|—|到|至|或者?|/|or|to)\s?{NUMERAL}")
_TOP = re.compile(
    rf"(?:满分[是为]?(?P<before>{NUMERAL})分?|(?P<behind>{NUMERAL})分[为是]?(?:满分|制))"
    r"(?:的话|里|中)?(?=[我给打评就 ,;:].)"
)
_RANGE_BEFORE = re.compile(rf"(?:{NUMERAL})\s?(?:-|~|–|—|到|至|或者?|or|to|and|and a)\s?$")
_LONGEST_RANGE = 16
_ONLY_STARS = 5


class Score(Value):
    """A number: its value as written (None where it is not whole), and whether it says what it is a number of.

    `is_plain` scores have neither unit nor top; `is_whole_name` are words such as 满分, for the ends of the scale.
    """

    start: int
    end: int
    after: int
    value: int | None
    is_plain: bool = True
    is_plural: bool = False

    def on(self, scale: Scale) -> int | None:
        """Return the rating, None where it is not on the scale."""
        return self.value if self.value in scale else None


def named_top(text: str, top: int) -> frozenset[int]:
    """Return the places of a folded text that only tell the top of the scale: the first words of `满分5分，给4分`."""
    found = _TOP.match(text)
    is_top = found is not None and read_numeral(found["before"] or found["behind"]) == top
    return frozenset(range(*found.span())) if found is not None and is_top else frozenset()


def find_scores(text: str, graph: WordGraph, scale: Scale) -> list[Score]:
    """Return everything in a folded text that may be a rating on a scale, in order."""
    found = [*_stars(text, scale), *_numbers(text, scale), *_names(graph, scale)]
    return _joined(sorted(found, key=lambda score: (score.start, -score.end)), scale)


def _joined(scores: Iterable[Score], scale: Scale) -> list[Score]:
    """Return scores with those as one that say the same and touch: 5分5分, 十分满分."""
    joined: list[Score] = []
    for score in scores:
        last = joined[-1] if joined else None
        is_same = last is not None and last.end == score.start and last.on(scale) == score.on(scale) is not None
        if last is not None and is_same and not last.is_plain and not score.is_plain:
            joined[-1] = replace(last, end=score.end, after=score.after)
        else:
            joined.append(score)
    return joined


def _numbers(text: str, scale: Scale) -> Iterator[Score]:
    for match in _NUMBER.finditer(text):
        if _is_part_of_more(text, match):
            continue
        value, is_star = _value(match, scale), bool(match["unit"]) and (match["unit"][0] in "星颗个粒s⭐★🌟")
        if is_star and not _is_of_stars(scale) and (value or 0) <= _ONLY_STARS:
            value = None
        is_plain = match["unit"] is None and match["top"] is None
        end = match.start() + len(match[0].rstrip())
        yield Score(match.start(), end, after_separators(text, end), value, is_plain, bool(match["plural"]))


def _value(match: re.Match[str], scale: Scale) -> int | None:
    written, top = match["value"], match["top"]
    if match["minus"] or (top and read_numeral(top) != scale.highest):
        return None
    whole, _, part = written.replace("点", ".").partition(".")
    if part.strip("0零"):
        return None
    return read_numeral(whole)


def _is_part_of_more(text: str, match: re.Match[str]) -> bool:
    """Return whether the number belongs to a word, a time, a range or a longer number."""
    start, end = match.span()
    before, after = text[:start], text[end:]
    if before and is_letter(before[-1]) and is_letter(text[start]):
        return True
    if before and before[-1] in ".:/" and before[:-1][-1:].isdigit() and text[start].isdigit():
        return True
    if _RANGE_BEFORE.search(before[-_LONGEST_RANGE:]):
        return True
    if after and is_letter(after[0]) and is_letter(text[end - 1]):
        return True
    if after[:1] in "%°℃" and after:
        return True
    joints = ".:" if text.count(",") > 1 else ".:,"  # 5,4,5 are three numbers, 4,5 may be one
    is_longer = after[:1] in joints and after[1:2].isdigit() and match["unit"] is None
    return is_longer or _RANGE.match(after) is not None


def _is_of_stars(scale: Scale) -> bool:
    return scale.highest == _ONLY_STARS


def _stars(text: str, scale: Scale) -> Iterator[Score]:
    for match in _STARS.finditer(text):
        if text[: match.start()].rstrip()[-1:].isdigit():
            continue
        filled, hollow = sum(text.count(star, *match.span()) for star in _STAR), text.count(_HOLLOW, *match.span())
        is_whole = not hollow or filled + hollow == scale.highest
        is_known = is_whole and (_is_of_stars(scale) or hollow or filled > _ONLY_STARS)
        end = match.end()
        yield Score(match.start(), end, after_separators(text, end), filled if is_known else None, is_plain=False)


def _names(graph: WordGraph, scale: Scale) -> Iterator[Score]:
    """Yield the words for the ends of the scale."""
    for start, edges in enumerate(graph):
        for edge in edges:
            if "score.top" in edge.kinds:
                yield Score(start, edge.end, edge.after, scale.highest, is_plain=False)
            if "score.bottom" in edge.kinds:
                yield Score(start, edge.end, edge.after, scale.lowest, is_plain=False)
