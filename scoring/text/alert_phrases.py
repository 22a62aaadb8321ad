"""Whether a customer means an alert word, or takes it back: 不用退款了 asks for nothing, 不退款 for a refund."""

import re
from collections.abc import Iterator

from scoring.values import Value

__all__ = ["Renouncing", "is_meant"]

_BORDER = re.compile("[。!?,;\n.]")
_SHORT = 5
"""Latin words of so many letters count alone only: sue is not in issue."""


class Renouncing(Value):
    """How an alert word is taken back: folded words by where they stand in its clause.

    `before` take back any word (不用), `none` only those of `of` or with an `intent` behind (没有投诉,
    没有退款的意思); `between` may stand in between. `behind` take back as well (退款就算了), and `had` before those of
    `had_of` (I got my refund). What others say (`about`), and the `past` where all is well `since` and nothing tells
    of `again`, take back those of `of`. With `kept` before or `kept_behind` in the clause nothing is taken back
    (是不是不用退款了, 不投诉不行). `harmless` are everyday words that begin or end with the end of an alert word, and
    then are what is meant: 打我电话 for 打我, a media player for the media.
    """

    before: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
    had_of: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    kept_behind: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()


def is_meant(folded: str, word: str, renouncing: Renouncing) -> bool:
    """Return whether a folded text has the word at least once without taking it back in the same clause."""
    return any(
        not _is_harmless(folded, place + len(word), renouncing.harmless)
        and not _is_taken_back(folded, place, word, renouncing)
        for place in _places(folded, word)
    )


def _places(folded: str, word: str) -> Iterator[int]:
    """Yield where a word stands; a Latin one begins there, and a short one or a number ends as well."""
    place = folded.find(word)
    while place >= 0:
        if not word.isascii() or _stands_alone(folded, place, place + len(word)):
            yield place
        place = folded.find(word, place + 1)


def _stands_alone(folded: str, start: int, end: int) -> bool:
    if folded[start:end].isdigit():  # 12345 is not in 2012345678
        return not folded[max(start - 1, 0) : start].isdigit() and not folded[end : end + 1].isdigit()
    begins = not (folded[start].isalpha() and _is_letter(folded[start - 1 : start]))
    return begins and (end - start > _SHORT or not _is_letter(folded[end : end + 1]))


def _is_letter(one: str) -> bool:
    return one.isascii() and one.isalpha()


def _is_harmless(folded: str, end: int, phrases: tuple[str, ...]) -> bool:
    """Return whether what ends at `end` there belongs to an everyday phrase, which ends there or goes on."""
    return any(folded.find(one, max(end - len(one), 0), end - 1 + len(one)) >= 0 for one in phrases)


def _is_taken_back(folded: str, place: int, word: str, how: Renouncing) -> bool:
    end = place + len(word)
    while word.isascii() and _is_letter(folded[end : end + 1]):
        end += 1
    begin = max((border.end() for border in _BORDER.finditer(folded, 0, place)), default=0)
    border = _BORDER.search(folded, end)
    before, behind = folded[begin:place], folded[end : border.start() if border else len(folded)].strip()
    if any(kept in before for kept in how.kept) or any(kept in behind for kept in how.kept_behind):
        return False
    if any(behind.startswith(words) for words in how.behind):
        return True
    takes = how.before
    if word.startswith(how.of) or behind.startswith(how.intent):
        takes += how.none
        if any(one in before for one in how.about) or _is_over(before, folded[end:], how):
            return True
    if word.startswith(how.had_of):
        takes += how.had
    return any(_ends_with(rest, takes) for rest in _shortened(before.rstrip(), how.between))


def _is_over(before: str, rest: str, how: Renouncing) -> bool:
    """Return whether a clause tells of the past, and the rest of the text that all is well since."""
    is_past = any(one in before for one in how.past) and any(one in rest for one in how.since)
    return is_past and not any(one in rest for one in how.again)


def _shortened(before: str, between: tuple[str, ...]) -> Iterator[str]:
    """Yield the words before, and what is left of them without those that may stand in between."""
    yield before
    while last := next((words for words in between if _ends_with(before, (words,))), ""):
        before = before[: -len(last)].rstrip()
        yield before


def _ends_with(text: str, endings: tuple[str, ...]) -> bool:
    """Return whether a text ends with one of some words, and that not within a Latin one."""
    found = (one for one in endings if text.endswith(one))
    return any(not (one[0].isascii() and _is_letter(text[-len(one) - 1 : -len(one)])) for one in found)
