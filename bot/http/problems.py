"""Errors as answers: `application/problem+json` (RFC 9457), with what is wrong and in which fields."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http.field_errors import FieldProblem, field_problems
from bot.jobs.figures.own_process import ProcessFailed
from bot.ports import PlatformUnready
from bot.process.alarms import PROCESSES
from bot.process.logs import redact
from storage.model.errors import CommitInDoubt, DecisionFailed, Unavailable, WriteConflict

__all__ = ["HANDLERS", "PROBLEM_JSON", "ErrorGuard", "Problem", "problem_text"]

PROBLEM_JSON = "application/problem+json"
logger = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 (RFC 9457 calls it so)
    """An error to be answered: `status`, one sentence of `detail`, the fields that are wrong."""

    def __init__(
        self, status: int, detail: str, errors: Sequence[FieldProblem] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers

    def response(self) -> Response:
        """Return it as an HTTP response."""
        body = problem_text(self.status, self.detail, self.errors)
        return Response(body, self.status, self.headers, PROBLEM_JSON)


def problem_text(status: int, detail: str, errors: Sequence[FieldProblem] = ()) -> str:
    """Return a problem as JSON; in ASCII, since a text from outside may hold half a surrogate pair."""
    listed = [{"field": wrong.field, "problem": wrong.problem} for wrong in errors]
    title = HTTPStatus(status).phrase
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": listed})


async def _problem(_request: Request, problem: Problem) -> Response:
    return problem.response()


async def _refused(request: Request, error: HTTPException) -> Response:
    """Return the answer to what the framework refuses: no such path, no such method."""
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not possible here.",
    }
    detail = details.get(HTTPStatus(error.status_code), str(error.detail))
    return Problem(error.status_code, detail, headers=error.headers).response()


async def _invalid(_request: Request, error: RequestValidationError) -> Response:
    problems = field_problems(error.errors())
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request holds wrong fields.", problems).response()


async def _unavailable(_request: Request, error: Exception) -> Response:
    detail = "The database cannot be reached or written now. Nothing was saved; try again."
    if isinstance(error, CommitInDoubt):
        detail = "The database broke off. Whether this was saved is not known; send the same again."
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"retry-after": "5"}).response()


async def _unready(_request: Request, error: PlatformUnready) -> Response:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"retry-after": str(error.after)}).response()


async def _no_answer(request: Request, failure: ProcessFailed) -> Response:
    """Return the answer where a large report could not be made; the operator is alarmed."""
    request.app.state.web.receiver.sound(PROCESSES, str(failure))
    detail = f"This could not be computed now: the process that does it {failure.how}. Nothing was changed; try again."
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"retry-after": "60"}).response()


async def _bug(_request: Request, _error: Exception) -> Response:
    return _BUG.response()


_BUG = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "This is a mistake of ours, not yours. It stands in the log.")

_STOPPING = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The service stops before it could tell whether this was done. Look when it runs again, and ask once more.",
    headers={"retry-after": "5"},
)

HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    Problem: _problem,
    HTTPException: _refused,
    RequestValidationError: _invalid,
    Unavailable: _unavailable,
    WriteConflict: _unavailable,
    PlatformUnready: _unready,
    ProcessFailed: _no_answer,
    DecisionFailed: _bug,  # an alarm says so, and where; a traceback might quote what a customer wrote
    Exception: _bug,
}
"""The handler of each exception, as Starlette takes them."""


class ErrorGuard:
    """Outermost middleware: an unexpected exception is logged, and answered with 500 if nothing was sent yet."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except asyncio.CancelledError:  # what is committed by now stays, what is not was not begun
            logger.warning("stopping before the answer to %s", _described(scope))
            if not has_begun and scope["type"] == "http":
                await _STOPPING.response()(scope, receive, send)
        except Exception:
            logger.exception("answering %s failed", _described(scope))
            if not has_begun and scope["type"] == "http":
                await _BUG.response()(scope, receive, send)


def _described(scope: Scope) -> str:
    """Return a request as a log may hold it: without a customer's id or the token of a link."""
    return redact(f"{scope.get('method', scope['type'])} {scope.get('path', '')}")
