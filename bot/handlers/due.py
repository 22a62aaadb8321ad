"""What is due: an ask, a reminder, a rating that has rested, an interview that lapses, an issue nobody took."""

from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.customers import data_requests
from bot.handlers.issues.alerting import Said, raise_issues
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.transitions import move
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.inviting import ask
from bot.handlers.surveys.pause import PAUSED, pause_of
from dialogs.interview.events import Lapsed, Reminded
from dialogs.interview.model import OPEN, Interview
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.events import ConfirmationTimedOut, Overdue
from dialogs.issue.model import Issue, IssueState
from dialogs.time.contact_hours import due_at
from scoring.values import replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["needs", "wake"]

_PAUSED_FOR = timedelta(minutes=10)
"""When to look again at a reminder while all surveys are paused."""


def needs(kind: str, key: str, policy: Policy, now: datetime) -> Needs:
    """Look at the thing that is due."""
    keys = frozenset({key})
    if kind == "issue":
        return Needs(issues=keys) | call_needs(policy, now)
    if kind == "request":
        return Needs(requests=keys) | call_needs(policy, now)
    if kind == "invitation":
        return Needs(invitations=keys, notes=frozenset({PAUSED})) | call_needs(policy, now)
    return Needs(interviews=keys, notes=frozenset({PAUSED}))


def wake(context: DecisionContext, kind: str, key: str) -> Changes:
    """Do what is due; nothing if somebody was faster."""
    if kind == "request":
        return data_requests.wake(context, key)
    if kind == "invitation":
        invitation = context.snapshot.invitation(key)
        return _wake_invitation(context, invitation) if invitation is not None else Changes()
    if kind == "interview":
        interview = context.snapshot.interview(key)
        return _wake_interview(context, interview) if interview is not None else Changes()
    issue = context.snapshot.issue(key)
    return _wake_issue(context, issue) if issue is not None else Changes()


def _wake_invitation(context: DecisionContext, invitation: Invitation) -> Changes:
    due = invitation.wake_at is not None and invitation.wake_at <= context.now
    return ask(context, invitation) if due and invitation.state is InvitationState.SCHEDULED else Changes()


def _wake_interview(context: DecisionContext, interview: Interview) -> Changes:
    if interview.state not in OPEN:
        return Changes()
    if interview.expires_at <= context.now:
        return advance(context, interview, Lapsed(), "lapsed") or Changes()
    if interview.remind_at is not None and interview.remind_at <= context.now:
        return _remind(context, interview)
    if interview.settle_at is not None and interview.settle_at <= context.now:
        after, raised = raise_issues(context, interview, interview, Said("rested"))
        return Changes((after,)) + raised
    return Changes()


def _remind(context: DecisionContext, interview: Interview) -> Changes:
    """Remind, but not at night, when a service that was down may wake, nor before the first question got through."""
    policy, zone = context.policy, context.policy.zone_of(context.snapshot.customer(interview.customer))
    invitation = context.snapshot.invitation(interview.invitation)
    is_unsent = invitation is not None and invitation.sent_at is None
    wanted = context.now + policy.reminder_after if is_unsent else context.now
    moment = due_at(wanted, wanted, interview.expires_at, policy.welcome, zone)
    if moment == context.now and pause_of(context) is not None:
        moment = context.now + _PAUSED_FOR
    if moment != context.now:
        return Changes((replace(interview, remind_at=moment),))
    return advance(context, interview, Reminded(), "reminded") or Changes()


def _wake_issue(context: DecisionContext, issue: Issue) -> Changes:
    if issue.wake_at is None or issue.wake_at > context.now:
        return Changes()
    if issue.state is IssueState.OPEN:
        return move(context, issue, Overdue()) or Changes()
    return move(context, issue, ConfirmationTimedOut()) or Changes()
