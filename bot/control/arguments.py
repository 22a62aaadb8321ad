"""Reads what a command needs out of what came over the socket, and says it when a decision refused."""

from collections.abc import Mapping
from typing import Any, TypeVar

from bot.control.protocol import CommandProblem
from bot.handlers.common.results import Conflict, Gone, Invalid, NotFound

__all__ = ["BY", "result_of", "text_argument"]

T = TypeVar("T")
BY = "command line"
"""Who did it, in the audit log: whoever may become the service's user is the owner."""


def text_argument(arguments: Mapping[str, Any], name: str) -> str:
    """Return a text, empty where it was left out; Problem for anything else."""
    value = arguments.get(name) or ""
    if not isinstance(value, str):
        raise CommandProblem(f"{name} must be a text")
    return value


def result_of(kind: type[T], answer: object) -> T:
    """Return what was done; Problem, in a sentence, where it was refused."""
    match answer:
        case NotFound(what):
            raise CommandProblem(f"there is no {what}")
        case Conflict(sentence) | Gone(sentence):
            raise CommandProblem(sentence)
        case Invalid(field, problem):
            raise CommandProblem(f"{field}: {problem}")
        case kind():
            return answer
        case _:
            raise TypeError(f"{type(answer).__name__} is no {kind.__name__}")
