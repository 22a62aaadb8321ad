"""`/d/{token}`: everything held about a person, as a page in plain words and as a file.

GET shows a page with buttons, and only their POST gives something: link previews and scanners fetch the address, too,
and must get nothing of a person. Nothing is recorded, so that a download that broke off can be repeated for an hour.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.context import Web
from bot.http.pages import form_fields, is_foreign
from bot.http.survey_page.render import DataPage, render_data_page, render_personal_report
from bot.jobs.data_requests import find_access_request, held_about, personal_file
from bot.signed_links import LinkPurpose, Stale

__all__ = ["DATA_ROUTES"]

_MOST_FIELDS = 2
_SEE = "see"
"""The button that shows a page instead of giving the file."""
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
    """Return the file, or a page with what is in it; the page for a link that is not ours, too old, or of nobody."""
    web: Web = request.app.state.web
    if is_foreign(request, web.receiver.policy.links.base):
        return render_data_page(request, DataPage.FOREIGN, HTTPStatus.FORBIDDEN)
    try:
        held = await held_about(web.reader, _subject(request))
    except Stale:
        return render_data_page(request, DataPage.EXPIRED, HTTPStatus.GONE)
    except LookupError:
        return render_data_page(request, DataPage.UNKNOWN, HTTPStatus.NOT_FOUND)
    if _SEE in form_fields(await request.body(), _MOST_FIELDS):
        return render_personal_report(request, held)
    name, content = personal_file(held, web.clock.now())
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
