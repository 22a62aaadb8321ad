"""Asking: an invitation that is due becomes an interview and its first message, in one commit."""

from datetime import datetime

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import Scene
from bot.handlers.common.results import Conflict, Invalid, NotFound, TicketView
from bot.handlers.issues.open import Finding, open_issue
from bot.handlers.surveys.interview import survey_message
from bot.handlers.surveys.pause import put_off
from bot.handlers.surveys.scheduling import moment, plan, quarantined
from bot.handlers.surveys.tickets import latest
from dialogs.ids import derive
from dialogs.interview.events import Hint
from dialogs.interview.model import Interview
from dialogs.invitation.machine import (
    INVITATION,
    Asked,
    Invitation,
    OptedOut,
    Overdue,
    Reason,
    Recalled,
    State,
    Suppressed,
    Waiting,
)
from dialogs.issue.model import Kind
from dialogs.time.contact_hours import due_at
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Contact, Purpose, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["ask", "ask_by_hand", "begin", "overdue"]


def ask(scene: Scene, invitation: Invitation, *, is_here: bool = False, shut: str = "") -> Changes:
    """Ask now, or write down why not, or plan it anew; only a scheduled invitation is asked.

    A customer who `is_here`, having just opened the chat, is asked at any hour. `shut` names a channel that does not
    let us write now.
    """
    customer = scene.snapshot.customer(invitation.customer)
    if customer is not None and customer.opted_out_at is not None:
        return _moved(invitation, OptedOut(), scene.now)
    paused = put_off(scene, invitation)
    if paused or scene.now >= invitation.deadline_at:
        return paused or overdue(scene, invitation)
    if not invitation.by_hand and quarantined(scene, invitation, scene.now):
        return _moved(invitation, Suppressed(Reason.QUARANTINE), scene.now)
    at_night = None if invitation.by_hand or is_here else _at_night(scene, invitation)
    if at_night is not None:
        return at_night
    contact = usable_contact(scene, invitation.customer, shut)
    if contact is None:
        why = Reason.WINDOW_CLOSED if shut else why_unreachable(scene, invitation.customer)
        return _moved(invitation, Waiting(why), scene.now)
    return _moved(invitation, Asked(contact.channel), scene.now) + begin(scene, invitation, contact)


def ask_by_hand(
    scene: Scene, key: tuple[str, str], survey: str | None
) -> Decision[TicketView | NotFound | Conflict | Invalid]:
    """Ask about the ticket's latest closing at once: no delay, quiet hours or quarantine, but never an opt-out."""
    ticket = scene.snapshot.ticket(*key)
    if ticket is None:
        return Decision(Changes(), NotFound(f"ticket {key[0]}/{key[1]}"))
    if survey is not None and survey not in scene.policy.current:
        return Decision(Changes(), Invalid("survey", f"there is no survey {survey!r}"))
    refusal = _refusal(scene, ticket)
    if refusal is not None:
        return Decision(Changes(), refusal)
    recalled = _recalled(scene, ticket, survey)
    changes = Changes((recalled,))
    scene = scene.after(changes)
    changes += ask(scene, recalled)
    scene = scene.after(changes)
    return Decision(changes, latest(scene, ticket))


def overdue(scene: Scene, invitation: Invitation) -> Changes:
    """End what could not be asked in time; whom only a shut window kept from being asked about a closing is to be rung.

    Nobody rings a campaign's whole audience.
    """
    changes = _moved(invitation, Overdue(), scene.now)
    is_shut = any(isinstance(r, Invitation) and r.reason is Reason.WINDOW_CLOSED for r in changes.records)
    if invitation.occasion or not is_shut:
        return changes
    finding = Finding(
        kind=Kind.CALL,
        severity=Severity.NORMAL,
        reasons=(f"invitation {Reason.WINDOW_CLOSED}",),
        seed=("invitation", invitation.id),
        ticket=invitation.about,
        customer=invitation.customer,
    )
    return changes + open_issue(scene.after(changes), finding)


def _at_night(scene: Scene, invitation: Invitation) -> Changes | None:
    """Plan the ask for a better hour, where a service that was down wakes in a bad one; None in a good one."""
    due = moment(scene, invitation, scene.now)
    if due is None:
        return _moved(invitation, Suppressed(Reason.QUIET_HOURS), scene.now)
    return Changes((replace(invitation, due_at=due, wake_at=due),)) if due > scene.now else None


def _moved(invitation: Invitation, event: object, now: datetime) -> Changes:
    step = INVITATION.step(invitation, event, now)
    return Changes((step.thing,)) if step else Changes()


def begin(scene: Scene, invitation: Invitation, contact: Contact) -> Changes:
    """Begin the interview with its first message."""
    before = scene.snapshot.interview_of(invitation.id)
    interview = _interview(scene, invitation, contact)
    if before is not None:
        interview = replace(interview, version=before.version)
    first = survey_message(scene, interview, Hint.NONE, cause=f"ask:{invitation.version}")
    first = replace(first, purpose=Purpose.SURVEY, expires_at=invitation.deadline_at)
    return Changes((replace(interview, message=first.id), first))


def _interview(scene: Scene, invitation: Invitation, contact: Contact) -> Interview:
    is_known = invitation.survey in scene.policy.current  # an owner may have taken it away meanwhile
    survey = scene.policy.survey(invitation.survey if is_known else scene.policy.default_survey)
    return Interview(
        id=derive("int", invitation.id),
        invitation=invitation.id,
        customer=invitation.customer,
        channel=contact.channel,
        chat=contact.chat,
        survey=survey.key,
        locale=scene.policy.locale_of(scene.snapshot.customer(invitation.customer)),
        asked_at=scene.now,
        expires_at=scene.now + scene.policy.expires_after,
        remind_at=_remind_at(scene, invitation.customer),
        at=survey.questions[0].id,
        notice=scene.policy.privacy.version,
    )


def _remind_at(scene: Scene, customer: str) -> datetime | None:
    """Plan the one reminder for when the customer does not mind; None when the interview ends before that."""
    policy, zone = scene.policy, scene.policy.zone_of(scene.snapshot.customer(customer))
    rested = scene.now + policy.reminder_after
    return due_at(rested, rested, scene.now + policy.expires_after, policy.welcome, zone)


def _refusal(scene: Scene, ticket: Ticket) -> Conflict | None:
    if ticket.status is not TicketStatus.CLOSED:
        return Conflict("the ticket is not closed; a survey is about a closing")
    customer = scene.snapshot.customer(ticket.customer)
    if customer is not None and customer.opted_out_at is not None:
        return Conflict("the customer has opted out of surveys")
    newest = latest(scene, ticket).invitation
    asked = newest is not None and newest.closing == ticket.closing and newest.state is State.ASKED
    return Conflict("this closing was already asked") if asked else None


def _recalled(scene: Scene, ticket: Ticket, survey: str | None) -> Invitation:
    newest = latest(scene, ticket).invitation
    current = newest if newest and newest.closing == ticket.closing else plan(scene, ticket)
    step = INVITATION.step(current, Recalled(survey or current.survey, scene.now + scene.policy.deadline), scene.now)
    return step.thing if step else current
