"""Asking: an invitation that is due becomes an interview and its first message."""

from datetime import datetime

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound, TicketOutcome
from bot.handlers.desk_writes.ticket_invites import invite_into_ticket
from bot.handlers.issues.transitions import IssueCause, open_issue
from bot.handlers.surveys.pause import put_off
from bot.handlers.surveys.scheduling import moment, plan, quarantined
from bot.handlers.surveys.survey_messages import survey_message
from bot.handlers.surveys.tickets import latest
from dialogs.ids import RefKind, derive
from dialogs.interview.events import Hint
from dialogs.interview.model import Interview
from dialogs.invitation.machine import INVITATION, Asked, DeadlinePassed, OptedOut, Recalled, Suppressed, Unreached
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import IssueKind
from dialogs.issue.reasons import Undelivered
from dialogs.time.contact_hours import due_at
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Contact, Purpose, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ask", "ask_by_hand", "begin", "end_unasked"]


def ask(context: DecisionContext, invitation: Invitation, *, is_here: bool = False, shut: str = "") -> Changes:
    """Ask a scheduled invitation now, or record why not, or reschedule it.

    `is_here` means that the customer has just opened the chat and is asked at any hour. `shut` is a channel whose reply
    window is closed.
    """
    customer = context.snapshot.customer(invitation.customer)
    if customer is not None and customer.opted_out_at is not None:
        return _moved(invitation, OptedOut(), context.now)
    paused = put_off(context, invitation)
    if paused or context.has_passed(invitation.deadline_at):
        return paused or end_unasked(context, invitation)
    if not invitation.by_hand and quarantined(context, invitation, context.now):
        return _moved(invitation, Suppressed(InvitationReason.QUARANTINE), context.now)
    at_night = None if invitation.by_hand or is_here else _at_night(context, invitation)
    if at_night is not None:
        return at_night
    contact = usable_contact(context, invitation.customer, shut)
    if contact is None:
        why = InvitationReason.WINDOW_CLOSED if shut else why_unreachable(context, invitation.customer)
        unreached = _moved(invitation, Unreached(why), context.now)
        return unreached + invite_into_ticket(context.after(unreached), invitation)
    return _moved(invitation, Asked(contact.channel), context.now) + begin(context, invitation, contact)


def ask_by_hand(
    context: DecisionContext, key: tuple[str, str], survey: str | None
) -> Decision[TicketOutcome | NotFound | Conflict | Invalid]:
    """Ask about the latest closing at once: no delay, quiet hours or quarantine apply, but an opt-out does."""
    ticket = context.snapshot.ticket(*key)
    if ticket is None:
        return Decision(Changes(), NotFound(f"ticket {key[0]}/{key[1]}"))
    if survey is not None and not context.policy.offers(survey):
        return Decision(Changes(), Invalid("survey", f"there is no survey {survey!r}"))
    refusal = _refusal(context, ticket)
    if refusal is not None:
        return Decision(Changes(), refusal)
    recalled = _recalled(context, ticket, survey)
    changes = Changes((recalled,))
    context = context.after(changes)
    changes += ask(context, recalled)
    context = context.after(changes)
    return Decision(changes, latest(context, ticket))


def end_unasked(context: DecisionContext, invitation: Invitation) -> Changes:
    """End an invitation that was not asked in time; a closing that only a shut reply window kept back becomes a call.

    Invitations of campaigns never become calls: that would be the whole audience.
    """
    changes = _moved(invitation, DeadlinePassed(), context.now)
    is_shut = any(isinstance(r, Invitation) and r.reason is InvitationReason.WINDOW_CLOSED for r in changes.records)
    if invitation.occasion or not is_shut:
        return changes
    finding = IssueCause(
        kind=IssueKind.CALL,
        severity=Severity.NORMAL,
        reasons=(Undelivered("invitation", InvitationReason.WINDOW_CLOSED.value),),
        seed=("invitation", invitation.id),
        ticket=invitation.about,
        customer=invitation.customer,
    )
    return changes + open_issue(context.after(changes), finding)


def _at_night(context: DecisionContext, invitation: Invitation) -> Changes | None:
    """Reschedule an ask that comes due in quiet hours, as after downtime; None where it may be asked now."""
    due = moment(context, invitation, context.now)
    if due is None:
        return _moved(invitation, Suppressed(InvitationReason.QUIET_HOURS), context.now)
    return Changes((replace(invitation, due_at=due, wake_at=due),)) if due > context.now else None


def _moved(invitation: Invitation, event: object, now: datetime) -> Changes:
    step = INVITATION.step(invitation, event, now)
    return Changes((step.thing,)) if step else Changes()


def begin(context: DecisionContext, invitation: Invitation, contact: Contact) -> Changes:
    """Create the interview with its first message."""
    before = context.snapshot.interview_of(invitation.id)
    interview = _interview(context, invitation, contact)
    if before is not None:
        interview = replace(interview, version=before.version)
    first = survey_message(context, interview, Hint.NONE, cause=f"ask:{invitation.version}")
    first = replace(first, purpose=Purpose.SURVEY, expires_at=invitation.deadline_at)
    return Changes((replace(interview, message=first.id), first))


def _interview(context: DecisionContext, invitation: Invitation, contact: Contact) -> Interview:
    is_known = context.policy.offers(invitation.survey)  # an owner may have taken it away meanwhile
    survey = context.policy.survey(invitation.survey if is_known else context.policy.default_survey)
    return Interview(
        id=derive(RefKind.INTERVIEW, invitation.id),
        invitation=invitation.id,
        customer=invitation.customer,
        channel=contact.channel,
        chat=contact.chat,
        survey=survey.key,
        locale=context.policy.locale_of(context.snapshot.customer(invitation.customer)),
        asked_at=context.now,
        expires_at=context.now + context.policy.expires_after,
        remind_at=_remind_at(context, invitation.customer),
        at=survey.questions[0].id,
        notice=context.policy.privacy.version,
    )


def _remind_at(context: DecisionContext, customer: str) -> datetime | None:
    """Return when to send the only reminder, outside quiet hours; None where the interview expires before."""
    policy, zone = context.policy, context.policy.zone_of(context.snapshot.customer(customer))
    rested = context.now + policy.reminder_after
    return due_at(rested, rested, context.now + policy.expires_after, policy.contact_hours, zone)


def _refusal(context: DecisionContext, ticket: Ticket) -> Conflict | None:
    if ticket.status is not TicketStatus.CLOSED:
        return Conflict("the ticket is not closed; a survey is about a closing")
    customer = context.snapshot.customer(ticket.customer)
    if customer is not None and customer.opted_out_at is not None:
        return Conflict("the customer has opted out of surveys")
    newest = latest(context, ticket).invitation
    asked = newest is not None and newest.closing == ticket.closing and newest.state is InvitationState.ASKED
    return Conflict("this closing was already asked") if asked else None


def _recalled(context: DecisionContext, ticket: Ticket, survey: str | None) -> Invitation:
    newest = latest(context, ticket).invitation
    current = newest if newest and newest.closing == ticket.closing else plan(context, ticket)
    step = INVITATION.step(
        current, Recalled(survey or current.survey, context.now + context.policy.deadline), context.now
    )
    return step.thing if step else current
