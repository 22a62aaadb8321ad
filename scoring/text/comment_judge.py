"""Judges whole comments: what the lexicon read and every piece of what is written, by their learned weights."""

from scoring.text.findings import Polarity, TextReading
from scoring.text.pieces import comment_pieces
from scoring.text.text_reader import TextReader
from scoring.text.weights import BAD, GOOD
from scoring.values import Value

__all__ = ["CommentJudge", "CommentVerdict"]

_SHOWN = 6
"""Pieces told of each output."""
_PLAIN, _DOUBTED = 150, 100
"""What the lexicon's own verdict adds where nothing, and where something puts it in doubt.

What was learned is of the trades that taught it; words of praise and blame hold everywhere.
"""
_FLOORS = {1: -100, 2: -100, 3: -1_000_000}
"""From where on a dimension is told that the lexicon found praised or blamed, by how strongly; at the most always."""


class CommentVerdict(Value):
    """What a comment says as a whole.

    `sums` are the hundredths of log-odds of each output, empty where nothing was learned. Between praise and blame
    alone the score of the reading decides: what was learned elsewhere made that worse on reviews of another trade.
    """

    reading: TextReading
    polarity: Polarity
    dimensions: frozenset[str]
    sums: dict[str, int]


class CommentJudge:
    """Judges by the words of a reader's lexicon and the weights that lie beside them."""

    def __init__(self, reader: TextReader) -> None:
        self._reader, self._weights = reader, reader.lexicons.weights

    def judge(self, text: str) -> CommentVerdict:
        """Return what a comment of any length and script says; the lexicon alone decides where no weights are."""
        reading = self._reader.read(text)
        if not self._weights.pieces:
            return CommentVerdict(reading, reading.polarity, reading.dimensions, {})
        sums = self._weights.of(comment_pieces(self._reader.lexicons.fold(text), reading))
        vote = _DOUBTED if reading.is_doubtful else _PLAIN
        bad = sums[BAD] + vote * (reading.polarity < 0)
        good = sums[GOOD] + vote * (reading.polarity > 0)
        polarity: Polarity = 0 if max(bad, good) <= 0 else 1 if good > bad else -1
        floors = _floors(reading)
        dimensions = frozenset(name for name, one in sums.items() if one > floors.get(name, 0))
        return CommentVerdict(reading, polarity, dimensions - {BAD, GOOD}, sums)

    def reasons(self, verdict: CommentVerdict, text: str) -> dict[str, list[tuple[str, int]]]:
        """Return for polarity and each dimension that holds the pieces that add most to it or take most from it."""
        holding = [name for name, one in verdict.sums.items() if one > 0 or name in (BAD, GOOD)]
        pieces = comment_pieces(self._reader.lexicons.fold(text), verdict.reading)
        return {name: self._weights.reasons(pieces, name)[:_SHOWN] for name in holding}


def _floors(reading: TextReading) -> dict[str, int]:
    """Return for each dimension that words praise or blame the sum from which on it is told."""
    found = (one for clause in reading.clauses for one in clause.findings if one.polarity)
    return {one.dimension: _FLOORS[one.strength] for one in sorted(found, key=lambda one: one.strength)}
