"""The command that explains what the survey rules say of a ticket."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import done, word
from bot.control.explain import explain_text
from bot.control.talk import Problem
from bot.handlers.surveys.explain import Explanation, explain, explain_needs
from bot.wiring.services import Services
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["explain_survey"]


async def explain_survey(desk: Services, arguments: Mapping[str, Any]) -> str:
    """Return which rule decides about a ticket, and why."""
    source, between, ticket = word(arguments, "ticket").partition("/")
    if not (source and between and ticket):
        raise Problem("name the ticket as SOURCE/TICKET, such as zendesk/42")
    key = (source, ticket)
    answer = await desk.receiver.do(explain_needs(key), lambda context: Decision(Changes(), explain(context, key)))
    return explain_text(done(Explanation, answer))
