"""What a customer sees: the interview as one message edited in place, the closure, and a few fixed sentences."""

from typing import assert_never

from dialogs.interview.buttons import Rows, rating_rows, step_row, typed
from dialogs.interview.events import Hint
from dialogs.interview.message_text import Greeting, View
from dialogs.interview.model import Interview, InterviewState
from dialogs.issue.closure_message import closure, closure_answered
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.opt_out_button import stop_row
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped
from dialogs.survey import Survey

__all__ = [
    "Greeting",
    "bound",
    "closure",
    "closure_answered",
    "help_text",
    "language_chosen",
    "language_menu",
    "link_expired",
    "link_unknown",
    "link_used",
    "nothing_open",
    "passed_on",
    "resumed",
    "show",
    "stopped",
    "unknown_chat",
]


def show(interview: Interview, survey: Survey, phrases: Phrases, greeting: Greeting, hint: Hint = Hint.NONE) -> Prompt:
    """Return the message for where the interview stands, in the customer's language."""
    locale = phrases.locale(interview.locale)
    view = View(interview, survey, phrases, locale, greeting, hint)
    text = "\n\n".join(part for part in view.paragraphs() if part)
    rows = _rows(interview, survey, phrases, locale)
    how = typed(interview, survey, phrases, locale) if rows else ""
    return Prompt(clipped(text, LONGEST_MESSAGE), rows, typed=how)


def stopped(phrases: Phrases, locale: str) -> Prompt:
    """Confirm an opt-out, and say how to undo it."""
    return Prompt(phrases.say(locale, "notice.stopped"))


def resumed(phrases: Phrases, locale: str) -> Prompt:
    """Welcome back somebody who had opted out."""
    return Prompt(phrases.say(locale, "notice.resumed"))


def help_text(phrases: Phrases, locale: str) -> Prompt:
    """Return what we do here and which words work."""
    return Prompt(phrases.say(locale, "notice.help"))


def bound(phrases: Phrases, locale: str) -> Prompt:
    """Say that the chat is connected, when nothing waits to be asked."""
    return Prompt(phrases.say(locale, "notice.bound"))


def link_used(phrases: Phrases, locale: str) -> Prompt:
    """Say that somebody has used this link already."""
    return Prompt(phrases.say(locale, "notice.link_used"))


def link_expired(phrases: Phrases, locale: str) -> Prompt:
    """Say that this link is too old."""
    return Prompt(phrases.say(locale, "notice.link_expired"))


def link_unknown(phrases: Phrases, locale: str) -> Prompt:
    """Say that this link is none of ours."""
    return Prompt(phrases.say(locale, "notice.link_unknown"))


def unknown_chat(phrases: Phrases, locale: str) -> Prompt:
    """Answer somebody whom no help desk has told us of."""
    return Prompt(phrases.say(locale, "notice.unknown_chat"))


def nothing_open(phrases: Phrases, locale: str) -> Prompt:
    """Answer words that no question is waiting for."""
    return Prompt(phrases.say(locale, "notice.nothing_open"))


def passed_on(phrases: Phrases, locale: str) -> Prompt:
    """Say that words outside a question are with the team now."""
    return Prompt(phrases.say(locale, "notice.passed_on"))


def language_menu(phrases: Phrases, locale: str) -> Prompt:
    """Offer every language by its own name."""
    tags = tuple(phrases.texts)
    rows = tuple((Choice(phrases.say(tag, "language.name"), Tap(Verb.LANGUAGE, "", tag)),) for tag in tags)
    return Prompt(phrases.say(locale, "language.ask"), rows)


def language_chosen(phrases: Phrases, locale: str) -> Prompt:
    """Confirm the language, in that language."""
    return Prompt(phrases.say(locale, "language.chosen"))


def _rows(interview: Interview, survey: Survey, phrases: Phrases, locale: str) -> Rows:
    match interview.state:
        case InterviewState.INVITED | InterviewState.RATING:
            step = step_row(interview, survey, phrases, locale)
            stop = stop_row(phrases, locale, is_told=interview.state is InterviewState.INVITED)
            return (*rating_rows(interview, survey, locale), step, stop)
        case InterviewState.REMARKING | InterviewState.COMMENTING:
            return (step_row(interview, survey, phrases, locale), stop_row(phrases, locale))
        case InterviewState.COMPLETED | InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN:
            return ()
        case never:
            assert_never(never)
