"""The closure: what a customer reads when an issue is resolved, and what stays of it once they have answered."""

from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.opt_out_button import opt_out_row
from dialogs.phrases import Phrases
from dialogs.sanitize import one_line

__all__ = ["LONGEST_NOTE", "closure", "closure_answered", "closure_head"]

LONGEST_NOTE = 2000
"""The longest note, in characters: the closure and its preview then fit one message."""

_LONGEST_SUBJECT = 60


def closure(  # noqa: PLR0913, PLR0917 (so much makes a closure)
    note: str, ticket_subject: str, issue_id: str, resolution: int, phrases: Phrases, locale: str
) -> Prompt:
    """Return the closure message: the note whole and as it was written, and the question whether it is solved."""
    number, about = str(resolution), closure_head(ticket_subject, phrases, locale)
    solved = Choice(phrases.say(locale, "button.solved"), Tap(Verb.SOLVED, issue_id, number))
    not_solved = Choice(phrases.say(locale, "button.not_solved"), Tap(Verb.NOT_SOLVED, issue_id, number))
    text = f"{about}\n\n{note}\n\n{phrases.say(locale, 'closure.ask')}"
    rows = ((solved, not_solved), opt_out_row(phrases, locale))
    return Prompt(text, rows, typed=phrases.say(locale, "typed.closure"))


def closure_answered(note: str, ticket_subject: str, phrases: Phrases, locale: str, *, solved: bool) -> Prompt:
    """Return the closure as it stands after the customer's answer: the note still there, the buttons gone."""
    answer = phrases.say(locale, "closure.solved" if solved else "closure.not_solved")
    return Prompt(f"{closure_head(ticket_subject, phrases, locale)}\n\n{note}\n\n{answer}")


def closure_head(ticket_subject: str, phrases: Phrases, locale: str) -> str:
    """Return the line above the sentence: what was dealt with."""
    subject = one_line(ticket_subject, _LONGEST_SUBJECT)
    return (
        phrases.say(locale, "closure.about_subject", subject=subject)
        if subject
        else phrases.say(locale, "closure.about")
    )
