"""Reads a typed text; defined for any text, and never a guess."""

from dialogs.understanding.commands import Command, bare_word, command, storable
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.model import AskedQuestion, Chosen, Reading, Wants, Words
from dialogs.understanding.ratings import rating

__all__ = ["read", "wish"]


def read(text: str, asked: AskedQuestion, lexicon: Lexicon) -> Reading:
    """Return what a text says at a question that waits for a rating."""
    intent = wish(text, lexicon)
    if intent is not None:
        return Wants(intent)
    value = rating(storable(text), asked.survey, asked.locale)
    return Words() if value is None else Chosen(value)


def wish(text: str, lexicon: Lexicon) -> Intent | None:
    """Return what the writer wants instead of answering, at any step; None where it is an answer or anything else."""
    said = storable(text)
    return Intent.STOP if command(said) is Command.STOP else lexicon.intents.get(bare_word(said))
