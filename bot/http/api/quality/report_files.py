"""Reports by API, as files to read, to print and to go on working with."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod
from bot.http.api.schemas.field_types import Language
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.pages import file_disposition
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.report_documents import asked_report, make_report
from bot.reports.printed_page import UnwrittenReportError
from bot.reports.report_formats import REPORT_FORMATS, written_report
from dialogs.reports.document import ReportKind
from scoring.values import replace

__all__ = ["router"]

router = api_router("reports")

Kind = Annotated[str, Path(max_length=30, description=f"One of {', '.join(ReportKind)}.")]
By = Annotated[str, Query(max_length=200, description="For `figures`: at most two keys, with a comma between.")]
Metrics = Annotated[str, Query(max_length=500, description="For `figures`: ids of metrics; all without any.")]

Of = Annotated[str, Query(max_length=300, description="For `subject`: a key and its value, such as station:north.")]


@router.get("/documents/{kind}", responses=problems(401, 422, 501, 503))
async def report_document(
    web: TheWeb,
    kind: Kind,
    *,
    period: AskedPeriod = "",
    by: By = "",
    metric: Metrics = "",
    of: Of = "",
    locale: Language = "",
    format: Literal["html", "xlsx", "csv", "json", "pdf", "png"] = "html",  # noqa: A002 (the name in the address)
) -> Response:
    """Return a report of a period as one file, each figure beside the period before and the year before.

    Raises Problem for what is no kind, period, key or metric, and for a PDF where no Chromium is.
    """
    now, policy = web.clock.now(), web.receiver.policy
    try:
        asked = {"kind": kind, "period": period, "by": by, "metric": metric, "of": of, "locale": locale}
        wanted = asked_report(asked, policy, now)
        document = await make_report(web.reader, policy, replace(wanted, linked=True), now)
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such report.", listed) from None
    try:
        content = await written_report(document, format)
    except UnwrittenReportError as problem:
        raise Problem(HTTPStatus.NOT_IMPLEMENTED, f"There is none of this kind here: {problem}.") from None
    name = f"huifang-{kind}-{wanted.period.name or 'report'}.{format}"
    headers = {"cache-control": "no-store", "content-disposition": file_disposition(name)}
    return Response(content, HTTPStatus.OK, headers, REPORT_FORMATS[format].media_type)
