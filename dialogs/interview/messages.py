"""What a customer sees: the interview as one message edited in place, and the choice of a language."""

from typing import assert_never

from dialogs.interview.buttons import (
    Rows,
    clarifying_rows,
    importance_rows,
    rating_rows,
    reason_rows,
    step_row,
    typing_hint,
    undo_row,
)
from dialogs.interview.events import Hint
from dialogs.interview.message_text import Greeting, View
from dialogs.interview.model import Interview, InterviewState
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.opt_out_button import opt_out_row
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped
from dialogs.survey import Survey

__all__ = ["language_menu", "show", "summary"]


def show(interview: Interview, survey: Survey, phrases: Phrases, greeting: Greeting, hint: Hint = Hint.NONE) -> Prompt:
    """Return the message for where the interview stands, in the customer's language."""
    locale = phrases.locale(interview.locale)
    view = View(interview, survey, phrases, locale, greeting, hint)
    text = "\n\n".join(part for part in view.paragraphs() if part)
    rows = _rows(interview, survey, phrases, locale)
    how = typing_hint(interview, survey, phrases, locale) if rows else ""
    return Prompt(clipped(text, LONGEST_MESSAGE), rows, typed=how, text_link=view.notice())


def summary(interview: Interview, survey: Survey, phrases: Phrases, greeting: Greeting) -> Prompt:
    """Return what stays of a survey's message when the next step stands below it: no question and no buttons."""
    view = View(interview, survey, phrases, phrases.locale(interview.locale), greeting, Hint.NONE)
    return Prompt(clipped(view.summary(), LONGEST_MESSAGE), only_edits=True)


def language_menu(phrases: Phrases, locale: str) -> Prompt:
    """Return the choice of languages, each by its own name."""
    tags = tuple(phrases.texts)
    rows = tuple((Choice(phrases.say(tag, "language.name"), Tap(Verb.LANGUAGE, "", tag)),) for tag in tags)
    return Prompt(phrases.say(locale, "language.ask"), rows)


def _rows(interview: Interview, survey: Survey, phrases: Phrases, locale: str) -> Rows:
    match interview.state:
        case InterviewState.INVITED | InterviewState.RATING:
            step = step_row(interview, survey, phrases, locale)
            is_first = interview.state is InterviewState.INVITED
            stop = opt_out_row(phrases, locale, is_told=is_first, asks_to_rate=True)
            return (*rating_rows(interview, survey, locale), step, stop)
        case InterviewState.REMARKING | InterviewState.COMMENTING:
            undo = (undo_row(interview, phrases, locale),) if interview.undo else ()
            step = step_row(interview, survey, phrases, locale)
            return (*undo, *reason_rows(interview, survey), step, opt_out_row(phrases, locale, asks_to_rate=True))
        case InterviewState.WEIGHING:
            return (*importance_rows(interview, phrases, locale), opt_out_row(phrases, locale, asks_to_rate=True))
        case InterviewState.CLARIFYING:
            return (*clarifying_rows(interview, phrases, locale), opt_out_row(phrases, locale, asks_to_rate=True))
        case InterviewState.COMPLETED | InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN:
            return ()
        case never:
            assert_never(never)
