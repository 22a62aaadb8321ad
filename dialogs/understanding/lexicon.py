"""The words that readings are made of, compiled from `config/defaults/words` and the owner's own files."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from dialogs.understanding.folded import Folded, make_spelling
from dialogs.understanding.pattern import Edge, Pattern
from scoring.rules import AlertRule
from scoring.text.alert_phrases import AlertDoubts, Renouncing, any_form_pattern
from scoring.values import Value, field, replace

__all__ = ["Intent", "Kinds", "Lexicon", "WordTables"]

Kinds = frozenset[str]
"""The lists in which a word stands."""

_CACHED = 8192
_RULES = 16
"""Rules whose pattern is kept; a service has one, a trial of settings a few."""
_SHORTEST_SAID_LONGER = 3
_ALERT, _RENOUNCE = "alert.", "renounce."
_IMPORTANCES = range(1, 6)


class Intent(StrEnum):
    """What a customer may want instead of answering; where a text fits several, the first here counts."""

    BACK = "back"
    SKIP = "skip"
    PERSON = "person"
    """To talk to a human being."""
    WHO = "who"
    """To know who asks, and why."""
    END = "end"
    """Not to answer this survey; before STOP, which nobody should find done who has not asked for it."""
    STOP = "stop"
    """Not to be written to any more."""
    THANKS = "thanks"


class WordTables(Value):
    """Words as the files hold them: `lists` by name, `patterns` by intent, `signs` (emoji) by what they tell.

    `simplified` maps traditional characters, `typos` a wrong spelling to the right one, `longer` how some words begin
    to a longer way of saying it.
    """

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: Mapping[Intent, tuple[str, ...]] = field(default_factory=dict)
    simplified: Mapping[str, str] = field(default_factory=dict)
    typos: Mapping[str, str] = field(default_factory=dict)
    longer: Mapping[str, str] = field(default_factory=dict)


_NONE = WordTables()


def _longer(word: str, longer: Mapping[str, str]) -> Iterator[str]:
    """Yield a word as it is said with a longer beginning: 没有修好 for 没修好."""
    for short, long in longer.items():
        if word.startswith(short) and not word.startswith(long) and len(word) >= _SHORTEST_SAID_LONGER:
            yield long + word.removeprefix(short)


def _renouncing(lists: Mapping[str, tuple[str, ...]], compared: Callable[[str], str]) -> Renouncing:
    """Return how alert words are taken back."""
    named = {name.removeprefix(_RENOUNCE): words for name, words in lists.items() if name.startswith(_RENOUNCE)}
    return Renouncing(**{name: tuple(map(compared, words)) for name, words in named.items()})


class Lexicon:
    """Words by their first character, and the patterns of wishes; made once and read by everybody."""

    def __init__(self, tables: WordTables = _NONE, doubts: AlertDoubts | None = None) -> None:
        self._spelling = make_spelling(tables.simplified, tables.typos)
        self._folded: dict[str, str] = {}
        self._kinds = self._kinds_of(tables)
        self._lengths: dict[str, list[int]] = {}
        self._near: dict[tuple[str, int], list[tuple[str, Kinds]]] = {}
        for word, kinds in self._kinds.items():
            self._index(word, kinds)
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)
        self._simplified = {ord(one): other for one, other in tables.simplified.items()}
        fold = AlertRule(simplified=self._simplified).fold
        self._alert_forms = {
            fold(name.removeprefix(_ALERT)): tuple(map(fold, words))
            for name, words in tables.lists.items()
            if name.startswith(_ALERT)
        }
        self._any_forms: dict[frozenset[str], re.Pattern[str] | None] = {}
        self._renouncing, self._doubts = _renouncing(tables.lists, self._compared), doubts
        self.nothing = self._named("nothing")
        self.undo = self._named("undo")
        self.no_importance = self._named("no_importance")
        self.yes, self.no = self._named("clarify.yes"), self._named("clarify.no")
        self.importance = {word: value for value in _IMPORTANCES for word in self._named(f"importance.{value}")}
        self.patterns = tuple((intent, Pattern(text)) for intent in Intent for text in tables.patterns.get(intent, ()))

    def fold(self, text: str) -> Folded:
        """Return a text as it is compared with words."""
        return self._spelling.fold(text)

    def folded_word(self, word: str) -> str:
        """Return a word of a survey as it is compared with texts; remembered, since there are few."""
        known = self._folded.get(word)
        if known is None:
            known = self._compared(word)
            if len(self._folded) < _CACHED:
                self._folded[word] = known
        return known

    def spelled(self, rule: AlertRule) -> AlertRule:
        """Return a rule whose alert words count in both scripts and in all the ways to say them."""
        script = replace(rule, simplified=self._simplified)
        any_form = self._any_form(frozenset(map(script.fold, rule.words)))
        taken_back = replace(script, renouncing=self._renouncing, doubts=self._doubts)
        return replace(taken_back, forms=self._alert_forms, any_form=any_form)

    def kinds(self, word: str) -> Kinds:
        """Return the lists in which a folded word stands."""
        return self._kinds.get(word, frozenset())

    def words_at(self, text: str, start: int) -> Iterator[tuple[str, Kinds]]:
        """Yield the words with which a folded text goes on at an index."""
        for length in self._lengths.get(text[start], ()):
            word = text[start : start + length]
            if len(word) == length and (kinds := self._kinds.get(word)) is not None:
                yield word, kinds

    def wish(self, graph: Sequence[Sequence[Edge]], start: int, end: int | None = None) -> Intent | None:
        """Return the first intent of which a pattern fits the words of a text from `start` to `end`, or to its end."""
        present = frozenset[str]().union(*(edge.kinds for edges in graph[start:end] for edge in edges))
        might = ((intent, pattern) for intent, pattern in self.patterns if pattern.may_fit(present))
        return next((intent for intent, pattern in might if pattern.fits(graph, start, end)), None)

    def near(self, word: str) -> Iterator[tuple[str, Kinds]]:
        """Yield the single words in letters that begin alike and are as long, one letter shorter or longer."""
        for length in range(len(word) - 1, len(word) + 2):
            yield from self._near.get((word[0], length), ())

    def _any_form(self, words: frozenset[str]) -> re.Pattern[str] | None:
        """Return what fits any of these folded words or of all other forms; remembered, since there are thousands."""
        if words not in self._any_forms:
            either = words.union(*self._alert_forms.values()) - {""}
            made = re.compile(any_form_pattern(either)) if either else None
            if len(self._any_forms) >= _RULES:
                self._any_forms.clear()
            self._any_forms[words] = made
        return self._any_forms[words]

    def _index(self, word: str, kinds: Kinds) -> None:
        lengths = self._lengths.setdefault(word[0], [])
        if len(word) not in lengths:
            lengths.append(len(word))
        if word.isascii() and word.isalpha():
            self._near.setdefault((word[0], len(word)), []).append((word, kinds))

    def _named(self, name: str) -> frozenset[str]:
        """Return the words of a list, folded."""
        return frozenset(word for word, kinds in self._kinds.items() if name in kinds)

    def _compared(self, word: str) -> str:
        """Return a word folded; most are plain letters, and there are thousands to read at a start."""
        is_plain = word.isascii() and word.replace(" ", "").isalpha()
        return " ".join((word.lower() if is_plain else self._spelling.folded_word(word)).split())

    def _kinds_of(self, tables: WordTables) -> dict[str, Kinds]:
        found: dict[str, set[str]] = {}
        for name, words in tables.lists.items():
            for word in words if not name.startswith(_RENOUNCE) else ():
                found.setdefault(self._compared(word), set()).add(name)
        said = ((long, names) for word, names in found.items() for long in _longer(word, tables.longer))
        found |= {long: names for long, names in said if long not in found}
        shared: dict[Kinds, Kinds] = {}
        lists = ((word, frozenset(names)) for word, names in found.items() if word)
        return {word: shared.setdefault(names, names) for word, names in lists}
