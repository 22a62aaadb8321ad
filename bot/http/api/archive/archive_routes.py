"""The archive of reports by API: make, list, fetch, share, confirm; and the schedules that fill it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.reports import archive
from bot.handlers.reports.archive import KeptReport, SharedLink
from bot.handlers.reports.scheduled_runs import confirm_needs, confirm_run
from bot.http.api.archive.archive_json import (
    ArchiveBody,
    ArchivedOut,
    ArchivedPage,
    LinkBody,
    LinkOut,
    ReportByBody,
    RunOut,
    ScheduleList,
    archived_out,
    run_out,
)
from bot.http.api.archive.kept_reports import list_schedules, made_for_archive
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.reads.archive.report_reads import ArchiveFilter

__all__ = ["router"]

router = api_router("reports")

ReportId = Annotated[Id, Path(description="The report's id.")]
_BY_API = "API"


@router.get("/archive", response_model=ArchivedPage, responses=problems(401, 422, 503))
async def list_archive(
    web: TheWeb,
    *,
    kind: Annotated[str, Query(max_length=30)] = "",
    period: Annotated[str, Query(max_length=30)] = "",
    schedule: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List every revision that is kept, those made first before those made later."""
    page = await paged(web.reader.archive.page(ArchiveFilter(kind, period, schedule), cursor, limit))
    return ok_answer(ArchivedPage(items=tuple(map(archived_out, page.items)), next=page.next)).response()


@router.post(
    "/archive",
    status_code=HTTPStatus.CREATED,
    response_model=ArchivedOut,
    responses=problems(401, 409, 413, 422, 501, 503),
)
async def keep_report(body: ArchiveBody, request: Request, web: TheWeb) -> Response:
    """Make a report and keep it: 201 for a new revision, 200 where nothing has changed since the latest.

    Raises Problem for what is no report, and for a PDF where no Chromium is.
    """
    try:
        fresh = await made_for_archive(web.reader, web.receiver.policy, body, web.clock.now())
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such report.", listed) from None
    if fresh.unmade:
        unmade = ", ".join(fresh.unmade)
        raise Problem(HTTPStatus.NOT_IMPLEMENTED, f"There is none as {unmade} here: see `huifang doctor`.")

    def tell(answer: KeptReport | Conflict) -> ApiAnswer:
        if isinstance(answer, Conflict):
            return refusal_answer(answer)
        status = HTTPStatus.CREATED if answer.created else HTTPStatus.OK
        return ok_answer(archived_out(answer.report, answer.files), status)

    needs = archive.archive_needs(fresh)
    decided = await decide_once(web, request, needs, lambda context: archive.keep_report(context, fresh, body.by), tell)
    return decided.response()


@router.get("/archive/{report}", response_model=ArchivedOut, responses=problems(401, 404, 422, 503))
async def show_archived(report: ReportId, web: TheWeb) -> Response:
    """Return a revision with its formats."""
    found = await web.reader.archive.find(report)
    if found is None:
        return refusal_answer(NotFound(f"report {report} in the archive")).response()
    return ok_answer(archived_out(found.report, found.files)).response()


@router.get("/archive/{report}/{format}", responses=problems(401, 404, 422, 503))
async def fetch_archived(
    report: ReportId,
    web: TheWeb,
    format: Annotated[str, Path(max_length=10)],  # noqa: A002 (the name in the address)
) -> Response:
    """Return a format of a revision to the byte, as it was made; the audit log says that it was fetched."""
    found = await web.receiver.do(
        archive.report_needs(report), lambda context: archive.give_out(context, report, format, _BY_API)
    )
    content = await web.reader.file(found.hash) if isinstance(found, ArchivedFile) else None
    if not isinstance(found, ArchivedFile) or content is None:
        return refusal_answer(NotFound(f"report {report} as {format} in the archive")).response()
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{report}.{format}"'}
    return Response(content, HTTPStatus.OK, headers, found.media_type)


@router.post("/archive/{report}/link", response_model=LinkOut, responses=problems(401, 404, 413, 422, 503))
async def share_archived(report: ReportId, body: LinkBody, request: Request, web: TheWeb) -> Response:
    """Return a link to the report's page, which opens without a key for so many days, unless links are revoked."""

    def tell(answer: SharedLink | NotFound | Invalid) -> ApiAnswer:
        if not isinstance(answer, SharedLink):
            return refusal_answer(answer)
        return ok_answer(LinkOut(url=answer.url, days=answer.days))

    needs = archive.report_needs(report)
    decided = await decide_once(
        web, request, needs, lambda context: archive.share_report(context, report, body.by, body.days), tell
    )
    return decided.response()


@router.post("/archive/{report}/revoke", response_model=ArchivedOut, responses=problems(401, 404, 413, 422, 503))
async def revoke_archived(report: ReportId, body: ReportByBody, request: Request, web: TheWeb) -> Response:
    """Withdraw all links to the report that were given until now, whoever gave them."""

    def tell(answer: ArchivedReport | NotFound) -> ApiAnswer:
        return refusal_answer(answer) if isinstance(answer, NotFound) else ok_answer(archived_out(answer))

    needs = archive.report_needs(report)
    decided = await decide_once(
        web, request, needs, lambda context: archive.revoke_links(context, report, body.by), tell
    )
    return decided.response()


@router.get("/schedules", response_model=ScheduleList, responses=problems(401, 422, 503))
async def show_schedules(web: TheWeb) -> Response:
    """List the schedules of the rules, each with what it makes next and what it made last."""
    return ok_answer(await list_schedules(web.reader, web.receiver.policy, web.clock.now())).response()


@router.post("/runs/{run}/confirm", response_model=RunOut, responses=problems(401, 404, 409, 413, 422, 503))
async def confirm_report(
    run: Annotated[Id, Path(description="The run's id.")], body: ReportByBody, request: Request, web: TheWeb
) -> Response:
    """Note that somebody has reviewed a report and handed it in, as the button under it does."""

    def tell(answer: ReportRun | NotFound | Conflict | Invalid) -> ApiAnswer:
        return ok_answer(run_out(answer)) if isinstance(answer, ReportRun) else refusal_answer(answer)

    decided = await decide_once(
        web, request, confirm_needs(run), lambda context: confirm_run(context, run, body.by), tell
    )
    return decided.response()
