"""Commands on responses: those that people enter, and those that they exclude from figures."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.control.arguments import body_argument, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.common.context import DecisionContext
from bot.handlers.responses.entered import EnteredOutcome, EnteringAnswer, enter_response, needs
from bot.handlers.surveys import exclude_response
from bot.handlers.surveys.exclude_response import (
    EXCLUSION_STEPS,
    ExclusionAnswer,
    ExclusionOutcome,
    Proposal,
    StepWanted,
)
from bot.http.api.schemas.exclusion import StepBody, exclusion_out
from bot.http.api.schemas.response import NewResponseBody, response_out
from bot.wiring.services import Services
from dialogs.exclusion.model import BY_PEOPLE, ExclusionState
from dialogs.names import written_name
from scoring.validity import ExclusionReason
from storage.unit_of_work.writer import Decision

__all__ = ["RESPONSE_COMMANDS"]

Json = dict[str, Any]
_MOST = 200
_Decide = Callable[[DecisionContext], Decision[ExclusionAnswer]]


async def _list(services: Services, arguments: Mapping[str, Any]) -> Json:
    """List a page of exclusions, or of those in a state. Raises CommandProblem."""
    name, cursor = text_argument(arguments, "state"), text_argument(arguments, "cursor") or None
    if name and name not in set(ExclusionState):
        raise CommandProblem(f"there is no state {name}, only {', '.join(ExclusionState)}")
    page = await services.reader.exclusions(ExclusionState(name) if name else None, cursor, _MOST)
    return {"items": [exclusion_out(one).model_dump(mode="json") for one in page.items], "next": page.next}


async def _propose(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Store the proposal that a response does not count, and return it. Raises CommandProblem."""
    reason = text_argument(arguments, "reason")
    if reason not in BY_PEOPLE:
        raise CommandProblem(f"reason: there is no {reason!r}, only {', '.join(BY_PEOPLE)}")
    response, by = text_argument(arguments, "response"), _by(arguments)
    new = Proposal(response, ExclusionReason(reason), by, _given(arguments, "note"))
    return await _decided(services, response, lambda context: exclude_response.propose(context, new))


async def _step(name: str, services: Services, arguments: Mapping[str, Any]) -> Json:
    """Store a decision, an appeal or a review, and return the exclusion. Raises CommandProblem."""
    response, by, note = text_argument(arguments, "response"), _by(arguments), _given(arguments, "note")
    body = body_argument(StepBody, {"by": by, "note": note, "evidence": arguments.get("evidence") or []})
    wanted = StepWanted(name, body.by, body.note, body.evidence)
    return await _decided(services, response, lambda context: exclude_response.take_step(context, response, wanted))


def _by(arguments: Mapping[str, Any]) -> str:
    name = written_name(text_argument(arguments, "by"))
    if not name:
        raise CommandProblem("by: is empty")
    return name


def _given(arguments: Mapping[str, Any], name: str) -> str:
    value = text_argument(arguments, name).strip()
    if not value:
        raise CommandProblem(f"{name}: is empty")
    return value


async def _decided(services: Services, response: str, decide: _Decide) -> Json:
    answer: ExclusionAnswer = await services.receiver.do(exclude_response.needs(response), decide)
    return exclusion_out(result_of(ExclusionOutcome, answer).exclusion).model_dump(mode="json")


async def _enter(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Store what a customer answered elsewhere, as the API takes it, and return it. Raises CommandProblem."""
    policy = services.receiver.policy
    new = body_argument(NewResponseBody, arguments).wanted(policy.default_survey)
    answer: EnteringAnswer = await services.receiver.do(needs(new), lambda context: enter_response(context, new))
    stored = result_of(EnteredOutcome, answer)
    survey = policy.survey_version(stored.interview.survey)
    return response_out(stored.interview, stored.invitation, survey, policy.phrases.default).model_dump(mode="json")


RESPONSE_COMMANDS: Mapping[str, CommandHandler] = {
    "response enter": _enter,
    "exclusion list": _list,
    "exclusion propose": _propose,
    **{f"exclusion {name}": partial(_step, name) for name in EXCLUSION_STEPS},
}
