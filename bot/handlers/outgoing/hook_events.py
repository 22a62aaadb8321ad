"""What a decision's changes tell whoever listens by outgoing webhooks.

Events are derived here, of all changes alike, from the rows as they were and as they shall be. No handler makes one, so
that none can forget to, and they are saved in the same commit as what they tell of.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from bot.handlers.common.context import DecisionContext
from bot.handlers.outgoing import event_payloads
from dialogs.campaign.model import Campaign, CampaignState
from dialogs.ids import derive
from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import Issue, IssueState
from scoring.values import Value
from storage.model.outgoing.hook_records import HookEvent, HookEventType, customer_subject
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.layers import Key, key_of
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["derived_events"]


class _Decided(Value):
    """A decision: what it looked at, and what it changes."""

    context: DecisionContext
    changes: Changes


_Told = Iterator[tuple[HookEventType, str, event_payloads.EventPayload]]
"""Types of events, each with its subject and what it says."""


def derived_events(context: DecisionContext, changes: Changes) -> tuple[HookEvent, ...]:
    """Return what happens by these changes: the answers first, then what follows from them, as it was decided.

    Nothing where it is only played.
    """
    if context.policy.is_played:
        return ()
    made: list[HookEvent] = []
    latest: dict[tuple[type, Key], Any] = {}
    watched = [record for record in changes.records if type(record) in _WATCHED]
    for record in sorted(watched, key=lambda one: _RANKS[type(one)]):
        look_up, tell = _WATCHED[type(record)]
        key = key_of(record)
        before = latest[type(record), key] if (type(record), key) in latest else look_up(context.snapshot, *key)
        latest[type(record), key] = record
        for kind, subject, data in tell(_Decided(context, changes), before, record):
            cause = (getattr(record, "events", 0), len(made))  # one issue may be claimed twice in one commit
            made.append(_event(kind, subject, data, context.now, cause))
    return tuple(made)


def _event(
    kind: HookEventType, subject: str, data: event_payloads.EventPayload, now: datetime, cause: tuple[int, ...]
) -> HookEvent:
    """Return an event with its body; the `cause` tells it from others of this type and moment."""
    body = msgspec.json.encode({"type": kind, "timestamp": now, "data": data})
    return HookEvent(derive("evt", kind, subject, now.isoformat(), *cause), kind, subject, now, body.decode())


def _of_interview(decided: _Decided, before: Interview | None, after: Interview) -> _Told:
    """Yield the end of an interview with answers; of an anonymous one nothing, which would name who answered."""
    kind = _ENDS.get(after.state)
    if kind is None or (before is not None and before.state is after.state):
        return
    rows, policy = decided.context.after(decided.changes).snapshot, decided.context.policy
    survey = policy.surveys[after.survey] if policy.has_version(after.survey) else None
    ended, invitation = rows.interview(after.id), rows.invitation(after.invitation)
    if survey is None or survey.anonymous or ended is None or invitation is None:
        return
    if kind is HookEventType.RESPONSE_COMPLETED or ended.answers:
        yield kind, invitation.id, event_payloads.response_payload(ended, invitation, survey)


def _of_invitation(_decided: _Decided, before: Invitation | None, after: Invitation) -> _Told:
    is_new = before is None or before.state is not after.state
    if is_new and after.state is InvitationState.UNREACHABLE:
        yield HookEventType.INVITATION_UNDELIVERABLE, after.id, event_payloads.invitation_payload(after)


def _of_issue(_decided: _Decided, before: Issue | None, after: Issue) -> _Told:
    data = event_payloads.issue_payload(after)
    for kind in _changes_of(before, after):
        yield kind, after.id, data


def _changes_of(before: Issue | None, after: Issue) -> Iterator[HookEventType]:
    if before is None:
        yield HookEventType.ISSUE_OPENED
    was = before.state if before is not None else IssueState.OPEN
    holder = before.claimant if before is not None else None
    if after.claimant is not None and after.claimant != holder:
        yield HookEventType.ISSUE_CLAIMED
    if after.resolved_at is not None and (before is None or before.resolved_at != after.resolved_at):
        yield HookEventType.ISSUE_RESOLVED
    if after.state is IssueState.OPEN and was in (IssueState.RESOLVED, IssueState.CLOSED):
        yield HookEventType.ISSUE_REOPENED
    if after.state is IssueState.CLOSED and was is not IssueState.CLOSED:
        yield HookEventType.ISSUE_CLOSED


def _of_customer(_decided: _Decided, before: Customer | None, after: Customer) -> _Told:
    if after.opted_out_at is not None and (before is None or before.opted_out_at is None):
        data = event_payloads.opt_out_payload(after)
        yield HookEventType.CUSTOMER_OPTED_OUT, customer_subject(after.id), data


def _of_campaign(_decided: _Decided, before: Campaign | None, after: Campaign) -> _Told:
    is_new = before is None or before.state is not after.state
    if is_new and after.state is CampaignState.FINISHED:
        yield HookEventType.CAMPAIGN_FINISHED, after.id, event_payloads.campaign_payload(after)


_ENDS = {
    InterviewState.COMPLETED: HookEventType.RESPONSE_COMPLETED,
    InterviewState.EXPIRED: HookEventType.RESPONSE_PARTIAL,
}
_WATCHED: Mapping[type, tuple[Callable[..., Any], Callable[[_Decided, Any, Any], _Told]]] = {
    Interview: (Snapshot.interview, _of_interview),
    Invitation: (Snapshot.invitation, _of_invitation),
    Issue: (Snapshot.issue, _of_issue),
    Customer: (Snapshot.customer, _of_customer),
    Campaign: (Snapshot.campaign, _of_campaign),
}
"""Of each kind of row that is looked at: how it is found as it was, and what its change tells."""
_RANKS = {kind: rank for rank, kind in enumerate(_WATCHED)}
