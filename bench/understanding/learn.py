"""Learns the weights by which comments are judged, from labelled comments: `config/defaults/text/learned.tsv`.

`.venv/bin/python -m bench.understanding.learn` writes the file; `--try` prints what five parts of the texts come to,
each judged by weights of the other four. Needs what `make proof` installs. Texts: `tests/text/training`, and the open
part of `tests/text/labelled`; never the held-out part.
"""

import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from bench.understanding.regression import Array, Marks, fitted_classes, fitted_labels
from bot.cli.text.labelled_file import read_labelled
from config.text.learned_weights import SHIPPED_WEIGHTS, START, VERSION
from config.text.load import load_lexicons
from scoring.text.pieces import comment_pieces
from scoring.text.text_reader import TextReader
from scoring.text.weights import BAD, GOOD, MOST
from scoring.text_evaluation.labelled import LabelledText, is_held_out

__all__ = ["DIMENSIONS", "Learned", "labelled_texts", "learned", "learned_file", "pieces_of"]

_TEXTS = Path(__file__).parents[2] / "tests" / "text"
_LEAST = 2
"""Texts in which a piece must stand."""
_PENALTY, _DIMENSION_PENALTY = 2.0, 1.0
_READ, _PAIR = 0.5, 3
"""The size for polarity of pieces that tell what the lexicon read: a small one keeps weights small. They are longer."""
_SMALLEST = 6
"""Hundredths of log-odds that are kept."""
_PARTS = 5
DIMENSIONS = (
    "response_speed", "solving_result", "attitude", "professionalism", "convenience", "communication", "after_care",
    "product_quality", "fee", "parts", "privacy", "safety",
)  # fmt: skip
_READY = 0.3
"""The chance from which on a dimension is told: one too many costs less than one that is missed."""
_CLASSES = (-1, 0, 1)
Learned = tuple[list[str], Array, Array]
"""Pieces, their weights for each output, and the start."""


def labelled_texts() -> list[LabelledText]:
    """Return what is learned from; of two with the same words the first."""
    names = [*sorted((_TEXTS / "training").glob("*.jsonl")), *(_TEXTS / "labelled" / f"{one}.jsonl" for one in _OPEN)]
    texts = [one for name in names for one in read_labelled(name)]
    return list({one.text: one for one in texts if one.id.startswith("train-") or not is_held_out(one.id)}.values())


_OPEN = ("zh_hans", "zh_hant", "en")


def pieces_of(texts: Sequence[LabelledText]) -> list[set[str]]:
    """Return the pieces of texts by the shipped lexicon."""
    reader = TextReader(load_lexicons())
    return [comment_pieces(reader.lexicons.fold(one.text), reader.read(one.text)) for one in texts]


def learned(texts: Sequence[LabelledText], pieces: Sequence[set[str]]) -> Learned:
    """Return the weights of the pieces for blame, praise (each against neither) and the dimensions."""
    marks = Marks(pieces, _LEAST)
    sizes = np.array([_READ if name[:1] == "=" and len(name) > _PAIR else 1.0 for name in marks.names])
    rows = marks.rows(pieces, sizes)
    labels = np.array([[float(one.label == name) for name in _CLASSES] for one in texts])
    weights, start = fitted_classes(rows, labels, _PENALTY)
    about = np.array([[float(name in (one.dimensions or ())) for name in DIMENSIONS] for one in texts])
    named, rare = fitted_labels(marks.rows(pieces, np.ones(len(sizes))), about, _DIMENSION_PENALTY)
    against = weights[:, [0, 2]] - weights[:, [1]]
    rare = rare - np.log(_READY / (1 - _READY))
    return marks.names, np.hstack([against * sizes[:, None], named]), np.hstack([start[[0, 2]] - start[1], rare])


def learned_file(found: Learned, texts: Sequence[LabelledText]) -> str:
    """Return the file of weights, in whole hundredths."""
    names, weights, start = found
    of = sha256("\n".join(sorted(one.text for one in texts)).encode()).hexdigest()[:16]
    lines = [VERSION, f"# learned from {len(texts)} comments ({of}) by bench/understanding/learn.py", ""]
    lines[-1] = "\t".join(["piece", BAD, GOOD, *DIMENSIONS])
    for name, row in zip([START, *names], np.vstack([start, weights]), strict=True):
        numbers = [int(one) for one in np.clip(np.rint(row * 100), -MOST, MOST)]
        kept = [str(one) if abs(one) >= _SMALLEST or name == START else "" for one in numbers]
        if any(kept):
            lines.append("\t".join([name, *kept]).rstrip("\t"))
    return "\n".join([*lines, ""])


def _tried(texts: Sequence[LabelledText], pieces: Sequence[set[str]]) -> None:
    """Print the figures of texts that are judged by weights learned from others."""
    parts = np.array([int(sha256(one.text.encode()).hexdigest(), 16) % _PARTS for one in texts])
    sums = np.zeros((len(texts), 2 + len(DIMENSIONS)))
    for part in range(_PARTS):
        those, rest = np.flatnonzero(parts == part).tolist(), np.flatnonzero(parts != part).tolist()
        names, weights, start = learned([texts[one] for one in rest], [pieces[one] for one in rest])
        sums[those] = _sums(names, weights, start, [pieces[one] for one in those])
    polarity = np.where(sums[:, :2].max(1) <= 0, 0, np.where(sums[:, 1] > sums[:, 0], 1, -1))
    right = polarity == np.array([one.label for one in texts])
    about = np.array([[name in (one.dimensions or ()) for name in DIMENSIONS] for one in texts])
    is_open = np.array([not one.id.startswith("train-") for one in texts])
    for name, some in (
        ("all", is_open | True), ("open part", is_open), ("negation", np.array([one.negated for one in texts])),
        *((one, np.array([text.language == one for text in texts])) for one in sorted({one.language for one in texts})),
    ):  # fmt: skip
        hits = (about & (sums[:, 2:] > 0))[some].sum()
        both = about[some].sum() + (sums[some, 2:] > 0).sum()
        print(f"{name:10} n {some.sum():5} polarity {right[some].mean():.3f} dimensions {2 * hits / both:.3f}")


def _sums(names: list[str], weights: Array, start: Array, pieces: Sequence[set[str]]) -> Array:
    places = {name: place for place, name in enumerate(names)}
    found: Array = np.array([weights[[places[one] for one in text if one in places]].sum(0) + start for text in pieces])
    return found


if __name__ == "__main__":
    known = labelled_texts()
    weighed = pieces_of(known)
    if "--try" in sys.argv:
        _tried(known, weighed)
    else:
        SHIPPED_WEIGHTS.write_text(learned_file(learned(known, weighed), known), "utf-8")
