"""A text with what people say it means, and what was read in it."""

import re
from collections.abc import Sequence
from hashlib import sha256

from scoring.values import Value

__all__ = [
    "LabelledText",
    "TextJudgement",
    "classes_of",
    "guessed_language",
    "has_negation",
    "is_held_out",
    "predicted_class",
]

_CJK = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_NEGATION = re.compile(
    "[不没沒未无無别別冇唔莫]|\\b(?:no|not|never|none|nobody|nothing|neither|nor|without|hardly|barely|cannot)\\b|n['’]t\\b",
    re.IGNORECASE,
)
_PARTS = 3


class LabelledText(Value):
    """A text of a labelled file. `row` counts from 1, without a line of headings.

    `label` is -1, 0 or 1; 0 where neither side outweighs. `dimensions` is None where the file has none, and `alert`,
    whether somebody should see it today, where it does not say so.
    """

    row: int
    text: str
    label: int
    language: str = ""
    dimensions: frozenset[str] | None = None
    negated: bool = False
    id: str = ""
    alert: bool | None = None


class TextJudgement(Value):
    """What was read in a text: -1, 0 or 1, and its findings summed by strength, which decides between two classes."""

    polarity: int
    score: int = 0
    dimensions: frozenset[str] = frozenset()


def is_held_out(id_: str) -> bool:
    """Return whether a labelled text belongs to the third that is looked at for figures only."""
    return int(sha256(id_.encode()).hexdigest(), 16) % _PARTS == 0


def guessed_language(text: str) -> str:
    """Return `zh` for a text with a Han character, `en` for any other."""
    return "zh" if _CJK.search(text) else "en"


def has_negation(text: str) -> bool:
    """Return whether a negating word stands in a text, whatever it does there."""
    return bool(_NEGATION.search(text))


def classes_of(texts: Sequence[LabelledText]) -> tuple[int, ...]:
    """Return the classes that are told apart: -1 and 1 where nothing else occurs among the labels, else -1, 0 and 1."""
    return (-1, 0, 1) if any(one.label == 0 for one in texts) else (-1, 1)


def predicted_class(judged: TextJudgement, classes: Sequence[int]) -> int:
    """Return the class that a judgement stands for.

    Of two classes one must be chosen: by the sign of the score, and blame where it is 0, since what is described
    without any word of opinion is mostly a complaint.
    """
    if 0 in classes:
        return judged.polarity
    return 1 if judged.score > 0 else -1
