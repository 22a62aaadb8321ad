"""From a decision to an answer: done at once, or once per Idempotency-Key."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import TypeVar, assert_never

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Gone, Invalid, NotFound
from bot.http.answer_cache import memory
from bot.http.auth import bearer
from bot.http.context import Web
from bot.http.problems import PROBLEM_JSON, Problem, Wrong, problem_text
from scoring.values import Value
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["Answer", "Refusal", "decide_once", "keep_once", "refused", "said", "said_by"]

A = TypeVar("A")

Refusal = NotFound | Conflict | Invalid

_LASTS = timedelta(hours=24)
_LONGEST_KEY = 255


class Answer(Value):
    """A status and a JSON text: what is sent, and what is kept to be sent again."""

    status: int
    text: str

    def response(self) -> Response:
        """Return it as an HTTP answer."""
        kind = PROBLEM_JSON if self.status >= HTTPStatus.BAD_REQUEST else "application/json"
        return Response(self.text, self.status, {"cache-control": "no-store"}, kind)

    def kept(self) -> str:
        """Write it down; `kept_before` reads it."""
        return f"{self.status} {self.text}"

    @staticmethod
    def kept_before(kept: str) -> "Answer":
        """Read what `kept` wrote."""
        status, _, text = kept.partition(" ")
        return Answer(int(status), text)


def said(model: BaseModel, status: int = HTTPStatus.OK) -> Answer:
    """Answer with a value."""
    return Answer(status, model.model_dump_json())


def refused(refusal: Refusal | Gone) -> Answer:
    """Answer with what stands in the way."""
    match refusal:
        case NotFound():
            return _problem(HTTPStatus.NOT_FOUND, said_by(refusal))
        case Gone():
            return _problem(HTTPStatus.GONE, said_by(refusal))
        case Conflict():
            return _problem(HTTPStatus.CONFLICT, said_by(refusal))
        case Invalid(field, problem):
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, said_by(refusal), Wrong(field, problem))
        case never:
            assert_never(never)


def said_by(refusal: Refusal | Gone) -> str:
    """Return the sentence of a refusal."""
    match refusal:
        case NotFound(what):
            return f"There is no {what}."
        case Gone(detail) | Conflict(detail):
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
    tell: Callable[[A], Answer],
) -> Answer:
    """Decide and answer; the same Idempotency-Key within 24 hours gets the same answer and changes nothing."""

    def decided(context: DecisionContext) -> Decision[str]:
        decision = decide(context)
        return Decision(decision.changes, tell(decision.answer).kept())

    return Answer.kept_before(await keep_once(web, request, needs, decided))


async def keep_once(
    web: Web, request: Request, needs: Needs, decide: Callable[[DecisionContext], Decision[str]]
) -> str:
    """Decide, and keep what is answered under the sender's Idempotency-Key, if there is one, for 24 hours.

    Keys belong to their sender and to what they were used for. Raises Problem for one that is too long.
    """
    given = request.headers.get("idempotency-key", "")
    if not given:
        return await web.receiver.do(needs, decide)
    if len(given) > _LONGEST_KEY:
        wrong = Wrong("Idempotency-Key", f"must have at most {_LONGEST_KEY} characters")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The Idempotency-Key is too long.", [wrong])
    path = request.scope["path"]  # `request.url` would first believe the Host header
    parts = (bearer(request.scope), request.method, path, given)
    name = f"api:{sha256(repr(parts).encode()).hexdigest()}"
    kept = memory(name, _LASTS, web.clock.now(), path)
    return await web.receiver.do(needs | kept.needs, lambda context: kept.answered(context, decide))


def _problem(status: int, detail: str, *errors: Wrong) -> Answer:
    return Answer(status, problem_text(status, detail, errors))
