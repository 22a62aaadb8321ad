"""What is due: an ask, a reminder, a rating that has rested, an interview that lapses, an issue nobody took."""

from datetime import datetime, timedelta

from bot.handlers.common.context import Scene
from bot.handlers.common.policy import Policy
from bot.handlers.customers import data_requests
from bot.handlers.issues.alerting import Said, raise_issues
from bot.handlers.issues.messages import call_needs
from bot.handlers.issues.transitions import move
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.inviting import ask
from bot.handlers.surveys.pause import PAUSED, pause_of
from dialogs.interview.events import Lapsed, Reminded
from dialogs.interview.model import OPEN, Interview
from dialogs.invitation.machine import Invitation, State
from dialogs.issue.machine import Overdue, Rested
from dialogs.issue.model import Issue
from dialogs.issue.model import State as Handled
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


def wake(scene: Scene, kind: str, key: str) -> Changes:
    """Do what is due; nothing if somebody was faster."""
    if kind == "request":
        return data_requests.wake(scene, key)
    if kind == "invitation":
        invitation = scene.snapshot.invitation(key)
        return _wake_invitation(scene, invitation) if invitation is not None else Changes()
    if kind == "interview":
        interview = scene.snapshot.interview(key)
        return _wake_interview(scene, interview) if interview is not None else Changes()
    issue = scene.snapshot.issue(key)
    return _wake_issue(scene, issue) if issue is not None else Changes()


def _wake_invitation(scene: Scene, invitation: Invitation) -> Changes:
    due = invitation.wake_at is not None and invitation.wake_at <= scene.now
    return ask(scene, invitation) if due and invitation.state is State.SCHEDULED else Changes()


def _wake_interview(scene: Scene, interview: Interview) -> Changes:
    if interview.state not in OPEN:
        return Changes()
    if interview.expires_at <= scene.now:
        return advance(scene, interview, Lapsed(), "lapsed") or Changes()
    if interview.remind_at is not None and interview.remind_at <= scene.now:
        return _remind(scene, interview)
    if interview.settle_at is not None and interview.settle_at <= scene.now:
        after, raised = raise_issues(scene, interview, interview, Said("rested"))
        return Changes((after,)) + raised
    return Changes()


def _remind(scene: Scene, interview: Interview) -> Changes:
    """Remind, but not at night, when a service that was down may wake, nor before the first question got through."""
    policy, zone = scene.policy, scene.policy.zone_of(scene.snapshot.customer(interview.customer))
    invitation = scene.snapshot.invitation(interview.invitation)
    is_unsent = invitation is not None and invitation.sent_at is None
    wanted = scene.now + policy.reminder_after if is_unsent else scene.now
    moment = due_at(wanted, wanted, interview.expires_at, policy.welcome, zone)
    if moment == scene.now and pause_of(scene) is not None:
        moment = scene.now + _PAUSED_FOR
    if moment != scene.now:
        return Changes((replace(interview, remind_at=moment),))
    return advance(scene, interview, Reminded(), "reminded") or Changes()


def _wake_issue(scene: Scene, issue: Issue) -> Changes:
    if issue.wake_at is None or issue.wake_at > scene.now:
        return Changes()
    if issue.state is Handled.OPEN:
        return move(scene, issue, Overdue(), ("overdue", None, None)) or Changes()
    return move(scene, issue, Rested(), ("closed", None, None)) or Changes()
