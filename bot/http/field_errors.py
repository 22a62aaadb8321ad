"""What pydantic finds wrong with a value, in plain words and by field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scoring.values import Value

__all__ = ["FieldProblem", "field_of", "field_problems", "pydantic_problem"]

_PLACES = {"body", "query", "path", "header"}

_WORDS = {
    "missing": "is required",
    "extra_forbidden": "is no field that is known here",
    "string_type": "must be a text",
    "string_unicode": "holds characters that are no valid text",
    "string_too_short": "must have at least {min_length} character(s)",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "value_error": "{error}",
}


class FieldProblem(Value):
    """One thing that is wrong: in which field, and what about it."""

    field: str
    problem: str


def field_problems(errors: Iterable[Mapping[str, Any]], whole: str = "") -> list[FieldProblem]:
    """Return pydantic's errors by field; `whole` names the value itself, where an error is about no field of it."""
    return [FieldProblem(field_of(one["loc"]) or whole, pydantic_problem(one)) for one in errors]


def field_of(place: Sequence[str | int]) -> str:
    """Return a field's name the way it is written: `customer.contacts.0.channel`; `body` for the whole body."""
    names = place[1:] if len(place) > 1 and place[0] in _PLACES else place
    return ".".join(str(name) for name in names)


def pydantic_problem(error: Mapping[str, Any]) -> str:
    """Return what is wrong with the field; never repeats what was sent."""
    template = _WORDS.get(error["type"])
    return template.format_map(error.get("ctx") or {}) if template else str(error["msg"])
