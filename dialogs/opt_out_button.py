"""The button by which a customer opts out: under every message that we begin to a customer."""

from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["stop_row"]


def stop_row(phrases: Phrases, locale: str, *, is_told: bool = False) -> tuple[Choice, ...]:
    """Return the opt-out button in a row of its own, the last one, where it is not pressed by accident.

    Its `word` is added to the text where there are no buttons, unless the message itself says it (`is_told`).
    """
    word = "" if is_told else phrases.say(locale, "typed.stop")
    return (Choice(phrases.say(locale, "button.stop"), Tap(Verb.STOP, ""), word),)
