"""What is due: an ask, a reminder, a rating that has rested, an interview that lapses, an issue nobody took.

Every row with a `wake_at` is decided here when that moment has come (`bot/process/scheduler.py` finds them by
`storage/reads/due.py`), each in a decision of its own. For something new to become due, the decision that plans it
sets `wake_at`; a kind of row that never was due needs an entry in `DUE` here, and its table in `storage/reads/due.py`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.customers import data_requests
from bot.handlers.issues.alerts import raise_settled
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.transitions import move
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.invitations import ask
from bot.handlers.surveys.pause import pause_of
from dialogs.ids import Ref, RefKind
from dialogs.interview.events import Lapsed, Reminded
from dialogs.interview.model import OPEN, Interview
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.events import event_when_due
from dialogs.issue.model import Issue, IssueState
from dialogs.time.contact_hours import due_at
from dialogs.time.doubt import is_held
from scoring.values import Value, replace
from storage.model.note_keys import SURVEYS_PAUSED
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs, needs_of

__all__ = ["DUE", "DueKind", "needs", "wake", "wake_of"]

_PAUSED_FOR = timedelta(minutes=10)
"""When to look again at a reminder while all surveys are paused."""


def needs(ref: Ref, policy: Policy, now: datetime) -> Needs:
    """Return the need for the thing that is due; raises KeyError for a kind of which nothing can be due."""
    return needs_of(ref) | DUE[ref.kind].needs(policy, now)


def wake(context: DecisionContext, ref: Ref) -> Changes:
    """Return what follows of a due thing, nothing where it is done; raises KeyError for an unknown kind."""
    return DUE[ref.kind].wake(context, ref)


def wake_of(context: DecisionContext, ref: Ref) -> datetime | None:
    """Return the moment at which an ask, an interview or an issue is due; None where it is not, or not there."""
    look = context.snapshot.about
    found = look(Invitation, ref) or look(Interview, ref) or look(Issue, ref)
    return found.wake_at if found is not None else None


def _wake_invitation(context: DecisionContext, ref: Ref) -> Changes:
    invitation = context.snapshot.about(Invitation, ref)
    if invitation is None:
        return Changes()
    due = _is_due(context, invitation.wake_at, invitation.deadline_at)
    return ask(context, invitation) if due and invitation.state is InvitationState.SCHEDULED else Changes()


def _is_due(context: DecisionContext, wake_at: datetime | None, ends_at: datetime | None) -> bool:
    """Return whether it has come, and the time is certain enough for what follows (`dialogs.time.doubt.is_held`)."""
    if wake_at is None or wake_at > context.now:
        return False
    return not is_held(wake_at, ends_at, context.now, context.doubt)


def _wake_interview(context: DecisionContext, ref: Ref) -> Changes:
    interview = context.snapshot.about(Interview, ref)
    if interview is None or interview.state not in OPEN:
        return Changes()
    if not _is_due(context, interview.wake_at, interview.expires_at):
        return Changes()
    if interview.expires_at <= context.now:
        return advance(context, interview, Lapsed(), "lapsed") or Changes()
    if interview.remind_at is not None and interview.remind_at <= context.now:
        return _remind(context, interview)
    if interview.settle_at is not None and interview.settle_at <= context.now:
        return raise_settled(context, interview)
    return Changes()


def _remind(context: DecisionContext, interview: Interview) -> Changes:
    """Remind, but not at night, when a service that was down may wake, nor before the first question got through."""
    policy, zone = context.policy, context.policy.zone_of(context.snapshot.customer(interview.customer))
    invitation = context.snapshot.invitation(interview.invitation)
    is_unsent = invitation is not None and invitation.sent_at is None
    wanted = context.now + policy.reminder_after if is_unsent else context.now
    moment = due_at(wanted, wanted, interview.expires_at, policy.contact_hours, zone)
    if moment == context.now and pause_of(context) is not None:
        moment = context.now + _PAUSED_FOR
    if moment != context.now:
        return Changes((replace(interview, remind_at=moment),))
    return advance(context, interview, Reminded(), "reminded") or Changes()


def _wake_issue(context: DecisionContext, ref: Ref) -> Changes:
    issue = context.snapshot.about(Issue, ref)
    if issue is None or not _is_due(context, issue.wake_at, _closes_at(issue)):
        return Changes()
    if issue.state is IssueState.CLAIMED and context.policy.resolve_within is None:
        return Changes((replace(issue, due_at=None, wake_at=None),))  # it was claimed before the setting was turned off
    event = event_when_due(issue)
    return (move(context, issue, event) if event is not None else None) or Changes()


def _closes_at(issue: Issue) -> datetime | None:
    """Return when it closes by itself, None while a person has yet to resolve it."""
    return issue.wake_at if issue.state is IssueState.RESOLVED else None


def _wake_request(context: DecisionContext, ref: Ref) -> Changes:
    return data_requests.close_erasure(context, ref.id)


def _paused(_policy: Policy, _now: datetime) -> Needs:
    return Needs(notes=frozenset({SURVEYS_PAUSED}))


def _paused_or_calls(policy: Policy, now: datetime) -> Needs:
    return _paused(policy, now) | call_needs(policy, now)


def _roster_and_calls(policy: Policy, now: datetime) -> Needs:
    return Needs(roster=True) | call_needs(policy, now)


class DueKind(Value):
    """What is looked at besides a thing of this kind that is due, and what is decided about it."""

    needs: Callable[[Policy, datetime], Needs]
    wake: Callable[[DecisionContext, Ref], Changes]


DUE: dict[RefKind, DueKind] = {
    RefKind.INVITATION: DueKind(_paused_or_calls, _wake_invitation),
    RefKind.INTERVIEW: DueKind(_paused, _wake_interview),
    RefKind.ISSUE: DueKind(_roster_and_calls, _wake_issue),
    RefKind.REQUEST: DueKind(call_needs, _wake_request),
}
"""What one decision completes; what takes more, such as a campaign, has its entry in `bot.wiring.container.wakers`."""
