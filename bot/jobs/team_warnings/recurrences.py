"""Looks every ten minutes what comes again and again, and hands each to the team's chats once.

A type of problem recurs while so many tickets of it have issues within the time of the policy; a product, a fault of a
device, and what customers write, while so many customers have it within the time of the rules. It is told when it
begins to recur, once by all processes: that it was told is a note, written in the commit of the message and emptied
when it no longer recurs. The same commit opens a finding, raised by those who wrote of it or whose cases they are.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.improvement.warnings import opened_by_recurrence, recurrence_finding_id
from bot.handlers.phrases import dimension_name
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.ids import derive
from dialogs.messages import Prompt
from scoring.text.recurring_things import Occurrence, Recurred, RecurrenceKind, recurrences
from scoring.values import Value
from storage.model.note_keys import RECURRING
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.reads.text.phrases import TicketCase
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["RecurrenceJob"]

_LOOKS_EVERY = 600.0
"""Seconds."""
_NAMED, _A_MOMENT = 5, timedelta(seconds=1)
_SEPARATOR = "\n"


class RecurrenceJob(Value, eq=False):
    """Tells what recurs by `alerts.recurring` within `alerts.recurring_within`, and by `recurring` of the rules."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every ten minutes until cancelled; while the policy wants none nothing is read."""
        why = "what recurs is told ten minutes later"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="recurrences", why=why)

    async def look(self) -> None:
        """Write the messages that are due, none while the time is not corroborated or the sample company is loaded.

        Raises what the writer raises.
        """
        policy = self.receiver.policy
        tickets, customers = policy.recurring[0], policy.rules.recurring[0]
        if not (tickets or customers) or self.clock.doubt() is not None:
            return
        if await self.reader.is_sample():
            return
        least = dict.fromkeys(RecurrenceKind, customers) | {RecurrenceKind.CATEGORY: tickets}
        found = recurrences(await self._occurrences(), least)
        kept = {note.value for note in await self.reader.notes([RECURRING])}
        named = _SEPARATOR.join(one.key for one in found)
        if named not in kept and (found or kept - {""}):
            day = self.clock.now().date()
            await self.receiver.do(_needs(found, day), partial(_begun, found, day))

    async def _occurrences(self) -> list[Occurrence]:
        policy, now = self.receiver.policy, self.clock.now()
        (_, of_types), (_, of_things) = policy.recurring, policy.rules.recurring
        until = now + _A_MOMENT  # with what was opened right now
        cases = await self.reader.texts.cases(now - max(of_types, of_things), until)
        found = [each for one in cases for each in _of_case(one, (now - of_types, now - of_things))]
        for comment in await self.reader.texts.found(now - of_things, until):
            if comment.exclusion is None:
                case = f"{comment.source}/{comment.ticket}" if comment.ticket else comment.response
                found += [
                    Occurrence(RecurrenceKind.PHRASE, phrase, comment.customer, case, comment.response, dimension)
                    for _, phrase, dimension, polarity in comment.found
                    if polarity < 0 and dimension
                ]
        return found


def _of_case(case: TicketCase, since: tuple[datetime, datetime]) -> Iterator[Occurrence]:
    """Yield what a ticket with an issue is an example of, each kind within its own time."""
    fault, thing = case.details.fault or "", case.product or case.details.device or ""
    if case.category and case.opened_at >= since[0]:
        yield Occurrence(RecurrenceKind.CATEGORY, case.category, case.customer, case.name)
    if case.opened_at >= since[1]:
        if thing:
            yield Occurrence(RecurrenceKind.PRODUCT, thing, case.customer, case.name)
        if fault:
            yield Occurrence(RecurrenceKind.FAULT, f"{thing} {fault}".strip(), case.customer, case.name)


def _needs(found: Sequence[Recurred], day: date) -> Needs:
    return Needs(
        notes=frozenset({RECURRING}),
        findings=frozenset(recurrence_finding_id(one, day) for one in found),
        interviews=frozenset(response for one in found for response in one.responses),
        customers=frozenset(customer for one in found for customer in one.customers),
    )


def _begun(found: Sequence[Recurred], day: date, context: DecisionContext) -> Decision[None]:
    """Return for each thing that was not told of yet a message and a finding, and the note of what recurs now."""
    note = context.snapshot.note(RECURRING)
    known = set(note.value.split(_SEPARATOR)) if note is not None else set[str]()
    fresh = [one for one in found if one.key not in known]
    messages = [
        message_to_team(context, place, _prompt(context, one), _message_id(context, one, place.chat))
        for one in fresh
        for place in context.policy.team
    ]
    version = note.version if note is not None else 0
    written = Note(RECURRING, _SEPARATOR.join(one.key for one in found), context.now, version)
    changes = Changes((written, *messages))
    for one in fresh:
        changes += opened_by_recurrence(context, one, day, _finding_text(context, one))
    return Decision(changes, None)


def _message_id(context: DecisionContext, one: Recurred, chat: str) -> str:
    return derive("out", "recurring", one.key, chat, context.now.isoformat())


def _prompt(context: DecisionContext, one: Recurred) -> Prompt:
    policy, locale = context.policy, context.policy.team_speaks
    named = policy.phrases.say(locale, "recurring.between").join(one.cases[:_NAMED])
    told = _facts(context, one) | {"problem": one.name, "tickets": named}
    return Prompt(policy.phrases.say(locale, f"recurring.{_TOLD[one.kind]}", **told))


def _finding_text(context: DecisionContext, one: Recurred) -> str:
    """Return what its finding is called: short, since every message about it names it."""
    told = _facts(context, one)
    key = "recurring.finding_tickets" if one.kind is RecurrenceKind.CATEGORY else "recurring.finding"
    return context.policy.phrases.say(
        context.policy.team_speaks, key, **told | {"problem": one.name or told["dimension"]}
    )


def _facts(context: DecisionContext, one: Recurred) -> dict[str, str]:
    policy, locale = context.policy, context.policy.team_speaks
    is_type = one.kind is RecurrenceKind.CATEGORY
    span = policy.phrases.span(locale, policy.recurring[1] if is_type else policy.rules.recurring[1])
    told = {"number": policy.phrases.number(locale, one.number), "span": span}
    return told | ({"dimension": dimension_name(policy, one.dimension)} if one.dimension else {})


_TOLD = {
    RecurrenceKind.CATEGORY: "told",
    RecurrenceKind.PRODUCT: "product",
    RecurrenceKind.FAULT: "fault",
    RecurrenceKind.PHRASE: "phrase",
    RecurrenceKind.DIMENSION: "dimension",
}
