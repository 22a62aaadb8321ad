"""Creating a campaign's messages, a portion at a time; each person is checked again at that moment."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import assert_never

from bot.handlers.campaigns.text import notice, with_words
from bot.handlers.common.closings import service_of
from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.invitations import ask
from bot.handlers.surveys.pause import pause_of
from bot.handlers.surveys.scheduling import quarantined
from dialogs.campaign.model import Campaign, CampaignKind, Target, TargetState
from dialogs.campaign.occurrences import next_allowed
from dialogs.ids import RefKind, derive
from dialogs.improvement.told import is_finding
from dialogs.interview.events import Reminded, Resumed
from dialogs.interview.model import UNANSWERED, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationReason
from dialogs.outbox.machine import MessagePostponed
from scoring.values import replace
from storage.model.message_transitions import after_event
from storage.model.note_keys import SURVEYS_PAUSED
from storage.model.records import ContactState, OutboxMessage, Purpose, TicketStatus
from storage.unit_of_work.changes import Changes, Record, Settle
from storage.unit_of_work.needs import Needs

__all__ = ["campaign_occasion", "hand_out", "release_held", "sending_needs"]


def sending_needs(campaign: Campaign, targets: Iterable[Target], held: Iterable[OutboxMessage] = ()) -> Needs:
    """Return the need for these people, their tickets and unfinished interviews, and customers of `held` messages.

    A campaign that tells what became of a finding needs that, with what each had said.
    """
    listed = tuple(targets)
    return Needs(
        targets=frozenset((one.campaign, one.occurrence, one.customer) for one in listed),
        customers=frozenset(one.customer for one in listed).union(one.customer for one in held if one.customer),
        tickets=frozenset((one.source, one.ticket) for one in listed if one.ticket),
        interviews=frozenset(one.interview for one in listed if one.interview),
        notes=frozenset({SURVEYS_PAUSED}),
        findings=frozenset({campaign.origin} if is_finding(campaign.origin) else ()),
    )


def hand_out(context: DecisionContext, campaign: Campaign, targets: Iterable[Target], most: int) -> Changes:
    """Create messages for at most `most` of these people; postpone others, or skip them with a reason.

    While all surveys are paused only notices continue.
    """
    changes, sent = Changes(), 0
    if campaign.kind is not CampaignKind.NOTICE and pause_of(context) is not None:
        return changes
    allowed = cache(lambda zone: next_allowed(context.now, context.policy.quiet, campaign.window, zone))
    for listed in targets:
        target = context.snapshot.target(listed.campaign, listed.occurrence, listed.customer)
        if target is None or target.state is not TargetState.WAITING:
            continue
        if sent == most:
            break
        zone = context.policy.zone_of(context.snapshot.customer(target.customer))
        given = _given(context, campaign, target, allowed(zone))
        sent += any(isinstance(record, OutboxMessage) for record in given.records)
        changes += given
    return changes


def release_held(context: DecisionContext, campaign: Campaign, held: Iterable[OutboxMessage]) -> Changes:
    """Release messages that a pause has held, at an hour at which they may be sent."""
    going = {one: MessagePostponed(_welcome_at(context, campaign, one)) for one in held}
    settles = tuple(Settle(one.id, event, context.now) for one, event in going.items())
    return Changes(tuple(after_event(one, event) for one, event in going.items()), settles=settles)


def _welcome_at(context: DecisionContext, campaign: Campaign, message: OutboxMessage) -> datetime:
    customer = context.snapshot.customer(message.customer) if message.customer else None
    zone = context.policy.zone_of(customer)
    return next_allowed(context.now, context.policy.quiet, campaign.window, zone) or context.now


def campaign_occasion(campaign: str, occurrence: datetime) -> str:
    """Return the occasion of an ask: a campaign and one of its occurrences."""
    return f"{campaign}@{occurrence.isoformat().replace('+00:00', 'Z')}"


def _given(context: DecisionContext, campaign: Campaign, target: Target, allowed: datetime | None) -> Changes:
    reason = _why_not(context, campaign, target)
    if reason is None and allowed is None:
        reason = InvitationReason.QUIET_HOURS.value
    if reason is not None:
        return _skipped(target, reason)
    if allowed is not None and allowed > context.now:
        return Changes((replace(target, due_at=allowed),))
    changes = _said(context, campaign, target)
    message = next((record for record in changes.records if isinstance(record, OutboxMessage)), None)
    if message is None:
        return _skipped(target, _why_silent(changes))
    return changes + Changes((replace(target, state=TargetState.HANDED, message=message.id),))


def _said(context: DecisionContext, campaign: Campaign, target: Target) -> Changes:
    match campaign.kind:
        case CampaignKind.REMINDER:
            return _reminded(context, campaign, target)
        case CampaignKind.SURVEY:
            return _asked(context, campaign, target)
        case CampaignKind.NOTICE:
            return _told(context, campaign, target)
        case never:
            assert_never(never)


def _why_not(context: DecisionContext, campaign: Campaign, target: Target) -> str | None:
    """Return why a person is skipped, None where they can be written to."""
    customer = context.snapshot.customer(target.customer)
    if customer is None:
        return InvitationReason.NO_CONTACT.value
    if customer.opted_out_at is not None:
        return InvitationReason.OPTED_OUT.value
    if campaign.kind is CampaignKind.REMINDER:
        interview = context.snapshot.interview(target.interview)
        return "finished" if interview is None else _why_not_remind(context, interview)
    if usable_contact(context, target.customer) is None:
        return why_unreachable(context, target.customer).value
    return _why_not_ask(context, campaign, target) if campaign.kind is CampaignKind.SURVEY else None


def _why_not_ask(context: DecisionContext, campaign: Campaign, target: Target) -> str | None:
    ticket = context.snapshot.ticket(target.source, target.ticket) if target.ticket else None
    if ticket is not None and ticket.status is TicketStatus.REOPENED:
        return InvitationReason.REOPENED.value
    is_too_soon = quarantined(context, _invitation(context, campaign, target), context.now)
    return InvitationReason.QUARANTINE.value if is_too_soon else None


def _why_not_remind(context: DecisionContext, interview: Interview) -> str | None:
    if interview.state not in UNANSWERED:
        return "finished"
    if interview.reminded_at is not None:
        return "reminded"
    invitation = context.snapshot.invitation(interview.invitation)
    if invitation is not None and invitation.sent_at is None:
        return "unsent"  # the question itself still waits to be sent
    if interview.expires_at <= context.now:
        return "expired"
    if any(answer.at > context.now - context.policy.reminder_after for answer in interview.answers):
        return "answering"
    return _why_not_there(context, interview)


def _why_not_there(context: DecisionContext, interview: Interview) -> str | None:
    """Return why the chat of an interview cannot be written to any more, None where it can."""
    states = {
        contact.state
        for contact in context.snapshot.contacts(interview.customer)
        if (contact.channel, contact.chat) == (interview.channel, interview.chat)
    }
    if interview.channel not in context.policy.channels:
        return InvitationReason.NO_CONTACT.value
    if ContactState.OK in states:
        return None
    return (InvitationReason.BLOCKED if ContactState.BLOCKED in states else InvitationReason.NO_CONTACT).value


def _reminded(context: DecisionContext, campaign: Campaign, target: Target) -> Changes:
    """Show the interview once more at its step; this is its only reminder."""
    interview = context.snapshot.interview(target.interview)
    if interview is None:
        return Changes()
    event = Reminded() if interview.state is InterviewState.INVITED and interview.remind_at is not None else Resumed()
    shown = advance(context, interview, event, campaign_occasion(campaign.id, target.occurrence))
    return _marked(context, campaign, target, shown or Changes(), Purpose.REMINDER)


def _asked(context: DecisionContext, campaign: Campaign, target: Target) -> Changes:
    """Create an invitation without a closing, and ask at once."""
    invitation = _invitation(context, campaign, target)
    known = context.snapshot.invitation(invitation.id)
    if known is not None:
        return Changes()
    planned = Changes((invitation,))
    asked = ask(context.after(planned), invitation)
    return _marked(context, campaign, target, planned + asked, Purpose.SURVEY)


def _told(context: DecisionContext, campaign: Campaign, target: Target) -> Changes:
    contact = usable_contact(context, target.customer)
    if contact is None:
        return Changes()
    return _marked(context, campaign, target, Changes((notice(context, campaign, target, contact),)), Purpose.CAMPAIGN)


def _invitation(context: DecisionContext, campaign: Campaign, target: Target) -> Invitation:
    ticket = context.snapshot.ticket(target.source, target.ticket) if target.ticket else None
    service = service_of(context, ticket, context.now) if ticket else None
    occasion = campaign_occasion(campaign.id, target.occurrence)
    return Invitation(
        id=derive(RefKind.INVITATION, "campaign", occasion, target.customer),
        source=target.source,
        ticket=target.ticket,
        closing=ticket.closing if ticket else 0,
        customer=target.customer,
        survey=campaign.survey or context.policy.default_survey,
        due_at=context.now,
        deadline_at=context.now + context.policy.deadline,
        closed_at=(ticket.closed_at if ticket else None) or context.now,
        agent_id=service.agent_id if service else "",
        agent_name=service.agent_name if service else "",
        team=service.team if service else "",
        occasion=occasion,
        rule="campaign",
        wake_at=context.now,
    )


def _marked(
    context: DecisionContext, campaign: Campaign, target: Target, changes: Changes, purpose: Purpose
) -> Changes:
    """Mark messages as the campaign's, so that its rate applies, and an interview as reminded."""

    def marked(record: Record) -> Record:
        if isinstance(record, OutboxMessage):
            sent = replace(record, purpose=purpose, obeys_opt_out=True, campaign=campaign.id)
            return with_words(context, campaign, target, replace(sent, per_minute=campaign.per_minute))
        if isinstance(record, Interview) and purpose is Purpose.REMINDER:
            return replace(record, remind_at=None, reminded_at=context.now)
        return record

    return replace(changes, records=tuple(map(marked, changes.records)))


def _why_silent(changes: Changes) -> str:
    """Return why an ask created no message: the reason of its invitation."""
    asks = (record for record in reversed(changes.records) if isinstance(record, Invitation))
    reason = next((one.reason for one in asks if one.reason is not None), None)
    return reason.value if reason is not None else "finished"


def _skipped(target: Target, reason: str) -> Changes:
    return Changes((replace(target, state=TargetState.SKIPPED, reason=reason),))
