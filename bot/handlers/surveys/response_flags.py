"""What makes a response doubtful, raised as its interview ends, from its ratings and moments and other responses."""

from collections.abc import Iterator

from bot.handlers.common.context import DecisionContext
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.survey import Survey
from scoring.validity import Effort, RaisedFlag, ResponseFlag, effort_flags
from scoring.values import replace

__all__ = ["with_flags"]


def with_flags(context: DecisionContext, survey: Survey, interview: Interview) -> Interview:
    """Return an interview that has ended with its flags; one that goes on, or was withdrawn, has none."""
    if interview.state not in FINAL or interview.state is InterviewState.WITHDRAWN or not interview.answers:
        return interview
    return replace(interview, flags=(*_by_others(context, interview), *effort_flags(_effort(survey, interview))))


def _by_others(context: DecisionContext, interview: Interview) -> Iterator[RaisedFlag]:
    if interview.customer in context.policy.test_customers:
        yield RaisedFlag(ResponseFlag.TEST, "the customer is listed in survey.test_customers")
    first = _answered_before(context, interview)
    if first is not None:
        yield RaisedFlag(ResponseFlag.DUPLICATE, f"{first.id} was given before, and counts")


def _answered_before(context: DecisionContext, interview: Interview) -> Interview | None:
    """Return another response of the customer to this survey about the same closing, ended before this one."""
    mine = context.snapshot.invitation(interview.invitation)
    if mine is None or mine.about is None:
        return None
    asks = context.snapshot.invitations_of(*mine.about)
    about_it = (ask for ask in asks if ask.closing == mine.closing and ask.id != mine.id)
    found = (context.snapshot.interview_of(ask.id) for ask in about_it)
    return next((one for one in found if one is not None and _is_before(one, interview)), None)


def _is_before(other: Interview, interview: Interview) -> bool:
    is_same = other.survey[0] == interview.survey[0] and other.customer == interview.customer
    has_counted = other.state in FINAL and other.state is not InterviewState.WITHDRAWN and bool(other.answers)
    return is_same and has_counted and not any(raised.flag is ResponseFlag.DUPLICATE for raised in other.flags)


def _effort(survey: Survey, interview: Interview) -> Effort:
    moments = {answer.at for answer in interview.answers}
    done = {*interview.ratings, *interview.skipped}
    return Effort(
        ratings=tuple(interview.ratings.values()),
        asked=len(survey.questions),
        missing=sum(question.id not in done for question in survey.questions),
        gestures=len(moments),
        seconds=(max(moments) - min(moments)).total_seconds(),
        has_words=bool(interview.texts),
    )
