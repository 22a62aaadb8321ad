"""The pause of all surveys: one note that every ask looks at."""

from datetime import datetime

import msgspec

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from dialogs.invitation.feedback import is_feedback
from dialogs.invitation.machine import INVITATION, Suppressed
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.invitation.survey_rules import PAUSED_RULE
from scoring.values import Value, replace
from storage.model.note_keys import SURVEYS_PAUSED
from storage.model.records import Note
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["RESUMING", "Pause", "pause_of", "pause_surveys", "put_off", "resume_surveys"]

RESUMING = Needs(notes=frozenset({SURVEYS_PAUSED}), waiting=True)
"""What to look at before `resume_surveys`; `pause_surveys` needs the note alone."""


class Pause(Value):
    """Who paused surveys, and since when (UTC)."""

    by: str
    since: datetime


def pause_of(context: DecisionContext) -> Pause | None:
    """Return the current pause, None where there is none."""
    note = context.snapshot.note(SURVEYS_PAUSED)
    return msgspec.json.decode(note.value, type=Pause) if note is not None and note.value else None


def pause_surveys(context: DecisionContext, by: str) -> Changes:
    """Pause all surveys except those asked by hand; empty where they are paused already."""
    if pause_of(context) is not None:
        return Changes()
    pause = Pause(by, context.now)
    done = audit_entry(context, by, "surveys.pause", "", context.now.isoformat())
    return _noted(context, msgspec.json.encode(pause).decode()) + Changes((done,))


def resume_surveys(context: DecisionContext, by: str) -> Changes:
    """Resume surveys, and wake the invitations that waited."""
    if pause_of(context) is None:
        return Changes()
    waiting = (invitation for invitation in context.snapshot.waiting() if _waits(context, invitation))
    woken = tuple(replace(invitation, wake_at=context.now) for invitation in waiting)
    done = audit_entry(context, by, "surveys.resume", "", context.now.isoformat())
    return _noted(context, "") + Changes((*woken, done))


def put_off(context: DecisionContext, invitation: Invitation) -> Changes | None:
    """Postpone an ask while surveys are paused, or end it at its deadline; None where the pause does not apply."""
    if invitation.by_hand or is_feedback(invitation) or pause_of(context) is None:
        return None
    if context.now < invitation.deadline_at:
        due = invitation.due_at if invitation.due_at > context.now else invitation.deadline_at
        return Changes((replace(invitation, reason=None, wake_at=due),))
    if invitation.reason is not None:
        return None
    step = INVITATION.step(invitation, Suppressed(InvitationReason.EXCLUDED), context.now)
    return Changes((replace(step.thing, rule=PAUSED_RULE),)) if step is not None else None


def _waits(context: DecisionContext, invitation: Invitation) -> bool:
    """Return whether only the pause keeps an invitation from being asked."""
    is_late = invitation.due_at <= context.now and invitation.wake_at == invitation.deadline_at
    return invitation.state is InvitationState.SCHEDULED and invitation.reason is None and is_late


def _noted(context: DecisionContext, value: str) -> Changes:
    before = context.snapshot.note(SURVEYS_PAUSED) or Note(SURVEYS_PAUSED, "", context.now)
    return Changes((replace(before, value=value, at=context.now),))
