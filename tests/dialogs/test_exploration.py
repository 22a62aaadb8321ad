"""Every reachable interview, issue and invitation obeys the laws; and laws that are broken on purpose are noticed."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from dialogs.interview import actions as do
from dialogs.interview import clarifying_actions as clarify
from dialogs.interview import events as ev
from dialogs.interview import guards as when
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.model import Interview, InterviewState, InterviewTerms
from dialogs.invitation import machine as inviting
from dialogs.invitation.machine import INVITATION
from dialogs.invitation.model import InvitationState
from dialogs.issue import actions as handle
from dialogs.issue import events as on
from dialogs.issue import guards as given
from dialogs.issue.machine import ISSUE
from dialogs.issue.model import Issue, IssueState, IssueTerms
from dialogs.machine import Machine, TransitionRow, row
from dialogs.survey import RemarkRule
from scoring.values import replace
from tests.dialogs.exploring import ALL, Walk
from tests.dialogs.interview import laws as interview_laws
from tests.dialogs.interview.doubting import LAWS_OF_DOUBTS, doubting_walk, doubting_walk_of_one
from tests.dialogs.interview.weighing import LAWS_OF_WEIGHTS, weighed_walk, weighed_walk_of_one
from tests.dialogs.invitation import laws as invitation_laws
from tests.dialogs.issue import laws as issue_laws

_ALWAYS = 2
_FIRST = 200
"""Things after which most planted bugs have been met; a whole walk sees thousands."""
_MORE = 800
"""Things that are enough to meet the few rows which the whole walk of the usual survey does not."""

Change = Callable[[TransitionRow], TransitionRow | None]
Asked = tuple[Interview, tuple[object, ...]]


def _altered(machine: Machine[Any, Any], change: Change) -> Machine[Any, Any]:
    """Return the machine with rows changed, or taken away where `change` gives None."""
    rows = tuple(changed for old in machine.rows if (changed := change(old)) is not None)
    assert rows != machine.rows
    return replace(machine, rows=rows)


def _with(machine: Machine[Any, Any], *more: TransitionRow) -> Machine[Any, Any]:
    return replace(machine, rows=(*machine.rows, *more))


def _is(old: TransitionRow, source: object, event: type, action: Callable[..., object] | None = None) -> bool:
    return old.source is source and old.event is event and action in (None, old.action)


@pytest.mark.proof
def test_every_reachable_interview_obeys_every_law() -> None:
    walk = interview_laws.whole_walk()
    assert len(walk.moves) > 1000
    assert interview_laws.broken_laws(walk) == set()


@pytest.mark.proof
def test_every_reachable_interview_that_asks_for_importance_obeys_every_law() -> None:
    walk = weighed_walk()
    assert len(walk.moves) > 1000
    assert interview_laws.broken_laws(walk) == set()
    assert [law.__name__ for law in LAWS_OF_WEIGHTS if next(law(walk), None) is not None] == []


@pytest.mark.proof
def test_every_reachable_interview_whose_words_contradict_its_ratings_obeys_every_law() -> None:
    walk = doubting_walk()
    assert len(walk.moves) > 500
    assert interview_laws.broken_laws(walk) == set()
    assert [law.__name__ for law in LAWS_OF_DOUBTS if next(law(walk), None) is not None] == []


def _without_reason(interview: Interview, event: ev.RatedAll, talk: InterviewTerms) -> Asked:
    return do.record_all_and_ask_comment(interview, replace(event, remark=""), talk)


def _silent_complaint(interview: Interview, event: ev.Complained, talk: InterviewTerms) -> Asked:
    return do.hand_over_complaint(interview, event, talk)[0], ()


def _edit_empties_the_rest(interview: Interview, event: ev.Edited, talk: InterviewTerms) -> Asked:
    after, effects = do.reword(interview, event, talk)
    return replace(after, said=()), effects


_WORDS_DROPPED: dict[str, Machine[Any, Any]] = {
    "going back forgets what was written": _altered(
        INTERVIEW,
        lambda r: replace(r, action=do.ask_it_again) if r.action is do.keep_words_and_ask_it_again else r,
    ),
    "a reason beside one rating for all is dropped": _altered(
        INTERVIEW,
        lambda r: replace(r, action=_without_reason) if r.action is do.record_all_and_ask_comment else r,
    ),
    "late words are dropped": _altered(
        INTERVIEW, lambda r: replace(r, action=do.change_nothing) if r.event is ev.LateWords else r
    ),
}


@pytest.mark.parametrize("limit", [_FIRST, pytest.param(ALL, marks=pytest.mark.proof)])
def test_no_words_are_lost_whatever_is_pressed(limit: int) -> None:
    assert interview_laws.words_lost(INTERVIEW, limit) == []


@pytest.mark.proof
def test_a_table_that_drops_words_is_found() -> None:
    assert [bug for bug, machine in _WORDS_DROPPED.items() if not interview_laws.words_lost(machine)] == []


def test_every_reachable_issue_obeys_every_law() -> None:
    walk = issue_laws.walk_of()
    assert len(walk.moves) > 500
    assert issue_laws.broken_laws(walk) == set()


@pytest.mark.proof
def test_every_reachable_invitation_obeys_every_law() -> None:
    walk = invitation_laws.walk_of()
    assert len(walk.moves) > 30
    assert invitation_laws.broken_laws(walk) == set()


@pytest.mark.proof
def test_exploration_walks_every_row_of_every_table() -> None:
    small = interview_laws.SURVEY
    others = (replace(small, remark=RemarkRule(1, 2)), interview_laws.ONE_QUESTION)
    more = (interview_laws.walk_of(survey=survey, limit=_MORE) for survey in others)
    walks = (
        interview_laws.whole_walk(),
        weighed_walk(),
        weighed_walk_of_one(),
        doubting_walk(),
        doubting_walk_of_one(),
        *more,
    )
    assert frozenset().union(*(walk.rows for walk in walks)) == frozenset(INTERVIEW.rows)
    assert issue_laws.walk_of().rows == frozenset(ISSUE.rows)
    assert invitation_laws.walk_of().rows == frozenset(INVITATION.rows)


def _noted_again(interview: Interview, event: ev.Skipped, talk: InterviewTerms) -> Asked:
    return do.ask_next(replace(interview, skipped=(*interview.skipped, interview.at)), event, talk)


def _answer_forgotten(interview: Interview, _event: object, _talk: object) -> Asked:
    return replace(interview, answers=interview.answers[:-1], misses=0), ()


def _newest_first(interview: Interview, event: ev.Rated, talk: InterviewTerms) -> Asked:
    after, effects = do.record_and_ask_comment(interview, event, talk)
    return replace(after, answers=after.answers[::-1]), effects


def _any_value(interview: Interview, event: ev.Rated, talk: InterviewTerms) -> bool:
    return event.question == interview.at and not when.wants_a_remark(interview, event, talk) and event.value != 1


def _given_anew(interview: Interview, event: ev.Clarified, talk: InterviewTerms) -> Asked:
    after, effects = clarify.clarify_and_thank(interview, event, talk)
    return replace(after, answers=tuple(replace(one, clarification=None) for one in after.answers)), effects


_PLANTED_IN_DOUBTS: dict[str, tuple[Machine[Any, Any], str]] = {
    "the rating before is forgotten": (
        _altered(INTERVIEW, lambda r: replace(r, action=_given_anew) if r.action is clarify.clarify_and_thank else r),
        "the_rating_before_is_kept",
    ),
    "who does not answer has not finished": (
        _altered(
            INTERVIEW,
            lambda r: replace(r, target=InterviewState.EXPIRED) if _is(r, InterviewState.CLARIFYING, ev.Ended) else r,
        ),
        "the_wish_to_end_completes_it",
    ),
}


@pytest.mark.proof
@pytest.mark.parametrize("bug", _PLANTED_IN_DOUBTS)
def test_a_bug_planted_in_the_question_which_rating_is_meant_is_found(bug: str) -> None:
    machine, law = _PLANTED_IN_DOUBTS[bug]
    walk = doubting_walk(machine, _MORE)
    assert law in {law.__name__ for law in LAWS_OF_DOUBTS if next(law(walk), None) is not None}


def _some(bugs: Iterable[str]) -> list[ParameterSet]:
    """Look for the first few bugs in every run, and for all in the longer proofs."""
    return [pytest.param(bug, marks=[pytest.mark.proof] if place >= _ALWAYS else []) for place, bug in enumerate(bugs)]


def _is_found(
    law: str,
    broken_laws: Callable[[Walk[Any, Any]], set[str]],
    walk: Callable[[int], Walk[Any, Any]],
    sound: Walk[Any, Any],
) -> bool:
    """Look among the first things that can be reached, then among all.

    A law that the `sound` table seems to break as well, where its walk is cut off, is told by whole walks only.
    """
    early = law not in broken_laws(sound) and law in broken_laws(walk(_FIRST))
    return early or law in broken_laws(walk(ALL))


_PLANTED_IN_INTERVIEWS: dict[str, tuple[Machine[Any, Any], str]] = {
    "time does not run out while a remark is asked": (
        _altered(INTERVIEW, lambda r: None if _is(r, InterviewState.REMARKING, ev.Lapsed) else r),
        "leaving_always_ends_it",
    ),
    "a complaint is handed to nobody": (
        _altered(
            INTERVIEW, lambda r: replace(r, action=_silent_complaint) if r.action is do.hand_over_complaint else r
        ),
        "a_complaint_is_handed_over",
    ),
    "an edit empties what else was said": (
        _altered(INTERVIEW, lambda r: replace(r, action=_edit_empties_the_rest) if r.action is do.reword else r),
        "an_edit_drops_no_text",
    ),
    "two rows fit": (
        _altered(INTERVIEW, lambda r: replace(r, guard=when.is_asked) if r.guard is when.the_last_one else r),
        "at_most_one_row_fits",
    ),
    "a completed interview can be corrected for ever": (
        _altered(INTERVIEW, lambda r: replace(r, guard=when.a_correction) if r.guard is when.a_late_correction else r),
        "final_is_final",
    ),
    "an expired interview comes back to life": (
        _with(INTERVIEW, row(InterviewState.EXPIRED, ev.Resumed, InterviewState.RATING, do.show_again)),
        "final_is_final",
    ),
    "a value off the scale is taken": (
        _altered(INTERVIEW, lambda r: replace(r, guard=_any_value) if r.guard is when.more_to_rate else r),
        "only_values_on_the_scale",
    ),
    "a stale Skip passes over another question": (
        _altered(
            INTERVIEW, lambda r: replace(r, guard=when.more_after_this) if r.guard is when.this_step_and_more else r
        ),
        "a_stale_step_changes_nothing",
    ),
    "answers stand in the order in which they were given": (
        _altered(INTERVIEW, lambda r: replace(r, action=_newest_first) if r.action is do.record_and_ask_comment else r),
        "answers_stand_in_order",
    ),
    "going back forgets the answer": (
        _altered(
            INTERVIEW,
            lambda r: (
                replace(r, action=_answer_forgotten)
                if _is(r, InterviewState.REMARKING, ev.Back, do.keep_words_and_ask_it_again)
                else r
            ),
        ),
        "no_answer_is_lost",
    ),
    "skipping a question twice is noted twice": (
        _altered(
            INTERVIEW,
            lambda r: (
                replace(r, action=_noted_again)
                if _is(r, InterviewState.RATING, ev.Skipped, do.skip_and_ask_next)
                else r
            ),
        ),
        "is_finite",
    ),
    "the reminder repeats itself": (
        _altered(INTERVIEW, lambda r: replace(r, action=do.show_again) if r.action is do.remind else r),
        "there_is_one_reminder",
    ),
    "the comment cannot be skipped": (
        _altered(INTERVIEW, lambda r: None if _is(r, InterviewState.COMMENTING, ev.Skipped) else r),
        "every_button_leads_somewhere",
    ),
}


@pytest.mark.proof
@pytest.mark.parametrize("bug", _some(_PLANTED_IN_INTERVIEWS))
def test_a_bug_planted_in_the_interviews_table_is_found(bug: str) -> None:
    machine, law = _PLANTED_IN_INTERVIEWS[bug]
    walk = interview_laws.walk_of
    assert _is_found(law, interview_laws.broken_laws, lambda limit: walk(machine, limit=limit), walk(limit=_FIRST))


def _same_resolution(issue: Issue, event: on.Reopened, context: IssueTerms) -> tuple[Issue, tuple[object, ...]]:
    after, effects = handle.open_again(issue, event, context)
    return replace(after, resolution=issue.resolution), effects


_PLANTED_IN_ISSUES: dict[str, tuple[Machine[Any, Any], str]] = {
    "the second press takes it from the first": (
        _with(ISSUE, row(IssueState.CLAIMED, on.IssueClaimed, IssueState.CLAIMED, handle.take)),
        "there_is_one_holder",
    ),
    "anybody can resolve what somebody has": (
        _altered(ISSUE, lambda r: replace(r, guard=given.told) if r.guard is given.told_by_the_holder else r),
        "there_is_one_holder",
    ),
    "a second question does not wait for the first answer": (
        _altered(ISSUE, lambda r: replace(r, guard=None) if r.guard is given.nothing_asked else r),
        "there_is_one_question",
    ),
    "a question outlives the outcome": (
        _with(ISSUE, row(IssueState.CLAIMED, on.ConfirmationTimedOut, IssueState.CLOSED, handle.change_nothing)),
        "there_is_one_question",
    ),
    "reopening keeps the number of the resolution": (
        _altered(ISSUE, lambda r: replace(r, action=_same_resolution) if r.action is handle.open_again else r),
        "customers_are_told_once_per_resolution",
    ),
    "a silent resolution tells the customer": (
        _altered(ISSUE, lambda r: replace(r, action=handle.resolve) if r.action is handle.resolve_silently else r),
        "customers_are_told_once_per_resolution",
    ),
    "one of two customers closes it for both": (
        _altered(
            ISSUE,
            lambda r: replace(r, guard=None) if r.guard is given.the_last_one_told else r,
        ),
        "closed_only_as_promised",
    ),
    "an answer to an old closure reopens it": (
        _altered(
            ISSUE,
            lambda r: replace(r, guard=None) if _is(r, IssueState.CLOSED, on.Denied) else r,
        ),
        "only_those_told_are_heard",
    ),
}


@pytest.mark.proof
@pytest.mark.parametrize("bug", _some(_PLANTED_IN_ISSUES))
def test_a_bug_planted_in_the_issues_table_is_found(bug: str) -> None:
    machine, law = _PLANTED_IN_ISSUES[bug]
    walk = issue_laws.walk_of
    assert _is_found(law, issue_laws.broken_laws, lambda limit: walk(machine, limit), walk(limit=_FIRST))


_PLANTED_IN_INVITATIONS: dict[str, tuple[Machine[Any, Any], str]] = {
    "nobody looks at it after the deadline": (
        _altered(INVITATION, lambda r: None if r.guard is inviting.never_due else r),
        "the_deadline_ends_it",
    ),
    "it ends without a reason": (
        _altered(
            INVITATION,
            lambda r: replace(r, target=InvitationState.UNREACHABLE) if r.guard is inviting.never_due else r,
        ),
        "it_is_asked_or_says_why_not",
    ),
}


@pytest.mark.proof
@pytest.mark.parametrize("bug", _PLANTED_IN_INVITATIONS)
def test_a_bug_planted_in_the_invitations_table_is_found(bug: str) -> None:
    machine, law = _PLANTED_IN_INVITATIONS[bug]
    assert law in invitation_laws.broken_laws(invitation_laws.walk_of(machine))
