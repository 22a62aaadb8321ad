"""A sample of closed tickets to audit: drawn by the seed that is printed, so that anybody draws the same again."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod, asked_period
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.facts import AskCount

__all__ = ["router"]

router = api_router("reports")

_MOST = 100_000
_METHOD = "the smallest SHA-256 of seed, line feed and ticket, in hexadecimal digits"
Seed = Annotated[str, Query(max_length=100, description="Any text; left out, the name of the period.")]
Most = Annotated[int, Query(alias="n", ge=1, le=200, description="How many of each kind.")]


class DrawnTicketOut(BaseModel):
    """A ticket to look at, with its response where there is one."""

    ticket: str
    response: str | None
    status: str


class DrawnOut(BaseModel):
    """Tickets drawn from `of`, in the order in which they were drawn."""

    of: int
    tickets: tuple[DrawnTicketOut, ...]


class AuditSampleOut(BaseModel):
    """The sample of a period: whoever has the seed and the tickets draws the same."""

    period: str
    seed: str
    method: str
    answered: DrawnOut
    unanswered: DrawnOut = Field(description="nobody answered, or nobody was asked: `status` says which")


@router.get("/sample", response_model=AuditSampleOut, responses=problems(401, 422, 503))
async def sample(web: TheWeb, *, period: AskedPeriod = "", seed: Seed = "", most: Most = 10) -> Response:
    """Draw tickets closed in a period, of those answered and of the others as many. Raises Problem."""
    when = asked_period(web, period, web.clock.now())
    inputs = await web.reader.figure_inputs((when.since, when.until), MetricSource.CLOSINGS, {}, _MOST)
    tickets: dict[bool, dict[str, DrawnTicketOut]] = {True: {}, False: {}}
    for one in inputs:
        if isinstance(one.fact, AskCount) and one.fact.is_closing:
            name, status = f"{one.source}/{one.ticket}", one.fact.reason or one.fact.status
            drawn = DrawnTicketOut(ticket=name, response=one.thing or None, status=status)
            tickets[one.fact.started > 0][name] = drawn
    used = seed or when.name
    answered, others = (_drawn(tickets[kind], used, most) for kind in (True, False))
    told = AuditSampleOut(period=when.name, seed=used, method=_METHOD, answered=answered, unanswered=others)
    return ok_answer(told).response()


def _drawn(tickets: dict[str, DrawnTicketOut], seed: str, most: int) -> DrawnOut:
    return DrawnOut(of=len(tickets), tickets=tuple(tickets[name] for name in _in_hash_order(tickets, seed)[:most]))


def _in_hash_order(names: Iterable[str], seed: str) -> list[str]:
    """Return names in an order that only the seed and the names decide, whatever else there is."""
    return sorted(names, key=lambda name: (sha256(f"{seed}\n{name}".encode()).hexdigest(), name))
