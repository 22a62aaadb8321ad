"""The opt-out button, which every message to a customer has that answers nothing of theirs."""

from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["opt_out_row"]


def opt_out_row(
    phrases: Phrases, locale: str, *, is_told: bool = False, asks_to_rate: bool = False
) -> tuple[Choice, ...]:
    """Return the opt-out button in a row of its own, the last one, where it is not pressed by accident.

    Under a survey (`asks_to_rate`) it is named after ratings, under news of an issue or a campaign after messages.
    Its `word` is added to the text where there are no buttons, unless the message itself says it (`is_told`).
    """
    label = phrases.say(locale, "button.stop" if asks_to_rate else "button.opt_out")
    word = "" if is_told else phrases.say(locale, "typed.stop")
    return (Choice(label, Tap(Verb.STOP, ""), word),)
