"""How an occurrence begins and ends, and what becomes of those that nobody ran."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.handlers.campaigns.commands import audited
from bot.handlers.common.context import DecisionContext
from bot.handlers.surveys.interview import taken_back
from dialogs.campaign.machine import CAMPAIGN, LATE, Halted, OccurrenceDone, OccurrenceDue, OccurrencesMissed
from dialogs.campaign.model import Campaign, CampaignState, Run, RunState, Target
from dialogs.campaign.occurrences import occurrences_until
from dialogs.interview.model import Interview
from dialogs.invitation.machine import INVITATION, Bounced, Suppressed
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes

__all__ = ["ITSELF", "Turn", "asks_taken_back", "begun", "exhausted", "missed", "stopped", "turn_of"]

ITSELF = "huifang"
"""The actor in the audit log for what a campaign does by itself."""


class Turn(Value):
    """What is due of a schedule: `runs` now, None where nothing does; `skips` and why; `next_at` comes after them."""

    runs: datetime | None
    skips: tuple[datetime, ...]
    why: str
    next_at: datetime | None


def turn_of(campaign: Campaign, now: datetime) -> Turn | None:
    """Return what becomes of the occurrences that have come; None when none has.

    The latest runs, up to six hours late; those before it were missed. While one is under way the others are skipped.
    """
    if campaign.next_at is None or campaign.next_at > now:
        return None
    come, following = occurrences_until(campaign.schedule, campaign.next_at, now)
    if campaign.state is CampaignState.RUNNING:
        return Turn(None, tuple(come), "still running", following)
    if come[-1] < now - LATE:
        return Turn(None, tuple(come), "missed", following)
    return Turn(come[-1], tuple(come[:-1]), "missed", following)


def begun(
    context: DecisionContext, campaign: Campaign, turn: Turn, occurrence: datetime, targets: Sequence[Target]
) -> Changes:
    """Begin an occurrence with all its people, in one commit."""
    changes = _skips(campaign, turn)
    step = CAMPAIGN.step(campaign, OccurrenceDue(occurrence, turn.next_at), context.now)
    if step is None:
        return Changes()
    run = Run(campaign.id, occurrence, RunState.RUNNING, len(targets), context.now)
    return changes + Changes((step.thing, run, *targets))


def missed(context: DecisionContext, campaign: Campaign, turn: Turn) -> Changes:
    """Record the occurrences that are not run."""
    step = CAMPAIGN.step(campaign, OccurrencesMissed(turn.next_at), context.now)
    return Changes((step.thing,)) + _skips(campaign, turn) if step is not None else Changes()


def exhausted(context: DecisionContext, campaign: Campaign) -> Changes:
    """End the occurrence under way."""
    step = CAMPAIGN.step(campaign, OccurrenceDone(), context.now)
    if step is None or campaign.occurrence is None:
        return Changes()
    run = context.snapshot.run(campaign.id, campaign.occurrence)
    ended = Changes((replace(run, state=RunState.DONE, finished_at=context.now),)) if run is not None else Changes()
    return ended + Changes((step.thing,))


def stopped(context: DecisionContext, campaign: Campaign, why: str) -> Changes:
    """Stop it, for a reason of its own."""
    step = CAMPAIGN.step(campaign, Halted(why), context.now)
    return Changes((step.thing, audited(context, campaign, "stopped", ITSELF, why=why))) if step else Changes()


def asks_taken_back(context: DecisionContext, interviews: Iterable[str]) -> Changes:
    """Take back asks of a cancelled campaign that were never sent, so that nobody is reminded of them."""
    records: list[Any] = []
    for key in interviews:
        interview = context.snapshot.interview(key)
        withdrawn = taken_back(context, interview) if interview is not None else None
        if withdrawn is not None:
            records += [withdrawn, *_excluded(context, withdrawn)]
    return Changes(tuple(records))


def _excluded(context: DecisionContext, interview: Interview) -> Iterable[Invitation]:
    invitation = context.snapshot.invitation(interview.invitation)
    if invitation is not None and invitation.state is InvitationState.ASKED:
        for event in (Bounced(InvitationReason.EXCLUDED), Suppressed(InvitationReason.EXCLUDED)):
            step = INVITATION.step(invitation, event, context.now)
            invitation = step.thing if step is not None else invitation
        yield invitation


def _skips(campaign: Campaign, turn: Turn) -> Changes:
    return Changes(tuple(Run(campaign.id, each, RunState.SKIPPED, why=turn.why) for each in turn.skips))
