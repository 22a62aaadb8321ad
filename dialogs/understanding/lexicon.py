"""The words that readings are made of, as the files in `config/defaults/words` and the owner's `words/` hold them."""

from collections.abc import Mapping
from enum import StrEnum

from scoring.values import Value, field

__all__ = ["Intent", "Lexicon"]


class Intent(StrEnum):
    """What a customer may want instead of answering."""

    STOP = "stop"
    """Not to be written to any more."""
    END = "end"
    """Not to answer this survey."""
    PERSON = "person"
    """To talk to a human being."""
    WHO = "who"
    """To know who asks, and why."""
    THANKS = "thanks"
    SKIP = "skip"
    BACK = "back"


class Lexicon(Value):
    """Words by what they mean, folded."""

    intents: Mapping[str, Intent] = field(default_factory=dict)
    """Whole messages."""
    nothing: frozenset[str] = frozenset()
    """Answers to the open question that say nothing."""
