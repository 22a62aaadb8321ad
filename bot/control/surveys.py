"""`huifang survey explain`: which rule decides about a ticket, and why, as lines for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.control.arguments import result_of, text_argument
from bot.control.protocol import CommandProblem
from bot.handlers.surveys.explain import Decided, Explanation, explain, explain_needs
from bot.http.api.schemas.course_json import course_out
from bot.jobs.survey_courses import LATELY_ASKED, read_course
from bot.wiring.services import Services
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["explain_survey", "explain_text", "tell_course"]


async def explain_survey(services: Services, arguments: Mapping[str, Any]) -> str:
    """Return which rule decides about a ticket, and why. Raises CommandProblem."""
    source, between, ticket = text_argument(arguments, "ticket").partition("/")
    if not (source and between and ticket):
        raise CommandProblem("name the ticket as SOURCE/TICKET, such as zendesk/42")
    key = (source, ticket)
    answer = await services.receiver.do(explain_needs(key), lambda context: Decision(Changes(), explain(context, key)))
    return explain_text(result_of(Explanation, answer), services.receiver.policy.timezone)


async def tell_course(services: Services, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return how people went through a survey in the last 90 days, as the API gives it. Raises CommandProblem."""
    name = text_argument(arguments, "survey")
    await services.receiver.learn(name)
    policy, now = services.receiver.policy, services.clock.now()
    if name not in policy.current or policy.survey(name).anonymous:
        raise CommandProblem(f"there is no survey {name!r} of which single answers are kept")
    asked = policy.survey(name)
    found = await read_course(services.reader, asked, now - LATELY_ASKED, now)
    return course_out(asked, found, policy.phrases.default).model_dump(mode="json")


def explain_text(explanation: Explanation, zone: ZoneInfo) -> str:
    """Return an explanation as lines of text on the clocks of a zone, without a line break at the end."""
    return "\n".join(_lines(explanation, zone))


def _lines(told: Explanation, zone: ZoneInfo) -> Iterator[str]:
    when = "now" if told.is_closed else "if it closed now"
    yield f"ticket {'/'.join(told.ticket)}"
    yield f"  decision {when}: {told.decision}; {told.because}."
    if told.steps:
        yield "  rules looked at, in their order:"
    for number, step in enumerate(told.steps, 1):
        yield f"    {number}. {step.rule}: {'fits' if step.matches else 'does not fit'}, because {step.because}."
    yield from _stored(told.decided, zone)
    if told.differs:
        yield "  The rules or the ticket have changed since its closing; what was decided then stands."
    if told.paused is not None:
        yield f"  All surveys are paused by {told.paused.by} since {_moment(told.paused.since, zone)} ({zone.key})."


def _stored(decided: Decided | None, zone: ZoneInfo) -> Iterator[str]:
    if decided is None:
        yield "  Nothing has been decided yet: the ticket has never been closed."
        return
    invitation = decided.invitation
    rule = f"rule {invitation.rule}" if invitation.rule else "no rule"
    reason = f" ({invitation.reason})" if invitation.reason is not None else ""
    because = f", because {decided.because}" if decided.because else ""
    yield f"  stored at closing {invitation.closing}: {rule}, survey {invitation.survey}"
    yield f"    status {decided.status}{reason}{because}"
    closed, due, deadline = (
        _moment(at, zone) for at in (invitation.closed_at, invitation.due_at, invitation.deadline_at)
    )
    yield f"    closed {closed}, due {due}, deadline {deadline} ({zone.key})"
    if decided.timing:
        yield f"    due then: {decided.timing}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
