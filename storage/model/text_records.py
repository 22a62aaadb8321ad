"""What is stored of the words in responses: what was read in them, and the phrases that people decide about."""

from datetime import datetime
from enum import StrEnum

from scoring.text.known_sentences import KeptSums
from scoring.values import Value

__all__ = ["CommentReading", "FoundPhrase", "PhraseStanding", "StoredPhrase", "TextVerdict"]

FoundPhrase = tuple[str, str, str, int]
"""The question whose remark it stands in (empty: the comment), the phrase, its dimension, and -1, 0 or 1."""


TextVerdict = tuple[str, int, tuple[str, ...]]
"""The question whose remark was judged (empty: the comment), what all of it says, -1, 0 or 1, and its dimensions."""


class CommentReading(Value):
    """What was found in the words of a response, whose row had the version `seen`, by a `lexicon` of this number.

    `verdicts` are what each text says as a whole. `polarity` is that of the comment, -1, 0 or 1, without one that of
    the remarks, 0 where they disagree; None without both, and where only an older release has read them. `at` is when
    it was completed, or answered last. It goes with the words: whoever erases those deletes it.

    `encoder` is the number of the one that has read what it should, 0 where none has yet; `sentences` are what it said.
    """

    response: str
    at: datetime
    seen: int
    lexicon: int
    found: tuple[FoundPhrase, ...] = ()
    polarity: int | None = None
    verdicts: tuple[TextVerdict, ...] = ()
    encoder: int = 0
    sentences: tuple[KeptSums, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The dimensions that the comment is about, without one those of the remarks."""
        told = {question: about for question, _, about in self.verdicts}
        return told[""] if "" in told else tuple(sorted({one for about in told.values() for one in about}))


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
