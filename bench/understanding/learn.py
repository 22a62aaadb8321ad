"""Learns the weights by which comments are judged, from labelled comments: `config/defaults/text/learned.tsv`.

`.venv/bin/python -m bench.understanding.learn` writes the file; `--try` prints what five parts of the texts come to,
each judged by weights of the other four, `--try 1` the first part alone. Needs what `make proof` installs. Texts:
`tests/text/training`, the open part of `tests/text/labelled`, and reviews of other people, fetched by
`requirements/teaching`; never the held-out part.
"""

import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from bench.understanding.elsewhere import elsewhere_texts
from bench.understanding.regression import Array, Marks, fitted_classes, fitted_labels
from bot.cli.text.labelled_file import read_labelled
from config.text.load import load_lexicons
from config.weight_table import SHIPPED_WEIGHTS, START, VERSION
from scoring.text.comment_judge import CommentJudge, CommentVerdict
from scoring.text.pieces import comment_pieces
from scoring.text.text_reader import TextReader
from scoring.text.weights import BAD, GOOD, MOST, PieceTable, Weights, packed
from scoring.text_evaluation.labelled import LabelledText, is_held_out
from scoring.values import Value, replace

__all__ = [
    "DIMENSIONS", "Learned", "Taught", "as_weights", "is_generous", "labelled_texts", "learned", "learned_file",
    "print_groups", "taught",
]  # fmt: skip

_TEXTS = Path(__file__).parents[2] / "tests" / "text"
_LEAST, _LEAST_ELSEWHERE = 3, 8
"""Comments in which a piece must stand, or reviews of other people."""
_ELSEWHERE = 0.1
"""How much such a review counts beside a comment: it has two labels only, and is of another trade."""
_PENALTY, _DIMENSION_PENALTY = 2.0, 1.0
_READ, _PAIR = 0.5, 3
"""The size for polarity of pieces that tell what the lexicon read: a small one keeps weights small. They are longer."""
_SMALLEST = 12
"""Hundredths of log-odds that are kept."""
_PARTS = 5
DIMENSIONS = (
    "response_speed", "solving_result", "attitude", "professionalism", "convenience", "communication", "after_care",
    "product_quality", "fee", "parts", "privacy", "safety",
)  # fmt: skip
_READY = 0.4
"""The chance from which on a dimension is told: one too many costs less than one that is missed."""
_GENEROUS = {
    "train-zh-hans": range(4718, 12941),
    "train-zh-hant": range(810, 3461),
    "train-en": range(4120, 17254),
}
"""Comments that have more dimensions than labelled ones; they count `_LATER` for them."""
_LATER = 0.5
_CLASSES = (-1, 0, 1)
Learned = tuple[list[str], Array, Array]
"""Pieces, their weights for each output, and the start."""


def labelled_texts() -> list[LabelledText]:
    """Return what is learned from; of two with the same words the first."""
    names = [*sorted((_TEXTS / "training").glob("*.jsonl")), *(_TEXTS / "labelled" / f"{one}.jsonl" for one in _OPEN)]
    texts = [one for name in names for one in read_labelled(name)]
    return list({one.text: one for one in texts if one.id.startswith("train-") or not is_held_out(one.id)}.values())


_OPEN = ("zh_hans", "zh_hant", "en")


class Taught(Value):
    """Texts, and the pieces of each."""

    texts: Sequence[LabelledText]
    pieces: Sequence[set[str]]

    def some(self, part: int, *, without: bool) -> "Taught":
        """Return a fifth of the texts, or all others."""
        kept = [place for place, one in enumerate(self.texts) if (_part(one) == part) != without]
        return Taught([self.texts[place] for place in kept], [self.pieces[place] for place in kept])


def taught(texts: Sequence[LabelledText]) -> Taught:
    """Return texts with their pieces by the shipped lexicon."""
    reader = TextReader(load_lexicons())

    def pieces(text: str) -> set[str]:
        folded = reader.lexicons.fold(text)
        hits = reader.hits(folded)
        return comment_pieces(folded, reader.read_hits(text, folded, hits), hits)

    return Taught(texts, [pieces(one.text) for one in texts])


def learned(comments: Taught, elsewhere: Taught) -> Learned:
    """Return the weights of the pieces for blame, praise (each against neither) and the dimensions."""
    marks = Marks((comments.pieces, _LEAST), (elsewhere.pieces, _LEAST_ELSEWHERE))
    sizes = np.array([_READ if name[:1] == "=" and len(name) > _PAIR else 1.0 for name in marks.names])
    every = [*comments.texts, *elsewhere.texts]
    labels = np.array([[float(one.label == name) for name in _CLASSES] for one in every])
    own = np.arange(len(every)) < len(comments.texts)
    asked = np.where(own[:, None], 1.0, np.array([1.0, 0.0, 1.0]))
    rows = marks.rows([*comments.pieces, *elsewhere.pieces], sizes)
    weights, start = fitted_classes(rows, labels, _PENALTY, asked, np.where(own, 1.0, _ELSEWHERE))
    about = np.array([[float(name in (one.dimensions or ())) for name in DIMENSIONS] for one in comments.texts])
    counts = np.array([_LATER if is_generous(one) else 1.0 for one in comments.texts])
    named, rare = fitted_labels(marks.rows(comments.pieces, np.ones(len(sizes))), about, _DIMENSION_PENALTY, counts)
    against = weights[:, [0, 2]] - weights[:, [1]]
    rare = rare - np.log(_READY / (1 - _READY))
    return marks.names, np.hstack([against * sizes[:, None], named]), np.hstack([start[[0, 2]] - start[1], rare])


def is_generous(one: LabelledText) -> bool:
    """Return whether a comment was written when more dimensions were named than labelled comments have."""
    name, _, number = one.id.rpartition("-")
    return name in _GENEROUS and int(number) in _GENEROUS[name]


def learned_file(found: Learned, texts: Sequence[LabelledText]) -> str:
    """Return the file of weights, in whole hundredths."""
    names, weights, start = found
    of = sha256("\n".join(sorted(one.text for one in texts)).encode()).hexdigest()[:16]
    lines = [VERSION, f"# learned from {len(texts)} texts ({of}) by bench/understanding/learn.py", ""]
    lines[-1] = "\t".join(["piece", BAD, GOOD, *DIMENSIONS])
    for name, row in zip([START, *names], np.vstack([start, weights]), strict=True):
        numbers = [int(one) for one in np.clip(np.rint(row * 100), -MOST, MOST)]
        kept = [str(one) if abs(one) >= _SMALLEST or name == START else "" for one in numbers]
        if any(kept):
            lines.append("\t".join([name, *kept]).rstrip("\t"))
    return "\n".join([*lines, ""])


def _part(one: LabelledText) -> int:
    return int(sha256(one.text.encode()).hexdigest(), 16) % _PARTS


def _tried(comments: Taught, elsewhere: Taught, parts: int) -> None:
    """Print the figures of the texts of so many parts, each judged by weights learned from all others."""
    lexicons, verdicts = load_lexicons(), dict[str, CommentVerdict]()
    for part in range(parts):
        found = learned(comments.some(part, without=True), elsewhere.some(part, without=True))
        judge = CommentJudge(TextReader(replace(lexicons, weights=as_weights(found))))
        tried = (*comments.some(part, without=False).texts, *elsewhere.some(part, without=False).texts)
        verdicts |= {one.text: judge.judge(one.text) for one in tried}
    texts = [one for one in comments.texts if one.text in verdicts]
    print_groups("all", texts, verdicts)
    print_figures("open part", [one for one in texts if not one.id.startswith("train-")], verdicts)
    for language in sorted({one.language for one in elsewhere.texts}):
        some = [one for one in elsewhere.texts if one.language == language and one.text in verdicts]
        right = sum((verdicts[one.text].score > 0) == (one.label > 0) for one in some)
        words = sum((verdicts[one.text].reading.score > 0) == (one.label > 0) for one in some)
        beside = f"{right / len(some):.3f} (words alone {words / len(some):.3f})"
        print(f"| elsewhere, {language} | {len(some)} | {beside} | |")


def print_groups(name: str, texts: Sequence[LabelledText], verdicts: Mapping[str, CommentVerdict]) -> None:
    """Print the figures of texts, of those with a negation, and of each language."""
    print_figures(name, texts, verdicts)
    print_figures("with a negation", [one for one in texts if one.negated], verdicts)
    for language in sorted({one.language for one in texts}):
        print_figures(language, [one for one in texts if one.language == language], verdicts)


def as_weights(found: Learned) -> Weights:
    """Return weights as the judge takes them."""
    names, weights, start = found
    numbers = np.rint(np.vstack([start, weights]) * 100).astype(int).tolist()
    outputs, pieces = (BAD, GOOD, *DIMENSIONS), dict(zip(names, map(packed, numbers[1:]), strict=True))
    return Weights(outputs, PieceTable(len(outputs), pieces), packed(numbers[0]))


def print_figures(name: str, texts: Sequence[LabelledText], verdicts: Mapping[str, CommentVerdict]) -> None:
    """Print how many polarities of texts are judged as meant, and the micro-F1 of their dimensions."""
    right = sum(verdicts[one.text].polarity == one.label for one in texts)
    read = [(verdicts[one.text].dimensions, one.dimensions or frozenset()) for one in texts]
    hits, both = sum(len(told & label) for told, label in read), sum(len(told) + len(label) for told, label in read)
    figures = f"{right / len(texts):.3f} | {2 * hits / both:.3f}"
    print(f"| {name} | {len(texts)} | {figures} |")


if __name__ == "__main__":
    known, others = taught(labelled_texts()), taught(elsewhere_texts())
    if "--try" in sys.argv:
        _tried(known, others, int((sys.argv[2:] or [str(_PARTS)])[0]))
    else:
        SHIPPED_WEIGHTS.write_text(learned_file(learned(known, others), [*known.texts, *others.texts]), "utf-8")
