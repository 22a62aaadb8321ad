"""What a campaign would do if it ran now: how many it reaches, whom it skips and why, how long it takes."""

from collections import Counter
from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from dialogs.campaign.model import Campaign, CampaignKind, Figures, Target, TargetState
from dialogs.campaign.occurrences import first_occurrence, next_allowed
from dialogs.invitation.model import InvitationReason
from dialogs.sanitize import masked
from scoring.values import replace
from storage.reads.audiences import Candidate
from storage.reads.campaigns import CampaignReads

__all__ = ["find_audience", "preview_figures", "sending_time", "targets_of"]

_EXAMPLES = 10


async def find_audience(reads: CampaignReads, policy: Policy, campaign: Campaign, at: datetime) -> list[Candidate]:
    """Return the audience of an occurrence at this moment."""
    unfinished = campaign.kind is CampaignKind.REMINDER
    return await reads.candidates(
        campaign.audience, at, policy.channels, unfinished=unfinished, anonymous=policy.anonymous
    )


async def preview_figures(reads: CampaignReads, policy: Policy, campaign: Campaign, now: datetime) -> Figures:
    """Return whom the next occurrence would reach as things stand."""
    at = campaign.next_at or first_occurrence(campaign.schedule, now) or now
    found = await find_audience(reads, policy, campaign, at)
    reasons = [_why_not(policy, campaign, one, at) for one in found]
    reached = [one for one, reason in zip(found, reasons, strict=True) if reason is None]
    skipped = Counter(reason for reason in reasons if reason is not None)
    starts = next_allowed(max(at, now), policy.quiet, campaign.window, policy.timezone) or at
    return Figures(
        audience=len(found),
        waiting=len(reached),
        skipped=dict(sorted(skipped.items())),
        examples=tuple(masked(one.name or one.customer) for one in reached[:_EXAMPLES]),
        ends_at=starts + sending_time(policy, campaign, len(reached)),
    )


def targets_of(
    context: DecisionContext, campaign: Campaign, occurrence: datetime, found: list[Candidate]
) -> list[Target]:
    """Return a target for each person of an occurrence: skipped with a reason, or waiting."""
    return [_target(context, campaign, occurrence, one) for one in found]


def sending_time(policy: Policy, campaign: Campaign, messages: int) -> timedelta:
    """Return how long so many messages take at the permitted rate."""
    return timedelta(seconds=messages / min(campaign.per_minute / 60, policy.max_rate))


def _target(context: DecisionContext, campaign: Campaign, occurrence: datetime, one: Candidate) -> Target:
    target = Target(
        campaign.id,
        occurrence,
        one.customer,
        source=one.source if one.ticket else "",
        ticket=one.ticket,
        interview=one.interview,
        due_at=context.now,
    )
    reason = _why_not(context.policy, campaign, one, context.now)
    return target if reason is None else replace(target, state=TargetState.SKIPPED, reason=reason, due_at=None)


def _why_not(policy: Policy, campaign: Campaign, one: Candidate, at: datetime) -> str | None:
    """Return the reason why a person would be skipped, as `bot.handlers.campaigns.distribution` decides it, or None."""
    if one.opted_out_at is not None:
        return InvitationReason.OPTED_OUT.value
    if campaign.kind is CampaignKind.REMINDER and one.reminded_at is not None:
        return "reminded"
    if (
        campaign.kind is CampaignKind.REMINDER
        and one.answered_at is not None
        and one.answered_at > at - policy.reminder_after
    ):
        return "answering"
    if not one.is_reachable:
        return (InvitationReason.BLOCKED if one.is_blocked else InvitationReason.NO_CONTACT).value
    lately = campaign.kind is CampaignKind.SURVEY and one.asked_at is not None and one.asked_at > at - policy.quarantine
    return InvitationReason.QUARANTINE.value if lately else None
