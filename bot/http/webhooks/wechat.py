"""`/hooks/wechat`: GET is how WeChat verifies our address; a POST is a push, encrypted and signed."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.context import Web
from bot.http.problems import Problem

__all__ = ["ROUTE"]

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_OFF = "WeChat is not configured. Set wechat.app_id, wechat.app_secret, wechat.token and wechat.aes_key."


async def wechat(request: Request) -> Response:
    """Answer as the channel does. Raises Problem where WeChat is not configured, or the channel refuses it."""
    web: Web = request.app.state.web
    if web.wechat is None:
        raise Problem(HTTPStatus.NOT_FOUND, _OFF)
    if request.method == "POST":
        answer = await web.wechat.take(request.query_params, await request.body())
    else:
        answer = web.wechat.verify(request.query_params)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise Problem(answer.status, answer.body.decode())
    return Response(answer.body, answer.status, _HEADERS, answer.media_type)


ROUTE = Route("/hooks/wechat", wechat, methods=["GET", "POST"])
