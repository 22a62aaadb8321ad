"""Two judges that a reader of text has to beat: the most frequent label, and naive Bayes over neighbouring words.

Bayes is learnt from labels, which a lexicon is not; it never judges a text that it has learnt from.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log

from scoring.text_evaluation.labelled import LabelledText
from scoring.values import Value

__all__ = ["bayes_predictions", "majority_class"]

_TOKENS = re.compile("[a-z0-9']+|[^\\sa-z0-9']")


class _Bayes(Value):
    """What was learnt: log shares of the classes; of each token and pair of tokens, in how many texts of each class."""

    priors: Mapping[int, float]
    seen: Mapping[int, Counter[str]]
    totals: Mapping[int, int]
    vocabulary: int


def majority_class(texts: Sequence[LabelledText]) -> int:
    """Return the most frequent label, the lowest of several; 1 where there is none."""
    counts = Counter(one.label for one in texts)
    return min(counts, key=lambda label: (-counts[label], label)) if counts else 1


def bayes_predictions(measured: Sequence[LabelledText], others: Sequence[LabelledText]) -> list[int]:
    """Return the class of each measured text by what the others teach.

    Where there are no others, each half of the measured is judged by what the other half teaches: odd rows, even rows.
    """
    if others:
        learnt = _learnt(others)
        return [_predicted(learnt, one.text) for one in measured]
    halves = [_learnt([one for one in measured if one.row % 2 != side]) for side in (0, 1)]
    return [_predicted(halves[one.row % 2], one.text) for one in measured]


def _features(text: str) -> Iterator[str]:
    """Yield the words (each Han character is one) and the pairs of neighbours of a text, each once."""
    tokens = _TOKENS.findall(text.casefold())
    yield from dict.fromkeys([*tokens, *map(" ".join, pairwise(tokens))])


def _learnt(texts: Sequence[LabelledText]) -> _Bayes:
    """Return the counts, add-one smoothed (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 13.2)."""
    labels = Counter(one.label for one in texts)
    seen: dict[int, Counter[str]] = {label: Counter() for label in labels}
    for one in texts:
        seen[one.label].update(_features(one.text))
    vocabulary = len({token for counts in seen.values() for token in counts})
    priors = {label: log(n / len(texts)) for label, n in labels.items()}
    return _Bayes(priors, seen, {label: counts.total() for label, counts in seen.items()}, vocabulary + 1)


def _predicted(learnt: _Bayes, text: str) -> int:
    features = list(_features(text))

    def likelihood(label: int) -> float:
        counts, whole = learnt.seen[label], learnt.totals[label] + learnt.vocabulary
        return learnt.priors[label] + sum(log((counts[token] + 1) / whole) for token in features)

    return max(sorted(learnt.priors), key=likelihood, default=1)
