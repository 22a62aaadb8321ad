"""Reads a command's arguments, and turns a refused decision into a problem for the terminal."""

from collections.abc import Mapping
from typing import Any, TypeVar

from bot.control.protocol import CommandProblem
from bot.handlers.common.results import Conflict, Erased, Invalid, NotFound

__all__ = ["BY", "result_of", "text_argument"]

T = TypeVar("T")
BY = "command line"
"""The actor in the audit log: whoever may become the service's user acts as the owner."""


def text_argument(arguments: Mapping[str, Any], name: str) -> str:
    """Return a text argument, empty where it was left out. Raises CommandProblem for another type."""
    value = arguments.get(name) or ""
    if not isinstance(value, str):
        raise CommandProblem(f"{name} must be a text")
    return value


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
