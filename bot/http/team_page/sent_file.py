"""`/a/{token}`: the file of a message, for chats that cannot carry it. The link is the permission, for thirty days."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.context import Web
from bot.http.pages import file_disposition
from bot.http.problems import Problem
from bot.signed_links import LinkPurpose, Stale
from dialogs.messages import FileRef

__all__ = ["FILE_ROUTES"]

_HEADERS = {
    "cache-control": "private, max-age=3600",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


async def give_file(request: Request) -> Response:
    """Return the file. Raises Problem for a link that is not ours, too old, of a message that is over, or shut.

    Shut are those to a report of the archive, once its links are revoked.
    """
    web: Web = request.app.state.web
    file = await _file_of(web, _message(web, request.path_params["token"]))
    if file is not None and await web.reader.archive.is_shut(file.hash):
        raise Problem(HTTPStatus.GONE, "This link opens nothing any more. Ask whoever sent it for the file.")
    content = await web.reader.file(file.hash) if file is not None else None
    if file is None or content is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file, or it is not kept any more.")
    shown = "inline" if file.is_picture else "attachment"
    headers = _HEADERS | {"content-disposition": file_disposition(file.name, shown)}
    return Response(content, media_type=file.media_type, headers=headers)


async def _file_of(web: Web, message: str) -> FileRef | None:
    found = await web.reader.message(message)
    return found.prompt.file if found is not None else None


def _message(web: Web, token: str) -> str:
    """Return the id of the message that a link names. Raises Problem."""
    try:
        purpose, subject = web.receiver.policy.links.read(token, web.clock.now())
    except Stale:
        raise Problem(HTTPStatus.GONE, "This link is too old. Ask for the file once more.") from None
    except LookupError:
        purpose, subject = None, ""
    if purpose is not LinkPurpose.FILE:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such link.")
    return subject


FILE_ROUTES = [Route("/a/{token}", give_file)]
