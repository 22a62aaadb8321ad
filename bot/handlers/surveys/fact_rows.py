"""The facts that a decision leaves for figures: the closing as it was, the ratings as they stand after an answer."""

from collections.abc import Iterator
from datetime import datetime

from bot.handlers.common.context import DecisionContext
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation
from dialogs.phone_number import contact_key
from dialogs.survey import Survey
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import Customer, Ticket

__all__ = ["closing_of", "closing_record", "excluded_by", "rating_fact", "ratings_after"]


def closing_of(context: DecisionContext, ticket: Ticket, closed_at: datetime) -> Closing:
    """Return the latest closing of a ticket as the ticket and its customer are now."""
    return closing_record(ticket, context.snapshot.customer(ticket.customer), closed_at, context.policy.links.key)


def closing_record(ticket: Ticket, customer: Customer | None, closed_at: datetime, secret: bytes) -> Closing:
    """Return the latest closing of a ticket; the `secret` of the installation makes the key of its contact data."""
    details = ticket.details
    return Closing(
        source=ticket.source,
        ticket=ticket.id,
        number=ticket.closing,
        customer=ticket.customer,
        closed_at=closed_at,
        requested_at=details.requested_at,
        opened_at=ticket.opened_at,
        first_replied_at=ticket.first_replied_at,
        assigned_at=details.assigned_at,
        appointment_at=ticket.appointment_at,
        onsite_at=details.onsite_at,
        solved_at=details.solved_at,
        agent_id=ticket.agent_id,
        agent_name=ticket.agent_name,
        team=ticket.team,
        station=details.station or "",
        area=details.area or "",
        product=ticket.product,
        category=ticket.category,
        service_type=details.service_type or "",
        source_channel=details.source_channel or "",
        contract=details.contract or "",
        tier=customer.tier if customer is not None else "",
        tags=ticket.tags,
        contact_key=contact_key(secret, customer.phone, customer.postal_address) if customer is not None else "",
    )


def ratings_after(context: DecisionContext, before: Interview, after: Interview) -> Iterator[RatingFact]:
    """Yield the ratings that have changed: given or corrected, taken back, or excluded with the whole interview.

    Of an anonymous survey there are none: a rating names its closing, and so the person.
    """
    old, new = _given(before), _given(after)
    reason = excluded_by(context, after)
    is_decided_anew = reason is not excluded_by(context, before)
    for answer in after.answers:
        if is_decided_anew or old.get(answer.question) != new[answer.question]:
            fact = _rating(context, after, answer)
            yield fact if reason is None else replace(fact, status=RatingStatus.EXCLUDED, reason=reason)
    for answer in before.answers:
        if answer.question not in new:
            yield replace(_rating(context, after, answer), status=RatingStatus.UNDONE)


def _given(interview: Interview) -> dict[str, tuple[int, int | None]]:
    return {answer.question: (answer.value, answer.importance) for answer in interview.answers}


def excluded_by(context: DecisionContext, interview: Interview) -> ExclusionReason | None:
    """Return why the ratings of an interview do not count, None where they do."""
    if interview.customer in context.policy.test_customers:
        return ExclusionReason.TEST
    if interview.state is InterviewState.WITHDRAWN:
        return ExclusionReason.REOPENED
    if interview.exclusion is not None:
        return interview.exclusion
    return next((reason for raised in interview.flags if (reason := raised.excludes) is not None), None)


def _rating(context: DecisionContext, interview: Interview, answer: Answer) -> RatingFact:
    survey = context.policy.survey_version(interview.survey)
    return rating_fact(context.snapshot.invitation(interview.invitation), interview, survey, answer)


def rating_fact(invitation: Invitation | None, interview: Interview, survey: Survey, answer: Answer) -> RatingFact:
    """Return the rating that an answer leaves, as one that counts."""
    return RatingFact(
        source=invitation.source if invitation is not None else "",
        ticket=invitation.ticket if invitation is not None else "",
        closing=invitation.closing if invitation is not None else 0,
        response=interview.id,
        item=answer.question,
        survey=survey.id,
        survey_number=survey.version,
        dimension=survey.question(answer.question).measures,
        value=answer.value,
        lowest=survey.scale.lowest,
        highest=survey.scale.highest,
        at=answer.at,
        channel=interview.channel,
        importance=answer.importance or 0,
    )
