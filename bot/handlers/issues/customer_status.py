"""A customer asks how things stand: their own open issues, in words meant for them."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import customers_at, locale_at, reply, say
from bot.handlers.issues.customer_messages import subject_of
from dialogs.interview import messages as showing
from dialogs.issue.customer_messages import Matter, standing
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Inbound
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes

__all__ = ["tell_status"]


def tell_status(context: DecisionContext, inbound: Inbound) -> Changes:
    """Tell everybody reached in this chat of their own matters: never another's, and nothing that the team wrote."""
    people = customers_at(context, inbound)
    if not people:
        return say(context, inbound, showing.unknown_chat)
    matters = [matter for person in people for matter in _matters(context, person)]
    listed = sorted(matters, key=lambda matter: matter.since)
    zone, phrases = context.policy.zone_of(people[0]), context.policy.phrases
    return reply(context, inbound, standing(listed, zone, phrases, locale_at(context, inbound)))


def _matters(context: DecisionContext, customer: Customer) -> list[Matter]:
    """Return what is not settled; that somebody is to ring is the team's own affair."""
    issues = context.snapshot.issues_of_customer(customer.id)
    return [_matter(context, issue, customer) for issue in issues if issue.kind is not IssueKind.CALL]


def _matter(context: DecisionContext, issue: Issue, customer: Customer) -> Matter:
    told = customer.id in issue.told
    return Matter(
        subject=subject_of(context, issue, customer.id),
        since=issue.opened_at,
        state=issue.state,
        name=issue.claimed_by or "",
        note=(issue.note if told else issue.progress) or "",
        is_told=told,
    )
