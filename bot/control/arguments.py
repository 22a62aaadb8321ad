"""Reads a command's arguments, and turns a refused decision into a problem for the terminal."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.control.protocol import CommandProblem
from bot.handlers.common.results import Conflict, Erased, Invalid, NotFound
from bot.http.field_errors import field_of, pydantic_problem

__all__ = ["BY", "body_argument", "result_of", "text_argument"]

T = TypeVar("T")
Body = TypeVar("Body", bound=BaseModel)
BY = "command line"
"""The actor in the audit log: whoever may become the service's user acts as the owner."""


def text_argument(arguments: Mapping[str, Any], name: str) -> str:
    """Return a text argument, empty where it was left out. Raises CommandProblem for another type."""
    value = arguments.get(name) or ""
    if not isinstance(value, str):
        raise CommandProblem(f"{name} must be a text")
    return value


def body_argument(kind: type[Body], arguments: Mapping[str, Any]) -> Body:
    """Return the arguments as the body that the API takes. Raises CommandProblem, with what is wrong with each."""
    try:
        return kind.model_validate(arguments)
    except ValidationError as wrong:
        told = (f"{field_of(one['loc'])} {pydantic_problem(one)}" for one in wrong.errors(include_input=False))
        raise CommandProblem("; ".join(told)) from None


def result_of(kind: type[T], answer: object) -> T:
    """Return the result of a decision. Raises CommandProblem, with a sentence, where it was refused."""
    match answer:
        case NotFound(what):
            raise CommandProblem(f"there is no {what}")
        case Conflict(sentence) | Erased(sentence):
            raise CommandProblem(sentence)
        case Invalid(field, problem):
            raise CommandProblem(f"{field}: {problem}")
        case kind():
            return answer
        case _:
            raise TypeError(f"{type(answer).__name__} is no {kind.__name__}")
