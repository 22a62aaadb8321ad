"""`huifang survey explain`: which rule decides about a ticket, and why, as lines for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.control.arguments import result_of, text_argument
from bot.control.protocol import CommandProblem
from bot.handlers.surveys.explain import Decided, Explanation, explain, explain_needs
from bot.wiring.services import Services
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["explain_survey", "explain_text"]


async def explain_survey(services: Services, arguments: Mapping[str, Any]) -> str:
    """Return which rule decides about a ticket, and why. Raises CommandProblem."""
    source, between, ticket = text_argument(arguments, "ticket").partition("/")
    if not (source and between and ticket):
        raise CommandProblem("name the ticket as SOURCE/TICKET, such as zendesk/42")
    key = (source, ticket)
    answer = await services.receiver.do(explain_needs(key), lambda context: Decision(Changes(), explain(context, key)))
    return explain_text(result_of(Explanation, answer))


def explain_text(explanation: Explanation) -> str:
    """Return an explanation as lines of text, without a line break at the end."""
    return "\n".join(_lines(explanation))


def _lines(told: Explanation) -> Iterator[str]:
    when = "now" if told.is_closed else "if it closed now"
    yield f"ticket {'/'.join(told.ticket)}"
    yield f"  decision {when}: {told.decision}; {told.because}."
    if told.steps:
        yield "  rules looked at, in their order:"
    for number, step in enumerate(told.steps, 1):
        yield f"    {number}. {step.rule}: {'fits' if step.matches else 'does not fit'}, because {step.because}."
    yield from _stored(told.decided)
    if told.differs:
        yield "  The rules or the ticket have changed since its closing; what was decided then stands."
    if told.paused is not None:
        yield f"  All surveys are paused by {told.paused.by} since {told.paused.since:%Y-%m-%d %H:%M} UTC."


def _stored(decided: Decided | None) -> Iterator[str]:
    if decided is None:
        yield "  Nothing has been decided yet: the ticket has never been closed."
        return
    invitation = decided.invitation
    rule = f"rule {invitation.rule}" if invitation.rule else "no rule"
    reason = f" ({invitation.reason})" if invitation.reason is not None else ""
    because = f", because {decided.because}" if decided.because else ""
    yield f"  stored at closing {invitation.closing}: {rule}, survey {invitation.survey}"
    yield f"    status {decided.status}{reason}{because}"
    yield f"    due {invitation.due_at:%Y-%m-%d %H:%M} UTC, deadline {invitation.deadline_at:%Y-%m-%d %H:%M} UTC"
