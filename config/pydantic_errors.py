"""Turns pydantic's errors into sentences for owners; values are quoted by our own parsers only."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from config.errors import InvalidValue
from config.values.strings import did_you_mean

__all__ = ["ErrorPath", "Fault", "explain_errors"]

ErrorPath = tuple[int | str, ...]
Fault = tuple[ErrorPath, str, str]
"""Where it is wrong, what is wrong, and the fix."""

_EXPECTED = {
    "dict_type": ("This is not a table.", "Write its keys below a [heading]."),
    "model_type": ("This is not a table.", "Write its keys below a [heading]."),
    "list_type": ("This is not a list.", 'Write it as ["one", "two"].'),
    "tuple_type": ("This is not a list.", "Write each entry below its own [[heading]]."),
    "missing": ("This is missing.", "Add it."),
    "too_short": ("There are too few of these.", "Add at least one."),
}


def explain_errors(error: ValidationError, model: type[BaseModel]) -> Iterator[Fault]:
    """Yield each error that pydantic found in `model`."""
    for item in error.errors(include_url=False, include_input=False):
        place: ErrorPath = tuple(part for part in item["loc"] if part != "[key]")
        told = item.get("ctx", {}).get("error")
        if isinstance(told, InvalidValue):
            yield place, told.problem, told.fix
        elif item["type"] == "extra_forbidden":
            yield place, "There is no such key.", _meant(place, model)
        else:
            yield place, *_EXPECTED.get(item["type"], (f"{item['msg']}.", ""))


def _meant(place: ErrorPath, model: type[BaseModel]) -> str:
    known = list(_model_at(place[:-1], model).model_fields)
    return did_you_mean(str(place[-1]), known, f"Known here: {', '.join(known)}.")


def _model_at(place: ErrorPath, model: type[BaseModel]) -> type[BaseModel]:
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return model


def _models_in(kind: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 (an annotation is anything)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for argument in get_args(kind):
        yield from _models_in(argument)
