"""The messages to a person who requests their data or its erasure."""

from dialogs.messages import Choice, Link, Prompt, Tap, Verb
from dialogs.phrases import Phrases

__all__ = ["blank", "data_file", "data_link", "forget_ask"]


def data_file(phrases: Phrases, locale: str, request: str) -> Prompt:
    """Return the message with the data as a file; `request` is the id by which the file is made when it is sent."""
    return Prompt(phrases.say(locale, "rights.data_file"), attachment=request)


def data_link(phrases: Phrases, locale: str, url: str) -> Prompt:
    """Return the message with a link to the file, for channels that carry no files."""
    return Prompt(phrases.say(locale, "rights.data_link"), link=Link(phrases.say(locale, "my_data.see"), url))


def forget_ask(phrases: Phrases, locale: str) -> Prompt:
    """Return the question whether to erase everything, with an explanation of what that means."""
    yes = Choice(phrases.say(locale, "rights.forget_yes"), Tap(Verb.FORGET, ""))
    no = Choice(phrases.say(locale, "rights.forget_no"), Tap(Verb.KEEP, ""))
    return Prompt(phrases.say(locale, "rights.forget_ask"), ((yes, no),), typed=phrases.say(locale, "rights.typed"))


def blank(phrases: Phrases, locale: str) -> Prompt:
    """Return what replaces a message to the team about a person who has been erased."""
    return Prompt(phrases.say(locale, "rights.blank"))
