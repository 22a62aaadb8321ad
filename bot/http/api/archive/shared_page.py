"""`/r/{token}`: a report of the archive as its page, for anybody who has the link, until it expires or is revoked.

What is in the archive is without what customers wrote. The page is the file to the byte: it runs no script and loads
nothing, which the headers say once more.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.handlers.reports.archive import named_in_link, opened_by_link
from bot.http.context import Web
from bot.http.problems import Problem
from bot.signed_links import LinkPurpose, Stale
from storage.reads.archive.report_reads import FiledReport

__all__ = ["SHARED_ROUTES"]

_HEADERS = {
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
}
_GONE = "This link opens nothing any more. Ask whoever sent it for another one."


async def show_shared(request: Request) -> Response:
    """Return the page; raises Problem for a link that is not ours, too old, or revoked."""
    web: Web = request.app.state.web
    found = await _named(web, request.path_params["token"])
    page = next((one for one in found.files if one.format == "html"), None)
    content = await web.reader.file(page.hash) if page is not None else None
    if page is None or content is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such report.")
    return Response(content, HTTPStatus.OK, _HEADERS, page.media_type)


async def _named(web: Web, token: str) -> FiledReport:
    """Return the report of a link. Raises Problem."""
    try:
        purpose, subject = web.receiver.policy.links.read(token, web.clock.now())
    except Stale:
        raise Problem(HTTPStatus.GONE, _GONE) from None
    except LookupError:
        purpose, subject = None, ""
    if purpose is not LinkPurpose.REPORT:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such link.")
    found = await web.reader.archive.find(named_in_link(subject))
    if found is None or not opened_by_link(found.report, subject):
        raise Problem(HTTPStatus.GONE, _GONE)
    return found


SHARED_ROUTES = [Route("/r/{token}", show_shared)]
