"""What is stored of the words in responses: what was read in them, and the phrases that people decide about."""

from datetime import datetime
from enum import StrEnum

from scoring.values import Value

__all__ = ["CommentReading", "FoundPhrase", "PhraseStanding", "StoredPhrase"]

FoundPhrase = tuple[str, str, str, int]
"""The question whose remark it stands in (empty: the comment), the phrase, its dimension, and -1, 0 or 1."""


class CommentReading(Value):
    """What was found in the words of a response, whose row had the version `seen`, by a `lexicon` of this number.

    `at` is when it was completed, or answered last. It goes with the words: whoever erases those deletes it.
    """

    response: str
    at: datetime
    seen: int
    lexicon: int
    found: tuple[FoundPhrase, ...] = ()


class PhraseStanding(StrEnum):
    """What was decided about a phrase that no lexicon has."""

    PROPOSED = "proposed"
    MAPPED = "mapped"
    IGNORED = "ignored"


class StoredPhrase(Value):
    """A phrase, folded as it is matched, that so many `people` had used when it was counted last.

    A mapped one speaks of a `dimension`, well (1), badly (-1) or neither; `by` is who decided it `at` that moment.
    `version` 0 is new; each decision writes the next one.
    """

    phrase: str
    state: PhraseStanding
    people: int
    at: datetime
    dimension: str = ""
    polarity: int = 0
    by: str = ""
    version: int = 0
