"""Handing out a portion of a campaign: each person is looked at anew at that very moment, and gets one message."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import assert_never

from bot.handlers.campaigns.text import notice, with_words
from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import Scene
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.inviting import ask
from bot.handlers.surveys.pause import PAUSED, pause_of
from bot.handlers.surveys.scheduling import quarantined
from dialogs.campaign.model import Campaign, Kind, Target, TargetState
from dialogs.campaign.occurrences import next_allowed
from dialogs.ids import derive
from dialogs.interview.events import Reminded, Resumed
from dialogs.interview.model import OPEN, Interview, State
from dialogs.invitation.machine import Invitation, Reason
from scoring.values import replace
from storage.model.records import ContactState, OutboxMessage, Purpose, Status, TicketStatus
from storage.unit_of_work.changes import Changes, Record, Settle
from storage.unit_of_work.needs import Needs

__all__ = ["hand_out", "let_go", "occasion_of", "sending_needs"]


def sending_needs(targets: Iterable[Target], held: Iterable[OutboxMessage] = ()) -> Needs:
    """Look at these people, their tickets and unfinished interviews, and whose messages a pause has held back."""
    listed = tuple(targets)
    return Needs(
        targets=frozenset((one.campaign, one.occurrence, one.customer) for one in listed),
        customers=frozenset(one.customer for one in listed).union(one.customer for one in held if one.customer),
        tickets=frozenset((one.source, one.ticket) for one in listed if one.ticket),
        interviews=frozenset(one.interview for one in listed if one.interview),
        notes=frozenset({PAUSED}),
    )


def hand_out(scene: Scene, campaign: Campaign, targets: Iterable[Target], most: int) -> Changes:
    """Give at most so many of these people their message; put off, or skip with a reason, whom it is not for now.

    While all surveys are paused only notices go on.
    """
    changes, sent = Changes(), 0
    if campaign.kind is not Kind.NOTICE and pause_of(scene) is not None:
        return changes
    allowed = cache(lambda zone: next_allowed(scene.now, scene.policy.quiet, campaign.window, zone))
    for listed in targets:
        target = scene.snapshot.target(listed.campaign, listed.occurrence, listed.customer)
        if target is None or target.state is not TargetState.WAITING:
            continue
        if sent == most:
            break
        zone = scene.policy.zone_of(scene.snapshot.customer(target.customer))
        given = _given(scene, campaign, target, allowed(zone))
        sent += any(isinstance(record, OutboxMessage) for record in given.records)
        changes += given
    return changes


def let_go(scene: Scene, campaign: Campaign, held: Iterable[OutboxMessage]) -> Changes:
    """Let go what a pause has held back, at an hour at which it may be sent; named anew, so that the sender hears."""
    going = tuple(replace(one, status=Status.PENDING, not_before=_welcome_at(scene, campaign, one)) for one in held)
    settles = tuple(Settle(one.id, Status.PENDING, scene.now, not_before=one.not_before) for one in going)
    return Changes(going, settles=settles)


def _welcome_at(scene: Scene, campaign: Campaign, message: OutboxMessage) -> datetime:
    customer = scene.snapshot.customer(message.customer) if message.customer else None
    zone = scene.policy.zone_of(customer)
    return next_allowed(scene.now, scene.policy.quiet, campaign.window, zone) or scene.now


def occasion_of(campaign: str, occurrence: datetime) -> str:
    """Name what caused an ask: a campaign and one of its occurrences."""
    return f"{campaign}@{occurrence.isoformat().replace('+00:00', 'Z')}"


def _given(scene: Scene, campaign: Campaign, target: Target, allowed: datetime | None) -> Changes:
    reason = _why_not(scene, campaign, target)
    if reason is None and allowed is None:
        reason = Reason.QUIET_HOURS.value
    if reason is not None:
        return _skipped(target, reason)
    if allowed is not None and allowed > scene.now:
        return Changes((replace(target, due_at=allowed),))
    changes = _said(scene, campaign, target)
    message = next((record for record in changes.records if isinstance(record, OutboxMessage)), None)
    if message is None:
        return _skipped(target, _why_silent(changes))
    return changes + Changes((replace(target, state=TargetState.HANDED, message=message.id),))


def _said(scene: Scene, campaign: Campaign, target: Target) -> Changes:
    match campaign.kind:
        case Kind.REMINDER:
            return _reminded(scene, campaign, target)
        case Kind.SURVEY:
            return _asked(scene, campaign, target)
        case Kind.NOTICE:
            return _told(scene, campaign, target)
        case never:
            assert_never(never)


def _why_not(scene: Scene, campaign: Campaign, target: Target) -> str | None:
    """Say why somebody is not to be written to, None when nothing stands in the way."""
    customer = scene.snapshot.customer(target.customer)
    if customer is None:
        return Reason.NO_CONTACT.value
    if customer.opted_out_at is not None:
        return Reason.OPTED_OUT.value
    if campaign.kind is Kind.REMINDER:
        interview = scene.snapshot.interview(target.interview)
        return "finished" if interview is None else _why_not_remind(scene, interview)
    if usable_contact(scene, target.customer) is None:
        return why_unreachable(scene, target.customer).value
    return _why_not_ask(scene, campaign, target) if campaign.kind is Kind.SURVEY else None


def _why_not_ask(scene: Scene, campaign: Campaign, target: Target) -> str | None:
    ticket = scene.snapshot.ticket(target.source, target.ticket) if target.ticket else None
    if ticket is not None and ticket.status is TicketStatus.REOPENED:
        return Reason.REOPENED.value
    is_too_soon = quarantined(scene, _invitation(scene, campaign, target), scene.now)
    return Reason.QUARANTINE.value if is_too_soon else None


def _why_not_remind(scene: Scene, interview: Interview) -> str | None:
    if interview.state not in OPEN:
        return "finished"
    if interview.reminded_at is not None:
        return "reminded"
    invitation = scene.snapshot.invitation(interview.invitation)
    if invitation is not None and invitation.sent_at is None:
        return "unsent"  # the question itself still waits to be sent
    if interview.expires_at <= scene.now:
        return "expired"
    if any(answer.at > scene.now - scene.policy.reminder_after for answer in interview.answers):
        return "answering"
    return _why_not_there(scene, interview)


def _why_not_there(scene: Scene, interview: Interview) -> str | None:
    """Say why the chat in which they were asked cannot be written to any more, None where it can."""
    states = {
        contact.state
        for contact in scene.snapshot.contacts(interview.customer)
        if (contact.channel, contact.chat) == (interview.channel, interview.chat)
    }
    if interview.channel not in scene.policy.channels:
        return Reason.NO_CONTACT.value
    if ContactState.OK in states:
        return None
    return (Reason.BLOCKED if ContactState.BLOCKED in states else Reason.NO_CONTACT).value


def _reminded(scene: Scene, campaign: Campaign, target: Target) -> Changes:
    """Show the interview once more, at the step where it stands; this is its one reminder."""
    interview = scene.snapshot.interview(target.interview)
    if interview is None:
        return Changes()
    event = Reminded() if interview.state is State.INVITED and interview.remind_at is not None else Resumed()
    shown = advance(scene, interview, event, occasion_of(campaign.id, target.occurrence))
    return _marked(scene, campaign, target, shown or Changes(), Purpose.REMINDER)


def _asked(scene: Scene, campaign: Campaign, target: Target) -> Changes:
    """Invite to a survey that no closing caused, and ask at once."""
    invitation = _invitation(scene, campaign, target)
    known = scene.snapshot.invitation(invitation.id)
    if known is not None:
        return Changes()
    planned = Changes((invitation,))
    asked = ask(scene.after(planned), invitation)
    return _marked(scene, campaign, target, planned + asked, Purpose.SURVEY)


def _told(scene: Scene, campaign: Campaign, target: Target) -> Changes:
    contact = usable_contact(scene, target.customer)
    if contact is None:
        return Changes()
    return _marked(scene, campaign, target, Changes((notice(scene, campaign, target, contact),)), Purpose.CAMPAIGN)


def _invitation(scene: Scene, campaign: Campaign, target: Target) -> Invitation:
    ticket = scene.snapshot.ticket(target.source, target.ticket) if target.ticket else None
    occasion = occasion_of(campaign.id, target.occurrence)
    return Invitation(
        id=derive("inv", "campaign", occasion, target.customer),
        source=target.source,
        ticket=target.ticket,
        closing=ticket.closing if ticket else 0,
        customer=target.customer,
        survey=campaign.survey or scene.policy.default_survey,
        due_at=scene.now,
        deadline_at=scene.now + scene.policy.deadline,
        closed_at=(ticket.closed_at if ticket else None) or scene.now,
        agent_id=ticket.agent_id if ticket else "",
        agent_name=ticket.agent_name if ticket else "",
        team=ticket.team if ticket else "",
        occasion=occasion,
        rule="campaign",
        wake_at=scene.now,
    )


def _marked(scene: Scene, campaign: Campaign, target: Target, changes: Changes, purpose: Purpose) -> Changes:
    """Mark messages as the campaign's, so that they go at its pace, and an interview as reminded of."""

    def marked(record: Record) -> Record:
        if isinstance(record, OutboxMessage):
            sent = replace(record, purpose=purpose, obeys_opt_out=True, campaign=campaign.id)
            return with_words(scene, campaign, target, replace(sent, per_minute=campaign.per_minute))
        if isinstance(record, Interview) and purpose is Purpose.REMINDER:
            return replace(record, remind_at=None, reminded_at=scene.now)
        return record

    return replace(changes, records=tuple(map(marked, changes.records)))


def _why_silent(changes: Changes) -> str:
    """Say why an ask came to nothing: its invitation knows."""
    asks = (record for record in reversed(changes.records) if isinstance(record, Invitation))
    reason = next((one.reason for one in asks if one.reason is not None), None)
    return reason.value if reason is not None else "finished"


def _skipped(target: Target, reason: str) -> Changes:
    return Changes((replace(target, state=TargetState.SKIPPED, reason=reason),))
