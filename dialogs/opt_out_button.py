"""The button by which a customer opts out: under every message that we begin to a customer."""

from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["stop_row"]


def stop_row(phrases: Phrases, locale: str, *, is_told: bool = False) -> tuple[Choice, ...]:
    """Return the way out, in a row of its own and the last one, where no thumb lands by chance.

    It stands under every message that we begin to a customer. Its `word` is said where there is nothing to press,
    unless the message itself tells (`is_told`).
    """
    word = "" if is_told else phrases.say(locale, "typed.stop")
    return (Choice(phrases.say(locale, "button.stop"), Tap(Verb.STOP, ""), word),)
