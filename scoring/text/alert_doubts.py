"""Whether a sentence with an alert word rather asks for nothing, by what labelled sentences have taught.

A joke, something settled, what somebody else means: the lists by which words are taken back know the usual turns of
phrase, weights of the pieces of a sentence many more.
"""

from scoring.text.pieces import sentence_pieces
from scoring.text.weights import ALERT, Weights
from scoring.values import Value

__all__ = ["AlertDoubts"]

_LONGEST = 200
"""Characters of a text that may be doubted: what taught was shorter, and of a longer one a part may be meant."""
_SURE = -300
"""Hundredths of log-odds: where less than one in twenty such sentences needs somebody."""


class AlertDoubts(Value, eq=False):
    """The weights of pieces, and the folded `forms` of alert words by which they were learned: no other is doubted."""

    weights: Weights
    forms: frozenset[str]

    def denies(self, folded: str) -> bool:
        """Return whether a folded text is surely none that somebody should see today."""
        return len(folded) <= _LONGEST and self.weights.of(sentence_pieces(folded))[ALERT] < _SURE
