"""The words by which comments are read: values made by `config`, each word with one meaning."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from unicodedata import normalize

from scoring.text.weights import Weights
from scoring.values import Value, field, replace

__all__ = ["Entry", "Lexicons", "Role"]


class Role(IntEnum):
    """What a word does in a clause."""

    OPINION = 0
    """Praises or blames by its weight."""
    ASPECT = 1
    """Names what the clause is about."""
    NOT = 2
    VERY = 3
    SLIGHTLY = 4
    BUT = 5
    """Begins what counts more than what stood before."""
    THOUGH = 6
    """Begins what counts less than what follows."""
    WISH = 7
    """Begins what is wanted and was not had."""
    IF = 8
    IRONY = 9
    COMPARED = 10
    """Stands between a negation and what is denied, however far: 没有想象中那么好."""
    NEITHER = 11
    """Says nothing, and hides words in it that would: 不得不, 好像."""
    AFTER_VERY = 12
    AFTER_SLIGHTLY = 13
    DENIED = 14
    """Behind praise, turns it: 好个屁."""
    ASK = 15
    STOP = 16
    """Ends a sentence."""
    PAUSE = 17
    """Ends a clause."""
    LACKS = 18
    """A negation that blames also where nothing known follows: 没送餐具."""
    SOFT = 19
    """Praise that only intensifies right before an opinion: 好慢."""
    WISHED = 20
    """Behind what is wanted: 多给点就好了."""
    DOUBTS = 21
    """A negation of praise only, in a rhetorical question: 怎么可能满意; blames also where nothing known follows."""
    MOCKING = 22
    """Praise that is mockery where the rest of the comment blames and no contrast leads there: 效率真高，等了十天."""
    RESCUED = 23
    """Begins how it ended: where that is praise, the blame before does not count."""


class Entry(Value):
    """One word: its role, its weight in tenths of −30 to 30, and the dimension that it is about, empty for none."""

    role: Role
    weight: int = 0
    dimension: str = ""


class Lexicons(Value, eq=False):
    """Words in simplified characters and lower case with their entries, and the characters that are read as others.

    `simplified` maps single characters to single ones: a text keeps its length, and places in it hold. `weights` are
    those by which comments are judged as a whole. Compared by identity: what is made of fifty thousand words, which
    takes a tenth of a second, is kept for those that were used last.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    simplified: Mapping[int, int] = field(default_factory=dict)
    weights: Weights = Weights()

    def fold(self, text: str) -> str:
        """Return the text in lower case, half width and simplified characters, as long as it was."""
        lowered = text.lower()
        if len(lowered) != len(text):  # İ becomes two characters
            lowered = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
        return lowered if lowered.isascii() else lowered.translate(self.simplified)

    def with_phrases(self, phrases: Iterable[tuple[str, str, int]]) -> "Lexicons":
        """Return these with further phrases: (phrase, dimension, polarity of −1, 0 or 1); a phrase replaces a word."""
        added = {self.key(phrase): _mapped(dimension, polarity) for phrase, dimension, polarity in phrases}
        return replace(self, entries={**self.entries, **added}) if added else self

    def known(self, phrase: str) -> tuple[str, int] | None:
        """Return dimension and polarity of a phrase that has an entry of its own, None for any other."""
        entry = self.entries.get(self.key(phrase))
        if entry is None or entry.role not in (Role.OPINION, Role.ASPECT, Role.SOFT):
            return None
        return entry.dimension, (entry.weight > 0) - (entry.weight < 0)

    @property
    def digest(self) -> str:
        """A stable hexadecimal number that differs where any word or weight differs."""
        return _digest(self)

    def key(self, phrase: str) -> str:
        """Return a phrase as entries are named: folded, with single spaces."""
        return " ".join(self.fold(normalize("NFKC", phrase)).split())


@lru_cache(maxsize=1)
def _digest(lexicons: Lexicons) -> str:
    rows = sorted(f"{word}\t{one.role:d}\t{one.weight}\t{one.dimension}" for word, one in lexicons.entries.items())
    return sha256("\n".join([lexicons.weights.digest, *rows]).encode()).hexdigest()[:16]


def _mapped(dimension: str, polarity: int) -> Entry:
    return Entry(Role.OPINION, 20 * polarity, dimension) if polarity else Entry(Role.ASPECT, 0, dimension)
