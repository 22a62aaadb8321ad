"""Looks every ten minutes which type of problem comes again and again, and hands each to the team's chats once.

A type of problem recurs while so many issues about its tickets were opened within the time of the policy. It is told
when it begins to recur, once by all processes: that it was told is a note, written in the commit of the message and
emptied when the type no longer recurs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.ids import derive
from dialogs.messages import Prompt
from scoring.metrics.catalogue import MetricSource
from scoring.values import Value
from storage.model.note_keys import RECURRING
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["RecurrenceJob"]

_LOOKS_EVERY = 600.0
"""Seconds."""
_MOST, _NAMED, _A_MOMENT = 5_000, 5, timedelta(seconds=1)
_NEEDS = Needs(notes=frozenset({RECURRING}))
_SEPARATOR = "\n"

Found = Mapping[str, Sequence[str]]
"""The tickets of each type of problem that recurs."""


class RecurrenceJob(Value, eq=False):
    """Tells what recurs by `alerts.recurring` within `alerts.recurring_within`."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every ten minutes until cancelled; while the policy wants none nothing is read."""
        why = "what recurs is told ten minutes later"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="recurrences", why=why)

    async def look(self) -> None:
        """Write the messages that are due, none while the time is not corroborated. Raises what the writer raises."""
        (least, within), now = self.receiver.policy.recurring, self.clock.now()
        if not least or self.clock.doubt() is not None:
            return
        ends = (now - within, now + _A_MOMENT)  # with what was opened right now
        found = await self._recurring(ends, least)
        kept = {note.value for note in await self.reader.notes([RECURRING])}
        if _SEPARATOR.join(found) not in kept and (found or kept - {""}):
            await self.receiver.do(_NEEDS, lambda context: Decision(_begun(context, found), None))

    async def _recurring(self, ends: tuple[datetime, datetime], least: int) -> Found:
        tickets: dict[str, set[str]] = {}
        for one in await self.reader.figure_inputs(ends, MetricSource.ISSUES, {}, _MOST):
            if kind := one.fact.keys["category"]:
                tickets.setdefault(kind, set()).add(f"{one.source}/{one.ticket}")
        return {kind: tuple(sorted(names)) for kind, names in sorted(tickets.items()) if len(names) >= least}


def _begun(context: DecisionContext, found: Found) -> Changes:
    """Return a message for each type that was not told of yet, and the note of what recurs now."""
    note = context.snapshot.note(RECURRING)
    known = set(note.value.split(_SEPARATOR)) if note is not None else set[str]()
    messages = [
        message_to_team(context, place, _prompt(context, kind, found[kind]), _message_id(context, kind, place.chat))
        for kind in found
        if kind not in known
        for place in context.policy.team
    ]
    version = note.version if note is not None else 0
    return Changes((Note(RECURRING, _SEPARATOR.join(found), context.now, version), *messages))


def _message_id(context: DecisionContext, kind: str, chat: str) -> str:
    return derive("out", "recurring", kind, chat, context.now.isoformat())


def _prompt(context: DecisionContext, kind: str, tickets: Sequence[str]) -> Prompt:
    policy, locale = context.policy, context.policy.team_speaks
    named = policy.phrases.say(locale, "recurring.between").join(tickets[:_NAMED])
    told = {"problem": kind, "number": policy.phrases.number(locale, len(tickets)), "tickets": named}
    span = policy.phrases.span(locale, policy.recurring[1])
    return Prompt(policy.phrases.say(locale, "recurring.told", span=span, **told))
