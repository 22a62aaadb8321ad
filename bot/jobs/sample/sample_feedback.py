"""Sheets of feedback that customers of the sample company left on paper: how it was, and how important they find it."""

from collections.abc import Iterator
from datetime import timedelta

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_answers import log_of, rated_at, ratings_of, subjects_of
from bot.jobs.sample.sample_days import SampleSetup, month_from
from bot.jobs.sample.sample_issues import issue_from
from bot.jobs.sample.sample_visits import SampleVisit
from config.surveys.load import read_surveys
from dialogs.ids import RefKind, derive
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import SAMPLE_SOURCE, Invitation, InvitationState
from dialogs.survey import Survey
from scoring.values import Value, replace

__all__ = ["feedback_of", "feedback_survey"]

_MONTHS = 3
"""Those at the end in which paper is laid out."""
_LEFT = 0.05
"""The share of visits after which a sheet is filled."""
_LIKE = {"solving_speed": "response_speed", "solving_result": "problem_solving"}
"""The questions of the company's survey whose levels these follow; the others go by their dimension."""
_IMPORTANT = {"reception_attitude": 3.4, "solving_speed": 4.3, "solving_result": 4.7, "service_efficiency": 3.7}


def feedback_survey() -> Survey:
    """Return the survey that is on the paper."""
    return read_surveys()["importance_matrix"]


def feedback_of(visit: SampleVisit, setup: SampleSetup) -> Iterator[Value]:
    """Yield the sheet that was filled after a visit of the last months, as somebody has entered it; mostly none."""
    draws, order = Draws(setup.order.seed, "feedback", visit.ticket), setup.order
    since = month_from(setup.days.last_month, 1 - _MONTHS, order.zone).since
    if visit.closed_at < since or not draws.chance(_LEFT):
        return
    survey, at = feedback_survey(), min(visit.closed_at + timedelta(hours=draws.between(2, 60)), setup.days.end)
    id_ = derive(RefKind.INVITATION, SAMPLE_SOURCE, order.seed, visit.ticket, "paper")
    invitation = Invitation(
        id=id_,
        source=SAMPLE_SOURCE,
        ticket=visit.ticket,
        closing=1,
        customer=visit.customer.id,
        survey=survey.id,
        due_at=at,
        deadline_at=at,
        closed_at=visit.closed_at,
        state=InvitationState.ASKED,
        channel="paper",
        agent_id=visit.technician.id,
        agent_name=visit.technician.name,
        team=visit.team.name,
        by_hand=True,
        asked_at=at,
        occasion=f"entered:{id_}",
        entered_by=setup.plan.words["helper"],
    )
    yield invitation
    interview = _filled(invitation, visit, setup, draws)
    log, opened = log_of(interview), issue_from(interview, visit, setup)
    assessed = subjects_of(interview) if opened is not None else ()
    yield replace(interview, logged=len(log), assessed=assessed)
    yield from log
    yield from ratings_of(interview, visit, survey)
    yield from () if opened is None else (opened.issue, *opened.lines)


def _filled(invitation: Invitation, visit: SampleVisit, setup: SampleSetup, draws: Draws) -> Interview:
    survey, at = feedback_survey(), invitation.due_at
    answers = tuple(
        Answer(
            question.id,
            rated_at(visit, _LIKE.get(question.id, question.measures), setup, draws),
            at,
            importance=max(1, min(5, draws.rounded(_IMPORTANT[question.id] + 0.8 * draws.normal()))),
        )
        for question in survey.questions
    )
    return Interview(
        id=derive(RefKind.INTERVIEW, invitation.id),
        invitation=invitation.id,
        customer=invitation.customer,
        channel="paper",
        chat="",
        survey=survey.key,
        locale=visit.customer.locale,
        asked_at=at,
        expires_at=at,
        state=InterviewState.COMPLETED,
        answers=answers,
        completed_at=at,
    )
