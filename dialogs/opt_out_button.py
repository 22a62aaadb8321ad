"""The opt-out button, which messages to a customer have that answer nothing of theirs, and what a press leads to."""

from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["NOT_YET", "SURELY", "opt_out_prompt", "opt_out_row", "opted_out_prompt"]

SURELY, NOT_YET = "yes", "no"
"""The steps of the buttons under the question whether the opt-out is meant."""


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


def opt_out_prompt(phrases: Phrases, locale: str) -> Prompt:
    """Return the question whether a press on the button was meant."""
    yes = Choice(phrases.say(locale, "button.stop_yes"), Tap(Verb.STOP, "", SURELY))
    no = Choice(phrases.say(locale, "button.stop_no"), Tap(Verb.STOP, "", NOT_YET))
    return Prompt(phrases.say(locale, "notice.stop_ask"), ((yes, no),), typed=phrases.say(locale, "typed.stop_ask"))


def opted_out_prompt(phrases: Phrases, locale: str) -> Prompt:
    """Return the confirmation of an opt-out, with the button that undoes it."""
    resume = Choice(phrases.say(locale, "button.resume"), Tap(Verb.RESUME, ""))
    return Prompt(phrases.say(locale, "notice.stopped"), ((resume,),), typed=phrases.say(locale, "typed.resume"))
