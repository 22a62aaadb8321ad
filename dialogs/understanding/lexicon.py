"""The words that readings are made of, compiled from `config/defaults/words` and the owner's own files."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from dialogs.understanding.folded import Folded, make_spelling
from dialogs.understanding.pattern import Pattern
from scoring.values import Value, field

__all__ = ["Intent", "Kinds", "Lexicon", "WordTables"]

Kinds = frozenset[str]
"""The lists in which a word stands."""

_CACHED = 8192


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

    `simplified` maps traditional characters, `typos` a wrong spelling to the right one.
    """

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: Mapping[Intent, tuple[str, ...]] = field(default_factory=dict)
    simplified: Mapping[str, str] = field(default_factory=dict)
    typos: Mapping[str, str] = field(default_factory=dict)


_NONE = WordTables()


class Lexicon:
    """Words by their first character, and the patterns of wishes; made once and read by everybody."""

    def __init__(self, tables: WordTables = _NONE) -> None:
        self._spelling = make_spelling(tables.simplified, tables.typos)
        self._folded: dict[str, str] = {}
        self._kinds = self._kinds_of(tables)
        self._by_first: dict[str, list[tuple[str, Kinds]]] = {}
        for word, kinds in self._kinds.items():
            self._by_first.setdefault(word[0], []).append((word, kinds))
        self.nothing = self._named("nothing")
        self.undo = self._named("undo")
        self.patterns = tuple((intent, Pattern(text)) for intent in Intent for text in tables.patterns.get(intent, ()))

    def fold(self, text: str) -> Folded:
        """Return a text as it is compared with words."""
        return self._spelling.fold(text)

    def folded_word(self, word: str) -> str:
        """Return a word of a survey or a list as it is compared with texts; remembered, since there are few."""
        known = self._folded.get(word)
        if known is None:
            known = " ".join(self.fold(word).text.split())
            if len(self._folded) < _CACHED:
                self._folded[word] = known
        return known

    def kinds(self, word: str) -> Kinds:
        """Return the lists in which a folded word stands."""
        return self._kinds.get(word, frozenset())

    def words_at(self, text: str, start: int) -> Iterator[tuple[str, Kinds]]:
        """Yield the words with which a folded text goes on at an index."""
        for word, kinds in self._by_first.get(text[start], ()):
            if text.startswith(word, start):
                yield word, kinds

    def words(self) -> Iterator[tuple[str, Kinds]]:
        """Yield all words, folded."""
        yield from self._kinds.items()

    def _named(self, name: str) -> frozenset[str]:
        """Return the words of a list, folded."""
        return frozenset(word for word, kinds in self._kinds.items() if name in kinds)

    def _kinds_of(self, tables: WordTables) -> dict[str, Kinds]:
        found: dict[str, set[str]] = {}
        for name, words in tables.lists.items():
            for word in words:
                found.setdefault(self.folded_word(word), set()).add(name)
        return {word: frozenset(names) for word, names in found.items() if word}
