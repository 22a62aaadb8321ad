"""Reads bodies: JSON strictly, then into a model; what is wrong is answered as a problem.

JSON that two parsers could understand differently is refused (RFC 8259, 4: names within an object should be unique),
and so are texts that no database stores.
"""

import json
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.http.field_errors import FieldProblem, field_problems
from bot.http.problems import Problem

__all__ = ["BadJson", "json_body", "model_body", "read_json"]

M = TypeVar("M", bound=BaseModel)

_DEEPEST = 16
_LONGEST_NAME = 60


class BadJson(ValueError):  # noqa: N818 (the name says what the body is)
    """The body cannot be read; `wrong` says where and why."""

    def __init__(self, wrong: FieldProblem) -> None:
        super().__init__(wrong.problem)
        self.wrong = wrong


def json_body(raw: bytes, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> Any:  # noqa: ANN401 (JSON is anything)
    """Return a JSON body decoded; raises Problem with `status` where it cannot be read."""
    try:
        return read_json(raw)
    except BadJson as bad:
        raise Problem(status, "The body cannot be read.", [bad.wrong]) from None


def model_body(model: type[M], value: object) -> M:
    """Return a decoded body as a model; raises Problem with every field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors = field_problems(error.errors(), "body")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The body holds wrong fields.", errors) from None


def read_json(raw: bytes) -> Any:  # noqa: ANN401 (JSON is anything)
    """Return JSON decoded; raises BadJson for malformed or too deep JSON, repeated names and unstorable characters."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise BadJson(FieldProblem("body", "is not UTF-8")) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadJson(FieldProblem("body", f"is not JSON: {error.msg}, {place}")) from None
    except RecursionError:
        raise BadJson(FieldProblem("body", "is nested too deeply")) from None
    except BadJson:
        raise
    except ValueError:  # int() refuses numbers of more than 4300 digits
        raise BadJson(FieldProblem("body", "holds a number that is too long")) from None
    _check(value, (), _DEEPEST)
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadJson(FieldProblem(_shown(twice), "stands twice in the same object"))
    return found


def _refuse_constant(name: str) -> None:
    raise BadJson(FieldProblem("body", f"{name} is no JSON number"))


def _check(value: object, place: tuple[str, ...], deeper: int) -> None:
    """Refuse texts that no database stores: NUL, and halves of a surrogate pair."""
    if not deeper:
        raise BadJson(FieldProblem("body", "is nested too deeply"))
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name, place)
            _check(inner, (*place, name), deeper - 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check(inner, (*place, str(index)), deeper - 1)


def _check_text(text: str, place: tuple[str, ...]) -> None:
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadJson(FieldProblem(_shown(".".join(place)) or "body", "holds a NUL character or half a surrogate pair"))


def _shown(name: str) -> str:
    return name[:_LONGEST_NAME]
