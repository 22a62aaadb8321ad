"""`/d/{token}`: the file with everything held about a person, for channels that carry no files.

GET shows a page with a button, and only its POST gives the file: link previews and scanners fetch the address, too,
and must get nothing of a person. Nothing is recorded, so that a download that broke off can be repeated for an hour.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.context import Web
from bot.http.pages import is_foreign
from bot.http.survey_page.render import DataPage, render_data_page
from bot.jobs.data_requests import export_file, find_access_request
from bot.signed_links import LinkPurpose, Stale

__all__ = ["DATA_ROUTES"]

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


async def show(request: Request) -> Response:
    """Return the page with the button, or what keeps the link from opening."""
    web: Web = request.app.state.web
    try:
        await find_access_request(web.reader, _subject(request))
    except Stale:
        return render_data_page(request, DataPage.EXPIRED, HTTPStatus.GONE)
    except LookupError:
        return render_data_page(request, DataPage.UNKNOWN, HTTPStatus.NOT_FOUND)
    return render_data_page(request, DataPage.OFFER)


async def give(request: Request) -> Response:
    """Return the file; the page for a link that is not ours, too old, or of a person who was forgotten."""
    web: Web = request.app.state.web
    if is_foreign(request, web.receiver.policy.links.base):
        return render_data_page(request, DataPage.FOREIGN, HTTPStatus.FORBIDDEN)
    try:
        name, content = await export_file(web.reader, _subject(request), web.clock.now())
    except Stale:
        return render_data_page(request, DataPage.EXPIRED, HTTPStatus.GONE)
    except LookupError:
        return render_data_page(request, DataPage.UNKNOWN, HTTPStatus.NOT_FOUND)
    headers = _HEADERS | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json; charset=utf-8", headers=headers)


def _subject(request: Request) -> str:
    """Return the id of the request for data that the link names, empty for a link to something else.

    Raises LookupError for a forged one, Stale for one that has expired.
    """
    web: Web = request.app.state.web
    purpose, subject = web.receiver.policy.links.read(request.path_params["token"], web.clock.now())
    return subject if purpose is LinkPurpose.DATA else ""


DATA_ROUTES = [Route("/d/{token}", show, methods=["GET"]), Route("/d/{token}", give, methods=["POST"])]
