"""Interviews whose words say the opposite of their ratings: all that two small surveys can reach."""

from collections.abc import Iterator
from functools import cache

from dialogs.interview import events as ev
from dialogs.interview.contradiction import has_asked, open_doubts
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.model import Answer, Interview, InterviewState, InterviewTerms
from dialogs.machine import Machine, Transition
from dialogs.survey import RemarkRule, Survey
from scoring.values import replace
from tests.dialogs.exploring import ALL, explore
from tests.dialogs.interview.laws import EARLY, EVENTS, ONE_QUESTION, START, SURVEY, Visit, without_instants

__all__ = ["LAWS_OF_DOUBTS", "doubting_walk", "doubting_walk_of_one"]

_CLARIFYING = InterviewState.CLARIFYING
_OF_DOUBTS = (
    *(ev.Clarified(is_meant) for is_meant in (True, False)),
    *(ev.Clarified(value == 2, value) for value in (0, 1, 2)),
    *(kind("clarify") for kind in (ev.Skipped, ev.Back)),
    ev.Edited("slow", "m1", 2),
    ev.Ended("slow", "m3"),
)
_ELSEWHERE = (ev.RatedAll, ev.Undone, ev.Reminded, ev.ReasonGiven)
_ALONE = (*_ELSEWHERE, ev.NotUnderstood, ev.Remarked, ev.LateWords)
"""Events that multiply what can be reached; tried on one question."""
_OF_ONE = (*(ev.Weighed("q1", value) for value in (1, 2)), ev.LateWords("comment", "late"))


def _praise(_text: str) -> int:
    return 1


@cache
def doubting_walk(machine: Machine[Interview, InterviewTerms] = INTERVIEW, limit: int = ALL) -> Visit:
    """Visit every interview about two questions in which all that is written praises."""
    return _walk(machine, replace(SURVEY, remark=RemarkRule(at_or_below=1, at_most=0)), _without(_ALONE), limit)


def doubting_walk_of_one() -> Visit:
    """Visit every interview about one question and its importance, by whatever can happen to it."""
    survey = replace(ONE_QUESTION, asks_importance=True)
    return _walk(INTERVIEW, survey, (*_without(_ELSEWHERE), *_OF_ONE))


def _walk(
    machine: Machine[Interview, InterviewTerms], survey: Survey, events: tuple[object, ...], limit: int = ALL
) -> Visit:
    terms = InterviewTerms(survey, EARLY, _praise)
    happenings = tuple((one, terms) for one in (*events, *_OF_DOUBTS))
    return explore(machine, START, lambda _: happenings, _settled, limit)


def _settled(step: Transition[Interview]) -> Interview:
    """Return what tells a difference: of words whether there are some, and of importances, too."""
    thing = without_instants(step)
    return replace(thing, answers=tuple(map(_plain, thing.answers)), comment="slow" if thing.comment else None)


def _plain(answer: Answer) -> Answer:
    importance = answer.importance and min(answer.importance, 1)
    return replace(answer, importance=importance, text="slow" if answer.text else None, begins=0)


def _without(kinds: tuple[type, ...]) -> tuple[object, ...]:
    return tuple(event for event in EVENTS if not isinstance(event, kinds))


def nobody_is_asked_twice(walk: Visit) -> Iterator[object]:
    """The question which rating is meant is put once, after the comment, and only where it can be answered."""
    for move in walk.all_moves:
        enters = move.after.state is _CLARIFYING is not move.before.state
        is_wrong = has_asked(move.before) or move.before.state is not InterviewState.COMMENTING
        if enters and (is_wrong or not open_doubts(move.after)):
            yield move


def it_is_open_while_it_is_asked(walk: Visit) -> Iterator[object]:
    """While it is asked something is in doubt, and an answer to it leaves nothing in doubt."""
    yield from (i for i in walk.moves if i.state is _CLARIFYING and not open_doubts(i))
    yield from (m for m in walk.all_moves if isinstance(m.event, ev.Clarified) and open_doubts(m.after))


def the_wish_to_end_completes_it(walk: Visit) -> Iterator[object]:
    """Whoever would be left alone then has answered everything before."""
    ends = (m for m in walk.all_moves if m.before.state is _CLARIFYING and isinstance(m.event, ev.Ended))
    yield from (move for move in ends if move.after.state is not InterviewState.COMPLETED)


def the_rating_before_is_kept(walk: Visit) -> Iterator[object]:
    """What was given stays beside what was meant, whatever follows."""
    for move in walk.all_moves:
        if _given(move.before).items() - _given(move.after).items():
            yield move


def _given(interview: Interview) -> dict[str, int]:
    return {one.question: one.clarification.given for one in interview.answers if one.clarification is not None}


def only_an_answer_changes_the_ratings(walk: Visit) -> Iterator[object]:
    """Whoever does not answer has rated what was rated, and an answer changes nothing but what is in doubt."""
    for move in (move for move in walk.all_moves if move.before.state is _CLARIFYING):
        doubted = {answer.question for answer, _ in open_doubts(move.before)}
        changed = {q for q, value in move.after.ratings.items() if move.before.ratings.get(q) != value}
        is_answer = isinstance(move.event, ev.Clarified) and changed <= doubted
        if changed and not is_answer and not isinstance(move.event, ev.Rated | ev.Edited):
            yield move


LAWS_OF_DOUBTS = (
    nobody_is_asked_twice,
    it_is_open_while_it_is_asked,
    the_wish_to_end_completes_it,
    the_rating_before_is_kept,
    only_an_answer_changes_the_ratings,
)
