"""When a row of the interview's table fits where words may say the opposite of ratings."""

from dialogs.interview.actions import keep_comment_and_thank, recorded, reword
from dialogs.interview.contradiction import clarified, open_doubts, to_ask
from dialogs.interview.events import Clarified, Commented, Edited, Rated, Skipped
from dialogs.interview.guards import a_correction, knows_the_message, this_step
from dialogs.interview.model import Interview, InterviewTerms

__all__ = [
    "a_comment_against_the_ratings",
    "a_comment_to_thank_for",
    "a_correction_that_clarifies",
    "a_correction_that_leaves_doubts",
    "an_edit_that_clarifies",
    "an_edit_that_leaves_doubts",
    "fits_the_scale",
    "this_step_against_the_ratings",
    "this_step_to_thank_for",
]


def a_comment_against_the_ratings(interview: Interview, event: Commented, terms: InterviewTerms) -> bool:
    return bool(to_ask(keep_comment_and_thank(interview, event, terms)[0], terms))


def a_comment_to_thank_for(interview: Interview, event: Commented, terms: InterviewTerms) -> bool:
    return not a_comment_against_the_ratings(interview, event, terms)


def this_step_against_the_ratings(interview: Interview, event: Skipped, terms: InterviewTerms) -> bool:
    return this_step(interview, event, terms) and bool(to_ask(interview, terms))


def this_step_to_thank_for(interview: Interview, event: Skipped, terms: InterviewTerms) -> bool:
    return this_step(interview, event, terms) and not to_ask(interview, terms)


def fits_the_scale(_interview: Interview, event: Clarified, terms: InterviewTerms) -> bool:
    return event.value is None or event.value in terms.survey.scale


def a_correction_that_clarifies(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    is_one = a_correction(interview, event, terms)
    return is_one and not open_doubts(clarified(recorded(interview, event, terms)))


def a_correction_that_leaves_doubts(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    return a_correction(interview, event, terms) and not a_correction_that_clarifies(interview, event, terms)


def an_edit_that_clarifies(interview: Interview, event: Edited, terms: InterviewTerms) -> bool:
    is_known = knows_the_message(interview, event, terms)
    return is_known and not open_doubts(clarified(reword(interview, event, terms)[0]))


def an_edit_that_leaves_doubts(interview: Interview, event: Edited, terms: InterviewTerms) -> bool:
    return knows_the_message(interview, event, terms) and not an_edit_that_clarifies(interview, event, terms)
