"""What events say of responses, invitations, issues, customers and campaigns, under names that do not change.

docs/webhooks.md and the `webhooks` of `/openapi.json` describe them (`bot/http/api/outgoing/event_schemas.py`). None
holds a secret; of what customers wrote there are the remarks and comments of responses and the words of issues.
"""

from typing import Any

from dialogs.campaign.model import Campaign
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, status_of
from dialogs.issue.model import Issue
from dialogs.survey import Survey
from storage.model.records import Customer

__all__ = [
    "EventPayload",
    "campaign_payload",
    "invitation_payload",
    "issue_payload",
    "opt_out_payload",
    "response_payload",
]

EventPayload = dict[str, Any]
"""A JSON object; moments are still moments."""


def response_payload(interview: Interview, invitation: Invitation, survey: Survey) -> EventPayload:
    """Return what is said of a response that has ended, as the API says it."""
    answers = sorted(interview.answers, key=lambda answer: survey.place(answer.question))
    score = interview.score
    return {
        "id": interview.id,
        "ticket": _ticket(invitation),
        "customer": interview.customer,
        "survey": interview.survey[0],
        "status": status_of(invitation, interview),
        "channel": interview.channel,
        "team": invitation.team or None,
        "agent": invitation.agent_id or None,
        "score": None if score is None else float(score),
        "answers": [{"question": one.question, "value": one.value, "text": one.text, "at": one.at} for one in answers],
        "comment": interview.comment,
        "started_at": interview.started_at,
        "completed_at": interview.completed_at,
        "flags": [one.flag for one in interview.flags],
    }


def invitation_payload(invitation: Invitation) -> EventPayload:
    """Return what is said of an invitation that reached nobody."""
    return {
        "id": invitation.id,
        "ticket": _ticket(invitation),
        "customer": invitation.customer,
        "survey": invitation.survey,
        "status": invitation.state,
        "reason": invitation.reason,
        "channel": invitation.channel,
        "deadline_at": invitation.deadline_at,
    }


def issue_payload(issue: Issue) -> EventPayload:
    """Return what is said of an issue, as the API says it, without its timeline."""
    return {
        "id": issue.id,
        "kind": issue.kind,
        "status": issue.state,
        "severity": issue.severity,
        "title": issue.title or None,
        "text": issue.words or None,
        "reasons": list(map(str, issue.reasons)),
        "tickets": ["/".join(ticket) for ticket in issue.tickets],
        "customers": issue.customers,
        "responses": issue.responses,
        "claimed_by": issue.claimed_by,
        "note": issue.note,
        "root_cause": issue.root_cause,
        "resolution": issue.resolution,
        "merged_into": issue.merged_into,
        "opened_at": issue.opened_at,
        "due_at": issue.due_at,
        "resolved_at": issue.resolved_at,
        "closed_at": issue.closed_at,
    }


def opt_out_payload(customer: Customer) -> EventPayload:
    """Return what is said of a customer who wants no more messages."""
    return {"customer": customer.id, "opted_out_at": customer.opted_out_at}


def campaign_payload(campaign: Campaign) -> EventPayload:
    """Return what is said of a campaign that has ended; its figures are at `GET /api/v1/campaigns/{id}`."""
    return {
        "id": campaign.id,
        "name": campaign.name,
        "kind": campaign.kind,
        "status": campaign.state,
        "created_at": campaign.created_at,
    }


def _ticket(invitation: Invitation) -> str | None:
    return "/".join(invitation.about) if invitation.about else None
