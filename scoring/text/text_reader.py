"""Reads comments: walks over the words of a text once and sums up what its clauses say."""

from collections.abc import Mapping
from functools import lru_cache

from scoring.text.findings import ClauseReading, TextFinding, TextReading
from scoring.text.lexicons import Entry, Lexicons, Role
from scoring.text.scan import Hit, WordScanner

__all__ = ["TextReader"]

_REACH, _NEAR, _FAR = 6, 3, 14
"""Chinese characters from a negation to praise, to blame, and to praise where it compares."""
_LATIN_REACH = 24
_VERY, _PLAIN, _MILD = 30, 20, 10
_HINT = 4
"""Tenths below which an opinion only tips a balance, and is no finding."""
_STRONG, _WEAK = 24, 14
_SHOWN = 4
_QUOTES = frozenset('"“”‘’「」『』')
_SHORT = 4
"""Clauses of a comment that may be mockery as a whole."""
_GAP = 1
"""Characters that may stand between degree and opinion: a space, 的."""
_MOST = 40
_BEFORE_BUT, _AFTER_BUT, _THOUGH = 6, 13, 6
"""Tenths that a clause weighs before and after a contrast, and one that concedes."""
_LONGEST_CORE = 12
"""Characters of a denied opinion: what lies farther from its negation is told without."""
_NOWHERE = -1000


class TextReader:
    """Reads comments by the words of a lexicon; made once, and read by everybody."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.lexicons = lexicons
        self._scanner = _scanner(lexicons)
        self._soft_words = frozenset(word for word, entry in lexicons.entries.items() if entry.role is Role.SOFT)

    def read(self, text: str) -> TextReading:
        """Return the reading of a comment of any length and script; places in it are those of the text as written."""
        folded = self.lexicons.fold(text)
        return self.read_hits(text, folded, self.hits(folded))

    def hits(self, folded: str) -> list[Hit]:
        """Return the words of a folded text in order."""
        return self._scanner.hits(folded)

    def read_hits(self, text: str, folded: str, hits: list[Hit]) -> TextReading:
        """Return the reading of a text whose words were found already."""
        return _Walk(text, folded, self._soft_words).walk(hits)


@lru_cache(maxsize=1)
def _scanner(lexicons: Lexicons) -> WordScanner:
    return WordScanner(lexicons.entries)


_Opinion = tuple[int, str, int, int, int]
"""Weight, what it is about, start, end, and where it begins without what only makes it stronger or weaker.

A plain tuple: hundreds of them are made for a long comment, and a named one costs four times as much.
"""


class _Walk:
    """The state of one walk; made for one text and thrown away."""

    def __init__(self, text: str, folded: str, soft: frozenset[str]) -> None:
        self._text, self._folded, self._soft_words = text, folded, soft
        self._clauses: list[ClauseReading] = []
        self._totals: list[int] = []
        self._praise = self._blame = self._mocks = 0
        self._rescued_from = -1
        self._lessened = 0
        """Up to where in `_totals` a contrast has counted them less; each is only once, or time would be quadratic."""
        self._has_contrast = self._is_supposed = False
        self._sentence = self._sentence_before = 0
        """Where in `_totals` the present sentence begins, and the one before."""
        self._after_but = False
        self._aspect = ""
        self._is_doubtful = self._is_ironic = False
        self._begin_clause(0)

    def walk(self, hits: list[Hit]) -> TextReading:
        """Return what the words say."""
        handlers = self._HANDLERS
        for start, end, entry in hits:
            handlers[entry.role](self, start, end, entry)
        self._end_clause(len(self._text))
        if self._rescued_from >= 0 and sum(self._totals[self._rescued_from :]) > 0:
            self._forget_blame()
        if self._is_ironic or self._is_mockery():
            self._totals = [-abs(total) for total in self._totals]
            self._praise, self._blame = 0, self._praise + self._blame
        return TextReading(tuple(self._clauses), self._praise, self._blame, sum(self._totals), self._is_doubtful)

    def _is_mockery(self) -> bool:
        """Return whether the only praise of a short comment stands beside blame, and no contrast explains that."""
        if not self._mocks or self._has_contrast or len(self._totals) > _SHORT:
            return False
        return self._blame > max(_HINT, self._praise - self._mocks)

    def _forget_blame(self) -> None:
        """Take back the blame that stands before how it ended."""
        before = [total for total in self._totals[: self._rescued_from] if total < 0]
        self._totals = [max(total, 0) for total in self._totals[: self._rescued_from]] + self._totals[
            self._rescued_from :
        ]
        self._blame = max(0, self._blame + sum(before))

    def _begin_clause(self, start: int) -> None:
        self._start = start
        self._opinions: list[_Opinion] = []
        self._nots = self._not_from = self._degree_from = 0
        self._not_at = self._very_at = self._slight_at = self._soft_at = _NOWHERE
        self._reach = 0
        self._lacks, self._doubts_at = -1, 0
        self._is_wish = self._is_asked = self._is_conceded = False
        self._carried, self._aspect = self._aspect, ""
        self._aspects: dict[str, tuple[int, int]] = {}

    def _end_clause(self, end: int) -> None:
        if self._lacks >= 0 and self._nots:
            self._opinions.append((-_MILD, "", self._lacks, min(self._lacks + _SHOWN, end), self._lacks))
        opinions = self._opinions
        if self._is_wish:
            opinions = _wanted(opinions, self._start, end)
        elif (self._is_asked or self._is_supposed) and not self._doubts_at:
            opinions = [(min(one[0], 0) // 2, *one[1:]) for one in opinions]
        if opinions:
            self._totals.append(self._sum(opinions))
        if opinions or self._aspect:
            self._clauses.append(ClauseReading(self._start, end, self._findings(opinions)))
            return
        self._aspect = self._carried
        if end > self._start:
            self._clauses.append(ClauseReading(self._start, end))

    def _sum(self, opinions: list[_Opinion]) -> int:
        """Return what a clause says, and add it to praise and blame; what concedes counts less."""
        praise = blame = 0
        for one in opinions:
            if one[0] > 0:
                praise += one[0]
            else:
                blame -= one[0]
        if self._is_conceded:
            praise, blame = praise * _THOUGH // 10, blame * _THOUGH // 10
        self._praise += praise
        self._blame += blame
        total = praise - blame
        return total * _AFTER_BUT // 10 if self._after_but and not self._is_conceded else total

    def _findings(self, opinions: list[_Opinion]) -> tuple[TextFinding, ...]:
        if not self._aspects:
            return tuple([_found(one, one[1] or self._carried, self._text) for one in opinions if _tells(one)])
        aspect, named = self._aspect or self._carried, dict(self._aspects)
        found = [self._about_named(one, one[1] or aspect, named) for one in opinions if _tells(one)]
        for one in found:
            named.pop(one.dimension, None)
        for dimension, (start, end) in named.items():
            words = self._text[start:end]
            found.append(TextFinding(dimension, 0, 1, words, words))
        return tuple(found)

    def _about_named(self, opinion: _Opinion, dimension: str, named: Mapping[str, tuple[int, int]]) -> TextFinding:
        """Return the finding of an opinion, with what the clause names in its topic."""
        place = named.get(dimension)
        _, end, core = opinion[2:]
        if place is None or (place[1] > core and place[0] < end):
            return _found(opinion, dimension, self._text)
        thing = self._text[place[0] : place[1]]
        return _found(opinion, dimension, self._text, f"{thing} " if thing.isascii() else thing)

    def _opinion(self, start: int, end: int, entry: Entry) -> None:
        weight = entry.weight
        if -_HINT <= weight <= _HINT:  # neither denied nor strengthened
            self._opinions.append((weight, entry.dimension, start, end, start))
            self._skip(start, end)
            return
        if self._opinions and self._is_only_degree(self._opinions[-1], start, weight):
            self._opinions.pop()
            weight = weight * 3 // 2
        begin = core = start
        if start - self._very_at <= _GAP:
            weight, begin = weight * 3 // 2, self._degree_from
        elif start - self._slight_at <= _GAP:
            weight, begin = weight // 2 if weight < 0 else weight * 2 // 3, self._degree_from
        if self._nots and self._reaches(start, weight):
            weight, begin = self._denied(weight), self._not_from
            core = begin if end - begin <= _LONGEST_CORE else start
        weight = max(-_MOST, min(_MOST, weight))
        if weight > 0 and self._folded[start - 1 : start] in _QUOTES and self._folded[end : end + 1] in _QUOTES:
            weight, self._is_doubtful = -weight, True
        self._opinions.append((weight, entry.dimension, begin, end, core))
        self._very_at = self._slight_at = self._soft_at = _NOWHERE

    def _is_only_degree(self, last: _Opinion, start: int, weight: int) -> bool:
        """Return whether soft praise right before an opinion only strengthens it."""
        return last[3] == start and (self._soft_at == start or (weight < 0 < last[0] and self._ends_softly(start)))

    def _ends_softly(self, end: int) -> bool:
        return self._folded[end - 1 : end] in self._soft_words

    def _reaches(self, start: int, weight: int) -> bool:
        """Return whether what was denied reaches to an opinion: not so far to blame, and a doubt not to it at all."""
        if weight < 0 and self._nots == self._doubts_at:
            return False
        return start - self._not_at <= (self._reach if weight > 0 or self._reach > _REACH else _NEAR)

    def _denied(self, weight: int) -> int:
        """Return the weight of a denied opinion; denied twice it stays, a little weaker."""
        self._is_doubtful = True
        is_twice = self._nots % 2 == 0
        self._nots, self._lacks = 0, -1
        if is_twice:
            return weight * 3 // 4 if weight > 0 else -_MILD
        return -max(_MILD, min(weight, _PLAIN)) if weight > 0 else _MILD if weight else -_MILD

    def _soft(self, start: int, end: int, entry: Entry) -> None:
        self._opinion(start, end, entry)
        self._soft_at = end

    def _mocking(self, start: int, end: int, entry: Entry) -> None:
        self._opinion(start, end, entry)
        self._mocks += max(0, self._opinions[-1][0])

    def _rescued(self, start: int, _end: int, _entry: Entry) -> None:
        self._cut(start)
        self._rescued_from = len(self._totals)

    def _aspect_named(self, start: int, end: int, entry: Entry) -> None:
        self._aspect = entry.dimension
        self._aspects.setdefault(entry.dimension, (start, end))
        self._skip(start, end)

    def _not(self, start: int, end: int, _entry: Entry) -> None:
        if not self._nots:
            self._not_from = start
        self._nots += 1
        self._not_at = end
        self._reach = _LATIN_REACH if self._folded[start].isascii() else _REACH

    def _lack(self, start: int, end: int, entry: Entry) -> None:
        self._not(start, end, entry)
        self._lacks = start

    def _doubt(self, start: int, end: int, entry: Entry) -> None:
        self._lack(start, end, entry)
        self._doubts_at = self._nots

    def _very(self, start: int, end: int, _entry: Entry) -> None:
        self._very_at, self._degree_from = end, start
        self._skip(start, end)

    def _slightly(self, start: int, end: int, _entry: Entry) -> None:
        self._slight_at, self._degree_from = end, start
        self._skip(start, end)

    def _skip(self, start: int, end: int) -> None:
        """Count out a word over which a negation reaches."""
        self._not_at += end - start if self._nots else 0

    def _compared(self, start: int, end: int, _entry: Entry) -> None:
        if self._folded[start].isascii():
            self._skip(start, end)
            return
        if self._nots:
            self._reach = _FAR
        self._very_at, self._degree_from = end, start

    def _but(self, start: int, _end: int, _entry: Entry) -> None:
        self._cut(start)
        begin = self._sentence if len(self._totals) > self._sentence else self._sentence_before
        for index in range(max(begin, self._lessened), len(self._totals)):
            self._totals[index] = self._totals[index] * _BEFORE_BUT // 10
        self._lessened = len(self._totals)
        self._after_but = self._has_contrast = True
        self._is_doubtful = True

    def _though(self, start: int, _end: int, _entry: Entry) -> None:
        self._cut(start)
        self._is_conceded = True

    def _cut(self, start: int) -> None:
        """End a clause before a word that begins another one."""
        if start > self._start and (self._opinions or self._aspect or self._nots):
            self._end_clause(start)
            self._begin_clause(start)

    def _wish(self, start: int, _end: int, _entry: Entry) -> None:
        self._cut(start)
        self._is_wish = self._is_doubtful = True

    def _wished(self, _start: int, _end: int, _entry: Entry) -> None:
        self._is_wish = self._is_doubtful = True

    def _if(self, _start: int, _end: int, _entry: Entry) -> None:
        self._is_supposed = self._is_doubtful = True

    def _irony(self, _start: int, _end: int, _entry: Entry) -> None:
        self._is_ironic = self._is_doubtful = True

    def _nothing(self, _start: int, _end: int, _entry: Entry) -> None:
        self._very_at = self._slight_at = _NOWHERE

    def _after_very(self, start: int, _end: int, _entry: Entry) -> None:
        if last := self._just_said(start):
            self._opinions[-1] = (max(-_MOST, min(_MOST, last[0] * 3 // 2)), *last[1:])

    def _after_slightly(self, start: int, _end: int, _entry: Entry) -> None:
        if last := self._just_said(start):
            self._opinions[-1] = (last[0] * 2 // 3 if last[0] < 0 else -_MILD, *last[1:])

    def _denied_behind(self, start: int, _end: int, _entry: Entry) -> None:
        self._is_doubtful = True
        if last := self._just_said(start):
            self._opinions[-1] = (-abs(last[0]), *last[1:])
        elif not self._opinions:
            self._is_ironic = True

    def _just_said(self, start: int) -> _Opinion | None:
        """Return the opinion right before a place."""
        return self._opinions[-1] if self._opinions and start - self._opinions[-1][3] <= 1 else None

    def _stop(self, _start: int, end: int, _entry: Entry) -> None:
        self._end_clause(end)
        self._begin_clause(end)
        self._sentence_before, self._sentence = self._sentence, len(self._totals)
        self._after_but = self._is_supposed = False

    def _pause(self, _start: int, end: int, _entry: Entry) -> None:
        self._end_clause(end)
        self._begin_clause(end)

    def _ask(self, _start: int, _end: int, _entry: Entry) -> None:
        self._is_asked = self._is_doubtful = True

    _HANDLERS = (
        _opinion, _aspect_named, _not, _very, _slightly, _but, _though, _wish, _if, _irony, _compared, _nothing,
        _after_very, _after_slightly, _denied_behind, _ask, _stop, _pause, _lack, _soft, _wished, _doubt,
        _mocking, _rescued,
    )  # fmt: skip
    """In the order of `Role`."""


def _tells(opinion: _Opinion) -> bool:
    """Return whether an opinion is more than a hint."""
    return not -_HINT <= opinion[0] <= _HINT


def _found(opinion: _Opinion, dimension: str, text: str, thing: str = "") -> TextFinding:
    weight, _, start, end, core = opinion
    size = weight if weight > 0 else -weight
    strength = 3 if size > _STRONG else 2 if size > _WEAK else 1
    return TextFinding(dimension, 1 if weight > 0 else -1, strength, text[start:end], thing + text[core:end])


def _wanted(opinions: list[_Opinion], start: int, end: int) -> list[_Opinion]:
    """Return what a wish says: what is wanted is missing, unless it is strong praise, as that all goes on so."""
    if any(one[0] >= _VERY for one in opinions):
        return opinions
    kept = [one if one[0] < 0 else (-_HINT, *one[1:]) for one in opinions]
    return kept or [(-_HINT, "", start, end, start)]
