"""`/d/{token}`: the file with everything held about a person, for channels that carry no files.

Nothing is recorded, since link previews and scanners fetch the address, too.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.context import Web
from bot.http.problems import Problem
from bot.jobs.data_requests import export_file
from bot.signed_links import LinkPurpose, Stale

__all__ = ["ROUTE"]

_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


async def give(request: Request) -> Response:
    """Return the file. Raises Problem for a link that is not ours, too old, or of a person who was forgotten."""
    web: Web = request.app.state.web
    now = web.clock.now()
    try:
        purpose, subject = web.receiver.policy.links.read(request.path_params["token"], now)
        name, content = await export_file(web.reader, subject if purpose is LinkPurpose.DATA else "", now)
    except Stale:
        raise Problem(HTTPStatus.GONE, "This link has expired. Please ask for your data again in the chat.") from None
    except LookupError:
        raise Problem(HTTPStatus.NOT_FOUND, "This link opens nothing.") from None
    headers = _HEADERS | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json; charset=utf-8", headers=headers)


ROUTE = Route("/d/{token}", give, methods=["GET"])
