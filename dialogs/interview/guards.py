"""When a row of the interview's table fits; each name is what the drawing writes in brackets."""

from dialogs.interview.events import (
    Back,
    Edited,
    ImportanceDeclined,
    LateWords,
    NotUnderstood,
    Rated,
    RatedAll,
    ReasonGiven,
    Reminded,
    Skipped,
    Undone,
    Weighed,
)
from dialogs.interview.model import (
    FINAL,
    Answer,
    Interview,
    InterviewState,
    InterviewTerms,
    asked_after,
    asks_importance,
    left_from,
    reasons_at,
    step_of,
)

__all__ = [
    "a_correction",
    "a_late_correction",
    "a_reason_and_importance",
    "a_reason_and_more",
    "a_reason_the_last",
    "a_repeat",
    "another_importance",
    "can_be_undone",
    "first_time",
    "fits_what_is_left",
    "importance_after_this",
    "in_time",
    "is_asked",
    "knows_the_message",
    "more_after_this",
    "more_to_rate",
    "not_reminded",
    "not_the_first",
    "nothing_after_this",
    "once_more",
    "second_time",
    "the_importance_asked_and_more",
    "the_importance_asked_the_last",
    "the_last_one",
    "the_same_importance",
    "this_step",
    "this_step_and_importance",
    "this_step_and_more",
    "this_step_the_last",
    "wants_a_remark",
    "wants_importance",
]

_MOST_IMPORTANT = 5


def is_asked(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    is_rated = interview.state is InterviewState.WEIGHING and event.importance is None
    return event.question == interview.at and event.value in terms.survey.scale and not is_rated


def wants_a_remark(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    rule = terms.survey.remark
    low = event.value <= rule.at_or_below and event.question not in interview.remarks_asked
    may_ask = not (event.remark and event.explains) and len(interview.remarks_asked) < rule.at_most
    return is_asked(interview, event, terms) and low and may_ask


def wants_importance(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    is_open = event.importance is None and asks_importance(interview, terms.survey)
    return is_open and is_asked(interview, event, terms) and not wants_a_remark(interview, event, terms)


def the_importance_asked_and_more(interview: Interview, event: Weighed, terms: InterviewTerms) -> bool:
    return _importance_is_asked(interview, event) and _more(interview, terms)


def the_importance_asked_the_last(interview: Interview, event: Weighed, terms: InterviewTerms) -> bool:
    return _importance_is_asked(interview, event) and not _more(interview, terms)


def another_importance(interview: Interview, event: Weighed, terms: InterviewTerms) -> bool:
    answer = _weighed_elsewhere(interview, event, terms)
    return answer is not None and answer.importance != event.value and terms.now < interview.expires_at


def the_same_importance(interview: Interview, event: Weighed, terms: InterviewTerms) -> bool:
    answer = _weighed_elsewhere(interview, event, terms)
    return answer is not None and answer.importance == event.value


def fits_what_is_left(interview: Interview, event: RatedAll, terms: InterviewTerms) -> bool:
    is_on_scale = all(value in terms.survey.scale for value in event.values)
    return is_on_scale and len(event.values) in (1, len(left_from(interview, terms.survey)))


def can_be_undone(interview: Interview, _event: Undone, _terms: InterviewTerms) -> bool:
    return bool(interview.undo)


def more_to_rate(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    return _plainly_rated(interview, event, terms) and _more(interview, terms)


def the_last_one(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    return _plainly_rated(interview, event, terms) and not _more(interview, terms)


def a_correction(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    return _another_question(interview, event, terms) and interview.ratings.get(event.question) != event.value


def a_repeat(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    return _another_question(interview, event, terms) and interview.ratings.get(event.question) == event.value


def a_late_correction(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    return a_correction(interview, event, terms) and terms.now < interview.expires_at


def importance_after_this(interview: Interview, _event: object, terms: InterviewTerms) -> bool:
    answer = interview.answer(interview.at) if interview.state is InterviewState.REMARKING else None
    return answer is not None and answer.importance is None and asks_importance(interview, terms.survey)


def more_after_this(interview: Interview, event: object, terms: InterviewTerms) -> bool:
    return not importance_after_this(interview, event, terms) and _more(interview, terms)


def nothing_after_this(interview: Interview, event: object, terms: InterviewTerms) -> bool:
    return not importance_after_this(interview, event, terms) and not _more(interview, terms)


def this_step_and_importance(interview: Interview, event: Skipped, terms: InterviewTerms) -> bool:
    return event.step == step_of(interview) and importance_after_this(interview, event, terms)


def this_step_and_more(interview: Interview, event: Skipped | ImportanceDeclined, terms: InterviewTerms) -> bool:
    return event.step == step_of(interview) and more_after_this(interview, event, terms)


def this_step_the_last(interview: Interview, event: Skipped | ImportanceDeclined, terms: InterviewTerms) -> bool:
    return event.step == step_of(interview) and nothing_after_this(interview, event, terms)


def a_reason_and_importance(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> bool:
    return _is_reason(interview, event, terms) and importance_after_this(interview, event, terms)


def a_reason_and_more(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> bool:
    return _is_reason(interview, event, terms) and more_after_this(interview, event, terms)


def a_reason_the_last(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> bool:
    return _is_reason(interview, event, terms) and nothing_after_this(interview, event, terms)


def this_step(interview: Interview, event: Skipped | Back, _terms: InterviewTerms) -> bool:
    return event.step == step_of(interview)


def not_the_first(interview: Interview, event: Back, terms: InterviewTerms) -> bool:
    return event.step == step_of(interview) and terms.survey.place(interview.at) > 0


def first_time(interview: Interview, _event: NotUnderstood, _terms: InterviewTerms) -> bool:
    return interview.misses == 0


def second_time(interview: Interview, _event: NotUnderstood, _terms: InterviewTerms) -> bool:
    return interview.misses == 1


def once_more(interview: Interview, _event: NotUnderstood, _terms: InterviewTerms) -> bool:
    return interview.misses > 1


def not_reminded(interview: Interview, _event: Reminded, _terms: InterviewTerms) -> bool:
    return interview.remind_at is not None


def in_time(interview: Interview, _event: LateWords, terms: InterviewTerms) -> bool:
    return terms.now < interview.expires_at and not (terms.survey.anonymous and interview.state in FINAL)


def knows_the_message(interview: Interview, event: Edited, terms: InterviewTerms) -> bool:
    sources = {answer.source for answer in interview.answers} | {words.source for words in interview.said}
    sources.add(interview.comment_source)
    return event.source in sources - {""} and terms.now < interview.expires_at


def _another_question(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    asks = interview.state in (InterviewState.INVITED, InterviewState.RATING)
    asks = asks or (interview.state is InterviewState.WEIGHING and event.importance is not None)
    asked = asks and event.question == interview.at
    seen = {*interview.ratings, *interview.skipped}
    return not asked and event.question in seen and event.value in terms.survey.scale


def _is_reason(interview: Interview, event: ReasonGiven, terms: InterviewTerms) -> bool:
    return event.step == step_of(interview) and 0 < event.number <= len(reasons_at(interview, terms.survey))


def _plainly_rated(interview: Interview, event: Rated, terms: InterviewTerms) -> bool:
    asks_on = wants_a_remark(interview, event, terms) or wants_importance(interview, event, terms)
    return is_asked(interview, event, terms) and not asks_on


def _importance_is_asked(interview: Interview, event: Weighed) -> bool:
    is_asked_now = interview.state is InterviewState.WEIGHING and event.question == interview.at
    return is_asked_now and 1 <= event.value <= _MOST_IMPORTANT


def _weighed_elsewhere(interview: Interview, event: Weighed, terms: InterviewTerms) -> Answer | None:
    """Return the answer whose importance is pressed at another step; None where it is asked, or cannot be given."""
    is_possible = terms.survey.asks_importance and 1 <= event.value <= _MOST_IMPORTANT
    return interview.answer(event.question) if is_possible and not _importance_is_asked(interview, event) else None


def _more(interview: Interview, terms: InterviewTerms) -> bool:
    return asked_after(interview, terms.survey, interview.at) is not None
