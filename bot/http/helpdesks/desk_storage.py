"""Stores a proved delivery of a help desk once: the ticket as PUT does, with what came and what became of it."""

import json
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus

from bot.connectors.descriptor import ConnectorDescriptor
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import DeskTest, IgnoredDelivery, TicketReport
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid
from bot.handlers.surveys.tickets import needs
from bot.http.answer_cache import answer_cache
from bot.http.api.schemas.ticket_response import TicketDetails
from bot.http.api.ticket_decisions import put_ticket, ticket_response
from bot.http.context import Desks
from bot.http.helpdesks.kept_delivery import DeskOutcome, KeptDesk
from bot.http.helpdesks.tolerant_ticket import (
    RefusedReport,
    UnderstoodTicket,
    known_customer,
    understand_ticket,
    with_one_number,
)
from bot.http.idempotent_decide import ApiAnswer
from bot.receiver import Once, Replayed
from dialogs.invitation.model import status_of
from scoring.values import Value, replace
from storage.model.errors import DecisionFailed
from storage.schema.literals import REPEATED_ANSWER
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["UnderstoodDelivery", "decide_understood", "store_delivery", "understand_delivery"]

_SAME_FOR = timedelta(seconds=300)
_LONGEST_EVENT = 256
_TWINS = "/hooks/tickets"
"""The door of answers kept by content, which are no deliveries of their own."""


class UnderstoodDelivery(Value):
    """What a delivery was taken for: a ticket, or what is answered to anything else."""

    told: DeskOutcome
    answer: ApiAnswer | None = None
    ticket: UnderstoodTicket | None = None


async def store_delivery(
    desks: Desks, connector: ConnectorDescriptor, delivery: DeskDelivery, payload: Payload
) -> ApiAnswer:
    """Store a delivery, and return the answer: that of PUT for a ticket, the first one's for a repetition."""
    door = connector.address
    digest = sha256(delivery.body).hexdigest()
    twin = answer_cache(f"same:{connector.name}:{digest}", _SAME_FOR, delivery.at, _TWINS)
    event = connector.event(delivery, payload)[:_LONGEST_EVENT]
    key = f"hook:{connector.name}:{event or f'{digest[:32]}:{delivery.at.isoformat()}'}"
    kept = KeptDesk.of(connector, delivery)
    try:
        read = await understand_delivery(desks, connector, delivery, payload)
    except Exception as error:  # noqa: BLE001 - what a help desk sends must never be lost by a mistake of ours
        return await _keep_failed(desks, door, key, kept, type(error).__name__)

    def decide(context: DecisionContext) -> Decision[tuple[str, DeskOutcome]]:
        before = twin.found(context)
        if before is not None and _stands(context, read):
            return Decision(Changes(), (before, replace(read.told, outcome="repeated", reason="the same came before")))
        decision = decide_understood(context, read)
        answer, told = decision.answer
        if before is not None:
            return decision
        keeping = twin.answered(context, lambda _context: Decision(decision.changes, answer))
        return Decision(keeping.changes, (answer, told))

    once = Once[tuple[str, DeskOutcome]](key, door, lambda given: given[0], lambda given: kept.written(given[1]))
    about = needs(read.ticket.event, desks.receiver.policy) if read.ticket else Needs()
    try:
        got = await desks.receiver.do_once(once, twin.needs | about, decide)
    except DecisionFailed as failure:
        return await _keep_failed(desks, door, key, kept, str(failure))
    return ApiAnswer.kept_before((got.answer if isinstance(got, Replayed) else got[0]) or REPEATED_ANSWER)


async def understand_delivery(
    desks: Desks, connector: ConnectorDescriptor, delivery: DeskDelivery, payload: Payload
) -> UnderstoodDelivery:
    """Return what a proved delivery says."""
    reading = connector.read(delivery, payload, desks.option(connector.name))
    match reading:
        case DeskTest():
            sentence = f"This is huifang: {connector.title} is connected. A ticket that is closed will come here."
            answer = ApiAnswer(HTTPStatus.OK, json.dumps({"test": sentence}))
            return UnderstoodDelivery(DeskOutcome("test", "the help desk tried the address"), answer)
        case IgnoredDelivery(why):
            return _ignored(why)
        case TicketReport():
            return await _understood(desks, connector, reading)


def decide_understood(context: DecisionContext, read: UnderstoodDelivery) -> Decision[tuple[str, DeskOutcome]]:
    """Decide what was understood, and return the answer with what became of it."""
    if read.ticket is None or read.answer is not None:
        return Decision(Changes(), (read.answer.kept() if read.answer else "", read.told))
    decision = put_ticket(context, read.ticket.event)
    told = decision.answer
    if isinstance(told, Invalid):
        refused = _ignored(f"{told.field}: {told.problem}")
        return Decision(Changes(), (_kept(refused), replace(read.told, outcome="ignored", reason=refused.told.reason)))
    told = replace(told, warnings=(*told.warnings, *read.ticket.left_out))
    outcome = _outcome(read, told, is_new=bool(decision.changes))
    return Decision(decision.changes, (ticket_response(told).kept(), outcome))


async def _understood(desks: Desks, connector: ConnectorDescriptor, report: TicketReport) -> UnderstoodDelivery:
    report = with_one_number(desks, connector.name, report)
    known = await known_customer(desks, connector.name, report)
    if known is None and not report.customer:
        return _ignored("it names no customer, so nobody can be asked", report.id)
    try:
        ticket = understand_ticket(desks, connector.name, report, known)
    except RefusedReport as refused:
        return _ignored(str(refused), report.id)
    told = DeskOutcome("stored", "", report.id, ticket.event.customer.id, report.excluded)
    return UnderstoodDelivery(told, ticket=ticket)


def _outcome(read: UnderstoodDelivery, told: TicketDetails, *, is_new: bool) -> DeskOutcome:
    if not is_new:
        older = "nothing new, or older than what is stored"
        return replace(read.told, outcome="unchanged", reason=older)
    invitation = told.view.invitation
    if invitation is None:
        return replace(read.told, reason=told.view.ticket.status.value)
    survey = f"survey {status_of(invitation, told.view.interview)}"
    reason = f"{survey}: {invitation.reason}" if invitation.reason else survey
    if read.told.excluded:
        return replace(read.told, outcome="excluded", reason=f"{read.told.excluded}; {reason}")
    return replace(read.told, reason=f"{told.view.ticket.status}; {reason}")


def _stands(context: DecisionContext, read: UnderstoodDelivery) -> bool:
    """Return whether a ticket stands as it is told: of a repetition that tells no time, only then nothing is new."""
    if read.ticket is None:
        return True
    event = read.ticket.event
    stored = context.snapshot.ticket(event.source, event.id)
    return event.updated_at is not None or (stored is not None and stored.status is event.status)


def _ignored(why: str, ticket: str = "") -> UnderstoodDelivery:
    answer = ApiAnswer(HTTPStatus.ACCEPTED, json.dumps({"ignored": why}, ensure_ascii=False))
    return UnderstoodDelivery(DeskOutcome("ignored", why, ticket), answer)


def _kept(read: UnderstoodDelivery) -> str:
    return read.answer.kept() if read.answer is not None else ""


async def _keep_failed(desks: Desks, door: str, key: str, kept: KeptDesk, why: str) -> ApiAnswer:
    """Keep what could not be decided, raise the alarm, and return the answer."""
    await desks.receiver.keep_unread(door, kept.written(DeskOutcome("failed", why)), why, key)
    text = json.dumps({"kept": "It could not be decided and is kept: huifang deliveries shows it."})
    return ApiAnswer(HTTPStatus.ACCEPTED, text)
