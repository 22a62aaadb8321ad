"""The verdict on a ticket in JSON: the weighted score, whether it is bad, and each source."""

from pydantic import BaseModel

from bot.handlers.common.results import NotFound
from bot.http.context import Web
from bot.http.idempotent_decide import ApiAnswer, ok_answer, refusal_answer
from bot.jobs.validity.ticket_verdict import read_verdict
from dialogs.issue.model import TicketKey
from scoring.joint_verdict import JointVerdict

__all__ = ["VerdictOut", "verdict_answer"]


class SourceScoreOut(BaseModel):
    """What one source says: its mean of 100, over so many responses, and its weight in percent."""

    source: str
    score: float
    responses: int
    weight: float


class VerdictOut(BaseModel):
    """One verdict from several sources; `score` and `bad` are null where no source that weighs has said anything.

    `formula` tells how the score came about.
    """

    score: float | None
    bad: bool | None
    formula: str
    sources: tuple[SourceScoreOut, ...]


async def verdict_answer(web: Web, ticket: TicketKey) -> ApiAnswer:
    """Return the answer with the verdict on a ticket; 404 where there is no such ticket."""
    if await web.reader.ticket(*ticket) is None:
        return refusal_answer(NotFound(f"ticket {'/'.join(ticket)}"))
    return ok_answer(_verdict_out(await read_verdict(web.reader, web.receiver.policy, ticket)))


def _verdict_out(told: JointVerdict) -> VerdictOut:
    sources = tuple(
        SourceScoreOut(source=one.source, score=float(one.score), responses=one.responses, weight=float(one.weight))
        for one in told.sources
    )
    weighed = " + ".join(f"{one.source} {one.score:.4g} × {one.weight:.4g} %" for one in sources if one.weight)
    score = None if told.score is None else float(told.score)
    return VerdictOut(score=score, bad=told.is_bad, formula=weighed, sources=sources)
