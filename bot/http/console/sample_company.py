"""The sandbox's button for the sample company: loads it, shows the report of its last month, takes it out again."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.http.console.render import reader_language
from bot.http.context import Web
from bot.http.pages import NOT_CACHED
from bot.http.problems import Problem
from bot.jobs.reports.report_documents import asked_report, make_report
from bot.jobs.sample.sample_database import CompanySize, SampleDatabase, SampleRefused
from bot.reports.printed_page import report_html
from dialogs.reports.document import ReportKind

__all__ = ["load_sample", "remove_sample", "sample_month", "show_sample"]

_STYLES_OF_ITS_OWN = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
"""The report is one file, with its styles inside and without a script."""


async def sample_month(web: Web) -> str:
    """Return the last month of the sample company, such as 2026-10; empty while it is not loaded whole."""
    standing = None if web.sample is None else await web.sample.standing()
    return standing.month if standing is not None and standing.is_whole else ""


async def load_sample(request: Request) -> Response:
    """Load some of the sample company; the page asks again until it is whole. Raises Problem where it must not."""
    try:
        told = await _sample(request).load(CompanySize(locale=reader_language(request)))
    except SampleRefused as why:
        raise Problem(HTTPStatus.CONFLICT, str(why)) from None
    return JSONResponse(
        {"month": told.month, "done": told.done, "of": told.of, "whole": told.is_whole}, headers=NOT_CACHED
    )


async def remove_sample(request: Request) -> Response:
    """Take the sample company out of the database, then answer 204."""
    await _sample(request).remove()
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def show_sample(request: Request) -> Response:
    """Return the review of the sample company's last month as a page, or the sandbox where it is not loaded."""
    web: Web = request.app.state.web
    month, policy, now = await sample_month(web), web.receiver.policy, web.clock.now()
    if not month:
        return RedirectResponse("/console/sandbox", HTTPStatus.SEE_OTHER)
    language = reader_language(request)
    asked = {"kind": ReportKind.REVIEW, "period": month, "by": "", "metric": "", "of": "", "locale": language}
    document = await make_report(web.reader, policy, asked_report(asked, policy, now), now)
    headers = {**NOT_CACHED, "content-security-policy": _STYLES_OF_ITS_OWN, "x-content-type-options": "nosniff"}
    return Response(report_html(document), HTTPStatus.OK, headers, "text/html; charset=utf-8")


def _sample(request: Request) -> SampleDatabase:
    web: Web = request.app.state.web
    if web.sample is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no sample company here.")
    return web.sample
