"""Findings by API: open, list, plan a measure, report it done, wait for more answers, tell the customers, dismiss."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, NotFound
from bot.handlers.improvement import commands, notices
from bot.handlers.improvement.commands import FindingAnswer, FindingOutcome
from bot.http.api.improvement.finding_json import (
    DismissBody,
    DoneBody,
    FindingOut,
    FindingPage,
    MeasureBody,
    NewFindingBody,
    TellBody,
    WaitBody,
    finding_out,
)
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.jobs.improvement.measure_result import verified
from bot.jobs.improvement.measured_metric import prepared_measure
from bot.jobs.period_summary import FigureRequestError
from dialogs.improvement.model import FindingKind, FindingState
from storage.reads.improvement.finding_list import FindingFilter
from storage.unit_of_work.writer import Decision

__all__ = ["finding_answer", "router"]

router = api_router("findings")

FindingId = Annotated[Id, Path(description="The finding's id.")]
Department = Annotated[str, Query(max_length=200, description="One department's only.")]
States = Annotated[tuple[FindingState, ...], Query(description="Only those; several times for several.")]
Kind = Annotated[FindingKind | None, Query(description="One kind only.")]
_STEPPING = problems(401, 404, 409, 413, 422, 503)


@router.get("", response_model=FindingPage, responses=problems(401, 422, 503))
async def list_findings(
    web: TheWeb,
    *,
    status: States = (),
    kind: Kind = None,
    department: Department = "",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List findings with their measures, those opened first before those opened later."""
    page = await paged(web.reader.findings.page(FindingFilter(status, kind or "", department), cursor, limit))
    items = tuple(finding_out(one.finding, one.voices) for one in page.items)
    return ok_answer(FindingPage(items=items, next=page.next)).response()


@router.post("", status_code=HTTPStatus.CREATED, response_model=FindingOut, responses=problems(401, 413, 422, 503))
async def open_finding(body: NewFindingBody, request: Request, web: TheWeb) -> Response:
    """Open a finding. Whoever is on the roster may; who raised it is told in the end what was changed."""
    new = body.wanted(web.secrets.token())

    def tell(answer: FindingAnswer) -> ApiAnswer:
        return finding_answer(answer, HTTPStatus.CREATED)

    needs = commands.opening_needs(new)
    return (
        await decide_once(web, request, needs, lambda context: commands.open_finding(context, new), tell)
    ).response()


@router.get("/{finding}", response_model=FindingOut, responses=problems(401, 404, 422, 503))
async def get_finding(finding: FindingId, web: TheWeb) -> Response:
    """Return a finding with the customers who raised it, its measure, and what came of that."""
    found = await web.reader.findings.find(finding)
    if found is None:
        return refusal_answer(NotFound(f"finding {finding}")).response()
    return ok_answer(finding_out(found.finding, found.voices)).response()


@router.post("/{finding}/measure", response_model=FindingOut, responses=_STEPPING)
async def plan_measure(finding: FindingId, body: MeasureBody, request: Request, web: TheWeb) -> Response:
    """Plan what is changed; the metric of the baseline is computed and kept. Leads and above. Raises Problem.

    422 for a window that overlaps the baseline, begins before `due`, or a target that is no better than the baseline.
    """
    try:
        measure = await prepared_measure(web.reader, web.receiver.policy, body.wanted(), web.clock.now())
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "That cannot be measured.", listed) from None
    return await _step(web, request, finding, lambda context: commands.plan_measure(context, finding, measure))


@router.post("/{finding}/done", response_model=FindingOut, responses=_STEPPING)
async def report_done(finding: FindingId, body: DoneBody, request: Request, web: TheWeb) -> Response:
    """Report that the measure was carried out: by its owner, or a lead. A window that has begun begins tomorrow."""
    return await _step(web, request, finding, lambda context: commands.measure_done(context, finding, body.by))


@router.post("/{finding}/verify", response_model=FindingOut, responses=_STEPPING)
async def verify_measure(finding: FindingId, body: DoneBody, request: Request, web: TheWeb) -> Response:
    """Verify a measure that is done, once its window is over: reached, not reached (it reopens), not clear, too few.

    It happens by itself, when no more answers can come. 409 before the end of the window.
    """
    found = await web.reader.findings.find(finding)
    seen = None if found is None else await verified(web.reader, found.finding, web.clock.now())
    if found is None:
        return refusal_answer(NotFound(f"finding {finding}")).response()
    if seen is None:
        return refusal_answer(Conflict("it has no measure that could be verified")).response()
    result = seen.result
    return await _step(
        web, request, finding, lambda context: commands.conclude_measure(context, finding, body.by, result)
    )


@router.post("/{finding}/wait", response_model=FindingOut, responses=_STEPPING)
async def wait_for_answers(finding: FindingId, body: WaitBody, request: Request, web: TheWeb) -> Response:
    """Move the end of a window with too few answers. Leads and above."""
    return await _step(
        web, request, finding, lambda context: commands.wait_for_more(context, finding, body.by, body.until)
    )


@router.post("/{finding}/tell", response_model=FindingOut, responses=_STEPPING)
async def tell_customers(finding: FindingId, body: TellBody, request: Request, web: TheWeb) -> Response:
    """Send every customer who raised it what was changed, each once, after the target was reached. Leads and above.

    Again, where that notice was cancelled: to whom none has come.
    """
    earlier = await web.reader.findings.cancelled_notice(finding)

    def decide(context: DecisionContext) -> Decision[FindingAnswer]:
        return notices.tell_customers(context, finding, body.by, body.given, earlier=earlier)

    return (await decide_once(web, request, notices.notice_needs(finding, earlier), decide, finding_answer)).response()


@router.post("/{finding}/dismiss", response_model=FindingOut, responses=_STEPPING)
async def dismiss_finding(finding: FindingId, body: DismissBody, request: Request, web: TheWeb) -> Response:
    """End it without telling anybody, for a reason. Leads and above."""
    return await _step(
        web, request, finding, lambda context: commands.dismiss_finding(context, finding, body.by, body.note)
    )


async def _step(
    web: Web, request: Request, finding: str, decide: Callable[[DecisionContext], Decision[FindingAnswer]]
) -> Response:
    return (await decide_once(web, request, commands.finding_needs(finding), decide, finding_answer)).response()


def finding_answer(answer: FindingAnswer, created: HTTPStatus = HTTPStatus.OK) -> ApiAnswer:
    """Return what is answered about a finding; `created` where it is new."""
    if not isinstance(answer, FindingOutcome):
        return refusal_answer(answer)
    return ok_answer(finding_out(answer.finding, answer.voices), created if answer.created else HTTPStatus.OK)
