"""A rating as people type it: `4`, `四分`, `4/5`, `4 stars`, `★★★★☆`, or a word of the scale.

Only what is unambiguous is read: a wrong rating is worse than asking again.
"""

import re
import unicodedata
from functools import lru_cache

from dialogs.survey import Survey
from dialogs.understanding.numerals import NUMERAL, fold, read_numeral
from scoring.scale import Scale

__all__ = ["bare", "rating"]

_LONGEST = 40  # characters; whoever writes more is telling us something, not rating
_FILLED, _HOLLOW = "⭐★🌟", "☆"
_STARS = re.compile(f"([{_FILLED}]+)([{_HOLLOW}]*)")
_BEFORE = " \t\n\"'“‘「『《([【"
_AFTER = " \t\n\"'”’」』》)]】.,!;:~、。・"
_BETWEEN = " \t\n=:,.-、。(「“"
_THANKS = re.compile(r"(?:谢谢|謝謝|多谢|多謝|thanks|thank you|thx)[你您]?们?$")
_PARTICLES = "的了吧啊呀哦啦"
_UNITS = "(?:分|星|星级|星級|颗星|顆星|个星|個星|stars?|points?)"
_NUMBER = re.compile(
    rf"(?:我?(?:想|要)?(?:(?:打|给|給|评|評|选|選)(?:你们|你們|你|您)?(?:个|個|了)?){{1,2}}\s*)?"
    rf"(?P<value>{NUMERAL})\s*{_UNITS}?"
    rf"(?:\s*(?:/|out of)\s*(?P<top>{NUMERAL})\s*{_UNITS}?)?[{_PARTICLES}]?"
)
_TOP = {"满分", "滿分", "full marks"}


def bare(text: str) -> str:
    """Return a folded message without the punctuation, smileys and thanks at its ends."""
    trimmed = _trimmed(fold(text))
    return _trimmed(_THANKS.sub("", trimmed)) or trimmed


def rating(text: str, survey: Survey, locale: str) -> int | None:
    """Read the one value of the survey's scale that the whole text states, None where there is any doubt."""
    said = bare(text[: _LONGEST + 1])
    if len(text) > _LONGEST or not said:
        return None
    value = _counted(said, survey.scale)
    if value is None:
        words = _words(survey, locale)
        value = _worded(said, survey.scale, words)
        if value is None:
            value = _said_twice(said, survey.scale, words)
    return value if value in survey.scale else None


def _trimmed(text: str) -> str:
    start, end = 0, len(text)
    while start < end and text[start] in _BEFORE:
        start += 1
    while end > start and (text[end - 1] in _AFTER or _is_smiley(text[end - 1])):
        end -= 1
    return text[start:end]


def _is_smiley(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") and character not in _FILLED + _HOLLOW


def _counted(said: str, scale: Scale) -> int | None:
    """Read `4`, `给4分吧`, `4/5`; a number out of another top than the scale's says nothing."""
    found = _NUMBER.fullmatch(said)
    if found is None or (found["top"] and read_numeral(found["top"]) != scale.highest):
        return None
    return read_numeral(found["value"])


def _worded(said: str, scale: Scale, words: dict[str, int]) -> int | None:
    """Read stars, and the words of the scale."""
    stars = _STARS.fullmatch(said.replace(" ", ""))
    if stars:
        filled, hollow = (len(group) for group in stars.groups())
        return filled if not hollow or filled + hollow == scale.highest else None
    if said in _TOP:
        return scale.highest
    shorter = said.rstrip(_PARTICLES)
    return words.get(said, words.get(shorter) if len(shorter) > 1 else None)


def _said_twice(said: str, scale: Scale, words: dict[str, int]) -> int | None:
    """Read `4 较好` and `较好（4分）`, where number and word agree."""
    for cut in range(1, len(said)):
        left, right = said[:cut].rstrip(_BETWEEN), said[cut:].lstrip(_BETWEEN)
        for one, other in ((left, right), (right, left)):
            value = _counted(one, scale)
            if value is not None and value == _worded(other, scale, words):
                return value
    return None


@lru_cache(maxsize=4096)
def _bare_word(word: str) -> str:
    """Return a folded word of a scale; cached, since all of them are compared with every message that is no number."""
    return bare(word)


def _words(survey: Survey, locale: str) -> dict[str, int]:
    """Collect the scale's words of all languages that agree, the survey's further ones, and the customer's own."""
    meanings: dict[str, set[int]] = {}
    for labels in survey.scale.labels.values():
        for value, label in labels.items():
            meanings.setdefault(_bare_word(label), set()).add(value)
    agreed = {word: values.copy().pop() for word, values in meanings.items() if len(values) == 1}
    further = {_bare_word(word): value for word, value in survey.words.items()}
    own = {_bare_word(label): value for value, label in survey.scale.labels.get(locale, {}).items()}
    return {**agreed, **further, **own}
