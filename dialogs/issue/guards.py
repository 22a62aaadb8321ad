"""When a row of the issue's table fits; each name is what the drawing writes in brackets."""

from datetime import datetime

from dialogs.issue.events import (
    Confirmed,
    Denied,
    DeniedThroughMerged,
    Drafted,
    HolderReminded,
    IssueAssigned,
    IssueClaimed,
    Overdue,
    QuestionAnswered,
    Questioned,
    QuestionUndelivered,
    Released,
    Reopened,
    Reported,
    ResolutionOverdue,
    Resolved,
)
from dialogs.issue.model import Issue, IssueTerms

__all__ = [
    "asked",
    "by_the_holder",
    "merged",
    "not_escalated",
    "not_merged",
    "not_reminded",
    "nothing_asked",
    "nothing_asked_by_the_holder",
    "others_yet_to_say",
    "reminded",
    "silently",
    "silently_by_the_holder",
    "takeover_from",
    "the_last_one_told",
    "this_resolution",
    "to_another_and_allowed",
    "to_the_holder",
    "told",
    "told_by_the_holder",
]


def by_the_holder(issue: Issue, event: Released | Resolved | Drafted | IssueClaimed | Reported, _t: IssueTerms) -> bool:
    return issue.claimant == event.who


def nothing_asked(issue: Issue, _event: Questioned, _t: IssueTerms) -> bool:
    return issue.question is None


def nothing_asked_by_the_holder(issue: Issue, event: Questioned, _t: IssueTerms) -> bool:
    return issue.question is None and issue.claimant == event.who


def asked(issue: Issue, _event: QuestionAnswered | QuestionUndelivered, _t: IssueTerms) -> bool:
    return issue.question is not None


def told_by_the_holder(issue: Issue, event: Resolved, _t: IssueTerms) -> bool:
    return issue.claimant == event.who and event.notify


def silently_by_the_holder(issue: Issue, event: Resolved, _t: IssueTerms) -> bool:
    return issue.claimant == event.who and not event.notify


def told(_issue: Issue, event: Resolved, _t: IssueTerms) -> bool:
    return event.notify


def silently(_issue: Issue, event: Resolved, _t: IssueTerms) -> bool:
    return not event.notify


def the_last_one_told(issue: Issue, event: Confirmed, _t: IssueTerms) -> bool:
    return _was_told(issue, event) and set(issue.told) == {*issue.confirmed, event.customer}


def others_yet_to_say(issue: Issue, event: Confirmed, _t: IssueTerms) -> bool:
    return _was_told(issue, event) and set(issue.told) != {*issue.confirmed, event.customer}


def this_resolution(issue: Issue, event: Denied, _t: IssueTerms) -> bool:
    return _was_told(issue, event) and issue.merged_into is None


def not_merged(issue: Issue, _event: Reopened | DeniedThroughMerged, _t: IssueTerms) -> bool:
    return issue.merged_into is None


def merged(issue: Issue, _event: DeniedThroughMerged, _t: IssueTerms) -> bool:
    return issue.merged_into is not None


def not_escalated(issue: Issue, _event: Overdue, _t: IssueTerms) -> bool:
    return not issue.escalated


def to_the_holder(issue: Issue, event: IssueAssigned, _t: IssueTerms) -> bool:
    return issue.claimant == event.to_who


def to_another_and_allowed(issue: Issue, event: IssueAssigned, terms: IssueTerms) -> bool:
    is_allowed = event.leads or issue.claimant == event.who or terms.now >= takeover_from(issue, terms)
    return is_allowed and issue.claimant != event.to_who


def takeover_from(issue: Issue, terms: IssueTerms) -> datetime:
    """Return from when anybody may take an issue over from its holder."""
    return (issue.claimed_at or issue.opened_at) + terms.takeover_after


def reminded(issue: Issue, _event: ResolutionOverdue, _t: IssueTerms) -> bool:
    return issue.is_reminded and not issue.escalated


def not_reminded(issue: Issue, _event: HolderReminded, _t: IssueTerms) -> bool:
    return issue.due_at is not None and not issue.is_reminded


def _was_told(issue: Issue, event: Confirmed | Denied) -> bool:
    return event.resolution == issue.resolution and event.customer in issue.told
