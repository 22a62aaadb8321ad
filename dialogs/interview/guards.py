"""When a row of the interview's table fits; each name is what the drawing writes in brackets."""

from dialogs.interview.events import Back, Edited, NotUnderstood, Rated, Reminded, Skipped
from dialogs.interview.model import Interview, InterviewState, Talk, asked_after, step_of

__all__ = [
    "a_correction",
    "a_late_correction",
    "a_repeat",
    "first_time",
    "is_asked",
    "knows_the_message",
    "more_after_this",
    "more_to_rate",
    "not_reminded",
    "not_the_first",
    "nothing_after_this",
    "once_more",
    "second_time",
    "the_last_one",
    "this_step",
    "this_step_and_more",
    "this_step_the_last",
    "wants_a_remark",
]


def is_asked(interview: Interview, event: Rated, talk: Talk) -> bool:
    return event.question == interview.at and event.value in talk.survey.scale


def wants_a_remark(interview: Interview, event: Rated, talk: Talk) -> bool:
    rule = talk.survey.remark
    low = event.value <= rule.at_or_below and event.question not in interview.remarks_asked
    return is_asked(interview, event, talk) and low and len(interview.remarks_asked) < rule.at_most


def more_to_rate(interview: Interview, event: Rated, talk: Talk) -> bool:
    return _plainly_rated(interview, event, talk) and _more(interview, talk)


def the_last_one(interview: Interview, event: Rated, talk: Talk) -> bool:
    return _plainly_rated(interview, event, talk) and not _more(interview, talk)


def a_correction(interview: Interview, event: Rated, talk: Talk) -> bool:
    return _another_question(interview, event, talk) and interview.ratings.get(event.question) != event.value


def a_repeat(interview: Interview, event: Rated, talk: Talk) -> bool:
    return _another_question(interview, event, talk) and interview.ratings.get(event.question) == event.value


def a_late_correction(interview: Interview, event: Rated, talk: Talk) -> bool:
    return a_correction(interview, event, talk) and talk.now < interview.expires_at


def more_after_this(interview: Interview, _event: object, talk: Talk) -> bool:
    return _more(interview, talk)


def nothing_after_this(interview: Interview, _event: object, talk: Talk) -> bool:
    return not _more(interview, talk)


def this_step_and_more(interview: Interview, event: Skipped, talk: Talk) -> bool:
    return event.step == step_of(interview) and _more(interview, talk)


def this_step_the_last(interview: Interview, event: Skipped, talk: Talk) -> bool:
    return event.step == step_of(interview) and not _more(interview, talk)


def this_step(interview: Interview, event: Skipped | Back, _talk: Talk) -> bool:
    return event.step == step_of(interview)


def not_the_first(interview: Interview, event: Back, talk: Talk) -> bool:
    return event.step == step_of(interview) and talk.survey.place(interview.at) > 0


def first_time(interview: Interview, _event: NotUnderstood, _talk: Talk) -> bool:
    return interview.misses == 0


def second_time(interview: Interview, _event: NotUnderstood, _talk: Talk) -> bool:
    return interview.misses == 1


def once_more(interview: Interview, _event: NotUnderstood, _talk: Talk) -> bool:
    return interview.misses > 1


def not_reminded(interview: Interview, _event: Reminded, _talk: Talk) -> bool:
    return interview.remind_at is not None


def knows_the_message(interview: Interview, event: Edited, talk: Talk) -> bool:
    sources = {answer.source for answer in interview.answers} | {interview.comment_source}
    return event.source in sources - {""} and talk.now < interview.expires_at


def _another_question(interview: Interview, event: Rated, talk: Talk) -> bool:
    asked = interview.state in (InterviewState.INVITED, InterviewState.RATING) and event.question == interview.at
    seen = {*interview.ratings, *interview.skipped}
    return not asked and event.question in seen and event.value in talk.survey.scale


def _plainly_rated(interview: Interview, event: Rated, talk: Talk) -> bool:
    return is_asked(interview, event, talk) and not wants_a_remark(interview, event, talk)


def _more(interview: Interview, talk: Talk) -> bool:
    return asked_after(interview, talk.survey, interview.at) is not None
