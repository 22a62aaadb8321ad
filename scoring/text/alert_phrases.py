"""Whether a customer means an alert word, or takes it back: 不用退款了 asks for nothing, 不退款 for a refund."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from scoring.text.pieces import sentence_pieces
from scoring.text.weights import ALERT, Weights
from scoring.values import Value

__all__ = ["AlertDoubts", "Renouncing", "any_form_pattern", "is_meant", "may_have"]

_BORDER = re.compile("[。!?,;\n.]")
_GAP = "*"
"""In a form, for a few other words of the same clause: 砸*店 is in 砸了你们的店."""
_WIDEST, _WIDEST_LATIN = 10, 40
"""Characters of what stands in a gap."""
_NEAR, _FAR = 200, 400
"""Characters of its clause on either side of a word, and behind that clause, that may take it back: with all of a long
text for each of its words the time would grow as its square."""
_MOST = 50
"""Places of a word in a text that are looked at."""
_SHORT = 5
"""Latin words of so many letters count alone only: sue is not in issue."""
_LONGEST_DOUBTED = 200
"""Characters of a text that may be doubted: what taught was shorter, and of a longer one a part may be meant."""
_SURE = -300
"""Hundredths of log-odds: where less than one in twenty such sentences needs somebody."""


class AlertDoubts(Value, eq=False):
    """Which sentences with an alert word surely need nobody, by what labelled ones have taught: jokes, what is settled.

    The weights of pieces, and the folded `forms` of alert words by which they were learned: no other is doubted.
    """

    weights: Weights
    forms: frozenset[str]

    def denies(self, folded: str) -> bool:
        """Return whether a folded text is surely none that somebody should see today."""
        return len(folded) <= _LONGEST_DOUBTED and self.weights.of(sentence_pieces(folded))[ALERT] < _SURE


class Renouncing(Value):
    """How an alert word is taken back: folded words by where they stand in its clause.

    `before` take back any word (不用), `none` only those of `of` or with an `intent` behind (没有投诉,
    没有退款的意思); `between` may stand in between. `behind` take back as well (退款就算了), and `had` before those of
    `had_of` (I got my refund). What others say (`about`), and the `past` where all is well `since` and nothing tells
    of `again`, take back those of `of`. With `kept` before or `kept_behind` in the clause nothing is taken back
    (是不是不用退款了, 不投诉不行). `harmless` are everyday words that begin or end with the end of an alert word, and
    then are what is meant: 打我电话 for 打我, a media player for the media. A word of `had_of` is also taken back where
    its clause goes on with what is `settled`, and one of anybody else's (`others`), where the text then says so
    (`declined`): 邻居说要投诉，我觉得没必要. One of `of` is as well where its clause goes on with what was `absent`.
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
    settled: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def is_meant(folded: str, word: str, renouncing: Renouncing) -> bool:
    """Return whether a folded text has the word at least once without taking it back in the same clause.

    Who writes it too often to look at each means it.
    """
    places = list(islice(_places(folded, word), _MOST + 1))
    return len(places) > _MOST or any(
        not _is_harmless(folded, end, renouncing.harmless)
        and not _is_taken_back(folded, (place, end), word, renouncing)
        for place, end in places
    )


def may_have(folded: str, form: str) -> bool:
    """Return whether a folded text has all the parts of a form, wherever."""
    return form in folded or (_GAP in form and all(part in folded for part in _parts(form)))


def any_form_pattern(forms: Iterable[str]) -> str:
    """Return the regular expression of any of some folded forms; those that begin alike are looked at together."""
    alike = defaultdict[str, list[str]](list)
    for form in sorted(forms):
        alike[re.escape(form[0])].append(_pattern(form))
    return "|".join(f"{first}(?:{'|'.join(one.removeprefix(first) for one in ones)})" for first, ones in alike.items())


@lru_cache(maxsize=4096)
def _parts(form: str) -> tuple[str, ...]:
    """Return what stands beside the gaps of a form; a mark at its end is none."""
    parts = tuple(form.split(_GAP))
    return parts if all(parts) else (form,)


def _pattern(form: str) -> str:
    """Return the regular expression of a form; what stands in its gaps is short and of the same clause."""
    widest = _WIDEST_LATIN if form.isascii() else _WIDEST
    return f"[^。!?,;\\n.]{{0,{widest}}}?".join(map(re.escape, _parts(form)))


@lru_cache(maxsize=4096)
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(_pattern(form))


def _places(folded: str, form: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where a form stands; a Latin one begins there, and a short one or a number ends as well."""
    pattern, found = _compiled(form), _compiled(form).search(folded)
    first, *_, last = (*_parts(form), _parts(form)[-1])
    while found is not None:
        start, end = found.span()
        is_whole = _stands_alone(folded, start, start + len(first)) and _stands_alone(folded, end - len(last), end)
        if not form.isascii() or is_whole:
            yield start, end
        found = pattern.search(folded, start + 1)


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


def _is_taken_back(folded: str, where: tuple[int, int], word: str, how: Renouncing) -> bool:
    place, end = where
    while word.isascii() and _is_letter(folded[end : end + 1]):
        end += 1
    near = max(place - _NEAR, 0)
    begin = max((border.end() for border in _BORDER.finditer(folded, near, place)), default=near)
    border = _BORDER.search(folded, end, end + _NEAR)
    before, behind = folded[begin:place], folded[end : border.start() if border else end + _NEAR].strip()
    rest = folded[border.end() : border.end() + _FAR] if border else ""
    asked = _apart_from(before, how.about)
    if any(kept in asked for kept in how.kept) or any(kept in behind for kept in how.kept_behind):
        return False
    if any(behind.startswith(words) for words in how.behind) or _is_denied_within(folded[slice(*where)], word, how):
        return True
    if _is_declined(before + behind, rest, how):
        return True
    takes = how.before
    if _GAP in word or word.startswith(how.of) or behind.startswith(how.intent):
        takes += how.none
        if (
            any(one in behind for one in how.absent)
            or any(one in before for one in how.about)
            or _is_over(before, behind + rest, how)
        ):
            return True
    if word.startswith(how.had_of):
        takes += how.had
        if any(one in behind for one in how.settled):
            return True
    return any(_ends_with(rest, takes) for rest in _shortened(before.rstrip(), how.between))


def _apart_from(text: str, phrases: tuple[str, ...]) -> str:
    """Return a text without some phrases: the 怎么 of 教我怎么 asks nothing."""
    for one in phrases:
        text = text.replace(one, "")
    return text


def _is_denied_within(said: str, form: str, how: Renouncing) -> bool:
    """Return whether the gap of a form ends with a denial, as 煤气管没有漏 does; not of 钱不还我, which none denies."""
    if _GAP not in form or not form.startswith(how.of):
        return False
    before = said.removesuffix(_parts(form)[-1]).rstrip()
    return any(_ends_with(rest, how.none) for rest in _shortened(before, how.between))


def _is_declined(clause: str, rest: str, how: Renouncing) -> bool:
    """Return whether a clause is of what somebody else wants, and the rest of the text against that."""
    return any(one in clause for one in how.others) and any(one in rest for one in how.declined)


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
