"""Which customers are worth a call by a person: important ones who were served, and those who complain often."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from scoring.values import Value

__all__ = ["CallCandidate", "CallReason", "CallRule", "WorthCall", "worth_a_call"]


class CallReason(StrEnum):
    """Why a customer is worth a call."""

    COMPLAINTS = "complaints"
    TIER = "tier"


class CallRule(Value):
    """Whom to call: customers of these tiers, and those with so many complaints; both within a time.

    `complaints` 0: however many there are.
    """

    tiers: tuple[str, ...] = ()
    complaints: int = 0
    within: timedelta = timedelta(days=90)


class CallCandidate(Value):
    """A customer, with what happened within the time of the rule; moments are None where nothing did.

    `complaints` are those not found invalid; `called_at` is when they last answered by telephone.
    """

    customer: str
    name: str
    tier: str
    has_phone: bool
    is_opted_out: bool
    complaints: int
    complained_at: datetime | None
    closed_at: datetime | None
    called_at: datetime | None


class WorthCall(Value):
    """A customer who is worth a call, why, and since when."""

    candidate: CallCandidate
    reasons: tuple[CallReason, ...]
    since: datetime


def worth_a_call(candidates: Iterable[CallCandidate], rule: CallRule) -> list[WorthCall]:
    """Return who is worth a call: most complaints first, then the latest; without those called since."""
    found = [_worth(one, rule) for one in candidates]
    told = [one for one in found if one is not None]
    return sorted(told, key=lambda one: (-_complaints(one), -one.since.timestamp(), one.candidate.customer))


def _complaints(one: WorthCall) -> int:
    return one.candidate.complaints if CallReason.COMPLAINTS in one.reasons else 0


def _worth(one: CallCandidate, rule: CallRule) -> WorthCall | None:
    tiers = {tier.casefold() for tier in rule.tiers}
    since: dict[CallReason, datetime] = {}
    if one.complained_at is not None and 0 < rule.complaints <= one.complaints:
        since[CallReason.COMPLAINTS] = one.complained_at
    if one.closed_at is not None and one.tier.casefold() in tiers:
        since[CallReason.TIER] = one.closed_at
    waiting = {reason: at for reason, at in since.items() if one.called_at is None or one.called_at < at}
    return WorthCall(one, tuple(waiting), max(waiting.values())) if waiting else None
