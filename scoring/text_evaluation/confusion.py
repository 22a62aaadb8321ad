"""Counts of labels against predictions, and the shares taken from them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from scoring.values import Value

__all__ = ["Confusion", "Hits", "confusion_of", "micro_f1"]


class Hits(Value):
    """How often a class or dimension was found, was found where it was not, and was not found where it was."""

    true: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> Fraction | None:
        """Return the share of what was found that was there, None where nothing was found."""
        return Fraction(self.true, self.true + self.false) if self.true + self.false else None

    @property
    def recall(self) -> Fraction | None:
        """Return the share of what was there that was found, None where nothing was there."""
        return Fraction(self.true, self.true + self.missed) if self.true + self.missed else None

    @property
    def f1(self) -> Fraction:
        """Return 2·TP / (2·TP + FP + FN) (van Rijsbergen, Information Retrieval, 1979), 0 where all are 0."""
        whole = 2 * self.true + self.false + self.missed
        return Fraction(2 * self.true, whole) if whole else Fraction(0)


class Confusion(Value):
    """How often each label was read as each class: `counts[label, predicted]`."""

    classes: tuple[int, ...]
    counts: Mapping[tuple[int, int], int]

    @property
    def n(self) -> int:
        """Return the number of texts."""
        return sum(self.counts.values())

    @property
    def accuracy(self) -> Fraction:
        """Return the share of texts read as they are labelled, 0 of none."""
        right = sum(n for (label, predicted), n in self.counts.items() if label == predicted)
        return Fraction(right, self.n) if self.n else Fraction(0)

    @property
    def macro_f1(self) -> Fraction:
        """Return the mean F1 of the classes that occur, as label or prediction; 0 of none."""
        found = [self.hits(one) for one in self.classes]
        scores = [hits.f1 for hits in found if hits != Hits()]
        return sum(scores, Fraction(0)) / len(scores) if scores else Fraction(0)

    def labelled(self, one: int) -> int:
        """Return the number of texts with a label."""
        return sum(n for (label, _), n in self.counts.items() if label == one)

    def hits(self, one: int) -> Hits:
        """Return how often one class was met."""
        counts = self.counts.items()
        return Hits(
            true=self.counts.get((one, one), 0),
            false=sum(n for (label, predicted), n in counts if predicted == one != label),
            missed=sum(n for (label, predicted), n in counts if label == one != predicted),
        )


def confusion_of(classes: tuple[int, ...], pairs: Iterable[tuple[int, int]]) -> Confusion:
    """Return the counts of pairs of a label and a prediction."""
    counts: dict[tuple[int, int], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return Confusion(classes, counts)


def micro_f1(hits: Iterable[Hits]) -> Fraction:
    """Return the F1 of all dimensions' counts together, each hit counting alike."""
    every = list(hits)
    return Hits(sum(one.true for one in every), sum(one.false for one in every), sum(one.missed for one in every)).f1
