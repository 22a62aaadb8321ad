"""Finds the phrases that people use again and again, without any dictionary: cohesion inside, freedom at both ends.

For every sequence of up to nine Chinese characters or four words: pointwise mutual information over the split at
which its parts hold together worst (Church and Hanks 1990, Computational Linguistics 16, 22-29; the worst split as in
Bouma 2009, GSCL 31-40), and the lesser of the entropies of what stands left and right of it (branching entropy: Jin and
Tanaka-Ishii 2006, COLING/ACL 428-435). A phrase holds together, and anything may stand beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import log

from scoring.values import Value

__all__ = ["MinedPhrase", "MiningRules", "PhraseCounts", "as_written", "mined_phrases"]

_HAN, _WORDS = 9, 4
"""The longest phrase, in characters and in words."""
_PIECE = 2
"""Characters of a word that, where it ends with one of `edges`, needs more behind it."""
_COUNTED = 4
"""Characters of a phrase that begins with a numeral, up to which it only counts something."""
_IDEOGRAPHS = range(0x3400, 0xA000)
_BLANK = " "
_SPLITS = {True: "", False: _BLANK}
Gram = tuple[str, ...]


class MiningRules(Value):
    """What a phrase must have to be proposed: people who used it, cohesion in nats, freedom at each end in nats.

    None begins or ends with the characters `edges`, but for those of `last` at its end, or with the words `small`; none
    is one of the words `empty`, or a count: a few characters behind one of the `numerals`. What begins with `begins` or
    ends with `ends` is a piece of what was written.
    """

    edges: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    numerals: frozenset[str] = frozenset()
    begins: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    people: int = 5
    cohesion: float = 2.0
    freedom: float = 0.6
    most: int = 200


def as_written(phrase: str, rules: MiningRules) -> str:
    """Return a phrase with an ellipsis where it goes on, such as `等了一个…`: a word by itself, or a piece of more."""
    is_short = len(phrase) <= _PIECE and phrase[-1:] in rules.edges
    before = "…" if phrase[:1] in rules.begins else ""
    return f"{before}{phrase}{'…' if is_short or phrase[-1:] in rules.ends else ''}"


class MinedPhrase(Value):
    """A phrase, how often it was used and by how many people, how well it holds together, how freely it is used."""

    text: str
    uses: int
    people: int
    cohesion: float
    freedom: float

    @property
    def rank(self) -> float:
        """Return by what phrases are ordered: whatever more people use, holds together better, and stands freer."""
        return log(self.people + 1) * (self.cohesion + self.freedom)


class PhraseCounts:
    """How often each sequence was used; people are added one by one, in any order, and never more than once.

    Its memory is linear in the text: at most ten sequences for each character, five for each word.
    """

    def __init__(self) -> None:
        self.uses: Counter[Gram] = Counter()
        self.people: Counter[Gram] = Counter()
        self.tokens: Counter[bool] = Counter()
        """How many characters (True) and words (False) there are in all."""

    def add(self, texts: Iterable[str]) -> None:
        """Count what one person wrote; the texts are folded as the reader folds them: same width, case and script."""
        theirs: Counter[Gram] = Counter()
        for text in texts:
            for is_han, run in _runs(text):
                self.tokens[is_han] += len(run)
                theirs.update(_grams(run, _longest(is_han) + 1))
        self.uses.update(theirs)
        self.people.update(theirs.keys())


def mined_phrases(counts: PhraseCounts, rules: MiningRules) -> list[MinedPhrase]:
    """Return the phrases that the rules let through, the best first; the same counts always give the same list."""
    often = [gram for gram, people in counts.people.items() if people >= rules.people and _may_be(gram, rules)]
    beside = _beside(counts.uses, set(often))
    found = [phrase for gram in often if (phrase := _mined(gram, counts, beside[gram], rules)) is not None]
    found.sort(key=lambda one: (-one.rank, one.text))
    return _without_parts(found)[: rules.most]


def _runs(text: str) -> Iterator[tuple[bool, Gram]]:
    """Yield the unbroken runs of Chinese characters, and those of words of letters, of a text."""
    for kind, several in groupby(text, _kind):
        if kind == "han":
            yield True, tuple(several)
        elif kind == "word" and (words := tuple("".join(several).casefold().split())):
            yield False, words


def _kind(char: str) -> str:
    if ord(char) in _IDEOGRAPHS:
        return "han"
    return "word" if char.isalpha() or char in " '’" else ""


def _longest(is_han: bool) -> int:  # noqa: FBT001 (which of two scripts)
    return _HAN if is_han else _WORDS


def _grams(run: Gram, longest: int) -> Iterator[Gram]:
    for start in range(len(run)):
        for end in range(start + 1, min(start + longest, len(run)) + 1):
            yield run[start:end]


def _is_han(gram: Gram) -> bool:
    return _kind(gram[0][0]) == "han"


def _may_be(gram: Gram, rules: MiningRules) -> bool:
    """Return whether a sequence is of a length and with ends that a phrase may have."""
    first, last = gram[0], gram[-1]
    is_han = _is_han(gram)
    if not 2 <= len(gram) <= _longest(is_han):  # noqa: PLR2004 (one alone is a word)
        return False
    if is_han:
        is_count = first in rules.numerals and len(gram) <= _COUNTED
        may_end = last not in rules.edges or last in rules.last
        return first not in rules.edges and may_end and not is_count and "".join(gram) not in rules.empty
    return first not in rules.small and last not in rules.small


def _beside(uses: Mapping[Gram, int], wanted: set[Gram]) -> Mapping[Gram, tuple[list[int], list[int]]]:
    """Return how often each wanted sequence has which neighbour on the left and on the right."""
    found: defaultdict[Gram, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for gram, number in uses.items():
        if len(gram) > 2:  # noqa: PLR2004 (a sequence of two or more with a neighbour)
            if (inner := gram[1:]) in wanted:
                found[inner][0].append(number)
            if (inner := gram[:-1]) in wanted:
                found[inner][1].append(number)
    return found


def _mined(
    gram: Gram, counts: PhraseCounts, beside: tuple[Sequence[int], Sequence[int]], rules: MiningRules
) -> MinedPhrase | None:
    uses, is_han = counts.uses[gram], _is_han(gram)
    cohesion, freedom = _cohesion(gram, counts, counts.tokens[is_han]), min(_entropy(each, uses) for each in beside)
    if cohesion < rules.cohesion or freedom < rules.freedom:
        return None
    return MinedPhrase(_SPLITS[is_han].join(gram), uses, counts.people[gram], round(cohesion, 6), round(freedom, 6))


def _cohesion(gram: Gram, counts: PhraseCounts, tokens: int) -> float:
    """Return log(p(gram) / (p(left) p(right))) over the split at which that is least."""
    parts = (counts.uses[gram[:place]] * counts.uses[gram[place:]] for place in range(1, len(gram)))
    return log(counts.uses[gram] * tokens / max(parts))


def _entropy(neighbours: Sequence[int], uses: int) -> float:
    """Return the entropy of the neighbours; each use without one, at an end of a clause, counts as one of its own."""
    alone = uses - sum(neighbours)
    return sum(number / uses * log(uses / number) for number in neighbours) + alone / uses * log(uses)


def _without_parts(found: Sequence[MinedPhrase]) -> list[MinedPhrase]:
    """Remove what mostly stands inside of a longer phrase, and what only adds something to a better, shorter one."""
    holding: defaultdict[str, list[MinedPhrase]] = defaultdict(list)
    texts = {one.text for one in found}
    for one in found:
        for part in _parts(one.text) & texts:
            holding[part].append(one)
    dropped: set[str] = set()
    for one in found:
        for longer in holding[one.text]:
            is_inside = longer.uses * 2 >= one.uses
            if is_inside or longer.cohesion < one.cohesion:
                dropped.add(one.text if is_inside else longer.text)
    return [one for one in found if one.text not in dropped]


def _parts(text: str) -> set[str]:
    """Return every shorter phrase within a phrase."""
    units = text.split(_BLANK) if _BLANK in text else list(text)
    between = _BLANK if _BLANK in text else ""
    ends = range(len(units) + 1)
    return {between.join(units[one:other]) for one in ends for other in ends if one < other} - {text}
