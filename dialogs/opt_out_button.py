"""The opt-out button, which every message to a customer has that answers nothing of theirs."""

from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["opt_out_row"]


def opt_out_row(phrases: Phrases, locale: str, *, is_told: bool = False) -> tuple[Choice, ...]:
    """Return the opt-out button in a row of its own, the last one, where it is not pressed by accident.

    Its `word` is added to the text where there are no buttons, unless the message itself says it (`is_told`).
    """
    word = "" if is_told else phrases.say(locale, "typed.stop")
    return (Choice(phrases.say(locale, "button.stop"), Tap(Verb.STOP, ""), word),)
