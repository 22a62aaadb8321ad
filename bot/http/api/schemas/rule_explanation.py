"""Which survey rule decides about a ticket, in JSON."""

from datetime import datetime

from pydantic import BaseModel

from bot.handlers.surveys.explain import Decided, Explanation, Looked

__all__ = ["ExplainAnswer", "explain_answer"]


class StepOut(BaseModel):
    """One rule that was looked at."""

    rule: str
    matches: bool
    because: str


class DecidedOut(BaseModel):
    """What was decided at the closing."""

    id: str
    rule: str | None
    survey: str
    status: str
    reason: str | None
    because: str | None
    closing: int
    by_hand: bool
    due_at: datetime
    deadline_at: datetime


class ExplainAnswer(BaseModel):
    """Which rule decides about a ticket now, why, and what was decided at its closing.

    `rule` is null where no rule fits: then the settings decide. `decision` is `ask`, or the `reason` why not.
    """

    rule: str | None
    survey: str
    decision: str
    reason: str | None
    because: str
    steps: tuple[StepOut, ...]
    invitation: DecidedOut | None
    paused: bool


def explain_answer(told: Explanation) -> ExplainAnswer:
    """Return an explanation as the API shows it."""
    return ExplainAnswer(
        rule=told.rule or None,
        survey=told.survey,
        decision=told.decision,
        reason=None if told.decision == "ask" else told.decision,
        because=told.because,
        steps=tuple(_step(step) for step in told.steps),
        invitation=_decided(told.decided) if told.decided is not None else None,
        paused=told.paused is not None,
    )


def _step(step: Looked) -> StepOut:
    return StepOut(rule=step.rule, matches=step.matches, because=step.because)


def _decided(decided: Decided) -> DecidedOut:
    invitation = decided.invitation
    return DecidedOut(
        id=invitation.id,
        rule=invitation.rule or None,
        survey=invitation.survey,
        status=decided.status,
        reason=invitation.reason.value if invitation.reason is not None else None,
        because=decided.because or None,
        closing=invitation.closing,
        by_hand=invitation.by_hand,
        due_at=invitation.due_at,
        deadline_at=invitation.deadline_at,
    )
