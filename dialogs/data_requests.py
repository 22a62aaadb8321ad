"""What a person sees who asks for their data, or asks to be forgotten."""

from dialogs.messages import Choice, Link, Prompt, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["blank", "data_file", "data_link", "forget_ask"]


def data_file(phrases: Phrases, locale: str, request: str) -> Prompt:
    """Send everything we keep as a file; it is made when it is sent, from what is kept then."""
    return Prompt(phrases.say(locale, "rights.data_file"), attachment=request)


def data_link(phrases: Phrases, locale: str, url: str) -> Prompt:
    """Send the way to the file, where the channel carries none."""
    return Prompt(phrases.say(locale, "rights.data_link"), link=Link(phrases.say(locale, "rights.data_open"), url))


def forget_ask(phrases: Phrases, locale: str) -> Prompt:
    """Return what being forgotten means, and ask whether that is meant."""
    yes = Choice(phrases.say(locale, "rights.forget_yes"), Tap(Verb.FORGET, ""))
    no = Choice(phrases.say(locale, "rights.forget_no"), Tap(Verb.KEEP, ""))
    return Prompt(phrases.say(locale, "rights.forget_ask"), ((yes, no),), typed=phrases.say(locale, "rights.typed"))


def blank(phrases: Phrases, locale: str) -> Prompt:
    """Stand in the team's chat where a forgotten person was told of."""
    return Prompt(phrases.say(locale, "rights.blank"))
