"""The figures of how well labelled texts were read, as a whole and by language, negation and dimension."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from scoring.text_evaluation.baselines import bayes_predictions, majority_class
from scoring.text_evaluation.confusion import Confusion, Hits, confusion_of, micro_f1
from scoring.text_evaluation.labelled import LabelledText, TextJudgement, classes_of, predicted_class
from scoring.values import Value

__all__ = ["Judge", "JudgedFigures", "TextEvaluation", "evaluate_texts"]


class JudgedFigures(Value):
    """What one judge came to: over all texts, over those with a negation, and by language."""

    whole: Confusion
    negated: Confusion
    languages: Mapping[str, Confusion]


class TextEvaluation(Value):
    """The reader's figures, those of its words without the weights, and the baselines'.

    `dimensions` is None where none are labelled, `words` where nobody asked for them.
    """

    reader: JudgedFigures
    majority: JudgedFigures
    bayes: JudgedFigures
    dimensions: Mapping[str, Hits] | None
    words: JudgedFigures | None = None

    @property
    def dimension_f1(self) -> Fraction | None:
        """Return the micro-averaged F1 of all dimensions, None where none are labelled."""
        return None if self.dimensions is None else micro_f1(self.dimensions.values())


Judge = Callable[[str], TextJudgement]
"""What reads one text."""


def evaluate_texts(
    measured: Sequence[LabelledText], others: Sequence[LabelledText], judge: Judge, words: Judge | None = None
) -> TextEvaluation:
    """Return the figures of the measured texts; the baselines learn from the others, else from the other half.

    `words` judges by the lexicon alone.
    """
    classes = classes_of([*measured, *others])
    judged = [judge(one.text) for one in measured]
    majority = majority_class(others or measured)
    by_words = [] if words is None else [predicted_class(words(one.text), classes) for one in measured]
    return TextEvaluation(
        reader=_figures(measured, [predicted_class(one, classes) for one in judged], classes),
        majority=_figures(measured, [majority] * len(measured), classes),
        bayes=_figures(measured, bayes_predictions(measured, others), classes),
        dimensions=_dimension_hits(measured, judged),
        words=_figures(measured, by_words, classes) if by_words else None,
    )


def _figures(texts: Sequence[LabelledText], predicted: Sequence[int], classes: tuple[int, ...]) -> JudgedFigures:
    pairs = list(zip(texts, predicted, strict=True))

    languages: dict[str, list[tuple[LabelledText, int]]] = {}
    for pair in sorted(pairs, key=lambda pair: pair[0].language):
        languages.setdefault(pair[0].language, []).append(pair)
    return JudgedFigures(
        whole=_confusion(classes, pairs),
        negated=_confusion(classes, [pair for pair in pairs if pair[0].negated]),
        languages={language: _confusion(classes, some) for language, some in languages.items()},
    )


def _confusion(classes: tuple[int, ...], pairs: Sequence[tuple[LabelledText, int]]) -> Confusion:
    return confusion_of(classes, ((one.label, read) for one, read in pairs))


def _dimension_hits(texts: Sequence[LabelledText], judged: Sequence[TextJudgement]) -> dict[str, Hits] | None:
    """Return the hits of each dimension, labelled or found, over the texts whose dimensions are labelled."""
    pairs = [
        (one.dimensions, read.dimensions) for one, read in zip(texts, judged, strict=True) if one.dimensions is not None
    ]
    if not pairs:
        return None
    names = sorted({name for label, read in pairs for name in label | read})
    return {
        name: Hits(
            true=sum(name in label and name in read for label, read in pairs),
            false=sum(name in read and name not in label for label, read in pairs),
            missed=sum(name in label and name not in read for label, read in pairs),
        )
        for name in names
    }
