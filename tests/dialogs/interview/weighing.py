"""The interviews of surveys that ask how important their questions are: all that two small ones can reach."""

from collections.abc import Iterator
from functools import cache

from dialogs.interview import events as ev
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.model import Interview, InterviewState, InterviewTerms
from dialogs.machine import Machine, Transition
from dialogs.survey import RemarkRule, Survey
from scoring.values import replace
from tests.dialogs.exploring import explore
from tests.dialogs.interview.laws import EARLY, EVENTS, LATE, ONE_QUESTION, START, SURVEY, Visit, without_instants

__all__ = ["LAWS_OF_WEIGHTS", "weighed_walk", "weighed_walk_of_one"]

_OF_WEIGHTS = (
    *(ev.Weighed(question, value) for question in ("q1", "q2") for value in range(7)),
    ev.Weighed("unknown", 1),
    *(kind(f"weight:{question}") for kind in (ev.ImportanceDeclined, ev.Skipped, ev.Back) for question in ("q1", "q2")),
    *(ev.Rated(question, value, importance=0) for question in ("q1", "q2") for value in (1, 2)),
)
_ELSEWHERE = (ev.RatedAll, ev.Undone, ev.Reminded, ev.Commented)
_OTHERS = (*_ELSEWHERE, ev.Edited, ev.LateWords, ev.NotUnderstood, ev.Remarked)
"""Events that have nothing to do with importance and multiply what can be reached; tried on one question."""
_LATE_WORDS = ev.LateWords("remark:q1", "late")


@cache
def weighed_walk(machine: Machine[Interview, InterviewTerms] = INTERVIEW) -> Visit:
    """Visit every interview about two questions that asks no remarks, by presses."""
    return _walk(machine, replace(SURVEY, remark=RemarkRule(at_or_below=1, at_most=0)), _without(_OTHERS))


def weighed_walk_of_one() -> Visit:
    """Visit every interview about one question, by whatever can happen to it."""
    return _walk(INTERVIEW, ONE_QUESTION, (*_without(_ELSEWHERE), _LATE_WORDS))


def _walk(machine: Machine[Interview, InterviewTerms], survey: Survey, events: tuple[object, ...]) -> Visit:
    survey = replace(survey, asks_importance=True)
    in_time, too_late = InterviewTerms(survey, EARLY), InterviewTerms(survey, LATE)
    happenings = (*((one, in_time) for one in (*events, *_OF_WEIGHTS)), *((one, too_late) for one in _OF_WEIGHTS))
    return explore(machine, START, lambda _: happenings, _settled)


def _settled(step: Transition[Interview]) -> Interview:
    """Return what tells a difference: of importances and of words whether there are some."""
    thing = without_instants(step)
    answers = tuple(
        replace(
            one,
            importance=one.importance and min(one.importance, 1),
            text="slow" if one.text else None,
            source="",
            begins=0,
        )
        if one.importance is not None or one.text
        else one
        for one in thing.answers
    )
    return replace(thing, answers=answers, comment=None) if answers != thing.answers or thing.comment else thing


def _without(kinds: tuple[type, ...]) -> tuple[object, ...]:
    plain = (event for event in EVENTS if not getattr(event, "complains", False) and not getattr(event, "remark", ""))
    return tuple(event for event in plain if not isinstance(event, kinds))


def importance_is_never_in_the_way(walk: Visit) -> Iterator[object]:
    """No question is rated anew or forgotten by what is said of its importance, and it is from 1 to 5 or none."""
    for move in walk.all_moves:
        is_weight = isinstance(move.event, ev.Weighed | ev.ImportanceDeclined)
        is_off = any(answer.importance not in (None, *range(6)) for answer in move.after.answers)
        if is_off or (is_weight and move.after.ratings != move.before.ratings):
            yield move


def who_declines_is_asked_no_more(walk: Visit) -> Iterator[object]:
    """Once importance was declined, no further rating leads to it."""
    for move in walk.all_moves:
        is_declined = any(answer.declines for answer in move.before.answers)
        enters = move.before.state is not InterviewState.WEIGHING and move.after.state is InterviewState.WEIGHING
        if is_declined and enters:
            yield move


LAWS_OF_WEIGHTS = (importance_is_never_in_the_way, who_declines_is_asked_no_more)
