"""The library of cases: how problems came about and were put right, without anything that tells of a person."""

import csv
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from http import HTTPStatus
from io import StringIO
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod, asked_period
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer
from bot.reports.plain_tables import plain_cell
from dialogs.issue.model import Issue, IssueKind, IssueState
from scoring.complaints import ComplaintCategory, ComplaintRemedy, ComplaintVerdict
from scoring.rules import Severity
from storage.model.records import Ticket
from storage.model.service_details import ServiceDetails
from storage.reads.listings import IssueFilter
from storage.reads.reader import Reader

__all__ = ["router"]

router = api_router("reports")

_MOST = 200
_HOUR = 3600


class CaseOut(BaseModel):
    """One issue that is over: words of lists only, since sentences may name somebody; no ids, no days."""

    number: int = Field(description="its place in this list, which names nobody")
    kind: IssueKind
    severity: Severity
    problem: str = Field(description="the ticket's category")
    product: str
    service_type: str
    cause: str
    measure: str
    complaint_category: ComplaintCategory | None
    verdict: ComplaintVerdict | None
    remedy: ComplaintRemedy | None
    hours_to_resolve: int | None
    opened_again: int
    confirmed: bool = Field(description="the customer said that it is solved")


class CasesOut(BaseModel):
    """The cases of a period, the oldest first, at most 200."""

    period: str
    cases: tuple[CaseOut, ...]


@router.get("/cases", response_model=CasesOut, responses=problems(401, 422, 503))
async def cases(
    web: TheWeb,
    *,
    period: AskedPeriod = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return the issues opened in a period that are over, without what tells of a person. Raises Problem."""
    when = asked_period(web, period, web.clock.now())
    found = [case async for case in _cases(web.reader, when.since, when.until)]
    if format == "csv":
        return Response(_csv(found), HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8")
    return ok_answer(CasesOut(period=when.name, cases=tuple(found))).response()


async def _cases(reader: Reader, since: datetime, until: datetime) -> AsyncIterator[CaseOut]:
    page = await reader.issues(IssueFilter(since=since), None, _MOST)
    over = [one.issue for one in page.items if one.issue.opened_at < until and one.issue.state is IssueState.CLOSED]
    for number, issue in enumerate(over, 1):
        known = await reader.ticket(*issue.tickets[0]) if issue.tickets else None
        yield _case(number, issue, known.ticket if known is not None else None)


def _case(number: int, issue: Issue, ticket: Ticket | None) -> CaseOut:
    details = ticket.details if ticket is not None else ServiceDetails()
    took = None if issue.resolved_at is None else (issue.resolved_at - issue.opened_at).total_seconds()
    return CaseOut(
        number=number,
        kind=issue.kind,
        severity=issue.severity,
        problem=ticket.category if ticket is not None else "",
        product=ticket.product if ticket is not None else "",
        service_type=details.service_type or "",
        cause=details.cause or "",
        measure=details.measure or "",
        complaint_category=issue.judgement.category,
        verdict=issue.judgement.verdict,
        remedy=issue.judgement.remedy,
        hours_to_resolve=None if took is None else round(took / _HOUR),
        opened_again=issue.resolution,
        confirmed=bool(issue.confirmed),
    )


def _csv(found: list[CaseOut]) -> str:
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(CaseOut.model_fields)
    rows.writerows(_cells(one) for one in found)
    return written.getvalue()


def _cells(one: CaseOut) -> Iterator[object]:
    for value in one.model_dump(mode="json").values():
        yield plain_cell(value) if isinstance(value, str) else value
