"""A customer asks how things stand: their own open issues, in words meant for them."""

from bot.handlers.common.context import Scene
from bot.handlers.common.replies import customers_at, locale_at, reply, say
from bot.handlers.issues.messages import subject_of
from dialogs.interview import messages as showing
from dialogs.issue.customer_messages import Matter, standing
from dialogs.issue.model import Issue, Kind
from dialogs.messages import Inbound
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes

__all__ = ["tell_status"]


def tell_status(scene: Scene, inbound: Inbound) -> Changes:
    """Tell everybody reached in this chat of their own matters: never another's, and nothing that the team wrote."""
    people = customers_at(scene, inbound)
    if not people:
        return say(scene, inbound, showing.unknown_chat)
    matters = [matter for person in people for matter in _matters(scene, person)]
    listed = sorted(matters, key=lambda matter: matter.since)
    zone, phrases = scene.policy.zone_of(people[0]), scene.policy.phrases
    return reply(scene, inbound, standing(listed, zone, phrases, locale_at(scene, inbound)))


def _matters(scene: Scene, customer: Customer) -> list[Matter]:
    """Give what is not settled; that somebody is to ring is the team's own affair."""
    issues = scene.snapshot.issues_of_customer(customer.id)
    return [_matter(scene, issue, customer) for issue in issues if issue.kind is not Kind.CALL]


def _matter(scene: Scene, issue: Issue, customer: Customer) -> Matter:
    told = customer.id in issue.told
    return Matter(
        subject=subject_of(scene, issue, customer.id),
        since=issue.opened_at,
        state=issue.state,
        name=issue.claimed_by or "",
        note=(issue.note if told else issue.progress) or "",
        is_told=told,
    )
