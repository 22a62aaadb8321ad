"""The clocks of tickets: the team is warned before a target's time is over, and told once when it was not kept.

Which steps were told stands in a note for each ticket and clock, written in the commit of the message.
"""

from collections.abc import Iterable, Iterator

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.running_clocks import clocks_of
from bot.handlers.issues.team_messages import called_there, card_messages, line_in_group
from dialogs.admin.clock_text import ClockText
from dialogs.ids import derive
from dialogs.issue.model import WITH_THE_TEAM, Issue, TicketKey
from dialogs.messages import Address, Prompt
from scoring.metrics.ticket_clocks import TicketClock
from storage.model.note_keys import clock_key
from storage.model.records import Note, OutboxMessage, Ticket
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["TOLD_LATE", "needs", "tell_clocks"]

_WARNED, TOLD_LATE = "warned", "late"
"""What the note of a clock says that the team was told."""


def needs(clocks: Iterable[tuple[TicketKey, str]]) -> Needs:
    """Return the need for tickets, what is known to have been told of these clocks of theirs, and whom to call."""
    every = list(clocks)
    notes = frozenset(clock_key(*ticket, clock) for ticket, clock in every)
    return Needs(tickets=frozenset(ticket for ticket, _ in every), notes=notes, roster=True)


def tell_clocks(context: DecisionContext, clocks: Iterable[tuple[TicketKey, str]]) -> Changes:
    """Return what is told now of these clocks; nothing of one that has ended, or of which that was told."""
    changes = Changes()
    for (source, name), metric in clocks:
        ticket = context.snapshot.ticket(source, name)
        if ticket is None:
            continue
        customer = context.snapshot.customer(ticket.customer)
        running = clocks_of(context.policy, ticket, customer.tier if customer is not None else "")
        clock = next((one for one in running if one.target.metric == metric), None)
        if clock is not None:
            changes += _step(context, ticket, clock)
    return changes


def _step(context: DecisionContext, ticket: Ticket, clock: TicketClock) -> Changes:
    key = clock_key(ticket.source, ticket.id, clock.target.metric)
    note, is_late = context.snapshot.note(key), clock.due_at <= context.now
    is_due = note is not None and note.value == _WARNED if is_late else note is None and clock.warn_at <= context.now
    if not is_due:
        return Changes()
    told = Note(key, TOLD_LATE if is_late else _WARNED, context.now, note.version if note is not None else 0)
    about = next((one for one in _issues(context, ticket)), None)
    if about is None:
        return Changes((told, *(_message(context, ticket, clock, place, told.value) for place in context.policy.team)))
    lines = (
        line_in_group(context, about, place, f"{key}:{told.value}", _prompt(context, ticket, clock, place, about))
        for place in context.policy.team
    )
    return Changes((told, *lines)) + card_messages(context, about)


def _issues(context: DecisionContext, ticket: Ticket) -> Iterator[Issue]:
    return (one for one in context.snapshot.issues_of_ticket(ticket.source, ticket.id) if one.state in WITH_THE_TEAM)


def _prompt(
    context: DecisionContext, ticket: Ticket, clock: TicketClock, place: Address, issue: Issue | None = None
) -> Prompt:
    policy = context.policy
    people = called_there(context, place) if clock.due_at <= context.now else []
    named = (ticket.source, ticket.id, ticket.subject, "" if issue is not None else ticket.url)
    told = ClockText(clock, context.now, policy.phrases, policy.team_speaks, policy.timezone)
    return told.message(named, people, issue.id if issue is not None else "")


def _message(context: DecisionContext, ticket: Ticket, clock: TicketClock, place: Address, what: str) -> OutboxMessage:
    caused = ("out", "clock", ticket.source, ticket.id, clock.target.metric, what, place.channel, place.chat)
    return message_to_team(context, place, _prompt(context, ticket, clock, place), derive(*caused))
