"""From a decision to an answer: decided at once, or once per Idempotency-Key.

The header: draft-ietf-httpapi-idempotency-key-header; keys are kept for 24 hours.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import TypeVar, assert_never

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Erased, Invalid, NotFound
from bot.http.answer_cache import AnswerCache, answer_cache
from bot.http.auth import bearer
from bot.http.context import Web
from bot.http.field_errors import FieldProblem
from bot.http.problems import PROBLEM_JSON, Problem, problem_text
from scoring.values import Value
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "ApiAnswer",
    "Refusal",
    "answer_once",
    "decide_once",
    "keep_once",
    "ok_answer",
    "refusal_answer",
    "refusal_text",
]

A = TypeVar("A")

Refusal = NotFound | Conflict | Invalid

_LASTS = timedelta(hours=24)
_LONGEST_KEY = 255


class ApiAnswer(Value):
    """A status and a JSON text, to be sent now and kept to be sent again."""

    status: int
    text: str

    def response(self) -> Response:
        """Return it as an HTTP answer."""
        kind = PROBLEM_JSON if self.status >= HTTPStatus.BAD_REQUEST else "application/json"
        return Response(self.text, self.status, {"cache-control": "no-store"}, kind)

    def kept(self) -> str:
        """Return it as text, for `kept_before` to read."""
        return f"{self.status} {self.text}"

    @staticmethod
    def kept_before(kept: str) -> "ApiAnswer":
        """Return the answer that `kept` wrote."""
        status, _, text = kept.partition(" ")
        return ApiAnswer(int(status), text)


def ok_answer(model: BaseModel, status: int = HTTPStatus.OK) -> ApiAnswer:
    """Return an answer that holds a model."""
    return ApiAnswer(status, model.model_dump_json())


def refusal_answer(refusal: Refusal | Erased) -> ApiAnswer:
    """Return the problem that a refused decision is answered with."""
    match refusal:
        case NotFound():
            return _problem(HTTPStatus.NOT_FOUND, refusal_text(refusal))
        case Erased():
            return _problem(HTTPStatus.GONE, refusal_text(refusal))
        case Conflict():
            return _problem(HTTPStatus.CONFLICT, refusal_text(refusal))
        case Invalid(field, problem):
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, refusal_text(refusal), FieldProblem(field, problem))
        case never:
            assert_never(never)


def refusal_text(refusal: Refusal | Erased) -> str:
    """Return the sentence of a refusal."""
    match refusal:
        case NotFound(what):
            return f"There is no {what}."
        case Erased(detail) | Conflict(detail):
            return detail
        case Invalid(field, problem):
            return f"{field}: {problem}"
        case never:
            assert_never(never)


async def decide_once(
    web: Web,
    request: Request,
    needs: Needs,
    decide: Callable[[DecisionContext], Decision[A]],
    tell: Callable[[A], ApiAnswer],
) -> ApiAnswer:
    """Decide and return the answer; a repeated Idempotency-Key gets the same answer and changes nothing.

    Raises Problem for a key that is too long.
    """

    def decided(context: DecisionContext) -> Decision[str]:
        decision = decide(context)
        return Decision(decision.changes, tell(decision.answer).kept())

    return ApiAnswer.kept_before(await keep_once(web, request, needs, decided))


async def keep_once(
    web: Web, request: Request, needs: Needs, decide: Callable[[DecisionContext], Decision[str]]
) -> str:
    """Decide and return the answer as text; it is kept under the sender's Idempotency-Key, if there is one.

    A key belongs to its sender (their bearer key), method and path. Raises Problem for one that is too long.
    """
    kept = _cache_of(web, request)
    if kept is None:
        return await web.receiver.do(needs, decide)
    return await web.receiver.do(needs | kept.needs, lambda context: kept.answered(context, decide))


async def answer_once(web: Web, request: Request, work: Callable[[], Awaitable[ApiAnswer]]) -> ApiAnswer:
    """Return the answer of work that takes several commits; it is kept afterwards as `keep_once` does.

    Of two requests with one key at the same moment both may do it: it has to be harmless when done twice.
    """
    kept = _cache_of(web, request)
    if kept is None:
        return await work()
    before = await web.receiver.do(kept.needs, lambda context: Decision(Changes(), kept.found(context)))
    if before is not None:
        return ApiAnswer.kept_before(before)
    answer = (await work()).kept()
    keep = partial(kept.answered, decide=lambda _context: Decision(Changes(), answer))
    return ApiAnswer.kept_before(await web.receiver.do(kept.needs, keep))


def _cache_of(web: Web, request: Request) -> AnswerCache | None:
    """Return where the answer to a request is kept, None without an Idempotency-Key; raises Problem."""
    given = request.headers.get("idempotency-key", "")
    if not given:
        return None
    if len(given) > _LONGEST_KEY:
        wrong = FieldProblem("Idempotency-Key", f"must have at most {_LONGEST_KEY} characters")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The Idempotency-Key is too long.", [wrong])
    path = request.scope["path"]  # `request.url` is built from the Host header, which anybody can set
    owner = (bearer(request.scope), request.method, path, given)
    name = f"api:{sha256(repr(owner).encode()).hexdigest()}"
    return answer_cache(name, _LASTS, web.clock.now(), path)


def _problem(status: int, detail: str, *errors: FieldProblem) -> ApiAnswer:
    return ApiAnswer(status, problem_text(status, detail, errors))
