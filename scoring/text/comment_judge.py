"""Judges whole comments: what the lexicon read and every piece of what is written, by their learned weights."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Protocol

from scoring.text.findings import Polarity, TextReading
from scoring.text.pieces import comment_pieces
from scoring.text.scan import Hit
from scoring.text.text_reader import TextReader
from scoring.text.weights import ALERT, BAD, GOOD
from scoring.values import Value

__all__ = ["SENTENCE", "CommentJudge", "CommentVerdict", "SentenceReader"]

SENTENCE = "(sentence)"
"""What is told as the piece that adds what a whole sentence says."""
_SHOWN = 6
"""Pieces told of each output."""
_VOTE, _VOTE_BESIDE_SENTENCES = 40, 150
"""What the lexicon's own verdict adds: what was learned is of the trades that taught it, its words hold everywhere."""
_SCORE, _SCORE_BESIDE_SENTENCES, _MOST = 10, 20, 60
"""Between praise and blame alone: what each tenth of the lexicon's score adds, and the score that counts at most."""
_DOUBT = 50
"""By how much more than blame a read sentence must praise there: of what nothing decides most is a complaint."""
_FLOORS = {1: -100, 2: -100, 3: -1_000_000}
"""From where on a dimension is told that the lexicon found praised or blamed, by how strongly; at the most always."""
_LIKELIEST = -70
"""From where on the likeliest dimension is told, also where each by itself is doubtful."""


class SentenceReader(Protocol):
    """Reads sentences as a whole, other than piece by piece."""

    @property
    def outputs(self) -> Sequence[str]:
        """The names of what it tells of each text."""
        ...

    def sums(self, folded: str) -> Mapping[str, int]:
        """Return what a folded text of any length adds to the sums of outputs."""
        ...


class CommentVerdict(Value):
    """What a comment says as a whole.

    `sums` are the hundredths of log-odds of each output, empty where nothing was learned; `sentence` is what the
    reader of whole sentences has in them, empty without one. `score` decides between praise and blame alone, where a
    set of comments knows nothing in between: above 0 the comment rather praises. `alert` is above 0 where the reader of
    whole sentences finds that somebody should see it today, None where it says nothing of that.
    """

    reading: TextReading
    polarity: Polarity
    dimensions: frozenset[str]
    sums: dict[str, int]
    score: int = 0
    sentence: Mapping[str, int] = {}
    alert: int | None = None


class CommentJudge:
    """Judges by the words of a reader's lexicon, the weights beside them, and a reader of whole sentences if any."""

    def __init__(self, reader: TextReader, sentences: SentenceReader | None = None) -> None:
        self._reader, self._weights, self._sentences = reader, reader.lexicons.weights, sentences

    def judge(self, text: str) -> CommentVerdict:
        """Return what a comment of any length and script says.

        The lexicon alone decides where no weights are, and where the comment has not one letter.
        """
        folded = self._reader.lexicons.fold(text)
        hits = self._reader.hits(folded)
        reading = self._reader.read_hits(text, folded, hits)
        if not self._weights.pieces or _is_wordless(folded, reading):
            return CommentVerdict(reading, reading.polarity, reading.dimensions, {}, reading.score)
        is_plain = reading.polarity != 0 and _knows_all(folded, hits)
        sentence, alert = self._told(folded, is_plain=is_plain)
        pieces = self._weights.of(comment_pieces(folded, reading, hits))
        sums = {name: one + sentence.get(name, 0) for name, one in pieces.items()}
        vote = _VOTE_BESIDE_SENTENCES if sentence else _VOTE
        bad, good = sums[BAD] + vote * (reading.polarity < 0), sums[GOOD] + vote * (reading.polarity > 0)
        polarity: Polarity = 0 if max(bad, good) <= 0 else 1 if good > bad else -1
        about = {name: one for name, one in sums.items() if name not in (BAD, GOOD)}
        floors = dict.fromkeys(_likeliest(about), _LIKELIEST) | _floors(reading)
        dimensions = frozenset(name for name, one in about.items() if one > floors.get(name, 0))
        words = max(-_MOST, min(_MOST, reading.score)) * (_SCORE_BESIDE_SENTENCES if sentence else _SCORE)
        score = sums[GOOD] - sums[BAD] + words - (_DOUBT if sentence else 0)
        return CommentVerdict(reading, polarity, dimensions, sums, score, sentence, alert)

    def _told(self, folded: str, *, is_plain: bool) -> tuple[dict[str, int], int | None]:
        """Return what the whole sentence adds to the sums, nothing to those of a plain one, and whether it alarms."""
        if self._sentences is None or (is_plain and ALERT not in self._sentences.outputs):
            return {}, None
        told = dict(self._sentences.sums(folded))
        alert = told.pop(ALERT, None)
        return {} if is_plain else told, alert

    def reasons(self, verdict: CommentVerdict, text: str) -> dict[str, list[tuple[str, int]]]:
        """Return for polarity and each dimension that holds what adds most to it or takes most from it.

        First what the whole sentence adds, where one is read, as the piece `(sentence)`, then the largest pieces.
        """
        holding = [name for name in verdict.sums if name in (BAD, GOOD) or name in verdict.dimensions]
        folded = self._reader.lexicons.fold(text)
        pieces = comment_pieces(folded, verdict.reading, self._reader.hits(folded))
        whole = {name: [(SENTENCE, one)] for name, one in verdict.sentence.items()}
        return {name: [*whole.get(name, ()), *self._weights.reasons(pieces, name)[:_SHOWN]] for name in holding}


def _is_wordless(folded: str, reading: TextReading) -> bool:
    """Return whether there is neither letter nor sign that tells something; `/` and digits only fill a field."""
    return not any(one.isalpha() for one in folded) and not any(clause.findings for clause in reading.clauses)


def _knows_all(folded: str, hits: Sequence[Hit]) -> bool:
    """Return whether every letter and digit belongs to a word of the lexicon; words and weights judge best then."""
    ends = chain((0,), (end for _, end, _ in hits))
    gaps = zip(ends, chain((begin for begin, _, _ in hits), (len(folded),)), strict=True)
    return not any(one.isalnum() for begin, end in gaps for one in folded[begin:end])


def _likeliest(about: Mapping[str, int]) -> list[str]:
    """Return the dimension of the largest sum, none where weights know none."""
    return [max(about, key=lambda name: about[name])] if about else []


def _floors(reading: TextReading) -> dict[str, int]:
    """Return for each dimension that words praise or blame the sum from which on it is told."""
    found = (one for clause in reading.clauses for one in clause.findings if one.polarity)
    return {one.dimension: _FLOORS[one.strength] for one in sorted(found, key=lambda one: one.strength)}
