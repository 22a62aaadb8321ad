"""When to ask about a closing, or why not: every closed ticket gets one of both."""

from datetime import datetime, timedelta

from bot.handlers.common.contact_choice import usable_contact
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.rule_facts import ruling_on
from dialogs.ids import RefKind, derive
from dialogs.invitation.feedback import is_feedback
from dialogs.invitation.machine import INVITATION, OptedOut, Suppressed
from dialogs.invitation.model import Invitation, InvitationReason
from dialogs.invitation.survey_rules import Ruling
from dialogs.messages import Address
from dialogs.time.contact_hours import ContactHours, due_at
from scoring.values import replace
from storage.model.records import Ticket

__all__ = ["CLOCKS_DIFFER", "moment", "plan", "quarantined"]


CLOCKS_DIFFER = timedelta(hours=1)
"""How far another clock than ours may be ahead, such as a help desk's."""


def plan(context: DecisionContext, ticket: Ticket) -> Invitation:
    """Return the invitation for this closing: planned, or with the reason why nobody is asked."""
    closed_at = _closed_at(context, ticket)
    ruling = ruling_on(context, ticket)
    invitation = _blank(ticket, closed_at, context.policy, ruling)
    customer = context.snapshot.customer(ticket.customer)
    if customer is not None and customer.opted_out_at is not None:
        return _moved(context, invitation, OptedOut())
    if context.now > invitation.deadline_at:
        is_over = context.has_passed(invitation.deadline_at)
        over = _moved(context, invitation, Suppressed(InvitationReason.DEADLINE))
        return over if is_over else replace(invitation, wake_at=invitation.due_at)  # until the clock is corroborated
    if ruling.reason is not None:
        return _moved(context, invitation, Suppressed(ruling.reason))
    due = moment(context, invitation, invitation.due_at)
    if due is None:
        return _moved(context, invitation, Suppressed(InvitationReason.QUIET_HOURS))
    if quarantined(context, invitation, due):
        return _moved(context, invitation, Suppressed(InvitationReason.QUARANTINE))
    return replace(invitation, due_at=due, wake_at=due)


def _closed_at(context: DecisionContext, ticket: Ticket) -> datetime:
    """Return when it was closed; that cannot be in the future, unless our clock is in doubt and behind."""
    closed_at = ticket.closed_at or context.now
    return context.now if context.doubt is None and closed_at > context.now + CLOCKS_DIFFER else closed_at


def moment(context: DecisionContext, invitation: Invitation, wanted: datetime) -> datetime | None:
    """Return the moment to ask, from now on and before the deadline; None when quiet hours leave none.

    Where a channel lets us write only for a while after the customer's words, that comes first. Whoever planned a
    campaign chose its hours, so office hours and working days are for closings.
    """
    zone = context.policy.zone_of(context.snapshot.customer(invitation.customer))
    welcome = ContactHours(context.policy.quiet) if invitation.occasion else context.policy.contact_hours
    for latest in (_window_shuts(context, invitation), invitation.deadline_at):
        due = due_at(wanted, context.now, latest, welcome, zone) if latest is not None else None
        if due is not None:
            return due
    return None


def _window_shuts(context: DecisionContext, invitation: Invitation) -> datetime | None:
    """Return until when the channel can be written to, before the deadline; None for no limit, or one that is over."""
    contact = usable_contact(context, invitation.customer)
    lasts = context.policy.can(contact.channel).reply_window if contact is not None else None
    if contact is None or lasts is None:
        return None
    typed_at = context.snapshot.window(Address(contact.channel, contact.chat)).typed_at
    shuts = min(typed_at + lasts, invitation.deadline_at) if typed_at is not None else context.now
    return shuts if shuts > context.now else None


def quarantined(context: DecisionContext, invitation: Invitation, at: datetime) -> bool:
    """Return whether the customer was asked so lately that asking again would pester.

    An ask of the future was recorded by a clock that was wrong, and says nothing.
    """
    mine = context.snapshot.invitations(invitation.customer)
    others = (other for other in mine if other.id != invitation.id and not (is_feedback(other) or other.entered_by))
    asked = [other.asked_at for other in others if other.asked_at is not None]
    return any(at - context.policy.quarantine < moment <= context.now + CLOCKS_DIFFER for moment in asked)


def _blank(ticket: Ticket, closed_at: datetime, policy: Policy, ruling: Ruling) -> Invitation:
    delay = policy.delay if ruling.delay is None else ruling.delay
    return Invitation(
        id=derive(RefKind.INVITATION, ticket.source, ticket.id, ticket.closing),
        source=ticket.source,
        ticket=ticket.id,
        closing=ticket.closing,
        customer=ticket.customer,
        survey=ruling.survey or policy.default_survey,
        due_at=closed_at + delay,
        deadline_at=closed_at + policy.deadline,
        closed_at=closed_at,
        agent_id=ticket.agent_id,
        agent_name=ticket.agent_name,
        team=ticket.team,
        rule=ruling.rule,
    )


def _moved(context: DecisionContext, invitation: Invitation, event: OptedOut | Suppressed) -> Invitation:
    """Return a new invitation after its first event: the table ends every scheduled one by either."""
    step = INVITATION.step(invitation, event, context.now)
    return step.thing if step is not None else invitation
