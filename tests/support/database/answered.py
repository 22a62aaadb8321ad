"""Closings with their answers, stored as they lie in the database once everything is over."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from config.surveys.load import read_surveys
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.survey import Survey
from scoring.scale import FIVE, Scale
from scoring.values import replace
from storage.connection.store import Store
from storage.model.fact_records import Closing, RatingFact
from storage.model.records import Customer, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["closed_visit", "rating_facts", "store_records"]

_OF_CLOSINGS = ("station", "area", "product", "category", "service_type", "source_channel", "tier")


def closed_visit(
    number: str,
    at: datetime,
    ratings: Mapping[str, int] | None,
    *,
    state: InterviewState = InterviewState.COMPLETED,
    **cut: str,
) -> Sequence[Record]:
    """Return a customer, their ticket that was closed at a moment, the ask, and the answers; None: it was not asked.

    `cut` may name `customer`, `team`, `agent`, `survey`, its `version`, `channel`, and what a closing keeps.
    """
    team, agent, survey = cut.get("team", "north"), cut.get("agent", "a1"), cut.get("survey", "after_service")
    channel, version = cut.get("channel", "sandbox"), int(cut.get("version", "2"))
    named = cut.get("customer", number)
    customer = Customer(f"c-{named}", f"customer {named}")
    ticket = Ticket("desk", number, customer.id, TicketStatus.CLOSED, 1, closed_at=at)
    ticket = replace(ticket, team=team, agent_id=agent, agent_name=f"agent {agent}")
    invitation = Invitation(f"inv_{number}", "desk", number, 1, customer.id, survey, at, at + timedelta(days=1), at)
    invitation = replace(invitation, agent_id=agent, agent_name=f"agent {agent}", team=team)
    closing = Closing("desk", number, 1, customer.id, at, agent_id=agent, agent_name=f"agent {agent}", team=team)
    kept: dict[str, Any] = {key: cut[key] for key in _OF_CLOSINGS if key in cut}
    closing = replace(closing, **kept)
    if ratings is None:
        suppressed = InvitationState.SUPPRESSED
        return customer, ticket, closing, replace(invitation, state=suppressed, reason=InvitationReason.QUARANTINE)
    asked = replace(invitation, state=InvitationState.ASKED, channel=channel, asked_at=at, sent_at=at)
    answers = tuple(Answer(question, value, at) for question, value in ratings.items())
    interview = Interview(
        f"int_{number}", asked.id, customer.id, channel, f"chat-{number}", (survey, version), "zh-Hans", at, at, state
    )
    interview = replace(interview, answers=answers)
    scale = _shipped()[survey].scale
    return customer, ticket, closing, asked, interview, *rating_facts(asked, interview, scale)


@cache
def _shipped() -> dict[str, Survey]:
    return read_surveys(Path("no-files-of-an-owner"))


def rating_facts(invitation: Invitation, interview: Interview, scale: Scale = FIVE) -> Iterator[RatingFact]:
    """Yield the facts of an interview's answers, each about a dimension that is called as its question."""
    for answer in interview.answers:
        yield RatingFact(
            invitation.source,
            invitation.ticket,
            invitation.closing,
            interview.id,
            answer.question,
            *interview.survey,
            answer.question,
            answer.value,
            scale.lowest,
            scale.highest,
            answer.at,
            interview.channel,
        )


async def store_records(store: Store, now: datetime, *records: Record) -> None:
    """Store records in one commit, without the decisions that lead there."""
    writer = Writer(store, lambda: now)
    try:
        await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes(tuple(records)), None)))
    finally:
        await writer.stop()
