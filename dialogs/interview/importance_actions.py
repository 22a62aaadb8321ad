"""What the interview's table does where a survey asks how important to the customer is what was rated.

It is asked after the rating and what may be said to it, and never makes an answer incomplete: passed over or declined,
the interview goes on as if nobody had asked.
"""

from dialogs.interview.actions import (
    ask_comment,
    ask_next,
    keep_reason_and_ask_comment,
    keep_remark_and_ask_comment,
    recorded,
    saying,
    skip_and_ask_comment,
)
from dialogs.interview.events import ImportanceDeclined, Rated, ReasonGiven, Remarked, Shown, Skipped, Weighed
from dialogs.interview.model import Answer, Interview, InterviewTerms
from scoring.values import replace

__all__ = [
    "correct_importance",
    "decline_and_ask_comment",
    "decline_and_ask_next",
    "keep_reason_and_ask_importance",
    "keep_remark_and_ask_importance",
    "pass_over_and_ask_comment",
    "pass_over_and_ask_next",
    "record_and_ask_importance",
    "skip_and_ask_importance",
    "weigh_and_ask_comment",
    "weigh_and_ask_next",
]

Moved = tuple[Interview, tuple[object, ...]]


def record_and_ask_importance(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    return recorded(interview, event, terms), (Shown(),)


def keep_remark_and_ask_importance(interview: Interview, event: Remarked, terms: InterviewTerms) -> Moved:
    return keep_remark_and_ask_comment(interview, event, terms)  # what is asked then, the state tells


def keep_reason_and_ask_importance(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> Moved:
    return keep_reason_and_ask_comment(interview, event, terms)


def skip_and_ask_importance(interview: Interview, event: Skipped, terms: InterviewTerms) -> Moved:
    return skip_and_ask_comment(interview, event, terms)


def weigh_and_ask_next(interview: Interview, event: Weighed, terms: InterviewTerms) -> Moved:
    return ask_next(_weighed(interview, event, terms), event, terms)


def weigh_and_ask_comment(interview: Interview, event: Weighed, terms: InterviewTerms) -> Moved:
    return ask_comment(_weighed(interview, event, terms), event, terms)


def correct_importance(interview: Interview, event: Weighed, terms: InterviewTerms) -> Moved:
    return _weighed(interview, event, terms), (Shown(),)


def pass_over_and_ask_next(interview: Interview, event: Skipped, terms: InterviewTerms) -> Moved:
    return ask_next(_passed_over(interview, event, terms), event, terms)


def pass_over_and_ask_comment(interview: Interview, event: Skipped, terms: InterviewTerms) -> Moved:
    return ask_comment(_passed_over(interview, event, terms), event, terms)


def decline_and_ask_next(interview: Interview, event: ImportanceDeclined, terms: InterviewTerms) -> Moved:
    return ask_next(_declined(interview), event, terms)


def decline_and_ask_comment(interview: Interview, event: ImportanceDeclined, terms: InterviewTerms) -> Moved:
    return ask_comment(_declined(interview), event, terms)


def _weighed(interview: Interview, event: Weighed, terms: InterviewTerms) -> Interview:
    answers = tuple(_given(one, event.value) if one.question == event.question else one for one in interview.answers)
    return saying(replace(interview, answers=answers), event, terms)


def _given(answer: Answer, importance: int) -> Answer:
    return replace(answer, importance=importance, declines=False)


def _passed_over(interview: Interview, event: Skipped, terms: InterviewTerms) -> Interview:
    return saying(_with_last(interview, declines=False), event, terms)


def _declined(interview: Interview) -> Interview:
    return _with_last(interview, declines=True)


def _with_last(interview: Interview, *, declines: bool) -> Interview:
    """Return the interview with no importance of what is asked; one given before, by which somebody went back, goes."""
    answers = (
        replace(one, importance=0, declines=declines) if one.question == interview.at else one
        for one in interview.answers
    )
    return replace(interview, answers=tuple(answers))
