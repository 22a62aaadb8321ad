"""Commands on phrases, as the API has them."""

from asyncio import to_thread
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.control.arguments import BY, body_argument, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.phrases import PhraseAnswer, PhraseDecision, PhraseOutcome, decide_phrase, phrase_needs
from bot.http.api.text.phrase_json import (
    DecidedPhraseBody,
    MapPhraseBody,
    phrase_table_out,
    stored_phrase_out,
)
from bot.jobs.period_summary import FigureRequestError, read_period
from bot.jobs.text.phrase_table import phrase_table
from bot.wiring.services import Services
from scoring.values import replace
from storage.model.text_records import PhraseStanding

__all__ = ["PHRASE_COMMANDS"]

Json = dict[str, Any]


async def _phrases(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the phrases of a period. Raises CommandProblem."""
    policy, now = services.receiver.policy, services.clock.now()
    period, by = text_argument(arguments, "period"), text_argument(arguments, "by")
    try:
        when = read_period(None, None, period, now, policy.calendar)
        table = await phrase_table(services.receiver, services.reader, when, by)
    except FigureRequestError as wrong:
        raise CommandProblem(f"--{wrong}") from None
    return phrase_table_out(table, policy.timezone.key, now).model_dump(mode="json")


async def _proposals(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return the phrases in a state. Raises CommandProblem."""
    state = text_argument(arguments, "state") or PhraseStanding.PROPOSED
    if state not in set(PhraseStanding):
        raise CommandProblem(f"there is no state {state}, only {', '.join(PhraseStanding)}")
    found = [one for one in await services.reader.texts.phrases() if one.state == state]
    return {"items": [stored_phrase_out(one).model_dump(mode="json") for one in found]}


async def _map(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Map a phrase. Raises CommandProblem."""
    return await _decided(services, body_argument(MapPhraseBody, {"by": BY, **arguments}).mapping())


async def _decide(state: PhraseStanding, services: Services, arguments: Mapping[str, Any]) -> Json:
    """Ignore a phrase, or take back what was decided. Raises CommandProblem."""
    return await _decided(services, body_argument(DecidedPhraseBody, {"by": BY, **arguments}).decision(state))


async def _decided(services: Services, wanted: PhraseDecision) -> Json:
    trusted = replace(wanted, trusts=wanted.by == BY)
    await to_thread(lambda: services.receiver.policy.comments.lexicons)
    needs = phrase_needs(services.receiver.policy, trusted)
    answer: PhraseAnswer = await services.receiver.do(needs, lambda context: decide_phrase(context, trusted))
    return stored_phrase_out(result_of(PhraseOutcome, answer).phrase).model_dump(mode="json")


PHRASE_COMMANDS: Mapping[str, CommandHandler] = {
    "text phrases": _phrases,
    "text proposals": _proposals,
    "text map": _map,
    "text ignore": partial(_decide, PhraseStanding.IGNORED),
    "text unmap": partial(_decide, PhraseStanding.PROPOSED),
}
