"""The pieces of a comment that are weighed: characters and words with their neighbours, and what the lexicon read."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from operator import add

from scoring.text.findings import TextReading, sign
from scoring.text.scan import Hit

__all__ = ["comment_pieces", "sentence_pieces"]

_LONGEST = 1000
"""Of a longer comment the first and the last half of so many characters are weighed."""
_LATIN = re.compile("[a-z]+")
_HAN = range(0x3400, 0xA000)
_NO_LATIN = str.maketrans(
    dict.fromkeys("abcdefghijklmnopqrstuvwxyz'’\t\n\r\0", " ") | dict.fromkeys("123456789", "0"),
)
_APOSTROPHES = str.maketrans("", "", "'’`´ʼ")
_STEM = 5
"""Letters by which longer words count as one: charge, charged and charges."""
_AMOUNTS = (1, 8, 15, 20, 30, 45, 60)
_SCORES = (-60, -40, -25, -15, -8, -3, 0, 3, 8, 15, 25, 40, 60)
_MOST = 3
_SHARES = 6
_SIGNS = {1: "+", 0: "o", -1: "-"}
_MOST_WORDS = 100
_STEPS = {"=zh ": 4, "=en ": 10}
"""Characters by which comments are told apart by their length, and how many such steps there are."""
_MOST_STEPS = 12
_ENDS = "。.!！~ "


def comment_pieces(folded: str, reading: TextReading, hits: Sequence[Hit] = ()) -> set[str]:
    """Return the pieces of a comment, each once; those that tell what the lexicon read begin with =zh or =en.

    `hits` are the words of the lexicon in it, of which pairs and triples of what they do are pieces, too.
    """
    if len(folded) > _LONGEST:
        folded = f"{folded[: _LONGEST // 2]} {folded[-_LONGEST // 2 :]}"
    of = "=zh " if _is_chinese(folded) else "=en "
    return _written(folded).union(_read(reading, of), _framed(folded.strip(), of), _done(hits[:_MOST_WORDS], of))


def sentence_pieces(folded: str) -> set[str]:
    """Return the pieces of a sentence that stand in it as written, and how it begins and ends."""
    text = folded.strip()
    return _written(text) | {f"^{text[:2]}", f"{text.rstrip(_ENDS)[-2:]}$"}


def _framed(text: str, of: str) -> Iterator[str]:
    """Yield how long a comment is, and how it begins and ends."""
    yield f"{of}long {min(len(text) // _STEPS[of], _MOST_STEPS)}"
    if text[-1:] in {"?", "？"}:
        yield f"{of}?"
    if of == "=zh ":
        bare = text.rstrip(_ENDS)
        yield from (f"^{text[:1]}", f"^{text[:2]}", f"{bare[-2:]}$", f"{bare[-1:]}$")
        return
    words = _LATIN.findall(text[:_LONGEST].translate(_APOSTROPHES))
    if words:
        yield from (f"^{words[0]}", f"^{' '.join(words[:2])}", f"{' '.join(words[-2:])}$")


def _done(hits: Sequence[Hit], of: str) -> Iterator[str]:
    """Yield what the words of the lexicon do, each, and each with its neighbours."""
    roles = [f"{entry.role:d}{_SIGNS[sign(entry.weight)]}" for _, _, entry in hits]
    pairs = list(map(" ".join, pairwise(roles)))
    yield from (f"{of}does {one}" for one in (*roles, *pairs, *map(" ".join, zip(pairs, roles[2:], strict=False))))


def _is_chinese(text: str) -> bool:
    return not text.isascii() and any(ord(one) in _HAN for one in text)


def _written(text: str) -> set[str]:
    """Return single characters, pairs and triples of neighbours; of Latin letters words, the same of words, stems."""
    plain = text.translate(_NO_LATIN)
    pairs = list(map(add, plain, plain[1:]))
    found = {*plain, *pairs, *map(add, pairs, plain[2:])}
    words = _LATIN.findall(text.translate(_APOSTROPHES))
    if words:
        found.update(words, map(" ".join, pairwise(words)))
        found.update([f"{word[:_STEM]}*" for word in words if len(word) > _STEM])
        apart = list(zip(words, words[2:], strict=False))
        found.update([f"{one} _ {other}" for one, other in apart])
        found.update([f"{one} {word} {other}" for (one, other), word in zip(apart, words[1:], strict=False)])
    return found


def _read(reading: TextReading, of: str) -> Iterator[str]:
    yield from _amounts(min(reading.praise, _AMOUNTS[-1]), min(reading.blame, _AMOUNTS[-1]), of)
    yield from _scores(max(_SCORES[0], min(_SCORES[-1], reading.score)), of)
    yield f"{of}{'mixed' if reading.is_mixed else reading.polarity}{'?' if reading.is_doubtful else '!'}"
    signs = []
    for clause in reading.clauses:
        total = 0
        for one in clause.findings:
            total += one.polarity * one.strength
            if one.dimension:
                yield f"{of}{one.dimension}{_SIGNS[one.polarity]}"
        signs.append("+" if total > 0 else "-" if total < 0 else "o" if clause.findings else ".")
    yield from _order("".join(signs), of)


def _order(signs: str, of: str) -> Iterator[str]:
    """Yield how praise and blame follow each other in the clauses."""
    judged = signs.replace("o", "").replace(".", "")
    yield f"{of}clauses {min(len(signs), _MOST + _MOST)}"
    yield f"{of}begins {signs[:1]}"
    yield f"{of}ends {signs[-1:]}"
    yield f"{of}first {judged[:1]} last {judged[-1:]}"
    praising, blaming = min(judged.count("+"), _MOST), min(judged.count("-"), _MOST)
    yield f"{of}praising {praising}"
    yield f"{of}blaming {blaming}"
    yield f"{of}praising {praising} blaming {blaming}"


@cache
def _amounts(praise: int, blame: int, of: str) -> tuple[str, ...]:
    found = [f"{of}praise {one}" for one in _AMOUNTS if praise >= one]
    found += [f"{of}blame {one}" for one in _AMOUNTS if blame >= one]
    if min(praise, blame) >= _AMOUNTS[1]:
        found.append(f"{of}share {_SHARES * praise // (praise + blame)}")
    return tuple(found)


@cache
def _scores(score: int, of: str) -> tuple[str, ...]:
    return tuple(f"{of}score {one}" for one in _SCORES if score >= one)
